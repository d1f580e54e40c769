"""The composed window: what is joined to what."""

from __future__ import annotations

import threading
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QSize, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QLabel,
    QMessageBox,
    QPushButton,
    QToolButton,
    QWidget,
)

from gui.actions import plain
from gui.app import Program, create_window
from gui.heat_map import Thumbnail
from gui.main_window import FIRST_SIZE, FRAME
from gui.pad.document import SIDE
from gui.settings import TRAINING, Settings
from gui.theme import SMALL, scaled_font
from gui.training_fields import choose
from gui.training_plan import NetworkPlan, TrainingRequest
from gui.training_session import SessionState, TrainingSession
from nn.compat import override
from nn.data.download import DownloadProgress
from nn.data.sources import LoadingProgress, loading_digits
from nn.files.weights import save_network
from nn.ink.strokes import Stroke
from nn.network import hidden_sizes, mlp
from nn.training import TrainingConfig

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from gui.main_window import MainWindow

Part = TypeVar("Part", bound=QWidget)
READING = ("canvas", "clear", "undo", "redo", "prediction", "bars", "frame")
LEARNING = ("train", "pause", "step", "stop", "progress", "loss", "accuracy", "imagination", "verdict")


def few_digits(_source: str) -> Iterator[LoadingProgress]:
    return loading_digits("synthetic", training=200, validation=50)


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Callable[..., MainWindow]:
    # qtbot holds its widgets weakly, and a window that nobody holds may be collected while it paints.
    held: list[MainWindow] = []

    def open_window(*arguments: str, load: Callable[[str], Iterator[LoadingProgress]] = few_digits) -> MainWindow:
        window = create_window(arguments, settings=Settings(tmp_path / "inkling.ini"), load=load)
        held.append(window)
        qtbot.addWidget(window, before_close_func=lambda shown: shown.let_close())
        window.show()
        qtbot.waitExposed(window)
        return window

    return open_window


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    path = tmp_path / "small.safetensors"
    save_network(mlp([784, 12, 10], name="small"), path)
    return path


def program_of(window: MainWindow) -> Program:
    program = window.findChild(Program)
    assert program is not None
    return program


def part(window: QWidget, kind: type[Part], name: str) -> Part:
    found = window.findChild(kind, name)
    assert isinstance(found, kind)
    return found


def reads(prediction: QLabel) -> bool:
    return prediction.text()[:1].isdigit()


def seven() -> Stroke:
    return Stroke(np.array([[0.3, 0.2], [0.7, 0.2], [0.45, 0.8]], np.float32) * SIDE)


def one_step(plan: NetworkPlan | None = None) -> TrainingRequest:
    return TrainingRequest(plan, TrainingConfig(epochs=1), "synthetic", one_step=True)


@pytest.mark.parametrize("name", READING + LEARNING)
def test_the_names_that_others_rely_on_are_there(opened: Callable[..., MainWindow], name: str) -> None:
    assert len(opened().findChildren(QWidget, name)) == 1


def test_a_stroke_is_read_and_an_empty_pad_says_so(opened: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = opened()
    prediction = part(window, QLabel, "prediction")
    assert not prediction.text()[:1].isdigit()
    program_of(window).document.add_stroke(seven())
    qtbot.waitUntil(lambda: reads(prediction))
    part(window, QToolButton, "clear").click()
    qtbot.waitUntil(lambda: not reads(prediction))


def test_the_argument_is_opened_and_named_in_the_title(opened: Callable[..., MainWindow], weights: Path) -> None:
    window = opened(str(weights))
    assert window.windowTitle() == "small.safetensors[*] - Inkling"
    assert not window.isWindowModified()
    assert hidden_sizes(program_of(window).store.network) == (12,)


def test_an_argument_that_is_no_network_is_a_sentence(opened: Callable[..., MainWindow], tmp_path: Path) -> None:
    window = opened(str(tmp_path / "nothing.safetensors"))
    assert "nothing.safetensors" in part(window, QMessageBox, "message").text()


def test_where_the_shipped_network_cannot_be_read_an_untrained_one_is_no_example(
    opened: Callable[..., MainWindow], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cnn.safetensors").write_bytes(b"not what was shipped")
    monkeypatch.setattr("nn.files.shipped._folder", lambda: tmp_path)
    window = opened()
    assert "cnn.safetensors" in part(window, QMessageBox, "message").text()
    store = program_of(window).store
    assert store.title == "Untrained network"
    assert not store.is_example


def test_a_network_that_came_with_the_program_is_an_example(opened: Callable[..., MainWindow]) -> None:
    assert program_of(opened()).store.is_example


def test_another_network_is_followed_by_the_pad_and_the_imagination(
    opened: Callable[..., MainWindow], qtbot: QtBot, weights: Path
) -> None:
    window = opened()
    program = program_of(window)
    program.document.add_stroke(seven())
    with qtbot.waitSignals([program.recognizer.recognized, program.imaginer.imagined], timeout=10_000):
        program.flows.open_path(weights)
    assert program.training.form.hidden() == (12,)


def test_a_dropped_file_is_opened(opened: Callable[..., MainWindow], weights: Path) -> None:
    window = opened()
    drop(window, weights)
    assert window.windowTitle().startswith("small.safetensors")


def test_a_file_that_is_to_be_moved_is_copied(opened: Callable[..., MainWindow], weights: Path) -> None:
    assert drop(opened(), weights, action=Qt.DropAction.MoveAction) == Qt.DropAction.CopyAction


def test_several_files_dropped_at_once_are_a_sentence(opened: Callable[..., MainWindow], weights: Path) -> None:
    window = opened()
    drop(window, weights, weights.with_name("other.safetensors"))
    assert window.statusBar().currentMessage() == (
        "Drop one file of this computer: a picture of a digit, or weights."
    )
    assert not window.windowTitle().startswith("small.safetensors")


def test_a_dropped_file_that_is_neither_picture_nor_network_is_told_what_can_be_dropped(
    opened: Callable[..., MainWindow], tmp_path: Path
) -> None:
    window = opened()
    path = tmp_path / "seven.svg"
    path.write_text("<svg/>")
    drop(window, path)
    message = part(window, QMessageBox, "message")
    assert "seven.svg" in message.text()
    assert "A file of weights can be dropped here, or a picture of a digit: .png, " in message.informativeText()


def drop(window: QWidget, *paths: Path, action: Qt.DropAction = Qt.DropAction.CopyAction) -> Qt.DropAction:
    """Drag files onto the window and drop them; return what the window says is done with them."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    place, how = QPoint(200, 200), (Qt.DropAction.CopyAction | action, data)
    keys = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    entering, dropping = QDragEnterEvent(place, *how, *keys), QDropEvent(place.toPointF(), *how, *keys)
    for event in (entering, dropping):
        event.setDropAction(action)
        QApplication.sendEvent(window, event)
        assert event.isAccepted()
    assert entering.dropAction() == dropping.dropAction()
    return dropping.dropAction()


def test_recent_files_are_in_the_menu_next_time(opened: Callable[..., MainWindow], weights: Path) -> None:
    first = opened(str(weights))
    first.close()
    second = opened()
    (action,) = second.actions_by_name.menus["recent"].actions()
    action.trigger()
    assert second.windowTitle().startswith("small.safetensors")


def test_recent_files_of_one_name_are_told_apart_by_their_folders(
    opened: Callable[..., MainWindow], tmp_path: Path
) -> None:
    paths = [tmp_path / folder / "mine.safetensors" for folder in ("tea/monday", "cakes & tea/monday", "tuesday")]
    for path in paths:
        path.parent.mkdir(parents=True)
        save_network(mlp([784, 5, 10]), path)
        window = opened(str(path))
        window.close()
    actions = opened().actions_by_name.menus["recent"].actions()
    assert [action.text() for action in actions] == [
        "&1  mine.safetensors – tuesday",
        f"&2  mine.safetensors – {Path('cakes && tea', 'monday')}",
        f"&3  mine.safetensors – {Path('tea', 'monday')}",
    ]


def test_a_step_changes_the_network_and_the_title(opened: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = opened()
    program = program_of(window)
    before = program.store.network
    program.training.train_requested.emit(one_step())
    qtbot.waitUntil(window.isWindowModified, timeout=60_000)
    assert program.store.network is not before
    with qtbot.waitSignal(program.session.finished):
        part(window, QPushButton, "stop").click()


def test_a_training_that_diverges_at_once_leaves_nothing_to_save(
    opened: Callable[..., MainWindow], qtbot: QtBot, weights: Path
) -> None:
    window = opened(str(weights))
    program = program_of(window)
    config = TrainingConfig(epochs=2, batch_size=8, rate=1e20)
    with qtbot.waitSignal(program.session.finished, timeout=60_000):
        program.training.train_requested.emit(TrainingRequest(None, config, "synthetic"))
    assert "diverged" in part(window, QMessageBox, "message").text()
    assert not window.isWindowModified()
    window.close()
    assert not window.isVisible()


def test_closing_a_changed_network_asks_and_stays_until_answered(opened: Callable[..., MainWindow]) -> None:
    window = opened()
    program_of(window).store.replace(mlp([784, 8, 10]))
    window.close()
    assert window.isVisible()
    question = part(window, QMessageBox, "question")
    question.button(QMessageBox.StandardButton.Cancel).click()
    assert window.isVisible()
    window.close()
    part(window, QMessageBox, "question").button(QMessageBox.StandardButton.Discard).click()
    assert not window.isVisible()


def test_other_layers_begin_a_new_network_that_has_no_file(
    opened: Callable[..., MainWindow], qtbot: QtBot, weights: Path
) -> None:
    window = opened(str(weights))
    program = program_of(window)
    program.training.train_requested.emit(one_step(NetworkPlan((9,), "tanh")))
    assert hidden_sizes(program.store.network) == (12,), "there are no digits for it yet"
    qtbot.waitUntil(lambda: hidden_sizes(program.store.network) == (9,), timeout=60_000)
    assert program.store.path is None
    with qtbot.waitSignal(program.session.finished, timeout=60_000):
        program.session.stop()


def test_the_keys_of_training_work_whenever_its_buttons_do(
    opened: Callable[..., MainWindow], qtbot: QtBot, weights: Path
) -> None:
    window = opened(str(weights))
    program = program_of(window)
    panel, actions, session = program.training, window.actions_by_name, program.session
    buttons = {"train": panel.train, "pause": panel.pause, "step": panel.step, "stop": panel.stop}
    panel.form.epochs.setValue(1000)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    actions.menus["train"].aboutToShow.emit()
    for key, state in (
        (Qt.Key.Key_F5, SessionState.TRAINING),
        (Qt.Key.Key_F6, SessionState.PAUSED),
        (Qt.Key.Key_F8, SessionState.IDLE),
        (Qt.Key.Key_F7, SessionState.PAUSED),
        (Qt.Key.Key_F8, SessionState.IDLE),
    ):
        QTest.keyClick(window, key)
        qtbot.waitUntil(partial(is_in, session, state), timeout=10_000)
        can_do = {name: button.isEnabled() for name, button in buttons.items()}
        assert {name: actions[name].isEnabled() for name in buttons} == can_do
    assert actions["get_mnist"].isEnabled() is panel.form.get_mnist.isVisible()


def is_in(session: TrainingSession, state: SessionState) -> bool:
    return session.state is state


def test_an_opened_network_is_gone_on_with_and_the_example_is_looked_at(
    opened: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    window = opened()
    program = program_of(window)
    form, note = program.training.form, program.training.note
    assert "makes a new network" in note.text()
    copy = tmp_path / "of_my_own.safetensors"
    program.store.save(copy)
    program.flows.open_path(copy, at_once=True)
    assert "goes on" in note.text()
    for layers in ("12", "13"):
        form.layers.setText(layers)
        assert "makes a new network" in note.text()
        program.flows.open_path(copy, at_once=True)
        assert "goes on" in note.text()
    before = program.store.network
    form.epochs.setValue(78)
    program.training.step.click()
    qtbot.waitUntil(window.isWindowModified, timeout=60_000)
    assert program.settings.get(TRAINING)["epochs"] == 78, "a program that is killed comes to no end"
    assert program.store.path == copy
    assert program.store.network.shapes == before.shapes
    form.layers.setText("12")
    program.store.replace(program.store.network)
    assert form.layers.text() == "12", "one more state of the same network changes nothing in the form"
    with qtbot.waitSignal(program.session.finished):
        part(window, QPushButton, "stop").click()


def test_a_recipe_without_its_digits_is_a_sentence_and_the_network_stays(
    opened: Callable[..., MainWindow], qtbot: QtBot, weights: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("INKLING_DATA", raising=False)
    monkeypatch.setattr("nn.data.locations.user_cache_path", lambda *_, **__: tmp_path / "nothing")
    window = opened(str(weights))
    program = program_of(window)
    choose(program.training.form.recipe_box, "nielsen-30")
    with qtbot.waitSignal(program.session.finished, timeout=60_000):
        program.training.train.click()
    assert "MNIST is not on this computer" in part(window, QMessageBox, "message").text()
    assert window.windowTitle().startswith("small.safetensors")


def test_a_recipe_is_built_and_learns(
    opened: Callable[..., MainWindow], qtbot: QtBot, data_folder: Path, weights: Path
) -> None:
    window = opened(str(weights))
    program = program_of(window)
    choose(program.training.form.recipe_box, "simple-conv-net")
    program.training.step.click()
    assert "Preparing the digits of simple-conv-net" in wait_for_words(qtbot, program)
    qtbot.waitUntil(window.isWindowModified, timeout=60_000)
    assert program.store.network.name == "SimpleConvNet"
    with qtbot.waitSignal(program.session.finished, timeout=60_000):
        part(window, QPushButton, "stop").click()


def wait_for_words(qtbot: QtBot, program: Program) -> str:
    progress = program.training.progress
    qtbot.waitUntil(lambda: progress.text() not in ("", "Getting the digits…"), timeout=60_000)
    return progress.text()


def test_the_form_and_the_size_are_remembered(opened: Callable[..., MainWindow]) -> None:
    first = opened()
    first.resize(1100, 720)
    values = {**program_of(first).training.values(), "epochs": 77}
    program_of(first).training.restore(values)
    program_of(first).imagination.restore({"method": "backquery", "digit": 8})
    first.close()
    second = opened()
    assert program_of(second).imagination.method == program_of(second).imaginer.method == "backquery"
    assert program_of(second).training.values()["epochs"] == 77
    assert program_of(second).imagination.digit == 8


def test_the_window_fits_a_small_screen(opened: Callable[..., MainWindow]) -> None:
    window = opened()
    screen, least = window.screen().availableGeometry(), window.minimumSizeHint()
    assert least.width() <= 1024
    assert least.height() <= 600
    assert window.size() == FIRST_SIZE.boundedTo(screen.size() - FRAME).expandedTo(least)


@pytest.mark.parametrize("size", [(1280, 800), (1024, 700), (1024, 600), (0, 0)])
def test_nothing_is_cut_off(
    opened: Callable[..., MainWindow], qtbot: QtBot, size: tuple[int, int], weights: Path
) -> None:
    window = opened(str(weights))
    program = program_of(window)
    qtbot.waitUntil(lambda: not program.imaginer.is_busy, timeout=10_000)
    window.resize(*size)
    QApplication.processEvents()
    assert window.size() == QSize(*size).expandedTo(window.minimumSizeHint())
    for small in window.findChildren(Thumbnail):
        font = QFontMetrics(scaled_font(small.font(), SMALL))
        assert small.width() >= font.horizontalAdvance(small.caption)
    for widget in part(window, QWidget, "panels").findChildren(QWidget):
        parent = widget.parentWidget()
        if not widget.isVisible() or parent is None or isinstance(parent, QAbstractSpinBox):
            continue
        least = widget.minimumSize().expandedTo(QSize(1, 1))
        if widget.minimumSize().isNull():
            least = widget.minimumSizeHint()
        name = f"{type(widget).__name__} {widget.objectName()}"
        assert widget.width() >= least.width(), f"{name} is too narrow"
        assert widget.height() >= least.height(), f"{name} is too low"
        assert parent.rect().contains(widget.geometry()), f"{name} reaches beyond what holds it"


def test_the_menu_says_what_it_would_do_about_mnist_also_while_a_training_runs(
    opened: Callable[..., MainWindow], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def endless(_folder: Path) -> Iterator[DownloadProgress]:
        for number in count():
            yield DownloadProgress("digits", number, 0, "Downloading without end")

    monkeypatch.delenv("INKLING_DATA", raising=False)
    monkeypatch.setattr("nn.data.locations.user_cache_path", lambda *_, **__: tmp_path / "nothing")
    monkeypatch.setattr("nn.data.download.download_mnist", endless)
    window = opened()
    program = program_of(window)
    menu, action = window.actions_by_name.menus["train"], window.actions_by_name["get_mnist"]

    def said() -> tuple[str, bool]:
        menu.aboutToShow.emit()
        return plain(action.text()), action.isEnabled()

    assert said() == ("Get MNIST", True)
    with qtbot.waitSignal(program.download.progressed):
        action.trigger()
    assert said() == ("Stop getting MNIST", True)
    program.training.train_requested.emit(one_step())
    qtbot.waitUntil(lambda: program.session.is_paused, timeout=60_000)
    assert said() == ("Stop getting MNIST", True)
    with qtbot.waitSignal(program.download.finished):
        action.trigger()
    assert said() == ("Get MNIST", False)
    with qtbot.waitSignal(program.session.finished, timeout=60_000):
        program.session.stop()
    assert said() == ("Get MNIST", True)


def test_every_menu_entry_does_something(opened: Callable[..., MainWindow]) -> None:
    window = opened()
    joined = [name for name, action in window.actions_by_name.items() if not action.receivers("2triggered(bool)")]
    assert joined == []


def test_help_lists_the_keys_and_says_what_this_is(opened: Callable[..., MainWindow]) -> None:
    window = opened()
    window.actions_by_name["shortcuts"].trigger()
    words = {label.text() for label in part(window, QWidget, "shortcuts").findChildren(QLabel)}
    assert {"Save as", "Ctrl+Shift+S"} <= words
    window.actions_by_name["about"].trigger()
    assert "Inkling" in part(window, QMessageBox, "about").text()


def test_the_undo_of_the_menu_is_the_undo_of_the_pad(opened: Callable[..., MainWindow]) -> None:
    window = opened()
    document = program_of(window).document
    undo = window.actions_by_name["undo"]
    assert not undo.isEnabled()
    document.add_stroke(seven())
    assert undo.isEnabled()
    undo.trigger()
    assert document.is_blank
    assert not window.actions_by_name["save_picture"].isEnabled()


def test_a_closed_window_leaves_nothing_running(opened: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = opened()
    program = program_of(window)
    program.training.train_requested.emit(one_step())
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=60_000)
    assert not program.session.is_running
    assert not program.imaginer.is_busy


def test_a_training_stopped_while_its_digits_were_on_their_way_leaves_no_words_behind(
    opened: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    def endless(_source: str) -> Iterator[LoadingProgress]:
        while True:
            yield LoadingProgress(1, 3, "Drawing without end")

    window = opened(load=endless)
    panel = program_of(window).training
    panel.train.click()
    qtbot.waitUntil(lambda: panel.progress.text() == "Drawing without end")
    panel.stop.click()
    assert panel.train.isEnabled()
    assert panel.progress.text() == ""
    assert panel.progress.value() == 0


class WhenHidden(QObject):
    """Lets work come to its end when a window is hidden."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.may_end = threading.Event()
        window.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Hide:
            self.may_end.set()
        return super().eventFilter(watched, event)


def test_a_window_whose_digits_take_long_to_come_closes_at_once(
    opened: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    may_end = threading.Event()

    def slow(_source: str) -> Iterator[LoadingProgress]:
        yield LoadingProgress(0, 1, "Drawing for long")
        may_end.wait()
        yield from few_digits(_source)

    window = opened(load=slow)
    may_end = WhenHidden(window).may_end
    panel = program_of(window).training
    panel.train.click()
    qtbot.waitUntil(lambda: panel.progress.text() == "Drawing for long")
    window.close()
    assert not window.isVisible()

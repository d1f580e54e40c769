"""The File menu's ways, with the real dialogs, and the question before a network is lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox, QDialogButtonBox, QFileDialog, QLineEdit, QMessageBox, QWidget

from gui.errors import Messages
from gui.file_flows import PICTURE_SIZE, FileFlows
from gui.model_store import ModelStore
from gui.new_network import NewNetworkDialog
from gui.opener import QUICK_BYTES
from gui.pad.document import Document
from gui.settings import Settings
from gui.training_session import SessionState, TrainingSession
from gui.which_network import WhichNetworkDialog
from nn.data.dataset import Dataset, DigitData
from nn.data.sources import LoadingProgress
from nn.files.weights import load_network, save_network
from nn.ink.strokes import Stroke
from nn.network import hidden_sizes, mlp
from nn.scaling import SCALINGS
from nn.training import TrainingConfig

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

Dialog = TypeVar("Dialog", bound=QWidget)
Answer = QMessageBox.StandardButton


def few_digits(source: str) -> Iterator[LoadingProgress]:
    """Digits without sense, enough to be trained on."""
    rng = np.random.default_rng(0)
    images = rng.integers(0, 255, (64, 28, 28), dtype=np.uint8)
    digits = Dataset(images, np.arange(64, dtype=np.uint8) % 10)
    yield LoadingProgress(1, 1, "Here.", DigitData(digits, digits, None, source))


@dataclass
class Desk:
    """Everything that the flows go between."""

    window: QWidget
    folder: Path
    store: ModelStore = field(init=False)
    document: Document = field(init=False)
    session: TrainingSession = field(init=False)
    settings: Settings = field(init=False)
    flows: FileFlows = field(init=False)

    def __post_init__(self) -> None:
        self.store = ModelStore(mlp([784, 8, 10], name="First"), self.window)
        self.document = Document(self.window)
        self.session = TrainingSession(self.window, load=few_digits, interval_ms=1)
        self.settings = Settings(self.folder / "inkling.ini")
        messages = Messages(self.window, self.folder / "inkling.log")
        self.flows = FileFlows(self.window, self.store, self.document, self.session, self.settings, messages)
        self.session.snapshot.connect(self.store.replace)

    def change(self) -> None:
        self.store.replace(mlp([784, 8, 10], seed=5, name="First"))

    def train(self, qtbot: QtBot) -> None:
        self.session.start(lambda: mlp([784, 8, 10], name="First"), TrainingConfig(epochs=100_000), "synthetic")
        qtbot.waitUntil(lambda: self.session.state is SessionState.TRAINING)

    def shown(self, kind: type[Dialog], name: str) -> Dialog:
        (dialog,) = (child for child in self.window.findChildren(kind, name) if child.isVisible())
        return dialog

    def answer(self, answer: Answer) -> None:
        self.shown(QMessageBox, "question").button(answer).click()

    def type_name(self, dialog: str, path: Path) -> None:
        """Type a file's name into a dialog and say yes, as a person does."""
        chooser = self.shown(QFileDialog, dialog)
        entry = chooser.findChild(QLineEdit, "fileNameEdit")
        assert entry is not None
        entry.setText(str(path))
        chooser.accept()

    @property
    def asks(self) -> bool:
        return any(box.isVisible() for box in self.window.findChildren(QMessageBox, "question"))


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    desk = Desk(window, tmp_path)
    yield desk
    desk.session.close()


def test_save_as_writes_a_file_that_opens_again(desk: Desk) -> None:
    desk.change()
    desk.flows.save_as()
    desk.type_name("save_dialog", desk.folder / "mine")
    written = desk.folder / "mine.safetensors"
    assert np.array_equal(load_network(written).parameters, desk.store.network.parameters)
    assert not desk.store.is_modified
    assert desk.settings.recent_files() == [written]


def test_save_asks_for_a_file_only_the_first_time(desk: Desk) -> None:
    desk.change()
    desk.flows.save()
    desk.type_name("save_dialog", desk.folder / "mine.safetensors")
    desk.change()
    desk.flows.save()
    assert not desk.store.is_modified
    saved = load_network(desk.folder / "mine.safetensors")
    assert np.array_equal(saved.parameters, desk.store.network.parameters)


def test_open_reads_the_file_that_was_chosen(desk: Desk) -> None:
    path = desk.folder / "other.safetensors"
    save_network(mlp([784, 12, 10]), path)
    desk.flows.open_file()
    desk.type_name("open_dialog", path)
    assert hidden_sizes(desk.store.network) == (12,)
    assert desk.store.path == path


@pytest.mark.parametrize("content", [b"", b"Dear network", b"\x08\0\0\0\0\0\0\0{}"])
def test_a_file_that_is_no_network_leaves_the_one_in_memory(desk: Desk, content: bytes) -> None:
    path = desk.folder / "letter.safetensors"
    path.write_bytes(content)
    before = desk.store.network
    desk.flows.open_path(path)
    assert "letter.safetensors" in desk.shown(QMessageBox, "message").text()
    assert desk.store.network is before
    assert desk.settings.recent_files() == []


def test_a_recent_file_that_is_gone_is_forgotten(desk: Desk) -> None:
    path = desk.folder / "gone.safetensors"
    desk.settings.remember_file(path)
    desk.flows.open_path(path)
    assert desk.settings.recent_files() == []
    assert "gone.safetensors" in desk.shown(QMessageBox, "message").text()


def test_an_unchanged_network_is_left_without_a_question(desk: Desk) -> None:
    done: list[str] = []
    desk.flows.before_losing(lambda: done.append("left"))
    assert done == ["left"]


@pytest.mark.parametrize(("answer", "left"), [(Answer.Discard, True), (Answer.Cancel, False)])
def test_a_changed_network_is_asked_about(desk: Desk, answer: Answer, left: bool) -> None:  # noqa: FBT001
    done: list[str] = []
    desk.change()
    desk.flows.before_losing(lambda: done.append("left"))
    assert done == []
    desk.answer(answer)
    assert bool(done) is left


def test_saving_on_the_way_out_goes_on_when_it_has_worked(desk: Desk) -> None:
    done: list[str] = []
    desk.change()
    desk.flows.before_losing(lambda: done.append("left"))
    desk.answer(Answer.Save)
    assert done == []
    desk.type_name("save_dialog", desk.folder / "mine.safetensors")
    assert done == ["left"]
    assert (desk.folder / "mine.safetensors").exists()


def test_a_save_on_the_way_out_that_fails_or_is_cancelled_stays_here(desk: Desk) -> None:
    done: list[str] = []
    desk.change()
    desk.flows.before_losing(lambda: done.append("left"))
    desk.answer(Answer.Save)
    desk.shown(QFileDialog, "save_dialog").reject()
    assert done == []
    assert desk.store.is_modified
    desk.flows.save()
    desk.type_name("save_dialog", desk.folder / "later.safetensors")
    assert done == []


def write_badly(path: Path) -> None:
    path.write_text("Dear network")


def write_nothing(path: Path) -> None:
    """Choose no file."""


@pytest.mark.parametrize("later", ["save", "train"])
def test_a_save_on_the_way_out_that_was_cancelled_does_not_leave_later(
    desk: Desk, qtbot: QtBot, later: str
) -> None:
    done: list[str] = []
    desk.change()
    desk.flows.before_losing(lambda: done.append("left"))
    desk.answer(Answer.Save)
    desk.shown(QFileDialog, "save_dialog").reject()
    if later == "train":
        desk.train(qtbot)
        desk.session.stop()
        qtbot.waitUntil(lambda: not desk.session.is_running)
    else:
        desk.flows.save_as()
        desk.type_name("save_dialog", desk.folder / "mine.safetensors")
    assert done == []
    assert not desk.asks


def test_a_save_on_the_way_out_that_failed_does_not_leave_later(desk: Desk, qtbot: QtBot) -> None:
    done: list[str] = []
    desk.change()
    desk.flows.before_losing(lambda: done.append("left"))
    desk.answer(Answer.Save)
    (desk.folder / "file").write_text("")
    desk.shown(QFileDialog, "save_dialog").fileSelected.emit(str(desk.folder / "file" / "net.safetensors"))
    desk.shown(QFileDialog, "save_dialog").reject()
    desk.train(qtbot)
    desk.session.stop()
    qtbot.waitUntil(lambda: not desk.session.is_running)
    assert done == []


def test_a_training_rests_while_it_is_asked_about_and_goes_on_after_cancel(desk: Desk, qtbot: QtBot) -> None:
    desk.train(qtbot)
    desk.flows.before_losing(lambda: None)
    assert desk.asks
    assert desk.session.is_paused
    desk.answer(Answer.Cancel)
    with qtbot.waitSignal(desk.session.events):
        assert desk.session.state is SessionState.TRAINING


def test_a_training_that_rested_before_it_was_asked_about_rests_after_cancel(desk: Desk, qtbot: QtBot) -> None:
    desk.train(qtbot)
    desk.session.pause()
    desk.flows.before_losing(lambda: None)
    desk.answer(Answer.Cancel)
    assert desk.session.is_paused


def test_a_training_is_ended_when_its_network_is_discarded(desk: Desk, qtbot: QtBot) -> None:
    done: list[bool] = []
    desk.train(qtbot)
    desk.flows.before_losing(lambda: done.append(desk.session.is_running))
    desk.answer(Answer.Discard)
    qtbot.waitUntil(lambda: bool(done))
    assert done == [False]


def test_what_a_training_has_learned_is_saved_on_the_way_out(desk: Desk, qtbot: QtBot) -> None:
    done: list[str] = []
    desk.train(qtbot)
    desk.flows.before_losing(lambda: done.append("left"))
    desk.answer(Answer.Save)
    qtbot.waitUntil(lambda: bool(desk.window.findChildren(QFileDialog, "save_dialog")))
    assert not desk.session.is_running
    desk.type_name("save_dialog", desk.folder / "mine.safetensors")
    assert done == ["left"]
    saved = load_network(desk.folder / "mine.safetensors")
    assert saved.record["steps"]
    assert np.array_equal(saved.parameters, desk.store.network.parameters)


def test_what_has_not_begun_to_learn_is_left_at_once(desk: Desk) -> None:
    done: list[str] = []
    desk.session.start(lambda: mlp([784, 8, 10]), TrainingConfig(epochs=10_000), "synthetic")
    assert desk.session.is_loading
    desk.flows.before_losing(lambda: done.append("left"))
    assert done == ["left"]
    assert not desk.session.is_running


def test_of_two_ways_out_the_later_one_is_taken(desk: Desk) -> None:
    done: list[str] = []
    desk.change()
    desk.flows.before_losing(lambda: done.append("opened"))
    desk.flows.before_losing(lambda: done.append("closed"))
    desk.answer(Answer.Discard)
    assert done == ["closed"]


@pytest.mark.parametrize("write", [write_badly, write_nothing])
def test_a_file_that_cannot_be_opened_leaves_a_training_alone(
    desk: Desk, qtbot: QtBot, write: Callable[[Path], None]
) -> None:
    path = desk.folder / "letter.safetensors"
    write(path)
    desk.train(qtbot)
    desk.flows.open_path(path)
    assert "letter.safetensors" in desk.shown(QMessageBox, "message").text()
    assert not desk.asks
    assert desk.session.state is SessionState.TRAINING


def test_a_large_file_is_read_beside_the_window_and_asked_about_when_it_is_there(desk: Desk, qtbot: QtBot) -> None:
    large = desk.folder / "large.safetensors"
    save_network(mlp([784, 400, 10]), large)
    assert large.stat().st_size > QUICK_BYTES
    desk.change()
    with qtbot.waitSignal(desk.flows.told) as told:
        desk.flows.open_path(large)
    assert told.args == ["Reading large.safetensors…"]
    assert not desk.asks
    qtbot.waitUntil(lambda: desk.asks)
    desk.answer(Answer.Discard)
    assert hidden_sizes(desk.store.network) == (400,)
    assert desk.store.path == large


def test_of_two_files_the_later_one_is_opened(desk: Desk, qtbot: QtBot) -> None:
    large, small = desk.folder / "large.safetensors", desk.folder / "small.safetensors"
    save_network(mlp([784, 400, 10]), large)
    save_network(mlp([784, 12, 10]), small)
    desk.flows.open_path(large)
    desk.flows.open_path(small)
    qtbot.wait(100)
    assert desk.store.path == small


def test_a_new_network_has_the_layers_that_were_asked_for(desk: Desk) -> None:
    desk.flows.new_network()
    dialog = desk.shown(NewNetworkDialog, "new_network")
    entry = dialog.findChild(QLineEdit, "new_hidden")
    assert entry is not None
    entry.setText("20 15")
    dialog.accept()
    assert hidden_sizes(desk.store.network) == (20, 15)
    assert desk.store.path is None


def test_layers_that_cannot_be_built_cannot_be_chosen(desk: Desk) -> None:
    desk.flows.new_network()
    dialog = desk.shown(NewNetworkDialog, "new_network")
    entry = dialog.findChild(QLineEdit, "new_hidden")
    buttons = dialog.findChild(QDialogButtonBox)
    assert entry is not None
    assert buttons is not None
    begin = buttons.button(QDialogButtonBox.StandardButton.Ok)
    entry.setText("many")
    assert not begin.isEnabled()
    entry.setText("")
    assert begin.isEnabled()


def test_a_picture_of_the_drawing_is_dark_on_light(desk: Desk) -> None:
    points = np.array([[500, 200], [500, 800]], np.float32)
    desk.document.add_stroke(Stroke(points))
    desk.flows.save_picture()
    desk.type_name("picture_dialog", desk.folder / "seven.png")
    picture = QImage(str(desk.folder / "seven.png"))
    assert (picture.width(), picture.height()) == (PICTURE_SIZE, PICTURE_SIZE)
    assert picture.pixelColor(PICTURE_SIZE // 2, PICTURE_SIZE // 2).lightness() < 40
    assert picture.pixelColor(5, 5).lightness() > 250


def test_a_folder_that_cannot_be_written_to_is_a_sentence(desk: Desk) -> None:
    (desk.folder / "file").write_text("")
    desk.change()
    desk.flows.save_as()
    desk.shown(QFileDialog, "save_dialog").fileSelected.emit(str(desk.folder / "file" / "net.safetensors"))
    assert "net.safetensors" in desk.shown(QMessageBox, "message").text()
    assert desk.store.is_modified


def test_a_file_that_leaves_the_activation_open_is_asked_about_and_opened_with_the_answer(desk: Desk) -> None:
    rng = np.random.default_rng(0)
    path = desk.folder / "weights.npz"
    first, second = rng.normal(0, 0.1, (784, 30)), rng.normal(0, 0.1, (30, 10))
    np.savez(path, W1=first, W2=second, b1=np.zeros(30), b2=np.zeros(10))
    before = desk.store.network
    desk.flows.open_path(path)
    dialog = desk.shown(WhichNetworkDialog, "which_network")
    assert desk.store.network is before
    activation = dialog.findChild(QComboBox, "which_activation")
    scaling = dialog.findChild(QComboBox, "which_scaling")
    assert activation is not None
    assert scaling is not None
    activation.setCurrentIndex(activation.findData("tanh"))
    scaling.setCurrentIndex(scaling.findData("0.01..1"))
    dialog.accept()
    assert [layer.kind for layer in desk.store.network.layers] == ["dense", "tanh", "dense"]
    assert desk.store.network.scaling == SCALINGS["0.01..1"]
    assert np.array_equal(desk.store.network.tensors()["0.weight"], first.astype(np.float32))
    assert desk.store.path is None, "a file of another program is never written to"


def test_a_question_that_is_not_answered_changes_nothing(desk: Desk) -> None:
    path = desk.folder / "weights.npz"
    np.savez(path, W1=np.ones((784, 30)), W2=np.ones((30, 10)), b1=np.zeros(30), b2=np.zeros(10))
    before = desk.store.network
    desk.flows.open_path(path)
    desk.shown(WhichNetworkDialog, "which_network").reject()
    assert desk.store.network is before

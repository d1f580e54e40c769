from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPushButton, QWidget

from gui.panels.training import TrainingPanel
from gui.theme import DARK, LIGHT, palette_of
from gui.training_plan import NetworkPlan, TrainingRequest
from gui.training_session import SessionState
from nn.training import EpochEnded, StepTaken, TrainingConfig, TrainingEnded, TrainingStarted

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

PLAN = NetworkPlan((50, 50), "relu")
ENABLED = {
    SessionState.IDLE: {"train", "step"},
    SessionState.LOADING: {"pause", "stop"},
    SessionState.LOADING_TO_PAUSE: {"pause", "stop"},
    SessionState.TRAINING: {"pause", "stop"},
    SessionState.PAUSED: {"pause", "step", "stop"},
    SessionState.STOPPING: set(),
}


@pytest.fixture
def panel(qtbot: QtBot) -> TrainingPanel:
    panel = TrainingPanel()
    qtbot.addWidget(panel)
    panel.show_plan(PLAN)
    panel.show()
    return panel


@pytest.fixture
def requests(panel: TrainingPanel) -> list[TrainingRequest]:
    requests: list[TrainingRequest] = []
    panel.train_requested.connect(requests.append)
    return requests


def press(qtbot: QtBot, panel: TrainingPanel, name: str) -> None:
    button = panel.findChild(QPushButton, name)
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def click(box: QCheckBox) -> None:
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))


def write(panel: TrainingPanel, text: str) -> None:
    field = panel.form.findChild(QLineEdit, "layers")
    assert field is not None
    field.setText(text)


def test_train_asks_to_go_on_with_the_network_in_hand(
    qtbot: QtBot, panel: TrainingPanel, requests: list[TrainingRequest]
) -> None:
    press(qtbot, panel, "train")
    assert requests == [TrainingRequest(None, TrainingConfig(augmentation="gentle"), "synthetic")]
    assert "goes on" in panel.note.text()


def test_other_layers_make_a_new_network_and_the_panel_says_so(
    qtbot: QtBot, panel: TrainingPanel, requests: list[TrainingRequest]
) -> None:
    write(panel, "30")
    assert "784 → 30 → 10" in panel.note.text()
    press(qtbot, panel, "train")
    assert requests[0].plan == NetworkPlan((30,), "relu")


def test_beside_a_network_to_look_at_train_makes_one_of_the_form(
    qtbot: QtBot, panel: TrainingPanel, requests: list[TrainingRequest]
) -> None:
    panel.show_plan(None)
    assert "goes on" in panel.note.text()
    panel.show_plan(None, begin_anew=True)
    assert "784 → 50 → 50 → 10" in panel.note.text()
    press(qtbot, panel, "train")
    assert requests[0].plan == PLAN


def test_new_weights_make_a_new_network_of_the_same_layers(
    qtbot: QtBot, panel: TrainingPanel, requests: list[TrainingRequest]
) -> None:
    panel.form.new_network.setChecked(True)
    press(qtbot, panel, "train")
    assert requests[0].plan == PLAN


def test_whoever_goes_back_to_the_layers_in_hand_goes_on_with_them(panel: TrainingPanel) -> None:
    for text in ("30", "50", "50 50"):
        write(panel, text)
        assert panel.form.begins_anew is (text != "50 50")
    assert "goes on" in panel.note.text()


def test_whoever_chooses_to_go_on_sees_the_layers_in_hand_again(
    qtbot: QtBot, panel: TrainingPanel, requests: list[TrainingRequest]
) -> None:
    write(panel, "50 bananas")
    assert panel.form.begins_anew
    click(panel.form.new_network)
    assert panel.form.layers.text() == "50 50"
    press(qtbot, panel, "train")
    assert requests[0].plan is None


@pytest.mark.parametrize("begin_anew", [True, False])
def test_a_network_that_no_field_can_tell_may_be_trained_on_or_left(
    qtbot: QtBot, panel: TrainingPanel, requests: list[TrainingRequest], *, begin_anew: bool
) -> None:
    panel.show_plan(None, begin_anew=begin_anew)
    press(qtbot, panel, "train")
    click(panel.form.new_network)
    press(qtbot, panel, "train")
    plans = [PLAN, None] if begin_anew else [None, PLAN]
    assert [request.plan for request in requests] == plans


def test_going_on_with_a_network_that_no_field_can_tell_is_said_beside_the_fields(panel: TrainingPanel) -> None:
    panel.show_plan(None)
    assert "The layers shown here would be those of a new one." in panel.note.text()
    write(panel, "12")
    write(panel, "50 50")
    assert "784 → 50 → 50 → 10" in panel.note.text()
    click(panel.form.new_network)
    assert "goes on" in panel.note.text()


def test_another_network_of_the_same_shape_is_shown_over_what_was_typed(panel: TrainingPanel) -> None:
    write(panel, "77")
    panel.show_plan(PLAN)
    assert panel.form.layers.text() == "50 50"
    assert "goes on" in panel.note.text()


def test_another_network_is_told_of_in_place_of_how_the_last_training_ended(panel: TrainingPanel) -> None:
    panel.add([TrainingStarted(4, 10, 0), TrainingEnded("finished", 40, 4, 4)])
    panel.show_state(SessionState.IDLE)
    assert "Finished" in panel.note.text()
    panel.show_plan(PLAN)
    assert "goes on" in panel.note.text()


def test_without_a_plan_the_network_is_trained_on_as_it_is_until_another_is_asked_for(
    qtbot: QtBot, panel: TrainingPanel, requests: list[TrainingRequest]
) -> None:
    panel.show_plan(None)
    panel.form.rate.setValue(0.3)
    press(qtbot, panel, "train")
    write(panel, "12")
    press(qtbot, panel, "train")
    assert [request.plan for request in requests] == [None, NetworkPlan((12,), "relu")]


def test_layers_that_are_none_are_told_at_once_and_cannot_be_trained(panel: TrainingPanel) -> None:
    write(panel, "50 bananas")
    assert "bananas" in panel.note.text()
    assert not panel.train.isEnabled()
    assert not panel.step.isEnabled()
    write(panel, "50 40")
    assert panel.train.isEnabled()


def test_layers_that_no_file_could_hold_cannot_be_trained(panel: TrainingPanel) -> None:
    write(panel, "4096 4096 4096 4096 4096")
    assert "could never be saved" in panel.note.text()
    assert not panel.train.isEnabled()


@pytest.mark.parametrize("state", SessionState)
def test_exactly_the_buttons_that_can_do_something_are_free(panel: TrainingPanel, state: SessionState) -> None:
    panel.show_state(state)
    names = ("train", "pause", "step", "stop")
    free = {name for name in names if panel.findChild(QPushButton, name).isEnabled()}  # type: ignore[union-attr]
    assert free == ENABLED[state]


def test_while_it_runs_only_the_rate_may_change(qtbot: QtBot, panel: TrainingPanel) -> None:
    rates: list[float] = []
    panel.rate_changed.connect(rates.append)
    panel.form.rate.setValue(0.2)
    panel.show_state(SessionState.TRAINING)
    fields = [field for field in panel.form.findChildren(QWidget) if field.focusPolicy() != Qt.FocusPolicy.NoFocus]
    free = {field for field in fields if field.isEnabled() and field.isVisibleTo(panel)}
    free = {field for field in free if field.parent() is panel.form}
    assert free == {panel.form.rate}
    panel.form.rate.setValue(0.05)
    assert rates == [0.05]


def test_the_buttons_say_what_is_wanted_in_each_state(
    qtbot: QtBot, panel: TrainingPanel, requests: list[TrainingRequest]
) -> None:
    said: list[str] = []
    panel.pause_requested.connect(lambda: said.append("pause"))
    panel.resume_requested.connect(lambda: said.append("resume"))
    panel.step_requested.connect(lambda: said.append("step"))
    panel.stop_requested.connect(lambda: said.append("stop"))
    press(qtbot, panel, "step")
    assert requests[0].one_step
    panel.show_state(SessionState.TRAINING)
    press(qtbot, panel, "pause")
    panel.show_state(SessionState.PAUSED)
    for name in ("step", "pause", "stop"):
        press(qtbot, panel, name)
    assert said == ["pause", "step", "resume", "stop"]


def test_a_pause_while_the_digits_are_on_their_way_is_told_and_can_be_taken_back(
    qtbot: QtBot, panel: TrainingPanel
) -> None:
    panel.show_state(SessionState.LOADING)
    panel.show_loading("Drawing digits", 0.25)
    with qtbot.waitSignal(panel.pause_requested):
        press(qtbot, panel, "pause")
    panel.show_state(SessionState.LOADING_TO_PAUSE)
    assert panel.pause.text() == "&Go on"
    assert panel.note.text() == "The digits are on their way. It will rest after the first batch."
    assert panel.progress.text() == "Drawing digits"
    with qtbot.waitSignal(panel.resume_requested):
        press(qtbot, panel, "pause")
    panel.show_state(SessionState.LOADING)
    assert panel.pause.text() == "Pa&use"
    assert panel.progress.text() == "Drawing digits"


def test_progress_tells_the_epoch_and_how_it_ended(panel: TrainingPanel) -> None:
    panel.show_state(SessionState.LOADING)
    panel.show_loading("Drawing digits", 0.25)
    assert (panel.progress.value(), panel.progress.text()) == (250, "Drawing digits")
    panel.show_state(SessionState.TRAINING)
    panel.add([TrainingStarted(4, 10, 0), StepTaken(20, 2, 1.0, 0.5, 0.1)])
    assert panel.progress.value() == 500
    assert panel.progress.text().startswith("Epoch 2 of 4")
    panel.add([EpochEnded(4, 40, 0.1, 0.2, 0.93, 0.2, 0.914, is_best=True), TrainingEnded("finished", 40, 4, 4)])
    panel.show_state(SessionState.IDLE)
    assert panel.progress.value() == 1000
    assert panel.note.text() == "Finished after 4 epochs. Reads 91.4 % of the validation digits."


def told_at_the_end(panel: TrainingPanel, *epochs: tuple[int, float, bool], end: TrainingEnded) -> str:
    """Tell the panel of epochs, each as number, accuracy and whether none was better; return its last words."""
    panel.show_state(SessionState.LOADING)
    panel.show_state(SessionState.TRAINING)
    panel.add([TrainingStarted(60, 10, 0)])
    for number, accuracy, is_best in epochs:
        panel.add([EpochEnded(number, 10 * number, 0.1, 0.2, 0.9, 0.2, accuracy, is_best)])
    panel.add([end])
    panel.show_state(SessionState.IDLE)
    return panel.note.text()


EPOCHS = ((1, 0.31, True), (2, 0.343, True), (3, 0.32, False), (4, 0.33, False))


def test_after_an_early_stop_the_accuracy_is_that_of_the_epoch_that_is_kept(panel: TrainingPanel) -> None:
    assert told_at_the_end(panel, *EPOCHS, end=TrainingEnded("early", 40, 4, 2)) == (
        "Stopped early after 4 epochs. Epoch 2 was the best and is kept. Reads 34.3 % of the validation digits."
    )


def test_with_patience_the_best_epoch_is_kept_at_the_end_as_well(
    qtbot: QtBot, panel: TrainingPanel, requests: list[TrainingRequest]
) -> None:
    end = TrainingEnded("finished", 40, 4, 2)
    press(qtbot, panel, "train")
    assert told_at_the_end(panel, *EPOCHS, end=end) == (
        "Finished after 4 epochs. Reads 33.0 % of the validation digits."
    )
    panel.restore({"more": {"patience": 5}})
    press(qtbot, panel, "train")
    assert requests[-1].config.patience == 5
    assert told_at_the_end(panel, *EPOCHS, end=end) == (
        "Finished after 4 epochs. Epoch 2 was the best and is kept. Reads 34.3 % of the validation digits."
    )


def test_what_was_stopped_within_an_epoch_does_not_claim_the_accuracy_of_the_last(panel: TrainingPanel) -> None:
    assert told_at_the_end(panel, *EPOCHS, end=TrainingEnded("stopped", 47, 4, 2)) == (
        "Stopped after 47 steps. After epoch 4 it read 33.0 % of the validation digits."
    )
    assert told_at_the_end(panel, end=TrainingEnded("stopped", 7, 0, 0)) == "Stopped after 7 steps."


def test_a_download_can_be_stopped_while_a_training_runs_but_none_begun(
    qtbot: QtBot, panel: TrainingPanel
) -> None:
    panel.show_state(SessionState.TRAINING)
    assert not panel.form.get_mnist.isEnabled()
    panel.show_download("Downloading train-images", 0.5)
    assert panel.form.get_mnist.accessibleName() == "Stop getting MNIST"
    assert "End the download" in panel.form.get_mnist.toolTip()
    with qtbot.waitSignal(panel.download_stop_requested):
        QTest.mouseClick(panel.form.get_mnist, Qt.MouseButton.LeftButton)
    panel.show_download(None)
    assert not panel.form.get_mnist.isEnabled()
    assert panel.form.get_mnist.toolTip().startswith("Download")


def test_a_percent_sign_is_shown_once(panel: TrainingPanel) -> None:
    panel.show_loading("50 % of the digits", 0.5)
    assert panel.progress.text() == "50 % of the digits"


def test_no_time_is_left_when_the_last_step_comes_with_the_end(panel: TrainingPanel) -> None:
    panel.show_state(SessionState.TRAINING)
    panel.add([TrainingStarted(4, 10, 0), StepTaken(20, 2, 1.0, 0.5, 0.1)])
    panel.add([StepTaken(40, 4, 1.0, 0.5, 0.1), TrainingEnded("finished", 40, 4, 4)])
    panel.show_state(SessionState.IDLE)
    assert panel.progress.value() == 1000
    assert not panel.progress.isTextVisible()


def test_mnist_is_offered_where_it_is_missing_and_chosen_when_it_has_come(
    qtbot: QtBot, panel: TrainingPanel, requests: list[TrainingRequest]
) -> None:
    assert panel.form.get_mnist.isVisible()
    with qtbot.waitSignal(panel.download_requested):
        QTest.mouseClick(panel.form.get_mnist, Qt.MouseButton.LeftButton)
    panel.show_download("Downloading train-images", 0.5)
    assert panel.progress.value() == 500
    with qtbot.waitSignal(panel.download_stop_requested):
        QTest.mouseClick(panel.form.get_mnist, Qt.MouseButton.LeftButton)
    panel.show_download(None)
    panel.show_sources(has_mnist=True)
    assert not panel.form.get_mnist.isVisible()
    press(qtbot, panel, "train")
    assert requests[0].source == "mnist"


def test_another_optimiser_brings_its_usual_rate_but_keeps_a_rate_of_ones_own(panel: TrainingPanel) -> None:
    box = panel.form.findChild(QComboBox, "optimizer")
    assert box is not None
    box.setCurrentIndex(box.findData("adam"))
    assert panel.form.rate.value() == 0.001
    panel.form.rate.setValue(0.005)
    box.setCurrentIndex(box.findData("sgd"))
    assert panel.form.rate.value() == 0.005


def test_the_form_comes_back_next_week_and_ignores_what_does_not_fit(qtbot: QtBot, panel: TrainingPanel) -> None:
    panel.form.rate.setValue(0.03)
    remembered = panel.values()
    other = TrainingPanel()
    qtbot.addWidget(other)
    other.restore(remembered)
    assert other.values() == remembered
    other.restore({"rate": "fast", "epochs": None, "optimizer": 7, "seed": 10**30, "source": "mnist"})
    assert other.values() == remembered


def test_rates_are_written_with_the_digits_they_have(panel: TrainingPanel) -> None:
    for rate, text in ((0.1, "0.1"), (0.00025, "0.00025"), (2, "2"), (30, "30")):
        panel.form.rate.setValue(rate)
        assert panel.form.rate.text() == text


def test_a_rate_counts_when_it_is_typed_to_its_end(panel: TrainingPanel) -> None:
    rates: list[float] = []
    panel.rate_changed.connect(rates.append)
    panel.show_state(SessionState.TRAINING)
    field = panel.form.rate
    field.selectAll()
    QTest.keyClicks(field, "10")
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    QTest.keyClicks(field, "0.05")
    assert rates == []
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert rates == [0.05]
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert rates == [0.05, 0.051]


def test_a_rate_that_is_still_being_typed_is_the_rate_of_a_training_that_begins(
    panel: TrainingPanel, requests: list[TrainingRequest]
) -> None:
    panel.form.rate.selectAll()
    QTest.keyClicks(panel.form.rate, "0.25")
    panel.train.click()
    assert requests[0].config.rate == 0.25
    QTest.keyClicks(panel.form.rate, "1")
    assert panel.values()["rate"] == 0.251


def test_everything_has_a_name_for_a_screen_reader(panel: TrainingPanel) -> None:
    for field in panel.form.findChildren(QWidget):
        if field.parent() is panel.form and field.focusPolicy() & Qt.FocusPolicy.TabFocus:
            assert field.accessibleName(), field


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_panel_fits_into_its_column(panel: TrainingPanel, theme: object) -> None:
    panel.setPalette(palette_of(LIGHT if theme is LIGHT else DARK))
    assert panel.minimumSizeHint().width() <= 300
    assert panel.minimumSizeHint().height() <= 280

"""The training panel: what to train and how, the four buttons, and how far it is.

The panel knows no network and no thread. It is told the shape of the current network, the state of the session
and what happened, and says what a person wants: a `TrainingRequest`, or a press of one of the other buttons.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QGridLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from gui.pace import Pace, in_words
from gui.theme import SPACING, theme_of
from gui.training_form import TrainingForm
from gui.training_plan import TrainingRequest
from gui.training_session import SessionState
from nn.compat import override
from nn.errors import InklingError
from nn.events import EpochEnded, StepTaken, TrainingEnded, TrainingStarted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gui.training_plan import NetworkPlan

FINE = 1000
"""Ticks of the progress bar."""

_LOADING = (SessionState.LOADING, SessionState.LOADING_TO_PAUSE)
_HELD = (SessionState.LOADING_TO_PAUSE, SessionState.PAUSED)


class TrainingPanel(QWidget):
    """Asks for a training and shows how it goes."""

    train_requested = Signal(object)
    """A `TrainingRequest`: the Train button, or Step when nothing runs (then with ``one_step``)."""

    pause_requested = Signal()
    resume_requested = Signal()
    step_requested = Signal()
    stop_requested = Signal()
    rate_changed = Signal(float)
    """Another learning rate, while it trains."""

    download_requested = Signal()
    """MNIST is wanted."""

    download_stop_requested = Signal()

    buttons_changed = Signal()
    """Other buttons may be free now, or hidden."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Training"))
        self._state = SessionState.IDLE
        self._pace: Pace | None = None
        self._epochs = self._steps_per_epoch = 0
        self._last: EpochEnded | None = None
        self._best: EpochEnded | None = None
        self._keeps_best = False
        self._is_downloading = False
        self._problem = ""
        self._result = ""
        self.form = TrainingForm()
        self._get_tip = self.form.get_mnist.toolTip()
        self._make_buttons()
        self._make_progress()
        self._lay_out()
        self._connect()
        self._refresh()

    def show_plan(self, plan: NetworkPlan | None, *, begin_anew: bool = False) -> None:
        """Tell the panel that another network is in hand: `gui.training_form.TrainingForm.show_plan`."""
        self.form.show_plan(plan, begin_anew=begin_anew)
        self._follow_form()

    def show_sources(self, *, has_mnist: bool) -> None:
        """Tell the panel whether MNIST can be trained on."""
        self.form.show_sources(has_mnist=has_mnist)

    def show_state(self, state: SessionState) -> None:
        """Tell the panel what the session is doing."""
        if self._state is SessionState.IDLE and state in _LOADING:
            self._result, self._last, self._best, self._pace = "", None, None, None
            self._show_progress(0, self.tr("Getting the digits…"))
        if self._pace and state is not SessionState.TRAINING:
            self._pace.rest()
        self._state = state
        self._refresh()

    def show_loading(self, message: str, share: float) -> None:
        """Tell how far something is that has to be waited for: 0..1."""
        self._show_progress(share, message)

    def show_download(self, message: str | None, share: float = 0.0) -> None:
        """Tell how far the download of MNIST is; None: there is none any more."""
        self._is_downloading = message is not None
        if self._state is SessionState.IDLE:
            self._show_progress(share, message or "")
        self._refresh()

    def add(self, events: Sequence[object]) -> None:
        """Tell what has happened in the training."""
        for event in events:
            match event:
                case TrainingStarted():
                    self._epochs, self._steps_per_epoch = event.epochs, event.steps_per_epoch
                    self._pace = Pace(event.epochs * event.steps_per_epoch)
                case EpochEnded():
                    self._last = event
                    self._best = event if event.is_best else self._best
                case TrainingEnded():
                    self._show_end(event)
        # The last steps may come with the end, and are not to be shown over it.
        running = [event for event in events if isinstance(event, StepTaken | TrainingEnded)]
        if running and isinstance(running[-1], StepTaken) and self._state is not SessionState.IDLE:
            self._show_step(running[-1])

    def show_failure(self) -> None:
        """Tell the panel that the training ended before it came to anything; why, somebody else shows."""
        self._show_progress(0, "")

    def values(self) -> dict[str, Any]:
        """Return what is worth remembering, as JSON can hold it."""
        return self.form.values()

    def restore(self, values: Mapping[str, Any]) -> None:
        """Put remembered values back."""
        self.form.restore(values)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._color_note()

    def _make_buttons(self) -> None:
        self.train, self.pause, self.step, self.stop = (QPushButton() for _ in range(4))
        # Stop has no letter: none of its four is free in the window, and F8 calls it.
        for button, name, text, tip in (
            (self.train, "train", self.tr("Trai&n"), self.tr("Let the network learn")),
            (self.pause, "pause", self.tr("Pa&use"), self.tr("Rest after the step in hand, or go on")),
            (self.step, "step", self.tr("&Step"), self.tr("Learn from one batch, then rest")),
            (self.stop, "stop", self.tr("Stop"), self.tr("End the training; what was learned stays")),
        ):
            button.setObjectName(name)
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleDescription(tip)
            button.setMinimumWidth(40)

    def _make_progress(self) -> None:
        self.progress = QProgressBar()
        self.progress.setObjectName("progress")
        self.progress.setAccessibleName(self.tr("Progress of the training"))
        self.progress.setRange(0, FINE)
        self.progress.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.note = QLabel()
        self.note.setObjectName("training_note")
        self.note.setWordWrap(True)
        self.note.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        # Two lines are kept for it, so that nothing jumps when a sentence comes or goes.
        self.note.setMinimumHeight(2 * self.note.fontMetrics().lineSpacing())
        self.note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.MinimumExpanding)
        self._show_progress(0, "")

    def _lay_out(self) -> None:
        buttons = QGridLayout()
        buttons.setHorizontalSpacing(SPACING // 2)
        for column, button in enumerate((self.train, self.pause, self.step, self.stop)):
            buttons.addWidget(button, 0, column)
            buttons.setColumnStretch(column, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING // 2 + 2)
        layout.addWidget(self.form)
        layout.addWidget(self.note, 1)
        layout.addLayout(buttons)
        layout.addWidget(self.progress)

    def _connect(self) -> None:
        self.form.changed.connect(self._follow_form)
        self.form.rate_changed.connect(self._pass_rate_on)
        self.form.get_mnist.clicked.connect(self._ask_for_mnist)
        self.train.clicked.connect(self._ask_to_train)
        self.pause.clicked.connect(self._ask_to_pause)
        self.step.clicked.connect(self._ask_to_step)
        self.stop.clicked.connect(self.stop_requested)

    def _request(self, *, one_step: bool) -> None:
        # A key such as F5 leaves the field that is being typed in where it is.
        self.form.finish_typing()
        plan = self.form.plan() if self.form.begins_anew else None
        config = self.form.config()
        self._keeps_best = config.patience is not None
        self.train_requested.emit(TrainingRequest(plan, config, self.form.source, one_step))

    def _ask_to_train(self) -> None:
        self._request(one_step=False)

    def _ask_to_pause(self) -> None:
        (self.resume_requested if self._state in _HELD else self.pause_requested).emit()

    def _ask_to_step(self) -> None:
        if self._state is SessionState.PAUSED:
            self.step_requested.emit()
        else:
            self._request(one_step=True)

    def _ask_for_mnist(self) -> None:
        (self.download_stop_requested if self._is_downloading else self.download_requested).emit()

    def _pass_rate_on(self, rate: float) -> None:
        if self._state is not SessionState.IDLE:
            self.rate_changed.emit(rate)

    def _follow_form(self) -> None:
        self._result = ""
        self._refresh()

    def _refresh(self) -> None:
        """Say in words what Train would do, and free the buttons that can do something."""
        try:
            intent = self._intent()
            self.form.config()
            words, self._problem = self._result or intent, ""
        except InklingError as error:
            words = self._problem = str(error)
        is_idle, is_paused = self._state is SessionState.IDLE, self._state is SessionState.PAUSED
        may_be_ended = self._state not in (SessionState.IDLE, SessionState.STOPPING)
        self.train.setEnabled(is_idle and not self._problem)
        self.pause.setEnabled(may_be_ended)
        self.pause.setText(self.tr("&Go on") if self._state in _HELD else self.tr("Pa&use"))
        self.step.setEnabled((is_idle and not self._problem) or is_paused)
        self.stop.setEnabled(may_be_ended)
        self.form.lock(locked=not is_idle)
        self._name_download()
        self.note.setText(words)
        self._color_note()
        self.buttons_changed.emit()

    def _name_download(self) -> None:
        stops, button = self._is_downloading, self.form.get_mnist
        button.setText(self.tr("Stop") if stops else self.tr("MNIST…"))
        button.setAccessibleName(self.tr("Stop getting MNIST") if stops else self.tr("Get MNIST"))
        button.setToolTip(self.tr("End the download; the next one goes on from there") if stops else self._get_tip)
        # What is on its way may be stopped at any moment; to ask for it beside a training is too much at once.
        button.setEnabled(stops or self._state is SessionState.IDLE)

    def _intent(self) -> str:
        if self._state is SessionState.IDLE:
            words = self._intent_of_new() if self.form.begins_anew else self._intent_of_old()
            lacks = self.tr("MNIST, which the recipe wants, is not here.")
            return f"{words} {lacks}" if self.form.lacks_mnist else words
        return {
            SessionState.LOADING: self.tr("The digits are on their way."),
            SessionState.LOADING_TO_PAUSE: self.tr(
                "The digits are on their way. It will rest after the first batch."
            ),
            SessionState.TRAINING: self.tr("Learning. The rate may be changed while it runs."),
            SessionState.PAUSED: self.tr("Resting. Step learns from one batch more."),
            SessionState.STOPPING: self.tr("Stopping after the step in hand."),
        }[self._state]

    def _intent_of_new(self) -> str:
        words = self.form.plan().in_words()
        return words if self.form.recipe else self.tr("Train makes a new network: {0}.").format(words)

    def _intent_of_old(self) -> str:
        words = self.tr("Train goes on with the network in hand and what it has learned.")
        shown = self.tr("The layers shown here would be those of a new one.")
        return f"{words} {shown}" if self.form.tells_of_another else words

    def _color_note(self) -> None:
        theme = theme_of(self.palette())
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.WindowText, theme.error if self._problem else theme.muted)
        self.note.setPalette(palette)

    def _show_step(self, event: StepTaken) -> None:
        if self._pace is None:
            return
        self._pace.note(event.step)
        words = self.tr("Epoch {0} of {1}").format(event.epoch, self._epochs)
        left = self._pace.seconds_left
        if left is not None:
            words += " · " + self.tr("{0} left").format(in_words(left))
        self._show_progress(event.step / (self._epochs * self._steps_per_epoch), words)

    def _show_end(self, event: TrainingEnded) -> None:
        told = {
            "finished": self.tr("Finished after {0} epochs.").format(event.epoch),
            "stopped": self.tr("Stopped after {0} steps.").format(event.step),
            "early": self.tr("Stopped early after {0} epochs.").format(event.epoch),
        }
        self._result = f"{told.get(event.reason, event.reason)} {self._score(event)}".rstrip()
        self._show_progress(1.0 if event.reason == "finished" else self.progress.value() / FINE, "")

    def _score(self, event: TrainingEnded) -> str:
        """Say how well the network that is kept reads, as far as it is known."""
        if self._best is None or self._last is None:
            return ""
        if event.reason == "stopped":
            if event.step == self._last.step:
                return self._reads(self._last)
            words = self.tr("After epoch {0} it read {1:.1f} % of the validation digits.")
            return words.format(self._last.epoch, 100 * self._last.validation_accuracy)
        is_best_kept = event.reason == "early" or self._keeps_best
        if is_best_kept and self._best is not self._last:
            best = self.tr("Epoch {0} was the best and is kept.").format(self._best.epoch)
            return f"{best} {self._reads(self._best)}"
        return self._reads(self._last)

    def _reads(self, epoch: EpochEnded) -> str:
        return self.tr("Reads {0:.1f} % of the validation digits.").format(100 * epoch.validation_accuracy)

    def _show_progress(self, share: float, words: str) -> None:
        self.progress.setValue(round(FINE * min(max(share, 0.0), 1.0)))
        self.progress.setFormat(words)
        self.progress.setTextVisible(bool(words))
        self.progress.setAccessibleDescription(words)

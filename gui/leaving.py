"""The question before a network is lost: Save, Discard or Cancel.

Opening, beginning anew and quitting all drop the current network. Each says what it would do and hands it over
here; it is done at once where nothing would be lost, after an answer where something would, or never. A training
rests while the question is open: Save and Discard end it, so that what is saved is what it has learned, and Cancel
lets it go on. Nothing ever waits: the question is opened, and the rest happens when it is answered.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from gui.training_session import SessionState

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.model_store import ModelStore
    from gui.training_session import TrainingSession

_Answer = QMessageBox.StandardButton


class _State(Enum):
    """How far it is on the way out."""

    STAYING = "nobody wants to leave"
    ASKING = "the question is open"
    ENDING = "the training has been told to end"
    SAVING = "the network is being saved"


class Leaving(QObject):
    """Stands before everything that drops the current network.

    Parameters
    ----------
    window
        What the question belongs to.
    store, session
        Whose network would be lost, and what may still be changing it.
    save
        Saves the network, asking for a file where there is none, and then tells what it is given whether that
        has worked; it has not if the person changed their mind or the file could not be written.
    """

    def __init__(
        self,
        window: QWidget,
        store: ModelStore,
        session: TrainingSession,
        save: Callable[[Callable[[bool], None]], None],
    ) -> None:
        super().__init__(window)
        self._window, self._store, self._session, self._save = window, store, session, save
        self._state = _State.STAYING
        self._action: Callable[[], None] | None = None
        self._after_training: Callable[[], None] | None = None
        self._holds_training = False
        session.finished.connect(self._follow_end)

    def then(self, action: Callable[[], None]) -> None:
        """Do `action`, which drops the network, as soon as nothing would be lost that should be kept.

        Of two actions the later one is done, if it comes before the first could be.
        """
        self._action = action
        if self._state is not _State.STAYING:
            return
        if self._session.state in (SessionState.TRAINING, SessionState.PAUSED):
            self._ask()
        else:
            # Digits on their way have taught nothing yet, and a training that is ending soon has.
            self._end_training(self._ask_if_modified)

    def _ask_if_modified(self) -> None:
        if self._store.is_modified:
            self._ask()
        else:
            self._go_on()

    def _ask(self) -> None:
        self._state = _State.ASKING
        self._holds_training = self._session.state is SessionState.TRAINING
        if self._holds_training:
            self._session.pause()
        question = self._make_question()
        question.finished.connect(self._answered)
        question.open()

    def _make_question(self) -> QMessageBox:
        box = QMessageBox(
            QMessageBox.Icon.Question,
            self.tr("Inkling"),
            self.tr("Save the changes to {name}?").format(name=self._store.title),
            _Answer.Save | _Answer.Discard | _Answer.Cancel,
            self._window,
        )
        box.setObjectName("question")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setInformativeText(self.tr("Without saving, what the network has learned since then is lost."))
        box.setDefaultButton(_Answer.Save)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return box

    def _answered(self, answer: int) -> None:
        if answer == _Answer.Save:
            self._end_training(self._save_first)
        elif answer == _Answer.Discard:
            self._end_training(self._go_on)
        else:
            self._stay()

    def _end_training(self, after: Callable[[], None]) -> None:
        """Do `after` when no training runs any more."""
        if not self._session.is_running:
            after()
            return
        self._state, self._after_training = _State.ENDING, after
        self._session.stop()

    def _follow_end(self) -> None:
        after, self._after_training = self._after_training, None
        if after is not None:
            after()

    def _save_first(self) -> None:
        self._state = _State.SAVING
        self._save(self._saved)

    def _saved(self, has_worked: bool) -> None:  # noqa: FBT001 - told as a signal tells it
        if self._state is not _State.SAVING:
            return
        if has_worked:
            self._go_on()
        else:
            self._stay()

    def _stay(self) -> None:
        self._state, self._action = _State.STAYING, None
        if self._holds_training:
            self._session.resume()

    def _go_on(self) -> None:
        action, self._action = self._action, None
        self._state = _State.STAYING
        if action is not None:
            action()

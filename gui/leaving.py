"""The question before a network is lost: Save, Discard or Cancel.

Opening, beginning anew and quitting all drop the current network. Each says what it would do and hands it over
here; it is done at once where nothing would be lost, after an answer where something would, or never. A training
that runs is ended first, so that the question is about what it has learned. Nothing ever waits: the question is
opened, and the rest happens when it is answered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.model_store import ModelStore
    from gui.training_session import TrainingSession

_Answer = QMessageBox.StandardButton


class Leaving(QObject):
    """Stands before everything that drops the current network.

    Parameters
    ----------
    window
        What the question belongs to.
    store, session
        Whose network would be lost, and what may still be changing it.
    save
        Saves the network, asking for a file where there is none, and then does what it is given; does
        nothing more if the person changes their mind or the file cannot be written.
    """

    def __init__(
        self,
        window: QWidget,
        store: ModelStore,
        session: TrainingSession,
        save: Callable[[Callable[[], None]], None],
    ) -> None:
        super().__init__(window)
        self._window, self._store, self._session, self._save = window, store, session, save
        self._action: Callable[[], None] | None = None
        self._question: QMessageBox | None = None
        session.finished.connect(self._ask_if_waiting)

    def then(self, action: Callable[[], None]) -> None:
        """Do `action`, which drops the network, as soon as nothing would be lost that should be kept."""
        self._action = action
        if self._session.is_running:
            self._session.stop()
        else:
            self._ask()

    def _ask_if_waiting(self) -> None:
        if self._action is not None:
            self._ask()

    def _ask(self) -> None:
        if not self._store.is_modified:
            self._go_on()
        elif self._question is None:
            self._question = self._make_question()
            self._question.finished.connect(self._answered)
            self._question.open()

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
        self._question = None
        if answer == _Answer.Save:
            self._save(self._go_on)
        elif answer == _Answer.Discard:
            self._go_on()
        else:
            self._action = None

    def _go_on(self) -> None:
        action, self._action = self._action, None
        if action is not None:
            action()

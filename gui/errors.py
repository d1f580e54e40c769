"""One door for messages.

What can go wrong and is nobody's fault arrives as an ``InklingError`` and is shown as its own sentence. Anything
else is a fault in Inkling: it goes to a log file with all that is known, and one dialog says so, once, however
often it happens. Neither ever blocks: the dialogs are opened and the program goes on.
"""

from __future__ import annotations

import logging
import logging.handlers
import re
import sys
import threading
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from nn.errors import InklingError

if TYPE_CHECKING:
    from types import TracebackType

LOGGER = logging.getLogger("inkling")
_LOG_SIZE, _OLD_LOGS = 256 * 1024, 2


class Messages(QObject):
    """Shows a person what went wrong.

    Parameters
    ----------
    window
        The window that the dialogs belong to.
    log
        The file that a dialog about a fault names.
    """

    def __init__(self, window: QWidget, log: Path | None = None) -> None:
        super().__init__(window)
        self._window = window
        self._log = log or log_path()
        self._fault: QMessageBox | None = None

    def show_error(self, error: BaseException | str) -> None:
        """Show what happened and what to do about it; an error that nobody expected is logged as well."""
        if isinstance(error, BaseException) and not isinstance(error, InklingError):
            self.show_fault(error)
            return
        happened, *remedy = re.split(r"(?<=[.!?])\s+", str(error), maxsplit=1)
        self._open(QMessageBox.Icon.Warning, happened, *remedy)

    def show_fault(self, error: BaseException) -> None:
        """Log an error that nobody expected, and say so once; later ones only go to the log."""
        trace = "".join(traceback.format_exception(error))
        LOGGER.error("Something nobody expected:\n%s", trace)
        if self._fault is not None:
            return
        self._fault = self._open(
            QMessageBox.Icon.Critical,
            self.tr("Something went wrong inside Inkling that nobody expected."),
            self.tr(
                "Your drawing and your network are still here; saving the network now is a good idea.\n\n"
                "What happened is written down in\n{log}"
            ).format(log=self._log),
        )
        self._fault.setDetailedText(trace)
        self._fault.finished.connect(self._forget_fault)

    def _open(self, icon: QMessageBox.Icon, text: str, more: str = "") -> QMessageBox:
        box = QMessageBox(icon, "Inkling", text, QMessageBox.StandardButton.Ok, self._window)
        box.setObjectName("message")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setInformativeText(more)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()
        return box

    def _forget_fault(self) -> None:
        self._fault = None


class FaultCatcher(QObject):
    """Leads errors that nobody caught, from whichever thread, to the messages.

    A hook runs in the thread that failed, where no widget may be touched; the signal carries the error to a bound
    method of this object, and so to the thread of the window.
    """

    caught = Signal(object)

    def __init__(self, messages: Messages) -> None:
        super().__init__(messages)
        self._messages = messages
        self._before = sys.excepthook, threading.excepthook
        self.caught.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Put the hooks in."""
        sys.excepthook = self._on_error
        threading.excepthook = self._on_thread_error

    def remove(self) -> None:
        """Put back the hooks that were there before."""
        sys.excepthook, threading.excepthook = self._before

    def _on_error(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, Exception):
            self.caught.emit(error)
        self._before[0](kind, error, trace)

    def _on_thread_error(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self.caught.emit(arguments.exc_value)

    def _show(self, error: BaseException) -> None:
        self._messages.show_error(error)


def log_path() -> Path:
    """Tell where faults are written down."""
    return Path(platformdirs.user_log_dir("inkling", appauthor=False)) / "inkling.log"


def start_log(path: Path) -> logging.Handler:
    """Let faults go to a file, which is made when the first one comes and never grows beyond three small ones."""
    LOGGER.propagate = False
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError:  # a home that cannot be written to; faults still have their dialog
        handler: logging.Handler = logging.NullHandler()
    else:
        handler = logging.handlers.RotatingFileHandler(
            path, maxBytes=_LOG_SIZE, backupCount=_OLD_LOGS, encoding="utf-8", delay=True
        )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    LOGGER.addHandler(handler)
    return handler

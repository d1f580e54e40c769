"""The running program: the application object, the window, and what ends it.

Errors that nobody caught are led to a dialog and the log. Ctrl-C in the terminal asks to quit as the menu does,
and the second one does not ask.
"""

from __future__ import annotations

import signal
import socket
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier, Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication

from gui.app import create_window
from gui.errors import FaultCatcher, Messages, log_path, start_log

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

    from gui.main_window import MainWindow

NO_FONTS = (
    "inkling: this system has no fonts, so no words could be shown. Install some, "
    "such as with `sudo apt-get install fonts-dejavu-core`.\n"
)


def make_application() -> QApplication | None:
    """Make the application object; None, with a sentence, on a system that has no letters to write with."""
    # Every point of a fast stroke counts: without this Qt drops those that came while the window was busy.
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents, on=False)
    application = QApplication(sys.argv[:1])
    application.setApplicationName("inkling")
    application.setApplicationDisplayName("")
    application.setDesktopFileName("inkling")
    if not QFontDatabase.families():
        sys.stderr.write(NO_FONTS)
        return None
    return application


def run_window(arguments: Sequence[str]) -> int:
    """Show the window and stay until it is closed; return the exit code."""
    application = make_application()
    if application is None:
        return 1
    start_log(log_path())
    window = create_window(arguments)
    catcher = FaultCatcher(window.findChild(Messages) or Messages(window))
    catcher.install()
    window.closed.connect(application.quit)
    interrupt = Interrupt(window)
    window.show()
    code = application.exec()
    interrupt.close()
    catcher.remove()
    return code


class Interrupt(QObject):
    """Turns Ctrl-C into a request to close the window.

    Python runs signal handlers between its own instructions, and while Qt waits there are none. So the signal
    writes a byte into a socket, which wakes Qt, which comes to Python.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._hears, self._tells = socket.socketpair()
        self._tells.settimeout(0)
        self._hears.settimeout(0)
        self._notifier = QSocketNotifier(self._hears.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._drain)
        self._before = signal.signal(signal.SIGINT, self._on_interrupt)
        self._fd_before = signal.set_wakeup_fd(self._tells.fileno(), warn_on_full_buffer=False)

    def close(self) -> None:
        """Leave Ctrl-C as it was before."""
        signal.set_wakeup_fd(self._fd_before)
        signal.signal(signal.SIGINT, self._before)
        self._notifier.setEnabled(False)
        self._hears.close()
        self._tells.close()

    def _on_interrupt(self, _number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        self._window.close()

    def _drain(self) -> None:
        self._hears.recv(64)

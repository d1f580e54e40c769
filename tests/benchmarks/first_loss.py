"""How long a person waits between a click on Train and the first loss on the curve, with MNIST in the cache.

Run it with ``python tests/benchmarks/first_loss.py [--json]``; without a display, Qt's offscreen platform is
measured. Each time counts from the mouse button's release on a window that has just been opened, in a process of
its own, until Qt has painted the loss plot with a point of this training in it. MNIST's packed files are put into
a cache folder as the download leaves them; the first launch, which unpacks them, does not count.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from rich.console import Console

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from machine import machine
from nn.compat import override
from nn.data.mnist import find_mnist

if TYPE_CHECKING:
    from gui.main_window import MainWindow

LIMIT_S = 0.5
LAUNCHES = 7
IDLE_MS = 1500
"""What a person takes, at the least, to find the button."""
PATIENCE_MS = 60_000


class FirstLoss(QObject):
    """Watches the loss plot, and notes when it is first painted with a loss."""

    def __init__(self, window: MainWindow, loop: QEventLoop) -> None:
        super().__init__(window)
        from gui.panels.curves import CurvesPanel  # noqa: PLC0415 - the settings' folder is named first

        curves = window.findChild(CurvesPanel)
        if curves is None:
            raise RuntimeError("The window has no curves.")
        self._curves, self._loop = curves, loop
        self.painted_at = 0.0
        curves.loss.plot.viewport().installEventFilter(self)

    @override
    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and len(self._curves.loss.training) and not self.painted_at:
            # What is painted is on the screen when this event is over.
            QTimer.singleShot(0, self._note)
        return False

    def _note(self) -> None:
        self.painted_at = self.painted_at or perf_counter()
        self._loop.quit()


def seconds_in_this_process() -> float:
    """Open the window, click Train, and return how long the first loss took."""
    from gui.app import create_window  # noqa: PLC0415 - as above
    from gui.run import make_application  # noqa: PLC0415

    if make_application() is None:
        raise RuntimeError("There are no fonts.")
    window = create_window([])
    window.show()
    loop = QEventLoop()
    QTimer.singleShot(IDLE_MS, loop.quit)
    loop.exec()
    train = window.findChild(QPushButton, "train")
    if train is None or not train.isEnabled():
        raise RuntimeError("The window has no button to train.")
    first = FirstLoss(window, loop)
    QTest.mousePress(train, Qt.MouseButton.LeftButton)
    begun = perf_counter()
    QTest.mouseRelease(train, Qt.MouseButton.LeftButton)
    QTimer.singleShot(PATIENCE_MS, loop.quit)
    loop.exec()
    if not first.painted_at:
        raise RuntimeError(f"No loss was painted within {PATIENCE_MS // 1000} s.")
    window.close()
    QApplication.processEvents()
    return first.painted_at - begun


def seconds_of_launches(launches: int) -> list[float]:
    """Measure in processes of their own, with a cache folder that holds MNIST and settings that hold nothing."""
    place = find_mnist()
    if place is None:
        raise SystemExit("MNIST is not here: set INKLING_DATA, or download it.")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cached = folder / "cache" / "inkling" / "mnist"
        shutil.copytree(place, cached)
        cached.chmod(0o755)
        variables = {"XDG_CACHE_HOME": str(folder / "cache"), "INKLING_SETTINGS": str(folder), "INKLING_DATA": ""}
        command = [sys.executable, __file__, "--one"]
        told = [
            subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ | variables).stdout
            for _ in range(launches + 1)
        ]
    return [float(seconds) for seconds in told[1:]]


def main() -> int:
    """Print the median; the exit code is 1 where it is too long."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--launches", type=int, default=LAUNCHES, help=f"of the window (default: {LAUNCHES})")
    parser.add_argument("--json", action="store_true", help="one object, in seconds")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(seconds_in_this_process())
        return 0
    seconds = seconds_of_launches(options.launches)
    median = statistics.median(seconds)
    if options.json:
        print(json.dumps({"what": "first loss", "median": median, "worst": max(seconds), "limit": LIMIT_S}))
    else:
        verdict = "ok" if median <= LIMIT_S else "MISSED"
        words = f"first loss after {median:.2f} s (worst {max(seconds):.2f} s), asked {LIMIT_S:g} s: {verdict}"
        Console().print(f"{words}; {machine()}", highlight=False)
    return 0 if median <= LIMIT_S else 1


if __name__ == "__main__":
    if "DISPLAY" not in os.environ and "WAYLAND_DISPLAY" not in os.environ:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.exit(main())

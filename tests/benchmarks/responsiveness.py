"""How long the window keeps a person waiting: while it reads, while it learns, and when it starts.

Run it with ``python tests/benchmarks/responsiveness.py``; without a display, Qt's offscreen platform is measured.

* Lateness: a timer of 10 ms on the window's thread, while a network learns; how much later than asked it ticks.
* Pen to prediction: mouse events come every 8 ms by the clock, whether or not the window keeps up, as from a
  mouse; the time goes from when the last of a stroke was due until the window has painted the reading of it.
* Start: from the launch of a process to the first picture of its window, beside a bare PySide6 and pyqtgraph
  window that is launched the same way, in turns.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from rich.console import Console
from rich.table import Table

from machine import machine
from nn.compat import override

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gui.main_window import MainWindow
    from gui.training_session import TrainingSession

ROOT = Path(__file__).resolve().parents[2]
MOUSE_S = 0.008
TICK_MS = 10
NETWORKS = {"784-50-50-10, batch 32": ((50, 50), 32), "784-512-512-10, batch 128": ((512, 512), 128)}

BARE = """
import pyqtgraph
from PySide6.QtWidgets import QApplication, QMainWindow
application = QApplication([])
window = QMainWindow()
window.setCentralWidget(pyqtgraph.PlotWidget())
window.resize(1280, 800)
"""
OURS = """
from gui.startup import complaint
assert not complaint()
from gui.run import make_application
application = make_application()
from gui.app import create_window
window = create_window([])
"""
UNTIL_PAINTED = """
import os
from time import monotonic
from PySide6.QtCore import QEvent, QObject, QTimer
def tell():
    print(monotonic(), flush=True)
    os._exit(0)
class FirstPaint(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Expose:
            # All widgets are painted when the window is exposed; a timer of zero comes after that.
            QTimer.singleShot(0, tell)
        return False
first = FirstPaint()
window.show()
window.windowHandle().installEventFilter(first)
application.exec()
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement, in milliseconds unless it is a ratio; `limit` is what was asked for."""

    what: str
    median: float
    p99: float
    worst: float
    limit: float
    judged: float
    """The number that the limit is for."""
    unit: str = "ms"


def rows(*, strokes: int = 200, seconds: float = 10.0, launches: int = 9) -> list[Row]:
    """Measure everything."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["INKLING_SETTINGS"] = folder
        application = QApplication.instance() or QApplication([])
        window, session = open_window()
        measured = [pen_row("pen to prediction, idle", window, strokes, 16.0)]
        for name, (hidden, batch) in NETWORKS.items():
            begin_training(session, hidden, batch)
            measured.append(lateness_row(name, seconds))
            measured.append(pen_row(f"pen to prediction, training {name}", window, strokes, 33.0))
            end_training(session)
        window.close()
        application.processEvents()
        measured.append(start_row(launches))
    return measured


def open_window() -> tuple[MainWindow, TrainingSession]:
    """Build the window, show it, and find the session in it."""
    from gui.app import create_window  # noqa: PLC0415 - the settings' folder is named first
    from gui.training_session import TrainingSession  # noqa: PLC0415

    window = create_window([])
    window.show()
    session = window.findChild(TrainingSession)
    if session is None:
        raise RuntimeError("The window has no training session.")
    wait(1.0)
    return window, session


def begin_training(session: TrainingSession, hidden: Sequence[int], batch: int) -> None:
    """Let a network learn on whatever digits are here, and wait for its first steps."""
    from nn.network import mlp  # noqa: PLC0415
    from nn.training import TrainingConfig  # noqa: PLC0415

    network = mlp([784, *hidden, 10])
    session.start(lambda: network, TrainingConfig(epochs=1000, batch_size=batch, rate=0.02), "auto")
    while session.state.value == "loading":
        wait(0.1)
    wait(1.0)


def end_training(session: TrainingSession) -> None:
    """Stop it and wait for its end."""
    session.stop()
    while session.is_running:
        wait(0.05)
    wait(0.5)


def lateness_row(network: str, seconds: float) -> Row:
    """Measure how much later than 10 ms after its last tick a timer ticks."""
    ticks: list[float] = []
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(lambda: ticks.append(perf_counter()))
    timer.start(TICK_MS)
    wait(seconds)
    timer.stop()
    late = np.maximum(0, 1000 * np.diff(ticks) - TICK_MS)
    return row(f"lateness of a 10 ms timer, training {network}", late, 20.0)


def pen_row(what: str, window: MainWindow, strokes: int, limit: float) -> Row:
    """Measure the time from the last mouse event of a stroke to the picture of its reading."""
    pen = Pen(window)
    rng = np.random.default_rng(0)
    waits = [pen.draw(int(rng.integers(4, 14))) for _ in range(strokes)]
    return row(what, 1000 * np.array(waits), limit)


class Pen(QObject):
    """Draws with mouse events that are due by the clock, and watches for the picture of the last reading."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        canvas = window.findChild(QWidget, "canvas")
        clear = window.findChild(QWidget, "clear")
        if canvas is None or clear is None:
            raise RuntimeError("The window has no canvas.")
        from gui.recognizer import Recognizer  # noqa: PLC0415

        recognizer = window.findChild(Recognizer)
        if recognizer is None:
            raise RuntimeError("The window has no recogniser.")
        self._window, self._canvas, self._clear = window, canvas, clear
        recognizer.recognized.connect(self._note_reading)
        window.installEventFilter(self)
        self._rng = np.random.default_rng(1)
        self._is_drawn = self._is_read = False
        self._painted_at = 0.0

    def draw(self, moves: int) -> float:
        """Draw one stroke on an empty pad; return the seconds from its last event to its picture."""
        self._clear.click()  # type: ignore[attr-defined]
        wait(0.05 + float(self._rng.random()) * 0.016)
        self._is_drawn = self._is_read = False
        self._painted_at = 0.0
        points = self._path(moves + 1)
        due = perf_counter()
        self._send(QEvent.Type.MouseButtonPress, points[0])
        for point in points[1:]:
            due += MOUSE_S
            until(lambda due=due: perf_counter() >= due)  # type: ignore[misc]
            self._is_drawn = point is points[-1]
            self._send(QEvent.Type.MouseMove, point)
        until(lambda: self._painted_at > 0)
        waited = self._painted_at - due
        self._send(QEvent.Type.MouseButtonRelease, points[-1])
        return waited

    @override
    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Paint the window by hand, to know when it is painted."""
        if event.type() != QEvent.Type.UpdateRequest or not self._is_read or self._painted_at:
            return False
        self._window.event(event)
        self._painted_at = perf_counter()
        return True

    def _note_reading(self) -> None:
        self._is_read = self._is_drawn

    def _path(self, count: int) -> list[QPointF]:
        size = self._canvas.size()
        start, end = self._rng.uniform(0.2, 0.8, (2, 2)) * (size.width(), size.height())
        bend = self._rng.uniform(-40, 40, 2)
        return [QPointF(*(start + (end - start) * t + bend * t * (1 - t))) for t in np.linspace(0, 1, count)]

    def _send(self, kind: QEvent.Type, at: QPointF) -> None:
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        button = none if kind == QEvent.Type.MouseMove else left
        held = none if kind == QEvent.Type.MouseButtonRelease else left
        everywhere = self._canvas.mapToGlobal(at)
        event = QMouseEvent(kind, at, everywhere, button, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(self._canvas, event)


def start_row(launches: int) -> Row:
    """Compare our start to a bare window's; the first launch of each, from a cold cache, does not count."""
    times: dict[str, list[float]] = {BARE: [], OURS: []}
    for _ in range(launches + 1):
        for script, measured in times.items():
            measured.append(launch(script))
    bare, ours = (1000 * np.array(measured[1:]) for measured in times.values())
    median, bare_median = float(statistics.median(ours)), float(statistics.median(bare))
    what = f"start to first picture; a bare window's takes {bare_median:.0f} ms"
    worst = float(ours.max())
    return Row(what, median, float(np.quantile(ours, 0.99)), worst, 2.0, median / bare_median, "×")


def launch(script: str) -> float:
    """Return the seconds from the launch of a process to the first picture of its window."""
    begun = perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", script + UNTIL_PAINTED],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    # Both clocks count from the same moment on every system that Python 3.11 runs on.
    return float(done.stdout.split()[-1]) - begun


def row(what: str, milliseconds: np.ndarray[tuple[int], np.dtype[np.float64]], limit: float) -> Row:
    """Sum measurements up; their 99th percentile is what is judged."""
    p99 = float(np.quantile(milliseconds, 0.99))
    return Row(what, float(np.median(milliseconds)), p99, float(milliseconds.max()), limit, p99)


def wait(seconds: float) -> None:
    """Let the window live for a while."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


def until(holds: Callable[[], bool]) -> None:
    """Let the window live until something holds."""
    while not holds():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 1)
        sleep(0.0002)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--strokes", type=int, default=200, help="strokes for each of the pen's rows")
    parser.add_argument("--seconds", type=float, default=10.0, help="seconds for each row of lateness")
    parser.add_argument("--launches", type=int, default=9, help="launches of each window")
    options = parser.parse_args()
    table = Table("what", "median", "p99", "worst", "asked", "", title=machine())
    for measured in rows(strokes=options.strokes, seconds=options.seconds, launches=options.launches):
        shown = [f"{value:.1f} ms" for value in (measured.median, measured.p99, measured.worst)]
        verdict = "ok" if measured.judged <= measured.limit else "MISSED"
        got = f" ({measured.judged:.2f})" if measured.unit == "×" else ""
        table.add_row(measured.what, *shown, f"≤ {measured.limit:g} {measured.unit}{got}", verdict)
    Console(width=120).print(table)


if __name__ == "__main__":
    if "DISPLAY" not in os.environ and "WAYLAND_DISPLAY" not in os.environ:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    main()

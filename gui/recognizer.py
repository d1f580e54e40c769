"""From ink to a reading, at most once a display frame.

Whatever changes, the ink or the network, wakes the recogniser. The first call is answered at once, so that the
first touch of the pen is seen without delay; those that follow within one display frame are answered together at
its end. Reading takes about a millisecond, so it happens right here on the thread of the window.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Signal

from nn.ink.strokes import Drawing, Stroke
from nn.recognition import recognize, recognize_drawings

if TYPE_CHECKING:
    from collections.abc import Callable

    from nn.arrays import Bytes
    from nn.network import Network

DISPLAY_FRAME_MS = 8
"""A frame of a fast display. With 16 ms, an event just after a reading would be painted some 18 ms later."""

DOT = 20.0
"""What is no larger, in units of the pad, is a touch of the pen that slipped; a digit of 5 % of the pad has 50."""


class Recognizer(QObject):
    """Reads a drawing with a network whenever it is woken.

    Parameters
    ----------
    drawing
        Tells what is on the paper now.
    network
        Tells which network reads now.
    picture
        Tells the frame of the picture that lies on the paper in place of a drawing, if there is one.
    interval_ms
        The least time between two readings; 0 reads at every call, which is what tests want.
    """

    recognized = Signal(object, object)
    """A `Prediction`, and the frame it was read from: uint8 (28, 28)."""

    def __init__(
        self,
        drawing: Callable[[], Drawing],
        network: Callable[[], Network],
        *,
        picture: Callable[[], Bytes | None] = lambda: None,
        interval_ms: int = DISPLAY_FRAME_MS,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._drawing, self._network, self._picture = drawing, network, picture
        self.interval_ms = interval_ms
        self._since_reading = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._read)

    @property
    def is_waiting(self) -> bool:
        """Whether a reading is due at the end of this display frame."""
        return self._timer.isActive()

    def wake(self) -> None:
        """Have the drawing read: now, or as soon as a display frame has passed since the last reading."""
        if self._timer.isActive():
            return
        wait = self._wait_ms()
        if wait > 0:
            self._timer.start(wait)
        else:
            self._read()

    def _wait_ms(self) -> int:
        return self.interval_ms - self._since_reading.elapsed() if self._since_reading.isValid() else 0

    def _read(self) -> None:
        # The clock starts before the work: a reading that takes long must not halve the rate of the next ones.
        self._since_reading.start()
        network, frame = self._network(), self._picture()
        if frame is not None:
            self.recognized.emit(recognize(network, frame), frame)
        else:
            predictions, frames = recognize_drawings(network, [without_slips(self._drawing())])
            self.recognized.emit(predictions[0], frames[0])


def without_slips(drawing: Drawing) -> Drawing:
    """Return a drawing as it was meant: one that is no larger than a dot is one point.

    A frame shows any ink as large as it can, and the two pixels by which a hand slips as a stroke.
    """
    if drawing.is_blank:
        return drawing
    points = np.concatenate([stroke.points for stroke in drawing.strokes])
    if np.ptp(points, axis=0).max() > DOT:
        return drawing
    return Drawing((Stroke(points[:1]),), drawing.label)

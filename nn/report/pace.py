"""How long a person waits: from strokes to frame to reading, on one core, as the pad does while the pen moves."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from nn.ink.meant import frame_as_meant
from nn.parallel import one_blas_thread
from nn.recognition import recognize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nn.ink.strokes import Drawing
    from nn.network import Network


_TIMES = 5


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds for one drawing: frame and reading together, and the frame's part of it."""

    median: float
    slow: float
    """95th percentile of the drawings."""
    frame: float
    """Median of the frame alone."""


def pace(network: Network, drawings: Sequence[Drawing]) -> Pace:
    """Ink and read each of some drawings, one at a time; of each the quickest of a few times counts.

    That leaves out what other programs at work take away, and keeps what drawings of many strokes take.
    """
    one_blas_thread()
    reader = network.ready()  # as the window reads
    times = np.array([[_timed(reader, drawing) for _ in range(_TIMES)] for drawing in drawings])
    whole, times = times.sum(axis=2).min(axis=1), times.min(axis=1)
    return Pace(float(np.median(whole)), float(np.percentile(whole, 95)), float(np.median(times[:, 0])))


def _timed(reader: Network, drawing: Drawing) -> tuple[float, float]:
    began = perf_counter()
    frame = frame_as_meant(drawing)
    inked = perf_counter()
    recognize(reader, frame)
    return inked - began, perf_counter() - inked

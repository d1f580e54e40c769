"""Numbers that come one after the other, kept and made ready to be drawn as a line.

All are kept, in a buffer that doubles when it is full; drawn are a few hundred, because a plot is no wider.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from nn.compat import override

if TYPE_CHECKING:
    from nn.arrays import Array

MOST_POINTS = 400
"""Of a line that is drawn; a plot is about as many pixels wide."""

SMOOTHING = 0.98
"""Share of a smoothed value that stays at each step: it looks back on about fifty."""


class Series:
    """Points that come one after the other, in a buffer that doubles when it is full.

    Examples
    --------
    >>> series = Series(first=2)
    >>> for x in range(5):
    ...     series.append(x, 10 * x)
    >>> series.y.tolist()
    [0.0, 10.0, 20.0, 30.0, 40.0]
    """

    def __init__(self, first: int = 1024) -> None:
        self._points = np.empty((2, first))
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def x(self) -> Array:
        """What there is so far, shape (n,); a view."""
        return self._points[0, : self._count]

    @property
    def y(self) -> Array:
        """What there is so far, shape (n,); a view."""
        return self._points[1, : self._count]

    def append(self, x: float, y: float) -> None:
        """Add one point."""
        if self._count == self._points.shape[1]:
            self._points = np.concatenate((self._points, np.empty_like(self._points)), axis=1)
        self._points[:, self._count] = x, y
        self._count += 1

    def thinned(self) -> tuple[Array, Array]:
        """Return few enough points to draw, evenly picked, and always the last; shapes (m,)."""
        # A power of two, so that a point once left out stays out and the line does not tremble as it grows.
        stride = 1
        while self._count > stride * MOST_POINTS:
            stride *= 2
        last = slice(max(0, self._count - 1), self._count)
        x, y = (np.concatenate((line[: last.start : stride], line[last])) for line in (self.x, self.y))
        return x, y

    def clear(self) -> None:
        """Forget all points; the buffer stays."""
        self._count = 0


class Smoothed(Series):
    """A series of running means that forget, without the pull towards zero that they begin with."""

    def __init__(self) -> None:
        super().__init__()
        self._sum = self._weight = 0.0

    @override
    def append(self, x: float, y: float) -> None:
        self._sum = SMOOTHING * self._sum + (1 - SMOOTHING) * y
        self._weight = SMOOTHING * self._weight + (1 - SMOOTHING)
        super().append(x, self._sum / self._weight)

    @override
    def clear(self) -> None:
        super().clear()
        self._sum = self._weight = 0.0


def rounded_up(value: float) -> float:
    """Round up to a number of few digits, for the end of an axis.

    Examples
    --------
    >>> rounded_up(2.31), rounded_up(0.07), rounded_up(0)
    (2.5, 0.08, 1.0)
    """
    if value <= 0:
        return 1.0
    size = 10.0 ** math.floor(math.log10(value))
    return next(step * size for step in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if value <= step * size * (1 + 1e-9))

"""What anybody sees in a frame without having learned a digit: that it is a dot, or several things side by side.

A digit's ink is a line, and 14 to 20 pixels long on its longest side. What is much smaller or has no line in it is
no digit, whatever a network makes of it. Where the strokes are known they tell more: in the frame, neighbours run
together, and a scribble all over the pad is as black as a spot.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from nn.ink.pen import Path

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nn.arrays import Array, Bytes
    from nn.ink.strokes import Drawing

LONGEST_DOT = 8
"""Pixels: the ink of MNIST's smallest digit is 13 long, that of one touch of the thickest pen 8."""

SOLID = 0.6
"""Ink with a full square in it, so long beside its own longest side, is a blot: MNIST's boldest have 0.5."""

_LARGE = 0.5
"""The share of the whole height that makes a part of the ink as large as a digit of its own."""

_FAR = 0.2
"""The share of the whole height by which strokes of one digit never stand apart: those of an open 4 have 0.12."""

_AS_HIGH = 0.8
"""Strokes that are nearer are digits of their own if they are so high: of an open 4, one has 0.75 at most."""


def is_dot(frame: Bytes) -> bool:
    """Say whether the ink of a frame (28, 28) is a dot, small or blown up to a blot; not where there is none.

    Examples
    --------
    >>> frame = np.zeros((28, 28), np.uint8)
    >>> frame[12:15, 12:15] = 255
    >>> is_dot(frame)
    True
    >>> frame[4:24, 13] = 255  # a line
    >>> is_dot(frame)
    False
    """
    ink = _ink(frame)
    if not ink.any():
        return False
    longest = max(_length(ink, axis=0), _length(ink, axis=1))
    return longest <= LONGEST_DOT or _has_full_square(ink, math.ceil(SOLID * longest))


def figures_side_by_side(frame: Bytes) -> int:
    """Count the parts of a frame (28, 28) that stand beside each other and could each be a digit.

    A part hangs together, is at least half as high as all the ink, and shares at most half its width with the part
    before it: the dots of an i are none, nor are the two strokes of an equals sign or of most fours.

    Examples
    --------
    >>> frame = np.zeros((28, 28), np.uint8)
    >>> frame[4:24, (6, 13, 20)] = 255
    >>> figures_side_by_side(frame)
    3
    """
    ink = _ink(frame)
    height = _length(ink, axis=0)
    count, right = 0, -1
    for rows, columns in sorted(_parts(ink), key=lambda part: int(part[1].min())):
        left, end = int(columns.min()), int(columns.max())
        is_large = rows.max() - rows.min() + 1 >= _LARGE * height
        if is_large and right - left + 1 <= (end - left + 1) / 2:
            count, right = count + 1, max(right, end)
    return count


def is_spot(drawing: Drawing) -> bool:
    """Say whether the pen touched one spot and went nowhere; not where there is nothing.

    Examples
    --------
    >>> from nn.ink.strokes import Drawing, Stroke
    >>> is_spot(Drawing((Stroke([[7, 7]]),)))
    True
    >>> is_spot(Drawing((Stroke([[7, 7], [7, 9]]),)))
    False
    """
    if drawing.is_blank:
        return False
    points = Path.of(drawing.strokes).points
    return bool((points == points[0]).all())


def drawn_side_by_side(drawing: Drawing) -> int:
    """Count the figures of a drawing that stand beside each other and could each be a digit.

    Strokes above or below each other belong to one figure. It is at least half as high as the whole drawing, and
    nearly as high where the next one is near: an open 4 has its stem to the right of all else.

    Examples
    --------
    >>> from nn.ink.strokes import Drawing, Stroke
    >>> drawn_side_by_side(Drawing((Stroke([[0, 0], [0, 40]]), Stroke([[9, 0], [9, 30]]))))
    2
    """
    if drawing.is_blank:
        return 0
    low, high = Path.of(drawing.strokes).boxes()
    order = np.argsort(low[:, 0], kind="stable")
    low, high = low[order], high[order]
    return max(_figures(low, high, _FAR, _LARGE), _figures(low, high, 0, _AS_HIGH))


def _figures(low: Array, high: Array, gap: float, share: float) -> int:
    """Count figures that are so far apart, and so high, in heights of all; their boxes come from left to right."""
    height = high[:, 1].max() - low[:, 1].min()
    is_first = np.ones(len(low), np.bool_)
    is_first[1:] = low[1:, 0] - np.maximum.accumulate(high[:, 0])[:-1] > gap * height
    starts = np.flatnonzero(is_first)
    heights = np.maximum.reduceat(high[:, 1], starts) - np.minimum.reduceat(low[:, 1], starts)
    return int(np.count_nonzero(heights >= share * height))


def _ink(frame: Bytes) -> NDArray[np.bool_]:
    """Say where there is more ink than paper, as seen beside the darkest spot."""
    ink: NDArray[np.bool_] = frame > frame.max() // 2
    return ink


def _length(ink: NDArray[np.bool_], axis: int) -> int:
    at = np.flatnonzero(ink.any(axis=1 - axis))
    return int(at[-1] - at[0]) + 1 if len(at) else 0


def _has_full_square(ink: NDArray[np.bool_], side: int) -> bool:
    if np.count_nonzero(ink) < side * side:
        return False
    sums = np.pad(ink.astype(np.int64).cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    inked = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    return bool((inked == side * side).any())


def _parts(ink: NDArray[np.bool_]) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Return the rows and columns of each part that hangs together, corner to corner counting as together."""
    unseen = set(zip(*(at.tolist() for at in np.nonzero(ink)), strict=True))
    parts = []
    while unseen:
        part = [unseen.pop()]
        for row, column in part:  # grows while it is walked along
            near = {(row + down, column + right) for down in (-1, 0, 1) for right in (-1, 0, 1)} & unseen
            unseen -= near
            part.extend(near)
        rows, columns = np.array(part).T
        parts.append((rows, columns))
    return parts

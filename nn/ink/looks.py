"""What anybody sees in a frame without having learned a digit: that it is a dot, or several things side by side.

A digit's ink is a line, and 14 to 20 pixels long on its longest side. What is much smaller or has no line in it is
no digit, whatever a network makes of it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nn.arrays import Bytes

LONGEST_DOT = 8
"""Pixels: the ink of MNIST's smallest digit is 13 long, that of one touch of the thickest pen 8."""

SOLID = 0.6
"""Ink with a full square in it, so long beside its own longest side, is a blot: MNIST's boldest have 0.5."""

_LARGE = 0.5
"""The share of the whole height that makes a part of a frame as large as a digit of its own."""


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

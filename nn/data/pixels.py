"""Pixels and labels as other programs keep them, turned into ours: bytes (n, 28, 28) and digits (n,).

Pictures come flat, with an axis for the channel, or as columns; as bytes, or as floats that once were bytes
divided by 255, by 256 (the file of *Neural Networks and Deep Learning*) or by nothing. Which it was can be told
from the numbers, and so the bytes come back exactly.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from nn.files.streams import DamageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from nn.arrays import Bytes, Shape

PIXELS = 784
DIGITS = 240_000
"""The most digits that one file may hold: as many as EMNIST's largest set of digits."""
_ROWS = 1000
_NEAR = 1e-3


def is_pictures(shape: Shape) -> bool:
    """Whether an array of this shape can be pictures: n of 28 x 28, however they lie."""
    return len(shape) > 1 and math.prod(shape[1:]) == PIXELS


def pixels_as_bytes(values: NDArray[Any]) -> NDArray[Any]:
    """Keep pictures as bytes and everything else as it is: what a reader need hold of an array in a file."""
    if not is_pictures(values.shape) or values.dtype == np.uint8:
        return values
    return bytes_of(lambda: rows_of(values), len(values))


def rows_of(values: NDArray[Any]) -> Iterator[NDArray[Any]]:
    """Yield an array a thousand rows at a time."""
    for start in range(0, len(values), _ROWS):
        yield values[start : start + _ROWS]


def bytes_of(pieces: Callable[[], Iterator[NDArray[Any]]], count: int) -> Bytes:
    """Turn pixels of any type into bytes, exactly where they once were bytes.

    Parameters
    ----------
    pieces
        Gives the pictures in order, some at a time, as often as it is asked.
    count
        How many there are.

    Returns
    -------
    Bytes
        Shape (count, 784).

    Raises
    ------
    DamageError
        If they are more than `DIGITS`, or numbers that no pixels are.
    """
    if count > DIGITS:
        raise DamageError(f"it holds {count:,} digits, and at most {DIGITS:,} are read")
    factor = _factor(pieces())
    pixels = np.empty((count, PIXELS), np.uint8)
    start = 0
    for piece in pieces():
        rows = piece.reshape(len(piece), PIXELS)
        # In double precision k / 255 times 255 is nearer to k than to any half.
        pixels[start : start + len(rows)] = (
            rows if factor == 1 else np.rint(np.multiply(rows, factor, dtype=float))
        )
        start += len(rows)
    return pixels


def _factor(pieces: Iterator[NDArray[Any]]) -> int:
    """Return what to multiply pixels by: 1 for bytes; for floats 0..1 256 where that makes all whole, else 255."""
    highest, is_real, is_256th, is_whole = 0.0, False, True, True
    for piece in pieces:
        if piece.dtype.kind not in "fiub":
            raise DamageError(f"its pictures are of type {piece.dtype}, which no pixels are")
        low, high = float(piece.min(initial=0)), float(piece.max(initial=0))
        if not (low >= 0 and high <= 255):  # not a number is neither
            raise DamageError(f"its pixels go from {low:g} to {high:g}; wanted 0 to 1, or 0 to 255")
        highest, is_real = max(highest, high), is_real or piece.dtype.kind in "fb"
        if is_real:
            is_256th = is_256th and _is_whole(piece, 256)
            is_whole = is_whole and _is_whole(piece, 1)
    if not is_real or highest > 1:
        if not is_whole:
            raise DamageError("its pixels are neither from 0 to 1 nor whole numbers to 255")
        return 1
    return 256 if is_256th and highest < 1 else 255


def _is_whole(values: NDArray[Any], factor: int) -> bool:
    scaled = np.multiply(values, factor, dtype=np.float32)
    return bool((np.abs(scaled - np.rint(scaled)) < _NEAR).all())


def frames_of(values: NDArray[Any]) -> Bytes:
    """Shape pictures to (n, 28, 28), whichever way their 784 pixels lie.

    Raises
    ------
    DamageError
        If they are not pictures of 784 pixels.
    """
    if not is_pictures(values.shape):
        raise DamageError(f"its pictures are of shape {values.shape}; wanted n of {PIXELS} pixels")
    found: Bytes = pixels_as_bytes(values).reshape(-1, 28, 28)
    return found


def labels_of(values: NDArray[Any], count: int) -> Bytes:
    """Return labels (n,) from digits, (n,) or (n, 1), or from rows with a 1 at the digit, (n, 10) or (n, 10, 1).

    Raises
    ------
    DamageError
        If there are not `count` of them, or they are no digits.
    """
    rows = values.reshape(len(values), -1) if values.ndim else values.reshape(0, 1)
    if len(rows) != count or rows.shape[1] not in (1, 10) or rows.dtype.kind not in "fiub":
        raise DamageError(f"it has labels of shape {values.shape} for {count:,} pictures; wanted one for each")
    if rows.shape[1] == 10:
        is_one = rows == 1
        if not ((is_one | (rows == 0)).all() and (is_one.sum(axis=1) == 1).all()):
            raise DamageError("its rows of ten are not noughts with a single 1 at the digit")
        found: Bytes = is_one.argmax(axis=1).astype(np.uint8)
        return found
    labels = rows[:, 0]
    if not np.isin(labels, np.arange(10)).all():
        raise DamageError("its labels are not all digits from 0 to 9")
    return labels.astype(np.uint8)

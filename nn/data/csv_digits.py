"""Digits as text: a label and 784 pixels from 0 to 255 a line, as *Make Your Own Neural Network* has them.

A hundred million characters are too many for one Python object each. A piece of the file is taken as an array of
characters, the places of the commas are found in it, and every number is put together from the one, two or three
digits before its comma: all numbers of a piece at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nn.data.pixels import DIGITS, PIXELS
from nn.files.streams import DamageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nn.arrays import Bytes, Integers
    from nn.files.streams import Stream

_PIECE = 2**18
_LONGEST_LINE = 32 * 2**10
_COMMA, _NEWLINE, _RETURN, _SPACE, _NOUGHT = b",\n\r 0"
_COLUMNS = 1 + PIXELS
_MARK = b"\xef\xbb\xbf"


def read_csv(stream: Stream) -> tuple[Bytes, Bytes]:
    """Read lines of a label and 784 pixels; a first line that is no numbers is a header.

    Returns
    -------
    tuple[Bytes, Bytes]
        Pixels (n, 784) and labels (n,).

    Raises
    ------
    DamageError
        If a line is damaged, which is told by its number, or there are none or too many.
    """
    parts: list[Bytes] = []
    lines = 0
    rest, is_first = b"", True
    while piece := stream.some(_PIECE):
        text = rest + piece
        if is_first:
            text, skipped = _without_header(text)
            lines, is_first = skipped, False
        end = text.rfind(b"\n") + 1
        rest = text[end:]
        if len(rest) > _LONGEST_LINE:
            raise DamageError(f"line {lines + text.count(10) + 1:,} is longer than {_COLUMNS} numbers can be")
        lines = _add(parts, text[:end], lines)
    if rest:
        _add(parts, rest + b"\n", lines)
    return _joined(parts)


def _add(parts: list[Bytes], text: bytes, lines: int) -> int:
    if text:
        parts.append(_rows(np.frombuffer(text, np.uint8), lines))
    if sum(map(len, parts)) > DIGITS:
        raise DamageError(f"it holds more than {DIGITS:,} digits")
    return lines + text.count(b"\n")


def _joined(parts: list[Bytes]) -> tuple[Bytes, Bytes]:
    count = sum(map(len, parts))
    if not count:
        raise DamageError("it holds no digits")
    pixels, labels = np.empty((count, PIXELS), np.uint8), np.empty(count, np.uint8)
    start = 0
    while parts:
        part = parts.pop(0)  # let go of as soon as it is copied
        pixels[start : start + len(part)], labels[start : start + len(part)] = part[:, 1:], part[:, 0]
        start += len(part)
    return pixels, labels


def _without_header(text: bytes) -> tuple[bytes, int]:
    text = text.removeprefix(_MARK)
    first, _, rest = text.partition(b"\n")
    if first.strip(b"0123456789, \r"):
        if first.count(b",") != PIXELS:
            raise DamageError(f"line 1 is neither {_COLUMNS} numbers with commas between nor as many words")
        return rest, 1
    return text, 0


def _rows(text: NDArray[np.uint8], lines: int) -> Bytes:
    """Return the numbers of whole lines, (n, 785); `lines` are those before, for telling where damage is."""
    text = _tidied(text)
    is_end = (text == _COMMA) | (text == _NEWLINE)
    ends = np.flatnonzero(is_end)
    lengths = np.diff(ends, prepend=-1) - 1
    closing = np.flatnonzero(text[ends] == _NEWLINE)
    digits = text - np.uint8(_NOUGHT)  # what is no digit wraps around to something above 9
    fits = np.diff(closing, prepend=-1) == _COLUMNS
    if not fits.all():
        raise DamageError(f"{_line(lines, int(fits.argmin()))} is not {_COLUMNS} numbers with commas between")
    _demand((digits <= 9) | is_end, None, ends[closing], lines)
    _demand((lengths > 0) & (lengths < 4), ends, ends[closing], lines)
    numbers = digits.take(ends - 1).astype(np.int16)
    for length, power in ((2, 10), (3, 100)):
        is_long = lengths >= length
        numbers[is_long] += digits.take(ends[is_long] - length) * np.int16(power)
    _demand(numbers <= 255, ends, ends[closing], lines)
    rows = numbers.reshape(-1, _COLUMNS)
    _demand(rows[:, 0] <= 9, ends[closing], ends[closing], lines)
    return rows.astype(np.uint8)


def _tidied(text: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Leave out spaces, what other systems end lines with, and empty lines."""
    is_noise = (text == _SPACE) | (text == _RETURN)
    if is_noise.any():
        text = text[~is_noise]
    is_newline = text == _NEWLINE
    is_empty = is_newline.copy()
    is_empty[1:] &= is_newline[:-1]
    return text[~is_empty] if is_empty.any() else text


def _demand(fits: NDArray[np.bool_], places: Integers | None, ends: Integers, lines: int) -> None:
    if not fits.all():
        first = int(fits.argmin())
        bad = int(np.searchsorted(ends, first if places is None else places[first]))
        raise DamageError(f"{_line(lines, bad)} has something that is no number from 0 to 255, or no label to 9")


def _line(before: int, index: int) -> str:
    return f"line {before + index + 1:,}"

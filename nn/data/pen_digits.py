"""Pen-Based Recognition of Handwritten Digits: 7,494 digits as strokes, by 30 people with a stylus.

E. Alpaydin, F. Alimoglu, 1998, UCI dataset 81, CC BY 4.0; tablet units, y up, no time stamps. The recording is
UNIPEN: a ``.SEGMENT`` line names the digit, ``.PEN_DOWN`` and ``.PEN_UP`` enclose each stroke.

The writers are not in the published documentation of the file, but in the file: each segment is followed by
``.COMMENT digit writer number``. That the second number is the writer and the third counts his digits is our
reading of it. It fits all that is known: the first always equals the segment's label, the second runs from 1 to
30, no pair of second and third occurs twice, the third ends at 250 (each was asked for 250 digits), and every
writer has 247 to 250 of them, 7,494 in all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nn.errors import DataError, InkError
from nn.ink.strokes import Drawing, Stroke

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

PEN_DIGITS = "pendigits/pendigits-orig.tra"
"""Where the recording lies in a folder of data."""

VALIDATION_WRITERS = frozenset({5, 10, 15, 20, 25, 30})
"""Every fifth writer, settled before anything was trained: 24 to learn from, 6 to watch by."""
SIZE_LIMIT = 64 * 2**20

BOX = 500
"""Side of the tablet's box, in its units."""

_HEAD = re.compile(r'DIGIT\s+\S+\s+\S+\s+"(\d)"\s+\.COMMENT\s+(\d)\s+(\d{1,4})\s+\d{1,6}')
_PAUSE = re.compile(r"(?:\.DT\s+\d+)?")


@dataclass(frozen=True, slots=True, eq=False)
class PenDigit:
    """A drawing with its label, and who drew it."""

    drawing: Drawing
    writer: int


def read_pendigits(path: str | os.PathLike[str]) -> list[PenDigit]:
    """Read the original recording, ``pendigits-orig.tra``.

    Returns
    -------
    list[PenDigit]
        In the order of the file; y turned to point down, in units of the tablet.

    Raises
    ------
    DataError
        If the file is missing or is not such a recording; the digit is named.
    """
    try:
        if Path(path).stat().st_size > SIZE_LIMIT:
            raise DataError(f"{path} is over {SIZE_LIMIT >> 20} MB, too large for a recording of pen digits.")
        _, *segments = Path(path).read_text(encoding="ascii").split("\n.SEGMENT")
    except (OSError, UnicodeDecodeError) as error:
        raise _refusal(path, str(error)) from error
    if not segments:
        raise _refusal(path, "it holds no digits")
    return [_digit(path, number, text) for number, text in enumerate(segments, 1)]


def split_by_writer(digits: Iterable[PenDigit]) -> tuple[list[PenDigit], list[PenDigit]]:
    """Split into training and validation such that nobody's hand is in both; always the same way."""
    training: list[PenDigit] = []
    validation: list[PenDigit] = []
    for digit in digits:
        (validation if digit.writer in VALIDATION_WRITERS else training).append(digit)
    return training, validation


def _digit(path: object, number: int, text: str) -> PenDigit:
    head, *strokes = text.split(".PEN_DOWN")
    match = _HEAD.fullmatch(head.strip())
    if match is None or match[1] != match[2] or not strokes:
        raise _refusal(path, f"digit {number} of the file is damaged")
    try:
        drawing = Drawing(tuple(_stroke(stroke) for stroke in strokes), int(match[1]))
    except (ValueError, InkError) as error:
        raise _refusal(path, f"a stroke of digit {number} of the file is damaged ({error})") from error
    return PenDigit(drawing, int(match[3]))


def _stroke(text: str) -> Stroke:
    points, up, pause = text.partition(".PEN_UP")
    if not up or not _PAUSE.fullmatch(pause.strip()):
        raise ValueError("the pen is not lifted")
    xy = np.array(points.split(), np.float32).reshape(-1, 2)
    xy[:, 1] = BOX - xy[:, 1]
    return Stroke(xy)


def _refusal(path: object, why: str) -> DataError:
    return DataError(f"{path} cannot be read: {why}. Wanted the recording pendigits-orig.tra of UCI dataset 81.")

"""numberpad: a thousand symbols that one person drew with a finger on a tablet, coarse as fingers are.

One JSON file: ``rawData[symbol]`` is a list of samples, each a list of strokes, each a list of ``[x, y]`` in
pixels, y down. Besides the digits there are ``+ - x / ? ^ e``: drawn by somebody who means no digit. Apache-2.0.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from nn.errors import DataError, InkError
from nn.ink.strokes import Drawing, Stroke

if TYPE_CHECKING:
    import os

NUMBER_PAD = "numberpad/numberpad.json"
"""Where the collection lies in a folder of data."""

SIZE_LIMIT = 16 * 2**20
"""Bytes; the file has 1.9 million, and parsed JSON takes about ten times its text."""


def read_numberpad(path: str | os.PathLike[str]) -> dict[str, list[Drawing]]:
    """Read ``numberpad.json``.

    Returns
    -------
    dict[str, list[Drawing]]
        By symbol, ``"0"`` to ``"9"`` and the others; digits carry their label, the others None.

    Raises
    ------
    DataError
        If the file is missing or is not such a collection.
    """
    try:
        if Path(path).stat().st_size > SIZE_LIMIT:
            raise _refusal(path, f"it is over {SIZE_LIMIT >> 20} MB")
        samples = json.loads(Path(path).read_bytes())["rawData"]
        return {symbol: [_drawing(symbol, strokes) for strokes in drawn] for symbol, drawn in samples.items()}
    except (OSError, ValueError, RecursionError, KeyError, TypeError, AttributeError, InkError) as error:
        raise _refusal(path, f"{type(error).__name__}: {error}"[:200]) from error


def digits_of(samples: dict[str, list[Drawing]]) -> list[Drawing]:
    """Return the drawings that are digits, 0 to 9 in order, each with its label."""
    return [drawing for digit in range(10) for drawing in samples.get(str(digit), [])]


def _drawing(symbol: str, strokes: list[list[list[float]]]) -> Drawing:
    label = int(symbol) if symbol in tuple("0123456789") else None
    # A finger that is lifted before it was seen leaves a stroke of no points.
    return Drawing(tuple(Stroke(points) for points in strokes if points), label)  # type: ignore[arg-type]


def _refusal(path: object, why: str) -> DataError:
    return DataError(f"{path} cannot be read: {why}. Wanted the collection numberpad.json.")

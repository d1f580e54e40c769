"""What `predict` is given: pictures, files of drawings, or drawings on the standard input; all become frames."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nn.errors import InkError
from nn.ink.frame import frame_from_drawing
from nn.ink.ink_files import read_drawings
from nn.ink.pictures import frame_from_picture_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nn.arrays import Bytes
    from nn.ink.strokes import Drawing

STANDARD_INPUT = "-"
CHUNK = 250
"""Drawings read together: enough for the matrix products, soon enough for whoever waits."""

_INK_SUFFIXES = (".jsonl", ".ndjson", ".json")


def frames_of(source: str) -> Iterator[Bytes]:
    """Give the frames of one input in order, in stacks of shape (n, 28, 28), n >= 1.

    Raises
    ------
    InkError
        If it cannot be read.
    """
    if source == STANDARD_INPUT:
        yield from _stacked(_drawings_on_standard_input())
    elif _holds_drawings(Path(source)):
        yield from _stacked(read_drawings(source))
    else:
        yield frame_from_picture_file(source)[np.newaxis]


def _holds_drawings(path: Path) -> bool:
    """Whether a file is JSON lines: no picture begins with a brace. In doubt its name decides."""
    try:
        with path.open("rb") as file:
            beginning = file.read(64)
    except OSError:
        beginning = b""  # whoever reads it says why it cannot be read
    return (
        beginning.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{") or path.suffix.lower() in _INK_SUFFIXES
    )


def _drawings_on_standard_input() -> list[Drawing]:
    with tempfile.TemporaryDirectory() as folder:
        spooled = Path(folder) / "drawings"
        with spooled.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
        try:
            return read_drawings(spooled)
        except InkError as error:
            raise InkError(str(error).replace(str(spooled), "the standard input")) from error


def _stacked(drawings: Sequence[Drawing]) -> Iterator[Bytes]:
    for start in range(0, len(drawings), CHUNK):
        yield np.stack([frame_from_drawing(drawing) for drawing in drawings[start : start + CHUNK]])

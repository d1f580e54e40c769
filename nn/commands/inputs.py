"""What `predict` is given: pictures, files of drawings, or drawings on the standard input; all become frames."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nn.errors import InkError
from nn.ink.frame import frame_from_drawing
from nn.ink.ink_files import read_drawings
from nn.ink.pictures import frame_from_picture_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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
        If it cannot be read; what came before the fault has been given.
    """
    if source != STANDARD_INPUT and not _holds_drawings(Path(source)):
        yield frame_from_picture_file(source)[np.newaxis]
        return
    yield from _stacked(read_drawings(source))


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


def _stacked(drawings: Iterable[Drawing]) -> Iterator[Bytes]:
    remaining = iter(drawings)
    while True:
        frames: list[Bytes] = []
        fault: InkError | None = None
        try:
            frames.extend(frame_from_drawing(drawing) for drawing in islice(remaining, CHUNK))
        except InkError as error:
            # A fault in a later line does not take back the lines before it.
            fault = error
        if frames:
            yield np.stack(frames)
        if fault is not None:
            raise fault
        if len(frames) < CHUNK:
            return

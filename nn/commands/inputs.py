"""What `predict` is given: pictures, files of drawings, or drawings on the standard input."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from nn.errors import InkError
from nn.ink.ink_files import read_drawings

if TYPE_CHECKING:
    from nn.ink.strokes import Drawing

STANDARD_INPUT = "-"

_INK_SUFFIXES = (".jsonl", ".ndjson", ".json")


def drawings_of(source: str) -> list[Drawing] | None:
    """Return the drawings of one input in order, at least one, or None where it is a picture.

    Raises
    ------
    InkError
        If it cannot be read, or holds none.
    """
    if source == STANDARD_INPUT:
        return _some(_drawings_on_standard_input(), "The standard input")
    return _some(read_drawings(source), source) if _holds_drawings(Path(source)) else None


def _some(drawings: list[Drawing], source: str) -> list[Drawing]:
    if not drawings:
        raise InkError(
            f'{source} holds no drawing; each line needs one, such as {{"strokes": [[[x, y], ...], ...]}}.'
        )
    return drawings


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

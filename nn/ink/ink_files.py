"""Ink files: drawings as JSON lines, one drawing a line.

``{"label": 7, "strokes": [[[x, y], ...], ...]}`` with y down and any unit; the label may be null or missing, and a
third number in each point of a stroke is the pen's pressure, 0..1. Any program writes it with one print.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from nn.errors import InkError
from nn.files.atomic import write_atomically
from nn.ink.strokes import Drawing, Stroke

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator

_LONGEST_LINE = 32 * 2**20
# What float32 still rounds to a finite number.
_LARGEST = float(np.finfo(np.float32).max) * (1 + 2**-26)
_WANTED = 'Wanted {"label": 7, "strokes": [[[x, y], ...], ...]}, one drawing a line.'


def read_drawings(path: str | os.PathLike[str]) -> list[Drawing]:
    """Return the drawings of an ink file, in order.

    Lines without anything on them are passed over, as are strokes without points, which left no ink; a drawing
    without strokes is blank. Names other than "label" and "strokes" are for whoever wrote them.

    Raises
    ------
    InkError
        If the file cannot be read, or a line is no drawing; the message names the file and the line.
    """
    return list(_drawings(Path(path)))


def write_drawings(path: str | os.PathLike[str], drawings: Iterable[Drawing]) -> None:
    """Write drawings to an ink file, whole or not at all.

    Reading the file gives the same float32 numbers: each is written with the fewest digits that tell it apart.

    Raises
    ------
    FileError
        If the file cannot be written.
    """
    write_atomically(path, ((_line(drawing) + "\n").encode() for drawing in drawings))


def _drawings(path: Path) -> Iterator[Drawing]:
    try:
        with path.open("rb") as file:
            number = 0
            while line := file.readline(_LONGEST_LINE + 1):
                number += 1
                try:
                    drawing = _parsed(line if number > 1 else line.removeprefix(b"\xef\xbb\xbf"))
                except InkError as error:
                    raise InkError(f"{path}, line {number}: {error} {_WANTED}") from error
                if drawing is not None:
                    yield drawing
    except FileNotFoundError:
        raise InkError(f"{path} does not exist. Check the name, or choose another ink file.") from None
    except OSError as error:
        raise InkError(f"{path} cannot be read: {error.strerror}. Wanted a file of drawings.") from error


def _parsed(line: bytes) -> Drawing | None:
    if len(line) > _LONGEST_LINE:
        raise InkError(f"the line is longer than {_LONGEST_LINE // 2**20} MB; no drawing is.")
    if not line.strip():
        return None
    try:
        value = json.loads(line.decode("utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        raise InkError("this is not text in UTF-8.") from None
    except json.JSONDecodeError as error:
        raise InkError(f"this is not JSON ({error.msg} at column {error.colno}).") from None
    except RecursionError:
        raise InkError("lists are nested too deep.") from None
    except ValueError:
        raise InkError("a number has too many digits.") from None
    if not isinstance(value, dict):
        raise InkError(f"this is {_kind(value)}, not an object.")
    return Drawing(tuple(_strokes(value.get("strokes", _MISSING))), _label(value.get("label")))


_MISSING = object()


def _refuse_constant(name: str) -> NoReturn:
    raise InkError(f"{name} is not a finite number.")


def _label(value: object) -> int | None:
    if value is None:
        return None
    if type(value) is not int or not 0 <= value <= 9:
        raise InkError(f'"label" is {_shown(value)}; it must be a digit 0 to 9, or null.')
    return value


def _strokes(value: object) -> Iterator[Stroke]:
    if value is _MISSING:
        raise InkError('"strokes" is missing.')
    if not isinstance(value, list):
        raise InkError(f'"strokes" is {_kind(value)}; it must be a list of strokes.')
    for number, points in enumerate(value, start=1):
        if not isinstance(points, list):
            raise InkError(f"stroke {number} is {_kind(points)}; it must be a list of points.")
        if points:
            yield _stroke(points, number)


def _stroke(points: list[Any], number: int) -> Stroke:
    where = f"stroke {number}"
    for at, point in enumerate(points, start=1):
        if not isinstance(point, list) or len(point) not in (2, 3):
            raise InkError(f"point {at} of {where} is {_shown(point)}; it must be [x, y] or [x, y, pressure].")
        if len(point) != len(points[0]):
            raise InkError(f"{where} has pressure at some points only; it must be at all or none.")
        for coordinate in point:
            # The exact type, because true and false are integers too.
            if type(coordinate) not in (int, float) or not abs(coordinate) <= _LARGEST:
                raise InkError(f"point {at} of {where} has {_shown(coordinate)}; it must be a finite number.")
    values = np.array(points, dtype=np.float64).astype(np.float32)
    pressure = values[:, 2] if values.shape[1] == 3 else None
    if pressure is not None and not ((pressure >= 0) & (pressure <= 1)).all():
        raise InkError(f"{where} has a pressure outside 0 to 1.")
    return Stroke(values[:, :2], pressure)


def _line(drawing: Drawing) -> str:
    strokes = [_numbers(stroke) for stroke in drawing.strokes]
    label = None if drawing.label is None else int(drawing.label)
    return json.dumps({"label": label, "strokes": strokes}, separators=(",", ":"))


def _numbers(stroke: Stroke) -> list[list[float]]:
    columns = [stroke.points] if stroke.pressure is None else [stroke.points, stroke.pressure[:, np.newaxis]]
    return [[_shortest(value) for value in row] for row in np.concatenate(columns, axis=1)]


def _shortest(value: np.float32) -> float | int:
    shortest = float(str(value))
    return int(shortest) if shortest.is_integer() and abs(shortest) < 1e9 else shortest


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def _shown(value: object) -> str:
    """Return the beginning of a value for a message; an integer may have thousands of digits."""
    if isinstance(value, int) and abs(value) > 10**20:
        return "a huge number"
    text = json.dumps(value) if not isinstance(value, (list, dict)) or len(value) < 8 else _kind(value)
    return text if len(text) <= 40 else text[:37] + "..."

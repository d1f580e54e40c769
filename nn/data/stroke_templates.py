"""The copybook as arrays: each style's control points, ready for a thousand writers at once.

``copybook`` is written for people; this reads it into `Style`s, which ``pen_motion`` plays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from nn.data.copybook import COPYBOOK

if TYPE_CHECKING:
    from nn.arrays import Float32

_HEADING = re.compile(r"(?P<digit>\d) x (?P<weight>[\d.]+): (?P<about>.+)")


@dataclass(frozen=True, slots=True, eq=False)
class Style:
    """One way of writing one digit.

    Parameters
    ----------
    digit
        What it is.
    weight
        How often it is met among all styles of that digit; any positive unit.
    about
        What is special about it, in words.
    poses
        Shape (poses, points, 2): the control points of all strokes one after the other, about 1 high, y down, the
        middle of the box at the origin.
    lengths
        How many of the points belong to each stroke.
    corners
        Shape (points,): whether the pen turns sharply there.
    """

    digit: int
    weight: float
    about: str
    poses: Float32
    lengths: tuple[int, ...]
    corners: tuple[bool, ...]


@cache
def styles(digit: int) -> tuple[Style, ...]:
    """All styles of a digit, in the order of the copybook."""
    return tuple(style for style in map(parse_style, COPYBOOK.strip().split("\n\n")) if style.digit == digit)


def parse_style(paragraph: str) -> Style:
    """Read one paragraph in the notation of ``copybook``.

    Raises
    ------
    ValueError
        If the heading cannot be read, or the poses differ in strokes, points or corners: their mixtures would be
        no digit.
    """
    heading, *lines = paragraph.splitlines()
    match = _HEADING.fullmatch(heading)
    if match is None or not lines:
        raise ValueError(f"A style begins with a line like '7 x 1.5: crossed', then its poses; got {heading!r}.")
    if len({_structure(line) for line in lines}) > 1:
        raise ValueError(f"The poses of {heading!r} differ in strokes, points or corners.")
    points = (
        np.array([[_point(word) for word in line.replace("/", "").split()] for line in lines], np.float32) / 100
    )
    middle = (points.min(axis=1, keepdims=True) + points.max(axis=1, keepdims=True)) / 2
    lengths, corners = _structure(lines[0])
    return Style(int(match["digit"]), float(match["weight"]), match["about"], points - middle, lengths, corners)


def _structure(line: str) -> tuple[tuple[int, ...], tuple[bool, ...]]:
    """How many points each stroke has, and which of all points are corners."""
    strokes = [stroke.split() for stroke in line.split("/")]
    return tuple(map(len, strokes)), tuple(word.endswith("!") for stroke in strokes for word in stroke)


def _point(word: str) -> tuple[float, float]:
    x, y = word.rstrip("!").split(",")
    return float(x), float(y)

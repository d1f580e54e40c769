"""Digits that are none any more: crossed out, mirrored, turned, several in one place.

They are as near to digits as anything can be, and so teach a network most about where digits end. Left out is
whatever a person might still read: an eight on its head, a two in the mirror, a slashed nought.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nn.data.freehand import arc, lines, turned
from nn.data.scribbles import stray, to_and_fro

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nn.arrays import Array
    from nn.ink.strokes import Drawing

MIRRORED = (3, 9)
"""Digits whose mirror image is no digit. Those of 2 and 6 are nearly a 5 and a 2, of 4 a 4, of 7 a 1."""

_TURNED = 3
"""The one digit that is none however it is turned: others lie down as a 1, 2, 5, 7 or 8, or get up as a 2 or 5."""


def several(digits: Sequence[Drawing], rng: np.random.Generator) -> list[Array]:
    """Draw two or three digits side by side, close or apart, or one above the other."""
    gap = rng.uniform(0.18, 0.6)
    if rng.random() < 0.2:
        # A nought above a nought is an eight, and a one below anything may be its stem.
        return _in_a_row(_some(digits, 2, rng, without=(0, 1)), gap, axis=1)
    return _in_a_row(_some(digits, int(rng.choice([2, 2, 2, 3])), rng), gap, axis=0)


def overlapping(digits: Sequence[Drawing], rng: np.random.Generator) -> list[Array]:
    """Draw two digits partly over each other; a one or a nought would be taken for a part of the other."""
    left, right = _some(digits, 2, rng, without=(0, 1))
    step = np.ptp(np.concatenate(left), axis=0) * (rng.uniform(0.5, 0.9), rng.uniform(-0.3, 0.3))
    return [*left, *(stroke + step for stroke in right)]


def crossed_out(digits: Sequence[Drawing], rng: np.random.Generator) -> list[Array]:
    """Draw a digit beneath two crossing lines or a scribble."""
    digit = _some(digits, 1, rng)[0]
    width, height = np.ptp(np.concatenate(digit), axis=0) + 0.15
    if rng.random() < 0.5:
        scribble = to_and_fro(rng)[0]
        scribble = (scribble - scribble.mean(axis=0)) / np.ptp(scribble, axis=0)
        return [*digit, scribble * [width * rng.uniform(0.9, 1.3), height * rng.uniform(0.6, 1.1)]]
    corner = np.array([max(width, 0.6) / 2, height / 2]) * rng.uniform(0.8, 1.2)
    return [*digit, lines(-corner, corner), lines(corner * [1, -1], corner * [-1, 1])]


def mirrored(digits: Sequence[Drawing], rng: np.random.Generator) -> list[Array]:
    """Draw a digit as in a mirror, where that is no digit."""
    return [stroke * [-1, 1] for stroke in _of(digits, MIRRORED, rng)]


def turned_over(digits: Sequence[Drawing], rng: np.random.Generator) -> list[Array]:
    """Draw a three on its side or on its head."""
    angle = rng.choice([-90, 90, 180])
    return [turned(stroke, angle) for stroke in _of(digits, (_TURNED,), rng)]


def cluttered(digits: Sequence[Drawing], rng: np.random.Generator) -> list[Array]:
    """Draw a digit among two to four stray strokes as large as itself; none that a bar across may belong to."""
    digit = _some(digits, 1, rng, without=(0, 1, 4, 7))[0]
    return [*digit, *(1.4 * stray(rng) for _ in range(int(rng.integers(2, 5))))]


def encircled(digits: Sequence[Drawing], rng: np.random.Generator) -> list[Array]:
    """Draw a digit in a ring or in a box; not a one, which would slash a nought."""
    digit = _some(digits, 1, rng, without=(0, 1))[0]
    width, height = np.ptp(np.concatenate(digit), axis=0) * rng.uniform(0.8, 1.1, 2) + 0.1
    if rng.random() < 0.7:
        return [*digit, arc(rng.uniform(0, 360), rng.uniform(330, 390), radii=(max(width, 0.75 * height), height))]
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]) * [max(width, 0.5), height]
    return [*digit, lines(*corners)]


def _of(digits: Sequence[Drawing], wanted: Sequence[int], rng: np.random.Generator) -> list[Array]:
    return _some(digits, 1, rng, without=[digit for digit in range(10) if digit not in wanted])[0]


def _some(
    digits: Sequence[Drawing], count: int, rng: np.random.Generator, without: Sequence[int] = ()
) -> list[list[Array]]:
    """Draw digits by lot; each as strokes around the origin, 1 high."""
    chosen: list[list[Array]] = []
    while len(chosen) < count:
        drawing = digits[int(rng.integers(len(digits)))]
        if drawing.label not in without:
            chosen.append(_centred([stroke.points.astype(float) for stroke in drawing.strokes]))
    return chosen


def _centred(strokes: list[Array]) -> list[Array]:
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    return [(stroke - (low + high) / 2) / (high[1] - low[1]) for stroke in strokes]


def _in_a_row(figures: list[list[Array]], gap: float, axis: int) -> list[Array]:
    """Put figures one after the other along an axis."""
    placed: list[Array] = []
    end = 0.0
    for strokes in figures:
        points = np.concatenate(strokes)
        step = np.zeros(2)
        step[axis] = end - points[:, axis].min()
        placed += [stroke + step for stroke in strokes]
        end += float(np.ptp(points[:, axis])) + gap
    return placed

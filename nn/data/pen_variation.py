"""The same digit from another hand: strokes that lean, sway, overshoot, shake, skip points and forget to lift.

A stroke is a path and not a picture, so what a mouse, a finger or a hurried pen does to it can be done to the
points themselves, before any ink flows: a mouse moved fast reports few points, far apart, and whole pixels only;
a finger shakes; a hurried pen overshoots its ends and draws on where it should have been lifted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nn.data.swaying import HALF_WAVES, half_waves, sway
from nn.ink.strokes import Drawing, Stroke

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nn.arrays import Array

SLANT, TURN, ASPECT = 0.15, 0.09, 0.12
"""Deviations of the shear, of the rotation in radians, and of the logarithm of width over height."""

LARGEST_TURN = np.radians(15)
"""Farther, a person turns the paper."""

SWAY = 0.015
"""Deviation of each slow departure along a stroke, in sizes of the drawing; more along a long way."""

SHIFT = 0.02
"""Deviation of each stroke of several as a whole, in sizes of the drawing: gaps open and close a little."""

ENDS = 0.03
"""Deviation of what a stroke begins too early or ends too late, in sizes of the drawing; negative, it is short."""

SHAKE = 0.006
"""Deviation of each point, in sizes of the drawing."""

SKIPS = (1, 1, 1, 2, 2, 3, 4)
"""Of so many points one is reported, on average, by lot."""

PACE = 0.4
"""Deviation of the logarithm of how densely points are reported along a stroke: sparse where the pen hurries."""

JOINED, LONGEST_JOIN = 0.2, 0.4
"""How often a pen is not lifted between two strokes, and the longest way between them that it then draws."""

ON_A_GRID, COARSEST_GRID, FINEST_GRID = 0.15, 24, 100
"""How often points are whole pixels, as a mouse gives them, and how many of those a drawing is large."""

_FEWEST_POINTS = 8  # of a stroke that has lost some: a nought of fewer would be a triangle


def varied(drawing: Drawing, rng: np.random.Generator) -> Drawing:
    """Return the drawing as another hand would have drawn it, of about the same size; the label stays.

    Pressure is not kept: the points are no longer those at which it was felt.
    """
    if drawing.is_blank:
        return drawing
    size = float(np.ptp(np.concatenate([stroke.points for stroke in drawing.strokes]), axis=0).max())
    if not size:
        return drawing
    lean, skip = _lean(rng) / size, int(rng.choice(SKIPS))
    strokes = [stroke.points @ lean for stroke in drawing.strokes]
    strokes = [reported(_swaying(_with_ends(points, rng), rng), skip, rng) for points in _shifted(strokes, rng)]
    strokes = _without_lifts([_shaken(points, rng) for points in strokes], rng)
    if rng.random() < ON_A_GRID:
        grid = rng.uniform(COARSEST_GRID, FINEST_GRID)
        strokes = [np.rint(points * grid) / grid for points in strokes]
    return Drawing(tuple(Stroke((points * size).astype(np.float32)) for points in strokes), drawing.label)


def _lean(rng: np.random.Generator) -> Array:
    """Shape (2, 2), to be multiplied from the right: aspect and slant, then rotation."""
    slant, aspect = rng.normal(0, SLANT), np.exp(rng.normal(0, ASPECT))
    turn = np.clip(rng.normal(0, TURN), -LARGEST_TURN, LARGEST_TURN)
    cos, sin = np.cos(turn), np.sin(turn)
    lean: Array = np.array([[aspect, 0], [slant, 1]]) @ np.array([[cos, sin], [-sin, cos]])
    return lean


def _shifted(strokes: Sequence[Array], rng: np.random.Generator) -> list[Array]:
    if len(strokes) == 1:
        return list(strokes)
    return [points + rng.normal(0, SHIFT, 2) for points in strokes]


def _with_ends(points: Array, rng: np.random.Generator) -> Array:
    """Begin early or late, and end late or early, in the direction that the pen has there."""
    return _with_end(_with_end(points, rng.normal(0, ENDS))[::-1], rng.normal(0, ENDS))[::-1]


def _with_end(points: Array, excess: float) -> Array:
    """Let the last point lie so far beyond its place; a stroke is never shortened by more than a tenth."""
    lengths = np.hypot(*np.diff(points, axis=0).T)
    way = float(lengths.sum())
    if way == 0:
        return points
    if excess < 0:
        left = way - min(-excess, way / 10)
        segment = int(np.searchsorted(np.cumsum(lengths), left))
        here, there = points[segment], points[segment + 1]
        share = 1 - (float(lengths[: segment + 1].sum()) - left) / lengths[segment]
        return np.concatenate([points[: segment + 1], [here + share * (there - here)]])
    # Two points may lie together, or tremble: the direction is that of the last few.
    along = points[-1] - points[-min(4, len(points))]
    length = float(np.hypot(*along))
    return np.concatenate([points, [points[-1] + along / length * excess]]) if length else points


def _swaying(points: Array, rng: np.random.Generator) -> Array:
    """Depart slowly from the stroke."""
    return points + sway(points, SWAY, rng)


def reported(points: Array, skip: int, rng: np.random.Generator) -> Array:
    """Keep one in `skip` points of a stroke, more where the pen is slow, as a mouse does; and both ends."""
    skip = min(skip, len(points) // _FEWEST_POINTS)
    if skip <= 1:
        return points
    density = np.exp(half_waves(len(points)) @ rng.normal(0, PACE / np.sqrt(1.5), HALF_WAVES))
    reports = np.floor(np.cumsum(density) / density.sum() * len(points) / skip)
    keep = np.diff(reports, prepend=-1) > 0
    keep[-1] = True
    kept: Array = points[keep]
    return kept


def _shaken(points: Array, rng: np.random.Generator) -> Array:
    """Move each point a little, and its neighbours with it: a hand shakes, it does not jump."""
    noise = rng.normal(0, SHAKE, (len(points) + 2, 2))
    shaken: Array = points + (noise[:-2] + 2 * noise[1:-1] + noise[2:]) / 2
    return shaken


def _without_lifts(strokes: Sequence[Array], rng: np.random.Generator) -> list[Array]:
    """Join strokes by a straight line, now and then, where the next begins near the end of the last."""
    joined = [strokes[0]]
    for points in strokes[1:]:
        gap = float(np.hypot(*(points[0] - joined[-1][-1])))
        if gap < LONGEST_JOIN and rng.random() < JOINED:
            joined[-1] = np.concatenate([joined[-1], points])
        else:
            joined.append(points)
    return joined

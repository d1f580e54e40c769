"""The same digit from another hand: strokes that lean, squeeze, shake and skip.

A stroke is a path and not a picture, so what a mouse, a finger or a hurried pen does to it can be done to the
points themselves, before any ink flows: a mouse moved fast reports few points, far apart; a finger shakes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nn.ink.strokes import Drawing, Stroke

if TYPE_CHECKING:
    from nn.arrays import Array

SLANT, TURN, ASPECT = 0.15, 0.08, 0.12
"""Deviations of the shear, of the rotation in radians, and of the logarithm of width over height."""

SKIPS = (1, 1, 2, 3)
"""Every so many points are kept, by lot."""

SHAKE = 0.008
"""Deviation of each point, in sizes of the drawing."""


def varied(drawing: Drawing, rng: np.random.Generator) -> Drawing:
    """Return the drawing as another hand would have drawn it; the label stays."""
    if drawing.is_blank:
        return drawing
    lean, skip = _lean(rng), int(rng.choice(SKIPS))
    size = float(np.ptp(np.concatenate([stroke.points for stroke in drawing.strokes]), axis=0).max())
    strokes = (_shaken(_thinned(stroke.points, skip) @ lean, size * SHAKE, rng) for stroke in drawing.strokes)
    return Drawing(tuple(Stroke(points) for points in strokes), drawing.label)


def _lean(rng: np.random.Generator) -> Array:
    """Shape (2, 2), to be multiplied from the right: aspect and slant, then rotation."""
    slant, turn, aspect = rng.normal(0, SLANT), rng.normal(0, TURN), np.exp(rng.normal(0, ASPECT))
    cos, sin = np.cos(turn), np.sin(turn)
    lean: Array = np.array([[aspect, 0], [slant, 1]]) @ np.array([[cos, sin], [-sin, cos]])
    return lean


def _thinned(points: Array, skip: int) -> Array:
    """Keep every so many points, and always the last: a stroke ends where it ended."""
    if len(points) <= 2 * skip:
        return points
    return np.concatenate([points[:-1:skip], points[-1:]])


def _shaken(points: Array, deviation: float, rng: np.random.Generator) -> Array:
    """Move each point a little, and its neighbours with it: a hand shakes, it does not jump."""
    noise = rng.normal(0, deviation, (len(points) + 2, 2))
    return points + (noise[:-2] + 2 * noise[1:-1] + noise[2:]) / 2

"""What hands, mice and pads do to strokes: turn, lean, shrink, move, shake, skip. Labels and pressure stay.

Everything happens to the points, before ink flows, as it would on the pad.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nn.ink.strokes import Drawing, Stroke

if TYPE_CHECKING:
    from collections.abc import Callable

    from nn.arrays import Array


def turned(drawing: Drawing, degrees: float) -> Drawing:
    """Turn a drawing around its middle, clockwise as seen on a screen."""
    cos, sin = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    return _mapped(drawing, np.array([[cos, sin], [-sin, cos]]))


def slanted(drawing: Drawing, degrees: float) -> Drawing:
    """Lean a drawing to the right as italics lean."""
    return _mapped(drawing, np.array([[1, 0], [-np.tan(np.deg2rad(degrees)), 1]]))


def shaken(drawing: Drawing, share: float, rng: np.random.Generator) -> Drawing:
    """Move each point by chance; the deviation is a share of the drawing's size."""
    low, high = _corners(drawing)
    deviation = float((high - low).max()) * share
    return _moved(drawing, lambda points: points + rng.normal(0, deviation, points.shape))


def on_pad(drawing: Drawing, size: float, place: tuple[float, float], side: float = 1.0) -> Drawing:
    """Return a drawing as drawn on a pad.

    Parameters
    ----------
    size
        Longest side of the drawing, as a share of the pad's.
    place
        Where its upper left corner is, x and y, as shares of the room that is left: 0 upper left, 1 lower right.
    side
        Of the pad, in any unit.
    """
    low, high = _corners(drawing)
    scale = size * side / (float((high - low).max()) or 1.0)
    corner = np.array(place) * (1 - size) * side
    return _moved(drawing, lambda points: (points - low) * scale + corner)


def in_whole_units(drawing: Drawing) -> Drawing:
    """Round all points, as a mouse does that knows whole pixels only."""
    return _moved(drawing, np.rint)


def every_nth(drawing: Drawing, step: int) -> Drawing:
    """Keep every `step`-th point of each stroke, and its last: a stroke ends where it ended."""
    return Drawing(tuple(_every_nth(stroke, step) for stroke in drawing.strokes), drawing.label)


def _every_nth(stroke: Stroke, step: int) -> Stroke:
    kept = np.unique(np.append(np.arange(0, len(stroke.points), step), len(stroke.points) - 1))
    return Stroke(stroke.points[kept], None if stroke.pressure is None else stroke.pressure[kept])


def _mapped(drawing: Drawing, matrix: Array) -> Drawing:
    """Multiply points, as seen from the drawing's middle, by a matrix (2, 2) from the right."""
    low, high = _corners(drawing)
    middle = (low + high) / 2
    return _moved(drawing, lambda points: (points - middle) @ matrix + middle)


def _moved(drawing: Drawing, change: Callable[[Array], Array]) -> Drawing:
    """Change the points (n, 2) of each stroke, in float64."""
    strokes = (
        Stroke(change(stroke.points.astype(np.float64)).astype(np.float32), stroke.pressure)
        for stroke in drawing.strokes
    )
    return Drawing(tuple(strokes), drawing.label)


def _corners(drawing: Drawing) -> tuple[Array, Array]:
    points = np.concatenate([stroke.points for stroke in drawing.strokes]).astype(np.float64)
    return points.min(axis=0), points.max(axis=0)

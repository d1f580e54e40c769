"""The vector recipe: strokes are scaled into the box of 20 x 20 first and inked afterwards.

Inked in the frame, the pen is as thick as MNIST's however large a person draws; a picture shrunk to the frame
would have hair lines from a big pad and blots from a small one. A pen of 2.5 pixels gives the mean ink of MNIST.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nn.errors import InkError
from nn.ink.pen import Path, coverage
from nn.ink.placing import BOX, FRAME, blank_frame, centred_frame

if TYPE_CHECKING:
    from nn.arrays import Array, Bytes, Float32
    from nn.ink.strokes import Drawing

__all__ = ["BOX", "FRAME", "PEN", "frame_from_drawing"]

PEN = 2.5
"""Thickness of the pen, in pixels of the frame."""

_THICKEST_PEN = 8.0

# Beyond this many points a drawing holds more than a frame can show, and points an eighth of a pixel apart do.
_MANY_POINTS, _SPACING = 200, 0.125

# Scaled points snap to this fine a grid: the same drawing elsewhere or larger, rounded otherwise by the floating
# point, then gives the same frame to the last level.
_GRID = 1024


def frame_from_drawing(drawing: Drawing, pen: float = PEN) -> Bytes:
    """Return the frame that MNIST would have made of a drawing.

    The ink, thickness of the pen included, is exactly 20 pixels long on its longest side and keeps its
    proportions; the brightest pixel is 255; the centre of mass lies within 13.5 and 14.5 on both axes. Where
    and how large the drawing was makes no difference. Ink is never cut off: where centring would push some of
    it out of the frame, the whole drawing is made smaller (see `nn.ink.placing.centred_frame`).

    Pressure, where a pen reported it, makes the line gently thicker and thinner around its own mean, by
    factors from 0.6 to 1.4.

    Parameters
    ----------
    drawing
        Strokes in any unit. A blank drawing gives zeros; a single point, a round dot.
    pen
        Thickness in pixels of the frame, above 0 and at most 8.

    Returns
    -------
    frame
        uint8 (28, 28), 0 for paper and 255 for ink.

    Raises
    ------
    InkError
        If the pen is too thin or too thick for a frame.
    """
    demand_pen(pen)
    if drawing.is_blank:
        return blank_frame()
    path = _unit_path(Path.of(drawing.strokes))

    def render(side: int) -> Float32:
        return _inked(path, pen / 2, side)

    return centred_frame(render)


def demand_pen(pen: float) -> None:
    """Refuse a pen, in pixels of the frame, that draws no digit.

    Raises
    ------
    InkError
        If it is too thin or too thick for a frame.
    """
    if not 0 < pen <= _THICKEST_PEN:
        raise InkError(f"A pen of {pen} pixels draws no digit; wanted above 0 and at most {_THICKEST_PEN:g}.")


def _unit_path(path: Path) -> Path:
    """Return the path moved and scaled to begin at (0, 0) and be 1 long on its longest side; a dot stays 0."""
    low, high = path.points.min(axis=0), path.points.max(axis=0)
    extent = float((high - low).max())
    points = (path.points - low) / (extent or 1.0)
    return Path(points, path.widths, path.starts)


def _inked(path: Path, radius: float, side: int) -> Float32:
    radii = np.full(1, radius) if path.widths is None else radius * path.widths
    points = path.points * _scale(path.points, radii, side)
    low, high = (points - radii[:, np.newaxis]).min(axis=0), (points + radii[:, np.newaxis]).max(axis=0)
    points = np.rint((points + (side - low - high) / 2) * _GRID) / _GRID
    scaled = Path(points, path.widths, path.starts)
    if len(points) > _MANY_POINTS:
        scaled = scaled.thinned(_SPACING)
    begins, ends = scaled.segments()
    widths = scaled.widths
    pen = radius if widths is None else (radius * widths[begins], radius * widths[ends])
    return coverage(scaled.points[begins], scaled.points[ends], pen, (side, side))


def _scale(points: Array, radii: Array, side: int) -> float:
    """Return the factor by which unit points grow until their ink is `side` pixels long on its longest side.

    The ink's length, max(s p + r) - min(s p - r), is convex and piecewise linear in the factor s, so that
    Newton's method from above meets it after a few steps, and after one where the pen has one thickness.
    """
    scale = float(side)
    if not points.any():
        return scale
    for _ in range(20):
        upper, lower = points * scale + radii[:, np.newaxis], points * scale - radii[:, np.newaxis]
        axis = int(np.argmax(upper.max(axis=0) - lower.min(axis=0)))
        last, first = int(np.argmax(upper[:, axis])), int(np.argmin(lower[:, axis]))
        excess = float(upper[last, axis] - lower[first, axis]) - side
        slope = float(points[last, axis] - points[first, axis])
        if slope <= 0 or excess <= 1e-9:
            break
        scale -= excess / slope
    return scale

"""A drawing as a picture to look at: dark ink on white paper, antialiased, of any size.

Its pen has the same thickness, measured on the drawing, as in the 28 x 28 frame: read back by the pixel recipe,
the picture gives the frame that the drawing itself gives, within the rounding of its pixels.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from nn.errors import InkError
from nn.ink.frame import PEN, demand_pen
from nn.ink.pen import Path, coverage
from nn.ink.placing import BOX

if TYPE_CHECKING:
    from nn.arrays import Array, Bytes, Float32
    from nn.ink.strokes import Drawing

# Of the shorter side of the picture, how much is left free on each side of the ink.
_MARGIN = 0.1

_LARGEST_SIDE = 8192

# Points closer along a stroke than this many pixels of the picture look the same.
_SPACING = 0.5


def picture_of_drawing(drawing: Drawing, size: int | tuple[int, int] = 560, *, pen: float = PEN) -> Bytes:
    """Return a picture of a drawing, fitted into the middle of the paper with its proportions kept.

    Parameters
    ----------
    drawing
        Strokes in any unit; a blank drawing gives white paper, a single point a dot.
    size
        Rows and columns, or one number for both; 1..8192.
    pen
        Thickness, in pixels of the frame that the picture is read as.

    Returns
    -------
    picture
        uint8 (h, w), 0 for ink and 255 for paper.

    Raises
    ------
    InkError
        If the size is none that a picture can have, or the pen too thin or too thick for a frame.
    """
    demand_pen(pen)
    shape = (size, size) if isinstance(size, int) else size
    if not all(1 <= side <= _LARGEST_SIDE for side in shape):
        raise InkError(f"No picture has {shape[1]} x {shape[0]} pixels; wanted 1 to {_LARGEST_SIDE} on each side.")
    ink = np.zeros(shape, dtype=np.float32)
    if not drawing.is_blank:
        path, radii = _fitted(Path.of(drawing.strokes), shape, pen / BOX)
        begins, ends = path.segments()
        for begin, end in zip(begins, ends, strict=True):
            _draw(ink, path.points[[begin, end]], radii[[begin, end]])
    picture: Bytes = np.rint(255 * (1 - ink)).astype(np.uint8)
    return picture


def _fitted(path: Path, shape: tuple[int, int], pen: float) -> tuple[Path, Array]:
    """Return the path in pixels of the picture, and at each point the radius of a pen that is this share of it."""
    room = np.array([shape[1], shape[0]]) - 2 * _MARGIN * min(shape)
    low, high = path.points.min(axis=0), path.points.max(axis=0)
    extents = (high - low) / (float((high - low).max()) or 1.0)
    # Of one unit of ink the pen takes its thickness, and the way of its middle is the rest.
    unit = float((room / np.maximum(extents * (1 - pen) + pen, 1e-9)).min())
    points = (path.points - (low + (high - low) / 2)) / (float((high - low).max()) or 1.0)
    points = points * unit * (1 - pen) + np.array([shape[1], shape[0]]) / 2
    fitted = Path(points, path.widths, path.starts).thinned(_SPACING)
    radius = unit * pen / 2
    return fitted, np.full(len(fitted.points), radius) if fitted.widths is None else radius * fitted.widths


def _draw(ink: Float32, ends: Array, radii: Array) -> None:
    """Ink one segment, in pieces that are about as long as the pen is thick: the windows they need stay small."""
    length = float(np.hypot(*(ends[1] - ends[0])))
    pieces = max(1, math.ceil(length / (2 * float(radii.max()) + 8)))
    along = np.linspace(0, 1, pieces + 1)
    points = ends[0] + along[:, np.newaxis] * (ends[1] - ends[0])
    widths = radii[0] + along * (radii[1] - radii[0])
    for at in range(pieces):
        _draw_piece(ink, points[at : at + 2], widths[at : at + 2])


def _draw_piece(ink: Float32, ends: Array, radii: Array) -> None:
    reach = float(radii.max()) + 1
    low = np.maximum(np.floor(ends.min(axis=0) - reach), 0).astype(int)
    high = np.minimum(np.ceil(ends.max(axis=0) + reach), ink.shape[::-1]).astype(int)
    window = ink[low[1] : high[1], low[0] : high[0]]
    # A scribble crosses what is black long since.
    if window.min(initial=1) >= 1:
        return
    begin, end = ends - low
    pen = (radii[:1], radii[1:])
    np.maximum(window, coverage(begin[np.newaxis], end[np.newaxis], pen, window.shape), out=window)

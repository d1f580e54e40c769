"""How a stroke looks: round, smooth, and as wide as the pen was pressed.

A stroke from a mouse or a finger is one path of one width: quadratic curves from midpoint to midpoint, with the
points between as handles, which turns the corners of a polygon into curves; where the pen made a real corner, the
corner stays. A stroke with pressure is filled between its two edges. Everything is in canvas units; the
painter scales.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nn.arrays import Array
    from nn.ink.strokes import Stroke

WIDTH = 52.0
"""Of the pen, in canvas units, for a mouse and for a pen pressed half down."""

_CORNER = 0.5
"""The cosine of the turn from which on a corner stays one: 60 degrees."""


_RUN = 48
"""How many steps of a stroke with pressure are painted in one piece."""


class SmoothPath:
    """A curve that grows with its points and is never worked out twice."""

    def __init__(self) -> None:
        self._settled = QPainterPath()
        self._before: QPointF | None = None
        self._last: QPointF | None = None

    def append(self, point: QPointF) -> None:
        """Lead the curve on to ``point``."""
        if self._last is None:
            self._settled.moveTo(point)
        else:
            self._settle(self._before, self._last, point)
        self._before, self._last = self._last, point

    def _settle(self, before: QPointF | None, last: QPointF, point: QPointF) -> None:
        middle = (last + point) / 2
        if before is not None and not _turns_sharply(last - before, point - last):
            self._settled.quadTo(last, middle)
        else:
            self._settled.lineTo(last)
            self._settled.lineTo(middle)

    def path(self) -> QPainterPath:
        """Give the curve up to its last point."""
        path = QPainterPath(self._settled)
        if self._last is not None:
            path.lineTo(self._last)
        return path


def _turns_sharply(first: QPointF, second: QPointF) -> bool:
    lengths = np.hypot(first.x(), first.y()) * np.hypot(second.x(), second.y())
    return bool(QPointF.dotProduct(first, second) < _CORNER * lengths)


def path_of(points: Iterable[tuple[float, float]]) -> QPainterPath:
    """Lead a smooth curve along points."""
    curve = SmoothPath()
    for x, y in points:
        curve.append(QPointF(x, y))
    return curve.path()


def paint_stroke(painter: QPainter, stroke: Stroke, color: QColor) -> None:
    """Ink a stroke on a painter that works in canvas units."""
    if stroke.pressure is not None:
        _paint_pressed(painter, stroke.points, widths_of(stroke.pressure) / 2, color)
    else:
        paint_path(painter, path_of(stroke.points.tolist()), color)


def paint_path(painter: QPainter, path: QPainterPath, color: QColor) -> None:
    """Ink a path with the round pen; a path without length is a dot."""
    painter.setPen(QPen(color, WIDTH, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    box = path.boundingRect()
    if box.width() == box.height() == 0:
        painter.drawPoint(path.currentPosition())
    else:
        painter.drawPath(path)


def widths_of(pressure: Array) -> Array:
    """Tell how wide the pen is at a pressure 0..1: from 0.4 to 1.6 times ``WIDTH``."""
    return (0.4 + 1.2 * np.clip(pressure, 0, 1)) * WIDTH


def _paint_pressed(painter: QPainter, points: Array, radii: Array, color: QColor) -> None:
    """Paint the stroke run by run, those alone that can be seen: a long stroke costs no more than a short one."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    seen = painter.clipBoundingRect()
    for start in range(0, max(1, len(points) - 1), _RUN):
        run = slice(start, start + _RUN + 1)
        if seen.isEmpty() or seen.intersects(bounds_of(points[run])):
            _paint_run(painter, points[run].astype(np.float64), radii[run].astype(np.float64))


def _paint_run(painter: QPainter, points: Array, radii: Array) -> None:
    edges, discs = _outline(points, radii)
    painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in edges]), Qt.FillRule.WindingFill)
    for index in discs:
        painter.drawEllipse(QPointF(*points[index].tolist()), radii[index], radii[index])


def bounds_of(points: Array) -> QRectF:
    """Tell where ink along these points can be, as wide as any pen makes it."""
    (left, top), (right, bottom) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    reach = float(widths_of(np.ones(1))[0]) / 2
    return QRectF(left, top, right - left, bottom - top).adjusted(-reach, -reach, reach, reach)


def _outline(points: Array, radii: Array) -> tuple[list[list[float]], list[int]]:
    """Find both edges of a stroke, as one polygon, and the points that need a disc.

    The edges run beside the points at the pen's half width. At the ends, and where the stroke turns in less room
    than the pen takes, they do not suffice: there the round pen itself is stamped.
    """
    steps = np.diff(points, axis=0)
    lengths = np.maximum(np.hypot(steps[:, 0], steps[:, 1]), 1e-9)[:, np.newaxis]
    along = steps / lengths
    if not len(along):
        return [], [0]
    tangents = np.concatenate([along[:1], along[1:] + along[:-1], along[-1:]])
    norms = np.hypot(tangents[:, 0], tangents[:, 1])[:, np.newaxis]
    tangents = tangents / np.maximum(norms, 1e-9)
    normals = np.stack([-tangents[:, 1], tangents[:, 0]], axis=1) * radii[:, np.newaxis]
    edges = np.concatenate([points - normals, (points + normals)[::-1]])
    turns = np.hypot(*(along[1:] - along[:-1]).T)
    tight = (turns > 0.5) | (turns * radii[1:-1] > 0.5 * np.minimum(lengths[1:, 0], lengths[:-1, 0]))
    return edges.tolist(), [0, *(np.flatnonzero(tight) + 1).tolist(), len(points) - 1]

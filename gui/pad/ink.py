"""How a stroke looks: round, smooth, and as wide as the pen was pressed.

A stroke from a mouse or a finger is one path of one width: quadratic curves from midpoint to midpoint, with the
points between as handles, which turns the corners of a polygon into curves; where the pen made a real corner, the
corner stays. A stroke with pressure is filled between its two edges. Everything is in canvas units; the
painter scales.

Both come in pieces of so many steps. All but the last are settled as soon as the pen has passed them, so that
whoever keeps a picture of them has little left to paint at each movement, however long the stroke.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from nn.compat import override

if TYPE_CHECKING:
    from nn.arrays import Array
    from nn.ink.strokes import Stroke

WIDTH = 52.0
"""Of the pen, in canvas units, for a mouse and for a pen pressed half down."""

_CORNER = 0.5
"""The cosine of the turn from which on a corner stays one: 60 degrees."""

RUN = 256
"""How many points make a piece of a stroke of one width."""

PRESSED_RUN = 48
"""How many steps make a piece of a stroke with pressure."""


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

    def cut(self) -> QPainterPath:
        """Give the curve up to the middle of its last step, and go on from there with an empty one."""
        settled = self._settled
        self._settled = QPainterPath(settled.currentPosition())
        return settled


def _turns_sharply(first: QPointF, second: QPointF) -> bool:
    lengths = np.hypot(first.x(), first.y()) * np.hypot(second.x(), second.y())
    return bool(QPointF.dotProduct(first, second) < _CORNER * lengths)


class Ink(ABC):
    """The ink of a stroke, which grows with its points."""

    @property
    @abstractmethod
    def settled(self) -> int:
        """How many pieces there are that no further point changes."""

    @abstractmethod
    def append(self, x: float, y: float, pressure: float | None) -> None:
        """Lead the stroke on to a point."""

    @abstractmethod
    def paint(self, painter: QPainter, color: QColor, first: int = 0, end: int | None = None) -> None:
        """Paint the pieces from `first` to before `end`, or to where the pen is, in canvas units."""


class PlainInk(Ink):
    """Ink of one width."""

    def __init__(self) -> None:
        self._pieces: list[QPainterPath] = []
        self._curve = SmoothPath()
        self._count = 0

    @property
    @override
    def settled(self) -> int:
        return len(self._pieces)

    @override
    def append(self, x: float, y: float, pressure: float | None) -> None:
        self._curve.append(QPointF(x, y))
        self._count += 1
        if self._count % RUN == 0:
            self._pieces.append(self._curve.cut())

    @override
    def paint(self, painter: QPainter, color: QColor, first: int = 0, end: int | None = None) -> None:
        for piece in self._pieces[first:end]:
            paint_path(painter, piece, color)
        if end is None:
            paint_path(painter, self._curve.path(), color)


class PressedInk(Ink):
    """Ink as wide as the pen was pressed."""

    def __init__(self) -> None:
        self._points: list[tuple[float, float]] = []
        self._pressures: list[float] = []

    @property
    @override
    def settled(self) -> int:
        return (len(self._points) - 1) // PRESSED_RUN

    @override
    def append(self, x: float, y: float, pressure: float | None) -> None:
        self._points.append((x, y))
        self._pressures.append(self._pressures[-1] if pressure is None else pressure)

    @override
    def paint(self, painter: QPainter, color: QColor, first: int = 0, end: int | None = None) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        last = max(1, len(self._points) - 1) if end is None else end * PRESSED_RUN
        for start in range(first * PRESSED_RUN, last, PRESSED_RUN):
            run = slice(start, start + PRESSED_RUN + 1)
            _paint_run(painter, np.array(self._points[run]), widths_of(np.array(self._pressures[run])) / 2)


def ink_of(stroke: Stroke) -> Ink:
    """Return the ink of a finished stroke."""
    ink: Ink = PlainInk() if stroke.pressure is None else PressedInk()
    pressures = [None] * len(stroke.points) if stroke.pressure is None else stroke.pressure.tolist()
    for (x, y), pressure in zip(stroke.points.tolist(), pressures, strict=True):
        ink.append(x, y, pressure)
    return ink


def paint_stroke(painter: QPainter, stroke: Stroke, color: QColor) -> None:
    """Ink a stroke on a painter that works in canvas units."""
    ink_of(stroke).paint(painter, color)


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

"""What a pointer does between down and up: it draws a stroke, or it rubs strokes out.

A gesture is a drawing that has not happened yet. It can be seen and recognised while it grows, it becomes one undo
step when it is committed, and nothing at all when it is dropped.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from gui.pad.ink import WIDTH, SmoothPath, bounds_of, paint_path, paint_stroke
from nn.compat import override
from nn.ink.strokes import Stroke

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QPainter

    from gui.pad.document import Document
    from nn.arrays import Array

ERASER = 22.0
"""How far the eraser reaches beyond the middle of the ink's edge, in canvas units."""


class Gesture(ABC):
    """Something under way on the paper; all points are in canvas units."""

    @abstractmethod
    def extend(self, at: QPointF, pressure: float | None) -> QRectF:
        """Move on to a point and tell which part of the paper looks different now."""

    @abstractmethod
    def kept(self, strokes: tuple[Stroke, ...]) -> tuple[Stroke, ...]:
        """Tell which finished strokes are still to be seen."""

    @abstractmethod
    def added(self) -> tuple[Stroke, ...]:
        """Tell which strokes would be new."""

    @abstractmethod
    def paint(self, painter: QPainter, color: QColor) -> None:
        """Paint what is new."""

    @abstractmethod
    def commit(self, document: Document) -> None:
        """Make it one undo step."""


class PenGesture(Gesture):
    """A live stroke. ``pressure`` of its first point decides whether the stroke has any."""

    def __init__(self, at: QPointF, pressure: float | None) -> None:
        self._points = [(at.x(), at.y())]
        self._pressure = None if pressure is None else [pressure]
        self._path = SmoothPath()
        self._path.append(at)

    @override
    def extend(self, at: QPointF, pressure: float | None) -> QRectF:
        point = (at.x(), at.y())
        if point == self._points[-1]:
            return QRectF()
        self._points.append(point)
        self._path.append(at)
        if self._pressure is not None:
            self._pressure.append(self._pressure[-1] if pressure is None else pressure)
        # The curve bends towards the new point from the middle of the last step but one.
        return bounds_of(np.array(self._points[-4:]))

    @override
    def kept(self, strokes: tuple[Stroke, ...]) -> tuple[Stroke, ...]:
        return strokes

    @override
    def added(self) -> tuple[Stroke, ...]:
        pressure = None if self._pressure is None else np.array(self._pressure, dtype=np.float32)
        return (Stroke(np.array(self._points, dtype=np.float32), pressure),)

    @override
    def paint(self, painter: QPainter, color: QColor) -> None:
        if self._pressure is None:
            paint_path(painter, self._path.path(), color)
        else:
            paint_stroke(painter, self.added()[0], color)

    @override
    def commit(self, document: Document) -> None:
        document.add_stroke(self.added()[0])


class EraserGesture(Gesture):
    """Rubs out every stroke that it touches, whole.

    It remembers strokes, not their places, so that an undo in the middle of it does no harm.
    """

    def __init__(self, document: Document, at: QPointF) -> None:
        self._document = document
        self._at = at
        self._erased: set[Stroke] = set()
        self.extend(at, None)

    @override
    def extend(self, at: QPointF, pressure: float | None) -> QRectF:
        way = _way(self._at, at)
        self._at = at
        changed = QRectF()
        for stroke in self.kept(self._document.strokes):
            if touches(way, stroke):
                self._erased.add(stroke)
                changed = changed.united(bounds_of(stroke.points))
        return changed

    @override
    def kept(self, strokes: tuple[Stroke, ...]) -> tuple[Stroke, ...]:
        return tuple(stroke for stroke in strokes if stroke not in self._erased)

    @override
    def added(self) -> tuple[Stroke, ...]:
        return ()

    @override
    def paint(self, painter: QPainter, color: QColor) -> None:
        """Paint nothing: what is erased is already gone."""

    @override
    def commit(self, document: Document) -> None:
        document.erase([index for index, stroke in enumerate(document.strokes) if stroke in self._erased])


def _way(start: QPointF, end: QPointF) -> Array:
    """Walk from start to end in steps too short to jump over a stroke: (n, 2)."""
    distance = float(np.hypot(end.x() - start.x(), end.y() - start.y()))
    share = np.linspace(0, 1, 2 + int(distance / ERASER))[:, np.newaxis]
    return np.array([[start.x(), start.y()]]) * (1 - share) + np.array([[end.x(), end.y()]]) * share


def touches(way: Array, stroke: Stroke) -> bool:
    """Tell whether an eraser at any of these points (n, 2) reaches the ink of a stroke."""
    starts = stroke.points[:-1] if len(stroke.points) > 1 else stroke.points
    steps = stroke.points[1:] - starts if len(stroke.points) > 1 else np.zeros_like(starts)
    squares = np.maximum((steps**2).sum(axis=1), 1e-12)
    towards = way[:, np.newaxis] - starts  # (n, segments, 2)
    share = np.clip((towards * steps).sum(axis=2) / squares, 0, 1)
    apart = towards - share[..., np.newaxis] * steps
    return bool(((apart**2).sum(axis=2) <= (ERASER + WIDTH / 2) ** 2).any())

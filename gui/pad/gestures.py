"""What a pointer does between down and up: it draws a stroke, or it rubs strokes out.

A gesture is a drawing that has not happened yet. It can be seen and recognised while it grows, it becomes one undo
step when it is committed, and nothing at all when it is dropped.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from gui.pad.ink import WIDTH, Ink, PlainInk, PressedInk, bounds_of
from nn.compat import override
from nn.ink.strokes import Stroke

if TYPE_CHECKING:
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

    @property
    @abstractmethod
    def ink(self) -> Ink | None:
        """The ink of what is new, which grows with it."""

    @abstractmethod
    def commit(self, document: Document) -> None:
        """Make it one undo step."""


class PenGesture(Gesture):
    """A live stroke. ``pressure`` of its first point decides whether the stroke has any."""

    def __init__(self, at: QPointF, pressure: float | None) -> None:
        self._points: list[tuple[float, float]] = []
        self._pressure: list[float] | None = None if pressure is None else []
        self._ink: Ink = PlainInk() if pressure is None else PressedInk()
        self._stroke: Stroke | None = None
        self._append(_rounded(at), pressure)

    @override
    def extend(self, at: QPointF, pressure: float | None) -> QRectF:
        point = _rounded(at)
        if point == self._points[-1]:
            return QRectF()
        self._append(point, pressure)
        # The curve bends towards the new point from the middle of the last step but one.
        return bounds_of(np.array(self._points[-4:]))

    def _append(self, point: tuple[float, float], pressure: float | None) -> None:
        self._points.append(point)
        if self._pressure is not None:
            self._pressure.append(self._pressure[-1] if pressure is None else float(np.float32(pressure)))
            pressure = self._pressure[-1]
        self._ink.append(*point, pressure)
        self._stroke = None

    @override
    def kept(self, strokes: tuple[Stroke, ...]) -> tuple[Stroke, ...]:
        return strokes

    @override
    def added(self) -> tuple[Stroke, ...]:
        if self._stroke is None:
            pressure = None if self._pressure is None else np.array(self._pressure, dtype=np.float32)
            self._stroke = Stroke(np.array(self._points, dtype=np.float32), pressure)
        return (self._stroke,)

    @property
    @override
    def ink(self) -> Ink:
        return self._ink

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

    @property
    @override
    def ink(self) -> None:
        """None: what is erased is already gone."""

    @override
    def commit(self, document: Document) -> None:
        document.erase([index for index, stroke in enumerate(document.strokes) if stroke in self._erased])


def _rounded(at: QPointF) -> tuple[float, float]:
    """Round a point as the finished stroke will be, so that live ink looks the same to the last pixel."""
    return float(np.float32(at.x())), float(np.float32(at.y()))


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

"""The document: what is on the paper, strokes or a picture, and how it came there.

It lives in a square of its own, 1000 units wide, whatever the size of the window: resizing the pad, another
screen and another program see the same drawing. Every change goes through the undo stack and is told by one
signal.

Strokes and pictures never change once they are there, so undo needs no recipe for going back: the document keeps
what was on the paper at each index of Qt's undo stack, tuples that share their strokes. The steps on the stack are
Qt's own, made by an empty macro: commands made in Python are sometimes freed by Python's collector before the
stack frees them once more, and the program dies of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from nn.ink.strokes import Drawing, Stroke

if TYPE_CHECKING:
    from collections.abc import Collection

    from gui.pad.picture import Picture

SIDE = 1000.0
"""The width and height of the paper in canvas units."""

MOST_STEPS = 100
"""So many can be undone: each may hold on to a picture, which takes up to two or three megabytes."""


@dataclass(frozen=True, slots=True)
class _State:
    """What is on the paper: strokes, or a picture in place of them."""

    strokes: tuple[Stroke, ...] = ()
    picture: Picture | None = None


class Document(QObject):
    """The strokes of one drawing, or a picture in place of them, with undo."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = _State()
        self._history = [self._state]
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(MOST_STEPS)
        self.undo_stack.indexChanged.connect(self._go_to)

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        """The strokes in the order they were drawn, in canvas units."""
        return self._state.strokes

    @property
    def picture(self) -> Picture | None:
        """The picture that lies on the paper in place of strokes, if there is one."""
        return self._state.picture

    @property
    def is_blank(self) -> bool:
        """Whether the paper is empty."""
        return self._state == _State()

    def drawing(self) -> Drawing:
        """Tell what is drawn on the paper now."""
        return Drawing(self.strokes)

    def add_stroke(self, stroke: Stroke) -> None:
        """Add a finished stroke, which takes a picture away: one undo step."""
        self._push(_State((*self.strokes, stroke)), self.tr("stroke"))

    def erase(self, indices: Collection[int]) -> None:
        """Take strokes away, by their place in ``strokes``, or a picture: one undo step for all, none for none."""
        kept = tuple(stroke for index, stroke in enumerate(self.strokes) if index not in indices)
        self._push(_State(kept), self.tr("erasing"))

    def clear(self) -> None:
        """Empty the paper: one undo step, none if it is empty already."""
        self._push(_State(), self.tr("clearing"))

    def set_drawing(self, drawing: Drawing) -> None:
        """Put a drawing in place of what is there: one undo step.

        It is taken to be in canvas units; see `fitted` for any other.
        """
        self._push(_State(drawing.strokes), self.tr("drawing"))

    def put(self, picture: Picture) -> None:
        """Lay a picture on the paper in place of what is there: one undo step."""
        self._push(_State((), picture), self.tr("picture"))

    def _push(self, state: _State, text: str) -> None:
        if state != self._state:
            self._history[self.undo_stack.index() + 1 :] = [state]
            self.undo_stack.beginMacro(text)
            self.undo_stack.endMacro()

    def _go_to(self, index: int) -> None:
        if self.undo_stack.count() == 0:
            # The stack was emptied: what is on the paper stays, and can no longer be undone.
            self._history = [self._state]
        # At its limit the stack drops its first step; what was on the paper before that cannot come back.
        del self._history[: len(self._history) - 1 - self.undo_stack.count()]
        self._state = self._history[index]
        self.changed.emit()


def fitted(drawing: Drawing, share: float = 0.7) -> Drawing:
    """Bring a drawing of any unit onto the paper.

    Its bounding box keeps its proportions, its longer side becomes ``share`` of the paper, and its centre the
    centre of the paper. A drawing that is only dots is only moved.
    """
    if drawing.is_blank:
        return drawing
    points = np.concatenate([stroke.points for stroke in drawing.strokes]).astype(np.float64)
    low, high = points.min(axis=0), points.max(axis=0)
    extent = float((high - low).max())
    factor = share * SIDE / extent if extent > 0 else 1.0
    middle = low + (high - low) / 2
    moved = (
        Stroke(((stroke.points - middle) * factor + SIDE / 2).astype(np.float32), stroke.pressure)
        for stroke in drawing.strokes
    )
    return Drawing(tuple(moved), drawing.label)

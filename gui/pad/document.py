"""The document: which strokes are on the paper, and how they came there.

It lives in a square of its own, 1000 units wide, whatever the size of the window: resizing the pad, another
screen and another program see the same drawing. Every change goes through the undo stack and is told by one
signal.

Strokes never change once they are drawn, so undo needs no recipe for going back: the document keeps what was on
the paper at each index of Qt's undo stack, tuples that share their strokes. The steps on the stack are Qt's own,
made by an empty macro: commands made in Python are sometimes freed by Python's collector before the stack frees
them once more, and the program dies of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from nn.ink.strokes import Drawing, Stroke

if TYPE_CHECKING:
    from collections.abc import Collection

SIDE = 1000.0
"""The width and height of the paper in canvas units."""


class Document(QObject):
    """The strokes of one drawing, with undo."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._strokes: tuple[Stroke, ...] = ()
        self._history: list[tuple[Stroke, ...]] = [()]
        self.undo_stack = QUndoStack(self)
        self.undo_stack.indexChanged.connect(self._go_to)

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        """The strokes in the order they were drawn, in canvas units."""
        return self._strokes

    @property
    def is_blank(self) -> bool:
        """Whether the paper is empty."""
        return not self.strokes

    def drawing(self) -> Drawing:
        """Tell what is on the paper now."""
        return Drawing(self.strokes)

    def add_stroke(self, stroke: Stroke) -> None:
        """Add a finished stroke: one undo step."""
        self._push((*self.strokes, stroke), self.tr("stroke"))

    def erase(self, indices: Collection[int]) -> None:
        """Take strokes away, by their place in ``strokes``: one undo step for all of them, none for none."""
        kept = tuple(stroke for index, stroke in enumerate(self.strokes) if index not in indices)
        self._push(kept, self.tr("erasing"))

    def clear(self) -> None:
        """Empty the paper: one undo step, none if it is empty already."""
        self._push((), self.tr("clearing"))

    def set_drawing(self, drawing: Drawing) -> None:
        """Put a drawing in place of what is there: one undo step.

        It is taken to be in canvas units; see `fitted` for any other.
        """
        self._push(drawing.strokes, self.tr("drawing"))

    def _push(self, strokes: tuple[Stroke, ...], text: str) -> None:
        if strokes != self._strokes:
            self._history[self.undo_stack.index() + 1 :] = [strokes]
            self.undo_stack.beginMacro(text)
            self.undo_stack.endMacro()

    def _go_to(self, index: int) -> None:
        if self.undo_stack.count() == 0:
            # The stack was emptied: what is on the paper stays, and can no longer be undone.
            self._history = [self._strokes]
        self._strokes = self._history[index]
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

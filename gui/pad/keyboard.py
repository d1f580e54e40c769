"""A pen for the keyboard: arrows move it, Space puts it down and lifts it.

Two arrows held together go diagonally, and so do the corners of the number pad (Home, Page Up, End, Page Down).
"""

from __future__ import annotations

from math import hypot
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPen

from gui.pad.document import SIDE
from gui.pad.ink import WIDTH

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPainter

    from gui.theme import Theme

STEP, LEAP = 20.0, 80.0
"""How far one key press goes, without and with Shift, in canvas units."""

_WAYS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
    Qt.Key.Key_Home: (-1, -1),
    Qt.Key.Key_PageUp: (1, -1),
    Qt.Key.Key_End: (-1, 1),
    Qt.Key.Key_PageDown: (1, 1),
}
_TOGGLES = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Select)
_COMMANDS = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)


class Paper(Protocol):
    """What the keyboard's pen needs of the canvas."""

    @property
    def is_drawing(self) -> bool:
        """Whether a gesture is under way."""

    def pen_down(self, holder: str, at: QPointF) -> None:
        """Put the pen down."""

    def pen_to(self, holder: str, at: QPointF) -> None:
        """Move the pen."""

    def pen_up(self, holder: str) -> None:
        """Lift the pen."""

    def update_units(self, changed: QRectF) -> None:
        """Have a part of the paper painted again."""


class KeyboardPen:
    """Where the keyboard's pen is, whether it is shown, and what the keys do to it."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper
        self._at = QPointF(SIDE / 2, SIDE / 2)
        self._is_shown = False
        self._held: set[int] = set()

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key asks for; tell whether it was one of ours."""
        key = event.key()
        if event.modifiers() & _COMMANDS or (key not in _WAYS and key not in _TOGGLES):
            return False
        if key in _WAYS:
            self._go(key, LEAP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else STEP)
        elif not event.isAutoRepeat():
            self._toggle()
        return True

    def release(self, event: QKeyEvent) -> None:
        """Notice that a key was let go."""
        if not event.isAutoRepeat():
            self._held.discard(event.key())

    def show(self) -> None:
        """Show where the pen is."""
        self._is_shown = True
        self._update()

    def leave(self) -> None:
        """Lift the pen and hide it: the hand went elsewhere."""
        self._paper.pen_up("keyboard")
        self._held.clear()
        self._is_shown = False
        self._update()

    def _toggle(self) -> None:
        self.show()
        if self._paper.is_drawing:
            self._paper.pen_up("keyboard")
        else:
            self._paper.pen_down("keyboard", self._at)

    def _go(self, key: int, distance: float) -> None:
        """Go one step in the direction of all the keys that are held."""
        self._held.add(key)
        x, y = (sum(_WAYS[held][axis] for held in self._held) for axis in (0, 1))
        factor = distance / (hypot(x, y) or 1)
        self._update()
        self._at = QPointF(
            min(max(self._at.x() + x * factor, 0.0), SIDE), min(max(self._at.y() + y * factor, 0.0), SIDE)
        )
        self.show()
        self._paper.pen_to("keyboard", self._at)

    def _update(self) -> None:
        self._paper.update_units(QRectF(self._at, self._at).adjusted(-WIDTH, -WIDTH, WIDTH, WIDTH))

    def paint(self, painter: QPainter, theme: Theme) -> None:
        """Paint a ring as wide as the pen, filled while it is down; the painter works in canvas units."""
        if self._is_shown:
            pen = QPen(theme.accent, 2)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.setBrush(theme.accent if self._paper.is_drawing else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(self._at, WIDTH / 2, WIDTH / 2)

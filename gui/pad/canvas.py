"""The canvas: from what a hand does to strokes on the paper.

Mouse, finger, tablet pen and keyboard are four holders of one pen. Whoever puts it down holds it until it is
lifted; the others are not listened to meanwhile, so a palm on the screen, a second finger or the mouse events
that a system makes up from touches never draw twice. Lifting makes one undo step; Escape drops the live stroke;
a window that loses its pointer lifts the pen, so that no ink is ever lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QEventPoint, QInputDevice, QKeyEvent, QPainter, QPointingDevice, QTouchEvent
from PySide6.QtWidgets import QApplication

from gui.pad.document import SIDE, Document
from gui.pad.gestures import ERASER, EraserGesture, PenGesture
from gui.pad.icons import ring_cursor
from gui.pad.keyboard import KeyboardPen
from gui.pad.surface import Surface
from gui.theme import Theme, theme_of
from nn.compat import override

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QHideEvent, QMouseEvent, QResizeEvent, QTabletEvent
    from PySide6.QtWidgets import QWidget

    from gui.pad.picture import Picture

Tool: TypeAlias = Literal["pen", "eraser"]

_TOUCHES = (QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate, QEvent.Type.TouchEnd, QEvent.Type.TouchCancel)
_POINTER_LOST = (QEvent.Type.WindowDeactivate, QEvent.Type.WindowBlocked, QEvent.Type.UngrabMouse)
_MADE_UP = (Qt.MouseEventSource.MouseEventSynthesizedByQt, Qt.MouseEventSource.MouseEventSynthesizedBySystem)


class Canvas(Surface):
    """The paper that can be drawn on."""

    live_changed = Signal()
    """What `live_drawing` tells has changed by a gesture, finished or not."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(document, parent)
        self._tool: Tool = "pen"
        self._holder = ""
        self._keyboard = KeyboardPen(self)
        self.setObjectName("canvas")
        self.setAccessibleName(self.tr("Drawing pad"))
        self.setAccessibleDescription(
            self.tr(
                "Draw a digit with the mouse, a finger or a pen. With the keyboard: arrow keys move the pen, "
                "Shift makes larger steps, Space puts the pen down and lifts it, Escape drops the stroke."
            )
        )
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        # A move without a button tells that a release was missed; Qt keeps it back unless it is asked for.
        self.setMouseTracking(True)
        self.setTabletTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._show_tool()

    @property
    def tool(self) -> Tool:
        """What the next gesture does; the other end of a tablet pen always erases."""
        return self._tool

    @tool.setter
    def tool(self, tool: Tool) -> None:
        self._tool = tool
        self._show_tool()

    @property
    def is_drawing(self) -> bool:
        """Whether a gesture is under way."""
        return self._gesture is not None

    # The one pen that all share; places are in canvas units

    def pen_down(self, holder: str, at: QPointF, pressure: float | None = None, *, erases: bool = False) -> None:
        """Put the pen down, unless somebody holds it."""
        if self._gesture is not None:
            return
        if erases or self._tool == "eraser":
            self._gesture = EraserGesture(self._document, at)
        else:
            self._gesture = PenGesture(at, pressure)
        self._holder = holder
        self._tell_live()

    def pen_to(self, holder: str, at: QPointF, pressure: float | None = None) -> None:
        """Move the pen, if this holder has it down."""
        if self._gesture is None or holder != self._holder:
            return
        changed = self._gesture.extend(at, pressure)
        if not changed.isEmpty():
            self.update_units(changed)
            self.live_changed.emit()

    def pen_up(self, holder: str) -> None:
        """Lift the pen, if this holder has it down: the gesture becomes one undo step."""
        if self._gesture is not None and holder == self._holder:
            gesture, self._gesture = self._gesture, None
            gesture.commit(self._document)
            self._tell_live()

    def finish(self) -> None:
        """Lift the pen, whoever holds it."""
        self.pen_up(self._holder)

    def drop(self) -> bool:
        """Forget the gesture that is under way; tell whether there was one."""
        if self._gesture is None:
            return False
        self._gesture = None
        self._tell_live()
        return True

    def put(self, picture: Picture) -> None:
        """Lay a picture on the paper in place of what is there, which undo brings back: a live stroke too."""
        self.finish()
        self._document.put(picture)

    def _tell_live(self) -> None:
        self.update()
        self.live_changed.emit()

    def _take_in_hand(self) -> None:
        """Forget the keyboard's pen: from here on a hand draws."""
        self._keyboard.leave()
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    # Mouse

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and _is_a_mouse(event):
            self._take_in_hand()
            self.pen_down("mouse", self.to_units(event.position()))

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not _is_a_mouse(event):
            return
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.pen_to("mouse", self.to_units(event.position()))
        else:
            # The button was let go where nobody told us.
            self.pen_up("mouse")

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and _is_a_mouse(event):
            self.pen_to("mouse", self.to_units(event.position()))
            self.pen_up("mouse")

    # Tablet pen

    @override
    def tabletEvent(self, event: QTabletEvent) -> None:
        # Accepted even while it hovers, or Qt would make up a mouse event from it.
        event.accept()
        at, is_tip = self.to_units(event.position()), event.button() == Qt.MouseButton.LeftButton
        if event.type() == QEvent.Type.TabletPress and is_tip:
            # Who presses has let go before, even where nobody told us.
            self.pen_up("tablet")
            self._take_in_hand()
            erases = event.pointerType() == QPointingDevice.PointerType.Eraser
            self.pen_down("tablet", at, event.pressure(), erases=erases)
            if (application := QApplication.instance()) is not None:
                application.installEventFilter(self)
        elif event.type() == QEvent.Type.TabletMove:
            if event.buttons() & Qt.MouseButton.LeftButton or event.pressure() > 0:
                self.pen_to("tablet", at, event.pressure())
            else:
                # It hovers: the tip was lifted where nobody told us.
                self.pen_up("tablet")
        elif event.type() == QEvent.Type.TabletRelease and is_tip:
            # A pen that has left the tablet reports no pressure; the last one it had is the truth.
            self.pen_to("tablet", at)
            self.pen_up("tablet")

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice, while a tablet pen draws, that it has left the tablet: Qt tells only the application."""
        if event.type() == QEvent.Type.TabletLeaveProximity:
            self.pen_up("tablet")
        application = QApplication.instance()
        if application is not None and not (self.is_drawing and self._holder == "tablet"):
            application.removeEventFilter(self)
        return False

    # Fingers, and all that has no handler of its own

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() in _TOUCHES and isinstance(event, QTouchEvent) and _is_a_screen(event):
            self._touch(event)
            event.accept()
            return True
        if event.type() == QEvent.Type.ShortcutOverride and self._wants(event):
            event.accept()
            return True
        if event.type() in _POINTER_LOST:
            self.finish()
        if event.type() == QEvent.Type.PaletteChange:
            self._show_tool()
        return super().event(event)

    def _wants(self, event: QEvent) -> bool:
        """Tell whether a key is ours before it is anybody's shortcut: Escape, while something is under way."""
        return isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape and self.is_drawing

    def _touch(self, event: QTouchEvent) -> None:
        if event.type() == QEvent.Type.TouchCancel:
            if self._holder.startswith("finger"):
                self.drop()
            return
        for point in event.points():
            self._touch_with(f"finger {point.id()}", point)

    def _touch_with(self, holder: str, point: QEventPoint) -> None:
        at = self.to_units(point.position())
        if point.state() == QEventPoint.State.Pressed:
            if not self.is_drawing:
                self._take_in_hand()
            self.pen_down(holder, at)
        elif point.state() != QEventPoint.State.Stationary:
            self.pen_to(holder, at)
        if point.state() == QEventPoint.State.Released:
            self.pen_up(holder)

    # Keyboard

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.drop():
            return
        if not self._keyboard.press(event):
            super().keyPressEvent(event)

    @override
    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self._keyboard.release(event)
        super().keyReleaseEvent(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self._keyboard.show()
        self.update()
        super().focusInEvent(event)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._keyboard.leave()
        self.update()
        super().focusOutEvent(event)

    # Looks

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        self.finish()
        super().hideEvent(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_tool()

    @override
    def _paint_above(self, painter: QPainter, theme: Theme) -> None:
        self._keyboard.paint(painter, theme)

    def _show_tool(self) -> None:
        if self._tool == "pen":
            self.setCursor(Qt.CursorShape.CrossCursor)
        else:
            radius = ERASER * self.paper().width() / SIDE
            self.setCursor(ring_cursor(radius, self.devicePixelRatioF(), theme_of(self.palette())))


def _is_a_mouse(event: QMouseEvent) -> bool:
    """Tell a mouse from the mouse events that Qt or the system makes up from touches and pens."""
    return event.source() not in _MADE_UP


def _is_a_screen(event: QTouchEvent) -> bool:
    """Tell a touch screen from a touch pad, which moves the mouse."""
    return event.deviceType() != QInputDevice.DeviceType.TouchPad

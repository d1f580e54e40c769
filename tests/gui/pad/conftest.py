"""A sheet of paper in a window, and hands that draw on it as hands do: by events."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QInputDevice, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from gui.pad.canvas import Canvas
from gui.pad.document import Document
from gui.theme import LIGHT, palette_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from nn.arrays import Bytes

SIDE = 300
"""The canvas of these tests is 300 pixels wide and high, so a pixel is 3 1/3 units."""


@pytest.fixture
def document(qtbot: QtBot) -> Document:
    return Document()


@pytest.fixture
def canvas(qtbot: QtBot, document: Document) -> Canvas:
    return shown(qtbot, Canvas(document))


def shown(qtbot: QtBot, canvas: Canvas) -> Canvas:
    canvas.setPalette(palette_of(LIGHT))
    canvas.resize(SIDE, SIDE)
    qtbot.addWidget(canvas)
    with qtbot.waitActive(canvas):
        canvas.show()
    QApplication.processEvents()
    return canvas


@pytest.fixture
def show() -> Callable[[QtBot, Canvas], Canvas]:
    return shown


@pytest.fixture
def drag() -> Callable[..., None]:
    """Draw with the left button from point to point, in pixels of the widget."""

    def dragged(widget: QWidget, *points: tuple[int, int], release: bool = True) -> None:
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        places = [QPoint(*point) for point in points]
        QTest.mousePress(widget, left, none, places[0])
        for place in places[1:]:
            QTest.mouseMove(widget, place)
        if release:
            QTest.mouseRelease(widget, left, none, places[-1])

    return dragged


@pytest.fixture
def pixels() -> Callable[[QWidget], Bytes]:
    """See a widget as an array of grey: uint8 (h, w)."""

    def seen(widget: QWidget) -> Bytes:
        image = widget.grab().toImage().convertToFormat(widget.grab().toImage().Format.Format_Grayscale8)
        rows = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.bytesPerLine())
        return rows[:, : image.width()].copy()

    return seen


class TabletPen:
    """Sends the events of a pen on a tablet."""

    def __init__(self, tip: QPointingDevice.PointerType) -> None:
        abilities = QInputDevice.Capability.Position | QInputDevice.Capability.Pressure
        self._device = QPointingDevice("tablet", 7, QInputDevice.DeviceType.Stylus, tip, abilities, 1, 3)

    def send(self, kind: QEvent.Type, widget: QWidget, point: tuple[float, float], pressure: float) -> None:
        at = QPointF(*point)
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        changed = none if kind == QEvent.Type.TabletMove else left
        # A pen that hovers presses nothing.
        held = none if kind == QEvent.Type.TabletRelease or not pressure else left
        placed = widget.mapToGlobal(at)
        modifiers = Qt.KeyboardModifier.NoModifier
        event = QTabletEvent(kind, self._device, at, placed, pressure, 0, 0, 0, 0, 0, modifiers, changed, held)
        QApplication.sendEvent(widget, event)

    def leave(self) -> None:
        """Go out of the tablet's sight, which Qt tells the application."""
        at, none, kind = QPointF(), Qt.MouseButton.NoButton, QEvent.Type.TabletLeaveProximity
        event = QTabletEvent(
            kind, self._device, at, at, 0, 0, 0, 0, 0, 0, Qt.KeyboardModifier.NoModifier, none, none
        )
        application = QApplication.instance()
        assert application is not None
        QApplication.sendEvent(application, event)

    def draw(self, widget: QWidget, *points: tuple[float, float, float]) -> None:
        (x, y, pressure), *rest = points
        self.send(QEvent.Type.TabletPress, widget, (x, y), pressure)
        for x, y, pressure in rest:
            self.send(QEvent.Type.TabletMove, widget, (x, y), pressure)
        self.send(QEvent.Type.TabletRelease, widget, (x, y), 0.0)


@pytest.fixture(scope="session")
def tablets(qapp: QApplication) -> dict[QPointingDevice.PointerType, TabletPen]:
    """Both ends of one pen; Qt remembers devices, so they live as long as the application."""
    ends = (QPointingDevice.PointerType.Pen, QPointingDevice.PointerType.Eraser)
    return {end: TabletPen(end) for end in ends}


@pytest.fixture
def tablet(
    tablets: dict[QPointingDevice.PointerType, TabletPen],
) -> Callable[[QPointingDevice.PointerType], TabletPen]:
    def taken(end: QPointingDevice.PointerType = QPointingDevice.PointerType.Pen) -> TabletPen:
        return tablets[end]

    return taken

"""Fingers, tablet pens and the keyboard: each draws, and none draws twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QInputDevice, QMouseEvent, QPointingDevice, QTouchEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from gui.pad.canvas import Canvas
from gui.pad.keyboard import LEAP, STEP

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from gui.pad.document import Document
    from nn.arrays import Bytes

    Tablet = Callable[..., Any]

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def points_of(document: Document) -> list[list[list[float]]]:
    return [stroke.points.tolist() for stroke in document.strokes]


@pytest.fixture(scope="session")
def screen(qapp: QApplication) -> QPointingDevice:
    return QTest.createTouchDevice()


@pytest.fixture(scope="session")
def touch_pad(qapp: QApplication) -> QPointingDevice:
    return QTest.createTouchDevice(QInputDevice.DeviceType.TouchPad)


def touch_of(canvas: Canvas, device: QPointingDevice) -> Any:
    # Without False, what was not committed would be sent when it is thrown away, perhaps to a canvas that is gone.
    return QTest.touchEvent(canvas, device, False)  # noqa: FBT003


# Fingers


def test_a_finger_draws_once(canvas: Canvas, document: Document, screen: QPointingDevice) -> None:
    touch = touch_of(canvas, screen)
    for step in (touch.press, touch.move, touch.release):
        step(0, QPoint(30 if step == touch.press else 60, 30), canvas).commit()
    assert points_of(document) == [[[100, 100], [200, 100]]]
    assert document.strokes[0].pressure is None


def test_a_second_finger_and_a_palm_are_not_listened_to(
    canvas: Canvas, document: Document, screen: QPointingDevice
) -> None:
    touch = touch_of(canvas, screen)
    touch.press(0, QPoint(30, 30), canvas).commit()
    touch.stationary(0).press(1, QPoint(200, 200), canvas).commit()
    touch.move(0, QPoint(60, 30), canvas).move(1, QPoint(210, 210), canvas).commit()
    touch.stationary(0).release(1, QPoint(210, 210), canvas).commit()
    assert canvas.is_drawing
    touch.release(0, QPoint(90, 30), canvas).commit()
    assert points_of(document) == [[[100, 100], [200, 100], [300, 100]]]


def test_a_touch_taken_back_by_the_system_leaves_nothing(
    canvas: Canvas, document: Document, screen: QPointingDevice
) -> None:
    touch = touch_of(canvas, screen)
    touch.press(0, QPoint(30, 30), canvas).commit()
    QApplication.sendEvent(canvas, QTouchEvent(QEvent.Type.TouchCancel, screen))
    assert not canvas.is_drawing
    touch.release(0, QPoint(30, 30), canvas).commit()
    assert document.is_blank


@pytest.mark.parametrize(
    "source", [Qt.MouseEventSource.MouseEventSynthesizedByQt, Qt.MouseEventSource.MouseEventSynthesizedBySystem]
)
def test_mouse_events_made_up_from_touches_draw_nothing(
    canvas: Canvas, document: Document, source: Qt.MouseEventSource
) -> None:
    at = QPointF(60, 60)
    for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.MouseButtonRelease):
        QApplication.sendEvent(canvas, QMouseEvent(kind, at, at, at, LEFT, LEFT, NONE, source))
    assert document.is_blank
    assert not canvas.is_drawing


# Tablet pens


def test_a_tablet_pen_draws_with_its_pressure(canvas: Canvas, document: Document, tablet: Tablet) -> None:
    pen = tablet()
    pen.draw(canvas, (30, 30, 0.25), (60, 30, 0.5), (60.5, 90.25, 1.0))
    (stroke,) = document.strokes
    assert np.allclose(stroke.points, np.array([[100, 100], [200, 100], [605 / 3, 902.5 / 3]]))
    assert stroke.pressure is not None
    assert stroke.pressure.tolist() == [0.25, 0.5, 1.0]
    assert document.undo_stack.count() == 1


def test_the_other_end_of_the_pen_erases(canvas: Canvas, document: Document, tablet: Tablet) -> None:
    tablet().draw(canvas, (30, 150, 0.5), (270, 150, 0.5))
    other_end = tablet(QPointingDevice.PointerType.Eraser)
    other_end.draw(canvas, (150, 100, 0.5), (150, 200, 0.5))
    assert document.is_blank
    assert canvas.tool == "pen"


def test_a_hovering_pen_draws_nothing(canvas: Canvas, document: Document, tablet: Tablet) -> None:
    tablet().send(QEvent.Type.TabletMove, canvas, (150, 150), 0.0)
    assert not canvas.is_drawing
    assert document.is_blank


@pytest.mark.parametrize("sign", ["hovers", "leaves", "presses again"])
def test_a_pen_lifted_unseen_ends_its_stroke_and_leaves_the_pad_to_others(
    canvas: Canvas, document: Document, tablet: Tablet, drag: Callable[..., None], sign: str
) -> None:
    pen = tablet()
    pen.send(QEvent.Type.TabletPress, canvas, (30, 30), 0.5)
    pen.send(QEvent.Type.TabletMove, canvas, (60, 30), 0.5)
    if sign == "hovers":
        pen.send(QEvent.Type.TabletMove, canvas, (200, 200), 0.0)
    elif sign == "leaves":
        pen.leave()
    else:
        pen.draw(canvas, (200, 200, 0.5))
    assert not canvas.is_drawing
    assert points_of(document)[0] == [[100, 100], [200, 100]]
    drag(canvas, (90, 90), (120, 90))
    assert points_of(document)[-1] == [[300, 300], [400, 300]]


def test_a_pen_that_hovers_is_told(canvas: Canvas) -> None:
    assert canvas.hasTabletTracking(), "Qt keeps it back unless it is asked for"


def test_a_pen_that_leaves_ends_no_stroke_of_another_hand(
    canvas: Canvas, document: Document, tablet: Tablet, drag: Callable[..., None]
) -> None:
    tablet().draw(canvas, (30, 30, 0.5), (60, 30, 0.5))
    drag(canvas, (90, 90), (120, 90), release=False)
    tablet().leave()
    tablet().send(QEvent.Type.TabletMove, canvas, (200, 200), 0.0)
    assert canvas.is_drawing
    QTest.mouseRelease(canvas, LEFT, NONE, QPoint(120, 90))
    assert len(document.strokes) == 2


def test_harder_pressing_leaves_more_ink(
    canvas: Canvas, document: Document, tablet: Tablet, pixels: Callable[[QWidget], Bytes]
) -> None:
    tablet().draw(canvas, (60, 150, 0.1), (240, 150, 1.0))
    ink = pixels(canvas) < 80
    assert ink[:, 220].sum() > 2 * ink[:, 80].sum() > 0


def test_whoever_puts_the_pen_down_holds_it(canvas: Canvas, document: Document, tablet: Tablet) -> None:
    QTest.mousePress(canvas, LEFT, NONE, QPoint(30, 30))
    tablet().draw(canvas, (150, 150, 0.5), (200, 200, 0.5))
    QTest.mouseMove(canvas, QPoint(60, 30))
    QTest.mouseRelease(canvas, LEFT, NONE, QPoint(60, 30))
    assert points_of(document) == [[[100, 100], [200, 100]]]


# The keyboard


def test_a_seven_can_be_drawn_by_keyboard_alone(canvas: Canvas, document: Document) -> None:
    canvas.setFocus(Qt.FocusReason.TabFocusReason)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Up):
        QTest.keyClick(canvas, key, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(canvas, Qt.Key.Key_Space)
    assert canvas.is_drawing
    for _ in range(2):
        QTest.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(canvas, Qt.Key.Key_End)
    assert len(canvas.live_drawing().strokes[0].points) == 4
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    start, across = [500 - LEAP, 500 - LEAP], [500 + LEAP, 500 - LEAP]
    slant = STEP / 2**0.5
    expected = [start, [500, 500 - LEAP], across, [across[0] - slant, across[1] + slant]]
    assert np.allclose(document.strokes[0].points, np.array(expected))
    assert document.undo_stack.count() == 1


def test_two_arrows_held_together_go_diagonally(canvas: Canvas) -> None:
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Space)
    QTest.keyPress(canvas, Qt.Key.Key_Right)
    QTest.keyPress(canvas, Qt.Key.Key_Down)
    QTest.keyRelease(canvas, Qt.Key.Key_Right)
    QTest.keyRelease(canvas, Qt.Key.Key_Down)
    QTest.keyClick(canvas, Qt.Key.Key_Down)
    steps = np.diff(canvas.live_drawing().strokes[0].points, axis=0)
    assert np.allclose(steps, [[STEP, 0], [STEP / 2**0.5, STEP / 2**0.5], [0, STEP]])
    assert canvas.drop()


def test_escape_drops_what_the_keyboard_draws(canvas: Canvas, document: Document) -> None:
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Space)
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert document.is_blank
    assert not canvas.is_drawing


def test_keys_with_control_are_left_to_the_menus(canvas: Canvas) -> None:
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    assert not canvas.is_drawing


def test_leaving_the_canvas_finishes_the_stroke(qtbot: QtBot, document: Document) -> None:
    window, canvas, line = QWidget(), Canvas(document), QLineEdit()
    layout = QVBoxLayout(window)
    layout.addWidget(canvas)
    layout.addWidget(line)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
    canvas.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(canvas, Qt.Key.Key_Space)
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    QTest.keyClick(canvas, Qt.Key.Key_Tab)
    assert line.hasFocus()
    assert [len(stroke.points) for stroke in document.strokes] == [2]


def test_the_keyboards_pen_can_be_seen_and_makes_way_for_a_hand(
    canvas: Canvas, pixels: Callable[[QWidget], Bytes]
) -> None:
    canvas.setFocus()
    QTest.mouseClick(canvas, LEFT, NONE, QPoint(20, 20))
    without = pixels(canvas)
    QTest.keyClick(canvas, Qt.Key.Key_Down)
    shown = pixels(canvas) != without
    assert shown[140:170, 140:160].any()
    QTest.mouseClick(canvas, LEFT, NONE, QPoint(20, 20))
    assert not (pixels(canvas) != without)[100:200, 100:200].any()


def test_a_touch_pad_is_a_mouse_and_not_a_screen(
    canvas: Canvas, document: Document, touch_pad: QPointingDevice
) -> None:
    touch = touch_of(canvas, touch_pad)
    touch.press(0, QPoint(30, 30), canvas).commit()
    touch.release(0, QPoint(30, 30), canvas).commit()
    assert document.is_blank


def test_a_long_stroke_with_pressure_has_no_seams_and_looks_the_same_live(
    canvas: Canvas, document: Document, pixels: Callable[[QWidget], Bytes]
) -> None:
    turns = np.linspace(0, 4 * np.pi, 400)
    x, y = 500 + 200 * np.cos(turns) + 10 * turns, 500 + 300 * np.sin(turns)
    canvas.pen_down("tablet", QPointF(x[0], y[0]), 0.5)
    for place in zip(x.tolist(), y.tolist(), strict=True):
        canvas.pen_to("tablet", QPointF(*place), 0.5)
        QApplication.processEvents()
    live = pixels(canvas)
    canvas.pen_up("tablet")
    assert (pixels(canvas) == live).all()
    assert live[(y * 0.3).astype(int), (x * 0.3).astype(int)].max() < 80

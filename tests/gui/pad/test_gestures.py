"""The eraser's reach, and gestures that have not happened yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from gui.pad.gestures import ERASER, EraserGesture, PenGesture, touches
from gui.pad.ink import WIDTH, bounds_of
from nn.ink.strokes import Stroke

if TYPE_CHECKING:
    from gui.pad.document import Document

REACH = ERASER + WIDTH / 2
LINE = Stroke(np.array([[100, 100], [500, 100]]))
DOT = Stroke(np.array([[300, 300]]))


@pytest.mark.parametrize("stroke", [LINE, DOT])
@pytest.mark.parametrize(("beyond", "expected"), [(-1, True), (1, False)])
def test_the_eraser_reaches_as_far_as_its_ring(stroke: Stroke, beyond: float, expected: bool) -> None:  # noqa: FBT001
    x, y = stroke.points.mean(axis=0)
    for way in ([[x, y + REACH + beyond]], [[x, y - REACH - beyond]]):
        assert touches(np.array(way), stroke) is expected


def test_the_eraser_reaches_between_points_and_beyond_no_end() -> None:
    assert touches(np.array([[300, 100]]), LINE)
    assert touches(np.array([[500 + REACH - 1, 100]]), LINE)
    assert not touches(np.array([[500 + REACH + 1, 100]]), LINE)


def test_a_fast_eraser_does_not_jump_over_a_stroke(document: Document) -> None:
    document.add_stroke(LINE)
    gesture = EraserGesture(document, QPointF(300, 900))
    assert gesture.kept(document.strokes) == (LINE,)
    gesture.extend(QPointF(300, -900), None)
    assert gesture.kept(document.strokes) == ()


def test_an_eraser_is_not_confused_by_an_undo_in_its_middle(document: Document) -> None:
    document.add_stroke(DOT)
    document.add_stroke(LINE)
    gesture = EraserGesture(document, QPointF(300, 100))
    document.undo_stack.undo()
    gesture.commit(document)
    assert document.strokes == (DOT,)


def test_a_live_stroke_tells_where_it_changed() -> None:
    gesture = PenGesture(QPointF(100, 100), None)
    assert gesture.extend(QPointF(100, 100), None).isEmpty()
    for x in range(110, 900, 10):
        changed = gesture.extend(QPointF(x, 100), None)
    assert changed.right() > 890 + WIDTH / 2
    assert changed.width() < 200
    assert len(gesture.added()[0].points) == 80


def test_pressure_is_all_or_nothing() -> None:
    pen, mouse = PenGesture(QPointF(0, 0), 0.25), PenGesture(QPointF(0, 0), None)
    for gesture in (pen, mouse):
        gesture.extend(QPointF(1, 0), 0.75)
        gesture.extend(QPointF(2, 0), None)
    pressure = pen.added()[0].pressure
    assert pressure is not None
    assert pressure.tolist() == [0.25, 0.75, 0.75]
    assert mouse.added()[0].pressure is None


def test_bounds_leave_room_for_the_widest_pen() -> None:
    box = bounds_of(np.array([[10, 20], [30, 50]]))
    assert box.center() == QPointF(20, 35)
    assert box.width() == pytest.approx(20 + 1.6 * WIDTH)

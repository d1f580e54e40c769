"""Drawing with the mouse, and what is painted of it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from gui.pad.canvas import Canvas
from gui.pad.document import SIDE
from gui.theme import DARK, LIGHT, palette_of
from nn.compat import override
from nn.ink.strokes import Stroke

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPaintEvent
    from pytestqt.qtbot import QtBot

    from gui.pad.document import Document
    from nn.arrays import Bytes

    Drag = Callable[..., None]
    Pixels = Callable[[QWidget], Bytes]
    Show = Callable[[QtBot, Canvas], Canvas]

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
DARK_GREY = 80
"""Ink on the light theme is darker than this, letters and borders are not."""


def test_a_drag_is_one_stroke_and_one_undo_step(canvas: Canvas, document: Document, drag: Drag) -> None:
    drag(canvas, (30, 30), (150, 30), (150, 270))
    assert [stroke.points.tolist() for stroke in document.strokes] == [[[100, 100], [500, 100], [500, 900]]]
    assert document.strokes[0].pressure is None
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert document.is_blank


def test_a_click_is_a_dot_and_a_double_click_two(canvas: Canvas, document: Document) -> None:
    QTest.mouseClick(canvas, LEFT, NONE, QPoint(150, 150))
    assert [len(stroke.points) for stroke in document.strokes] == [1]
    QTest.mouseDClick(canvas, LEFT, NONE, QPoint(150, 150))  # the second press; Qt calls it by another name
    QTest.mouseRelease(canvas, LEFT, NONE, QPoint(150, 150))
    assert [len(stroke.points) for stroke in document.strokes] == [1, 1]


@pytest.mark.parametrize("button", [Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton])
def test_other_buttons_draw_nothing(
    canvas: Canvas, document: Document, button: Qt.MouseButton, drag: Drag
) -> None:
    QTest.mouseClick(canvas, button, NONE, QPoint(150, 150))
    assert document.is_blank
    drag(canvas, (30, 30), (60, 30), release=False)
    QTest.mouseClick(canvas, button, NONE, QPoint(200, 200))
    assert canvas.is_drawing
    QTest.mouseRelease(canvas, LEFT, NONE, QPoint(60, 60))
    assert len(document.strokes) == 1


def test_the_live_stroke_is_told_before_it_is_finished(canvas: Canvas, document: Document, qtbot: QtBot) -> None:
    with qtbot.waitSignal(canvas.live_changed, timeout=0):
        QTest.mousePress(canvas, LEFT, NONE, QPoint(30, 30))
    with qtbot.waitSignal(canvas.live_changed, timeout=0):
        QTest.mouseMove(canvas, QPoint(60, 30))
    assert canvas.live_drawing().strokes[0].points.tolist() == [[100, 100], [200, 100]]
    assert document.is_blank
    with qtbot.waitSignal(canvas.live_changed, timeout=0):
        QTest.mouseRelease(canvas, LEFT, NONE, QPoint(60, 30))
    assert canvas.live_drawing().strokes == document.strokes


def test_escape_drops_the_live_stroke_until_the_button_is_pressed_again(
    canvas: Canvas, document: Document, drag: Drag
) -> None:
    drag(canvas, (30, 30), (60, 30), release=False)
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.live_drawing().is_blank
    QTest.mouseMove(canvas, QPoint(90, 90))
    QTest.mouseRelease(canvas, LEFT, NONE, QPoint(90, 90))
    assert document.is_blank
    assert document.undo_stack.count() == 0


def test_ink_beside_the_paper_is_kept_at_its_edge(canvas: Canvas, document: Document, drag: Drag) -> None:
    drag(canvas, (150, 150), (150, -60), (150, -90), (400, 150), (270, 150))
    assert document.strokes[0].points.tolist() == [[500, 500], [500, 0], [1000, 500], [900, 500]]


def test_a_button_let_go_unseen_ends_the_stroke(canvas: Canvas, document: Document, drag: Drag) -> None:
    drag(canvas, (30, 30), (60, 30), release=False)
    at, nothing = QPointF(200, 200), Qt.MouseButton.NoButton
    QApplication.sendEvent(canvas, QMouseEvent(QEvent.Type.MouseMove, at, at, nothing, nothing, NONE))
    assert [len(stroke.points) for stroke in document.strokes] == [2]


def test_a_dialog_in_the_way_ends_the_stroke(canvas: Canvas, document: Document, drag: Drag, qtbot: QtBot) -> None:
    drag(canvas, (30, 30), (60, 30), release=False)
    dialog = QDialog(canvas)
    dialog.setModal(True)
    with qtbot.waitExposed(dialog):
        dialog.show()
    assert len(document.strokes) == 1
    dialog.close()


@pytest.mark.parametrize("end", ["hide", "deactivate"])
def test_a_window_that_goes_away_ends_the_stroke(canvas: Canvas, document: Document, drag: Drag, end: str) -> None:
    drag(canvas, (30, 30), (60, 30), release=False)
    if end == "hide":
        canvas.hide()
    else:
        QApplication.sendEvent(canvas, QEvent(QEvent.Type.WindowDeactivate))
    assert len(document.strokes) == 1


def test_the_eraser_rubs_out_whole_strokes_in_one_step(canvas: Canvas, document: Document, drag: Drag) -> None:
    for y in (60, 150, 240):
        drag(canvas, (30, y), (270, y))
    canvas.tool = "eraser"
    drag(canvas, (100, 40), (100, 170), release=False)
    seen = [(len(canvas.live_drawing().strokes), len(document.strokes))]
    QTest.mouseRelease(canvas, LEFT, NONE, QPoint(100, 170))
    seen.append((len(canvas.live_drawing().strokes), len(document.strokes)))
    document.undo_stack.undo()
    seen.append((len(canvas.live_drawing().strokes), len(document.strokes)))
    assert seen == [(1, 3), (1, 1), (3, 3)]
    assert document.undo_stack.count() == 4


def test_escape_gives_back_what_the_eraser_took(canvas: Canvas, document: Document, drag: Drag) -> None:
    drag(canvas, (30, 60), (270, 60))
    canvas.tool = "eraser"
    drag(canvas, (100, 40), (100, 170), release=False)
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert len(canvas.live_drawing().strokes) == len(document.strokes) == 1


def test_resizing_loses_nothing(canvas: Canvas, document: Document, drag: Drag, pixels: Pixels) -> None:
    drag(canvas, (30, 30), (150, 30), (150, 270))
    before, points = pixels(canvas), document.strokes[0].points.tolist()
    canvas.resize(150, 150)
    assert (pixels(canvas) < DARK_GREY).any()
    canvas.resize(300, 300)
    assert (pixels(canvas) == before).all()
    assert document.strokes[0].points.tolist() == points


def test_a_larger_canvas_shows_the_same_drawing_larger(canvas: Canvas, drag: Drag, pixels: Pixels) -> None:
    drag(canvas, (90, 90), (210, 90), (150, 240))
    small = pixels(canvas)[4:-4, 4:-4] < DARK_GREY
    canvas.resize(600, 600)
    large = pixels(canvas)[8:-8, 8:-8] < DARK_GREY
    assert large.sum() == pytest.approx(4 * small.sum(), rel=0.02)
    assert (large[::2, ::2] != small).mean() < 0.01


def test_a_stroke_may_be_drawn_on_while_the_window_changes_size(
    canvas: Canvas, document: Document, drag: Drag
) -> None:
    drag(canvas, (150, 150), release=False)
    canvas.resize(600, 600)
    QTest.mouseMove(canvas, QPoint(60, 60))
    QTest.mouseRelease(canvas, LEFT, NONE, QPoint(60, 60))
    assert document.strokes[0].points.tolist() == [[500, 500], [100, 100]]


def test_paper_is_square_in_the_middle_of_whatever_room_there_is(canvas: Canvas) -> None:
    canvas.resize(400, 300)
    assert canvas.paper().getRect() == (50, 0, 300, 300)
    assert canvas.to_units(QPointF(50, 300)) == QPointF(0, SIDE)
    assert canvas.to_pixels(QPointF(SIDE, 0)) == QPointF(350, 0)


def test_the_hint_is_there_only_while_the_paper_is_empty(
    canvas: Canvas, document: Document, drag: Drag, pixels: Pixels
) -> None:
    middle = np.s_[120:180, 30:270]
    hinted = pixels(canvas)[middle]
    assert hinted.min() < 150
    drag(canvas, (20, 20), release=False)
    assert pixels(canvas)[middle].min() > 240
    QTest.mouseRelease(canvas, LEFT, NONE, QPoint(20, 20))
    assert pixels(canvas)[middle].min() > 240
    document.undo_stack.undo()
    assert (pixels(canvas)[middle] == hinted).all()


def test_live_and_finished_ink_look_the_same(canvas: Canvas, drag: Drag, pixels: Pixels) -> None:
    drag(canvas, (30, 30), (150, 40), (250, 90), (60, 270), release=False)
    live = pixels(canvas)
    QTest.mouseRelease(canvas, LEFT, NONE, QPoint(60, 270))
    assert (pixels(canvas) == live).all()


def test_dark_paper_has_light_ink(canvas: Canvas, drag: Drag, pixels: Pixels) -> None:
    drag(canvas, (60, 150), (240, 150))
    canvas.setPalette(palette_of(DARK))
    dark = pixels(canvas)
    assert dark[60, 60] < 40
    assert dark[150, 150] > 220
    canvas.setPalette(palette_of(LIGHT))
    light = pixels(canvas)
    assert light[60, 60] > 220
    assert light[150, 150] < 60


class WatchedCanvas(Canvas):
    """Writes down which part of it is painted."""

    painted: QRect = QRect()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        self.painted = self.painted.united(event.region().boundingRect())
        super().paintEvent(event)


def test_only_what_changed_is_painted_while_the_pen_moves(
    qtbot: QtBot, document: Document, show: Show, drag: Drag
) -> None:
    canvas = WatchedCanvas(document)
    show(qtbot, canvas)
    drag(canvas, (30, 30), (150, 150), (160, 150), (170, 150), (180, 150), release=False)
    QApplication.processEvents()
    canvas.painted = QRect()
    QTest.mouseMove(canvas, QPoint(190, 150))
    QApplication.processEvents()
    assert canvas.painted.contains(QRect(180, 145, 15, 10))
    assert canvas.painted.width() < 70
    assert canvas.painted.height() < 40
    QTest.mouseRelease(canvas, LEFT, NONE, QPoint(190, 150))


def test_piecemeal_painting_ends_in_the_same_picture(
    qtbot: QtBot, document: Document, show: Show, pixels: Pixels
) -> None:
    canvas = show(qtbot, Canvas(document))
    rng = np.random.default_rng(3)
    QTest.mousePress(canvas, LEFT, NONE, QPoint(150, 150))
    for x, y in rng.integers(20, 280, (40, 2)).tolist():
        QTest.mouseMove(canvas, QPoint(x, y))
        QApplication.processEvents()
    QTest.mouseRelease(canvas, LEFT, NONE, QPoint(150, 150))
    document.add_stroke(Stroke(np.array([[100, 800], [900, 900]]), np.array([0.1, 1.0])))
    seen = canvas.screen().grabWindow(canvas.winId()).toImage().convertToFormat(canvas.grab().toImage().format())
    fresh = pixels(show(qtbot, Canvas(document)))
    assert (pixels(canvas) == fresh).all()
    assert seen.isNull() or seen.width() == canvas.width()


SHARPNESS = """
import sys
import numpy as np
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from gui.pad.canvas import Canvas
from gui.pad.document import Document
from nn.ink.strokes import Stroke

application = QApplication([])
document = Document()
document.add_stroke(Stroke(np.array([[200.0, 250.0], [800.0, 700.0]])))
canvas = Canvas(document)
canvas.resize(200, 200)
canvas.show()
image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
pixels = pixels[: image.height(), : image.width()].astype(int)
print(*pixels.shape, (abs(pixels[::2] - pixels[1::2]) > 60).sum())
"""


def test_ink_is_sharp_on_a_screen_of_twice_the_resolution() -> None:
    command = [sys.executable, "-c", SHARPNESS]
    environment = {"QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": "2", "PYTHONPATH": ":".join(sys.path)}
    printed = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    height, width, steps = map(int, printed.split())
    assert (height, width) == (400, 400)
    # A picture of half the size, only enlarged, would have the same two rows everywhere.
    assert steps > 200


def test_somebody_who_cannot_see_is_told_what_this_is(canvas: Canvas) -> None:
    assert canvas.objectName() == "canvas"
    assert canvas.accessibleName() == "Drawing pad"
    assert "arrow keys" in canvas.accessibleDescription()
    assert canvas.focusPolicy() == Qt.FocusPolicy.StrongFocus

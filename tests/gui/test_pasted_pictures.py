"""Pictures from outside in the real window: pasted, dropped, opened; what becomes of them and of the pad."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QLineEdit, QMessageBox, QWidget

from gui.app import Program, create_window
from gui.pictures import SHOWN
from gui.settings import Settings
from nn.ink import Drawing, Stroke, frame_from_picture, picture_of_drawing
from nn.ink.picture_files import save_picture

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gui.main_window import MainWindow
    from nn.arrays import Bytes

SEVEN = Drawing((Stroke(np.array([[0, 0], [12, 0], [4, 20]], np.float32)),))


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    window = create_window(settings=Settings(tmp_path / "inkling.ini"))
    qtbot.addWidget(window, before_close_func=lambda shown: shown.let_close())
    window.show()
    qtbot.waitExposed(window)
    yield window
    QGuiApplication.clipboard().clear()


@pytest.fixture
def photograph() -> Bytes:
    """A seven in blue ink on grey paper with grain, wider than high."""
    share = picture_of_drawing(SEVEN, (300, 400))[:, :, np.newaxis] / 255
    colours = share * np.array([215, 212, 205]) + (1 - share) * np.array([30, 45, 140])
    grainy = colours + np.random.default_rng(4).normal(0, 3, colours.shape)
    photograph: Bytes = grainy.clip(0, 255).astype(np.uint8)
    return photograph


def image_of(pixels: Bytes) -> QImage:
    height, width, _ = pixels.shape
    return QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def program_of(window: MainWindow) -> Program:
    program = window.findChild(Program)
    assert program is not None
    return program


def has_picture(window: MainWindow) -> bool:
    return program_of(window).pad.canvas.has_picture


def reading(window: MainWindow) -> str:
    label = window.findChild(QLabel, "prediction")
    assert label is not None
    return label.text()


def drop(window: MainWindow, data: QMimeData) -> bool:
    how = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    entering = QDragEnterEvent(QPoint(200, 200), *how)
    QApplication.sendEvent(window, entering)
    if entering.isAccepted():
        QApplication.sendEvent(window, QDropEvent(QPointF(200, 200), *how))
    return entering.isAccepted()


def drop_onto(window: MainWindow, part: QWidget, data: QMimeData) -> bool:
    """Drop something as the system does it, which knows only the window and a place in it."""
    place = part.mapTo(window, part.rect().center())
    how = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    handle = window.windowHandle()
    entering, moving = QDragEnterEvent(place, *how), QDragMoveEvent(place, *how)
    QApplication.sendEvent(handle, entering)
    moving.setAccepted(entering.isAccepted())
    QApplication.sendEvent(handle, moving)
    if moving.isAccepted():
        QApplication.sendEvent(handle, QDropEvent(QPointF(place), *how))
    else:
        QApplication.sendEvent(handle, QDragLeaveEvent())
    return moving.isAccepted()


def paste(window: MainWindow, data: QMimeData) -> None:
    QGuiApplication.clipboard().setMimeData(data)
    window.actions_by_name["paste"].trigger()


def lay(qtbot: QtBot, window: MainWindow, data: QMimeData) -> None:
    """Paste a picture and wait until it lies on the pad."""
    with qtbot.waitSignal(program_of(window).pictures.told, timeout=5000):
        paste(window, data)


def pixels_in(image: QImage) -> QMimeData:
    data = QMimeData()
    data.setImageData(image)
    return data


def file_in(path: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    return data


def test_a_pasted_picture_is_read_and_seen_on_the_pad(qtbot: QtBot, window: MainWindow, photograph: Bytes) -> None:
    program = program_of(window)
    with qtbot.waitSignal(program.recognizer.recognized, timeout=5000) as recognized:
        paste(window, pixels_in(image_of(photograph)))
    assert reading(window).startswith("7")
    np.testing.assert_array_equal(recognized.args[1], frame_from_picture(photograph))
    pad = program.pad.canvas.grab().toImage()
    middle = pad.pixelColor(pad.width() // 2, int(0.35 * pad.height()))
    assert abs(middle.red() - 215) < 20, "the grey of the paper in the picture"


def test_a_dropped_picture_file_is_read_and_is_not_taken_for_weights(
    qtbot: QtBot, window: MainWindow, photograph: Bytes, tmp_path: Path
) -> None:
    path = tmp_path / "seven.png"
    save_picture(path, photograph)
    title = window.windowTitle()
    with qtbot.waitSignal(program_of(window).recognizer.recognized, timeout=5000):
        assert drop(window, file_in(path))
    assert reading(window).startswith("7")
    assert window.windowTitle() == title
    assert not window.findChildren(QMessageBox, "message")


@pytest.mark.parametrize("name", ["layers", "epochs", "optimizer", "canvas", "loss"])
def test_a_picture_file_goes_to_the_window_whatever_it_is_dropped_onto(
    qtbot: QtBot, window: MainWindow, photograph: Bytes, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "seven.png"
    save_picture(path, photograph)
    form = program_of(window).training.form
    before = form.layers.text(), form.epochs.value()
    data = file_in(path)
    data.setText(path.as_uri())
    part = window.findChild(QWidget, name)
    assert part is not None
    with qtbot.waitSignal(program_of(window).pictures.told, timeout=5000):
        assert drop_onto(window, part, data)
    assert has_picture(window)
    assert (form.layers.text(), form.epochs.value()) == before


def test_two_files_on_a_field_are_answered_by_the_window(window: MainWindow, tmp_path: Path) -> None:
    layers = program_of(window).training.form.layers
    before, data = layers.text(), QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in ("a.png", "b.png")])
    data.setText("a.png b.png")
    drop_onto(window, layers, data)
    assert layers.text() == before
    assert "Drop one file" in window.statusBar().currentMessage()


def test_text_may_be_dropped_into_a_field(window: MainWindow) -> None:
    layers, data = program_of(window).training.form.layers, QMimeData()
    layers.clear()
    data.setText("70 70")
    assert drop_onto(window, layers, data)
    assert layers.text() == "70 70"


def test_a_picture_dropped_as_pixels_is_read(qtbot: QtBot, window: MainWindow, photograph: Bytes) -> None:
    with qtbot.waitSignal(program_of(window).recognizer.recognized, timeout=5000):
        assert drop(window, pixels_in(image_of(photograph)))
    assert reading(window).startswith("7")


def test_a_picture_is_chosen_in_a_dialog(
    qtbot: QtBot, window: MainWindow, photograph: Bytes, tmp_path: Path
) -> None:
    path = tmp_path / "seven.jpg"
    save_picture(path, photograph)
    window.actions_by_name["open_picture"].trigger()
    (dialog,) = window.findChildren(QFileDialog, "open_picture_dialog")
    entry = dialog.findChild(QLineEdit, "fileNameEdit")
    assert entry is not None
    entry.setText(str(path))
    with qtbot.waitSignal(program_of(window).recognizer.recognized, timeout=5000):
        dialog.accept()
    assert reading(window).startswith("7")


def test_a_stroke_takes_the_picture_away(qtbot: QtBot, window: MainWindow, photograph: Bytes) -> None:
    program = program_of(window)
    lay(qtbot, window, pixels_in(image_of(photograph)))
    assert has_picture(window)
    canvas = program.pad.canvas
    with qtbot.waitSignal(program.recognizer.recognized, timeout=5000):
        canvas.pen_down("mouse", QPointF(500, 100))
        canvas.pen_to("mouse", QPointF(500, 900))
        canvas.pen_up("mouse")
    qtbot.waitUntil(lambda: reading(window).startswith("1"), timeout=5000)
    assert len(program.document.strokes) == 1
    assert canvas.picture_frame() is None


def test_a_picture_takes_the_place_of_a_drawing_and_undo_brings_it_back(
    qtbot: QtBot, window: MainWindow, photograph: Bytes
) -> None:
    program = program_of(window)
    program.document.add_stroke(Stroke(np.array([[500, 100], [500, 900]], np.float32)))
    lay(qtbot, window, pixels_in(image_of(photograph)))
    assert not program.document.strokes
    assert has_picture(window)
    window.actions_by_name["undo"].trigger()
    assert len(program.document.drawing().strokes) == 1
    assert program.pad.canvas.picture_frame() is None
    window.actions_by_name["redo"].trigger()
    assert has_picture(window)
    qtbot.waitUntil(lambda: reading(window).startswith("7"), timeout=5000)


@pytest.mark.parametrize("tool", ["pen", "eraser"])
def test_a_gesture_over_a_picture_takes_it_away_only_when_it_is_finished(
    qtbot: QtBot, window: MainWindow, photograph: Bytes, tool: str
) -> None:
    canvas = program_of(window).pad.canvas
    lay(qtbot, window, pixels_in(image_of(photograph)))
    window.actions_by_name[tool].trigger()
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    assert not has_picture(window), "the paper looks as it will be"
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert has_picture(window)
    qtbot.waitUntil(lambda: reading(window).startswith("7"), timeout=5000)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    assert not has_picture(window)
    window.actions_by_name["undo"].trigger()
    assert has_picture(window)
    assert window.actions_by_name["undo"].isEnabled()


def test_a_stroke_in_hand_is_not_lost_to_a_picture(qtbot: QtBot, window: MainWindow, photograph: Bytes) -> None:
    program = program_of(window)
    program.pad.canvas.pen_down("mouse", QPointF(500, 100))
    program.pad.canvas.pen_to("mouse", QPointF(500, 900))
    lay(qtbot, window, pixels_in(image_of(photograph)))
    assert has_picture(window)
    window.actions_by_name["undo"].trigger()
    assert [len(stroke.points) for stroke in program.document.strokes] == [2]


def test_clear_takes_the_picture_away_and_undo_brings_it_back(
    qtbot: QtBot, window: MainWindow, photograph: Bytes
) -> None:
    lay(qtbot, window, pixels_in(image_of(photograph)))
    clear = window.actions_by_name["clear"]
    assert clear.isEnabled()
    clear.trigger()
    assert not has_picture(window)
    assert not clear.isEnabled()
    qtbot.waitUntil(lambda: not reading(window)[:1].isdigit(), timeout=5000)
    window.actions_by_name["undo"].trigger()
    assert has_picture(window)
    assert clear.isEnabled()


def test_a_large_transparent_picture_is_read(qtbot: QtBot, window: MainWindow) -> None:
    ink = picture_of_drawing(SEVEN, (3000, 4000))
    pixels = np.zeros((3000, 4000, 4), np.uint8)
    pixels[:, :, 3] = 255 - ink
    image = QImage(pixels.data, 4000, 3000, 16000, QImage.Format.Format_RGBA8888).copy()
    lay(qtbot, window, pixels_in(image))
    frame = program_of(window).pad.canvas.picture_frame()
    assert frame is not None
    np.testing.assert_allclose(frame, frame_from_picture(ink).astype(int), atol=25)


def test_empty_paper_and_an_empty_clipboard_are_told(qtbot: QtBot, window: MainWindow) -> None:
    window.actions_by_name["paste"].trigger()
    assert "no picture on the clipboard" in window.statusBar().currentMessage()
    image = QImage(200, 200, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    lay(qtbot, window, pixels_in(image))
    assert "no digit to be found" in window.statusBar().currentMessage()
    assert not reading(window)[:1].isdigit()


def test_a_damaged_picture_is_told_in_a_sentence(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "cut.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    paste(window, file_in(path))
    qtbot.waitUntil(lambda: bool(window.findChildren(QMessageBox, "message")), timeout=5000)
    (box,) = window.findChildren(QMessageBox, "message")
    assert "cut.png" in box.text()
    assert not has_picture(window)
    box.close()


def test_the_pad_is_as_it_was_until_the_picture_is_read(
    qtbot: QtBot, window: MainWindow, photograph: Bytes
) -> None:
    program = program_of(window)
    program.document.add_stroke(Stroke(np.array([[500, 100], [500, 900]], np.float32)))
    paste(window, pixels_in(image_of(photograph)))
    assert not has_picture(window)
    assert len(program.document.strokes) == 1
    qtbot.waitUntil(lambda: has_picture(window), timeout=5000)


def test_of_several_pictures_the_last_one_asked_for_is_laid_on_the_pad(
    qtbot: QtBot, window: MainWindow, photograph: Bytes, tmp_path: Path
) -> None:
    program = program_of(window)
    one = picture_of_drawing(Drawing((Stroke(np.array([[0, 0], [0, 20]], np.float32)),)), 300)
    save_picture(tmp_path / "one.png", one)
    (tmp_path / "cut.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    with qtbot.waitSignal(program.pictures.told, timeout=5000):
        for name in ("one.png", "cut.png", "one.png"):
            paste(window, file_in(tmp_path / name))
        paste(window, pixels_in(image_of(photograph)))
    assert has_picture(window)
    assert program.document.undo_stack.count() == 1
    qtbot.waitUntil(lambda: reading(window).startswith("7"), timeout=5000)


def test_a_picture_after_a_damaged_one_is_read_all_the_same(
    qtbot: QtBot, window: MainWindow, photograph: Bytes, tmp_path: Path
) -> None:
    path = tmp_path / "cut.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    with qtbot.waitSignal(program_of(window).pictures.told, timeout=5000):
        paste(window, file_in(path))
        paste(window, pixels_in(image_of(photograph)))
    assert has_picture(window)
    (box,) = window.findChildren(QMessageBox, "message")
    assert "cut.png" in box.text()
    box.close()


def test_a_window_may_close_while_a_picture_is_read(window: MainWindow, photograph: Bytes) -> None:
    paste(window, pixels_in(image_of(photograph)))
    paste(window, pixels_in(image_of(photograph)))
    window.let_close()
    assert not has_picture(window)


def test_a_large_picture_is_shown_whole_and_not_too_large(qtbot: QtBot, window: MainWindow) -> None:
    shades = np.zeros((2001, 3001, 3), np.uint8)
    shades[:, :, 0] = np.linspace(0, 255, 2001)[:, np.newaxis]
    shades[:, :, 1] = np.linspace(0, 255, 3001)
    lay(qtbot, window, pixels_in(image_of(shades)))
    picture = program_of(window).document.picture
    assert picture is not None
    size = picture.image.size()
    assert size.width() == SHOWN
    assert size.height() == pytest.approx(SHOWN * 2001 / 3001, abs=1)
    for x, y in np.random.default_rng(1).random((20, 2)).tolist():
        there = picture.image.pixelColor(int(x * size.width()), int(y * size.height()))
        np.testing.assert_allclose((there.red(), there.green()), (255 * y, 255 * x), atol=3)


@pytest.mark.parametrize(("width", "height"), [(1, 9000), (9000, 2), (1, 1)])
def test_a_picture_of_any_shape_is_laid_on_the_pad(
    qtbot: QtBot, window: MainWindow, width: int, height: int
) -> None:
    lay(qtbot, window, pixels_in(image_of(np.zeros((height, width, 3), np.uint8))))
    assert has_picture(window)

"""The tool row, its actions, and the square of paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow, QToolButton

from gui.pad.pad import Pad
from gui.theme import DARK, LIGHT, palette_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from gui.pad.document import Document

NAMES = ("pen", "eraser", "undo", "redo", "clear")
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def pad(qtbot: QtBot, document: Document) -> Pad:
    pad = Pad(document)
    qtbot.addWidget(pad)
    pad.resize(360, 460)
    with qtbot.waitActive(pad):
        pad.show()
    return pad


def button(pad: Pad, name: str) -> QToolButton:
    found = pad.findChild(QToolButton, name)
    assert found is not None
    return found


def tool_of(pad: Pad) -> str:
    return pad.canvas.tool


def click(pad: Pad, name: str) -> None:
    QTest.mouseClick(button(pad, name), LEFT)


def enabled(pad: Pad) -> set[str]:
    return {name for name in NAMES if button(pad, name).isEnabled()}


def test_buttons_are_enabled_only_when_they_can_do_something(
    pad: Pad, document: Document, drag: Callable[..., None]
) -> None:
    assert enabled(pad) == {"pen", "eraser"}
    drag(pad.canvas, (30, 30), (90, 90))
    assert enabled(pad) == {"pen", "eraser", "undo", "clear"}
    click(pad, "undo")
    assert enabled(pad) == {"pen", "eraser", "redo"}
    click(pad, "redo")
    click(pad, "clear")
    assert document.is_blank
    assert enabled(pad) == {"pen", "eraser", "undo"}


def test_pen_and_eraser_exclude_each_other(pad: Pad, document: Document, drag: Callable[..., None]) -> None:
    drag(pad.canvas, (30, 90), (200, 90))
    click(pad, "eraser")
    assert tool_of(pad) == "eraser"
    assert not button(pad, "pen").isChecked()
    drag(pad.canvas, (100, 30), (100, 150))
    assert document.is_blank
    click(pad, "pen")
    assert tool_of(pad) == "pen"
    assert not button(pad, "eraser").isChecked()


@pytest.mark.parametrize(
    ("keys", "count"), [("Ctrl+Z", 1), ("Del", 0), ("Ctrl+Backspace", 0), ("Ctrl+Z, Ctrl+Shift+Z", 2)]
)
def test_keys_do_what_buttons_do(
    pad: Pad, document: Document, drag: Callable[..., None], keys: str, count: int
) -> None:
    for y in (30, 60):
        drag(pad.canvas, (30, y), (200, y))
    QTest.keySequence(pad, QKeySequence(keys))
    assert len(document.strokes) == count


def test_letters_choose_the_tool(pad: Pad) -> None:
    for keys, tool in (("E", "eraser"), ("P", "pen")):
        QTest.keySequence(pad, QKeySequence(keys))
        assert pad.canvas.tool == tool


def test_clear_drops_the_live_stroke_too(pad: Pad, document: Document, drag: Callable[..., None]) -> None:
    drag(pad.canvas, (30, 30), (90, 90))
    drag(pad.canvas, (60, 30), (90, 30), release=False)
    pad.clear_action.trigger()
    assert pad.canvas.live_drawing().is_blank
    QTest.mouseRelease(pad.canvas, LEFT, NONE, QPoint(90, 30))
    assert document.is_blank


@pytest.mark.parametrize(("width", "height"), [(300, 600), (700, 400), (240, 300)])
def test_the_paper_is_square_and_as_large_as_there_is_room(pad: Pad, width: int, height: int) -> None:
    pad.resize(width, height)
    canvas = pad.canvas
    assert canvas.width() == canvas.height()
    room = canvas.parentWidget()
    assert room is not None
    assert canvas.width() == min(room.width(), room.height())
    assert (canvas.geometry().center() - room.rect().center()).manhattanLength() <= 2


def test_the_pad_is_small_enough_for_small_windows(pad: Pad) -> None:
    assert pad.minimumSizeHint().width() <= 270


def test_every_button_says_what_it_does_and_by_which_key(pad: Pad, drag: Callable[..., None]) -> None:
    for name in NAMES:
        assert "(" in button(pad, name).toolTip()
        assert button(pad, name).accessibleName()
        assert button(pad, name).text()
        assert not button(pad, name).icon().isNull()
    assert button(pad, "undo").toolTip() == "Undo (Ctrl+Z)"
    drag(pad.canvas, (30, 30), (90, 90))
    assert button(pad, "undo").toolTip() == "Undo stroke (Ctrl+Z)"
    assert button(pad, "undo").text() == "Undo"


def test_icons_follow_light_and_dark(pad: Pad) -> None:
    darkest = []
    for theme in (LIGHT, DARK):
        pad.setPalette(palette_of(theme))
        image = button(pad, "pen").icon().pixmap(24, 24).toImage()
        opaque = [
            image.pixelColor(x, y).lightness()
            for x in range(image.width())
            for y in range(image.height())
            if image.pixelColor(x, y).alpha() == 255
        ]
        darkest.append(min(opaque))
    assert darkest[0] < 60
    assert darkest[1] > 180


def test_a_windows_menu_and_the_pad_are_one(qtbot: QtBot, document: Document, drag: Callable[..., None]) -> None:
    window, pad = QMainWindow(), Pad(document)
    window.setCentralWidget(pad)
    undo, eraser = QAction("Undo", window), QAction("Eraser", window)
    undo.setShortcut("Ctrl+Z")
    eraser.setCheckable(True)
    window.menuBar().addMenu("Edit").addActions([undo, eraser])
    pad.join({"undo": undo, "eraser": eraser})
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
    assert not undo.isEnabled()
    drag(pad.canvas, (30, 30), (90, 90))
    assert undo.isEnabled()
    QTest.keySequence(window, QKeySequence("Ctrl+Z"))
    assert document.is_blank
    eraser.trigger()
    assert pad.canvas.tool == "eraser"
    assert eraser.isChecked()
    pad.pen_action.trigger()
    assert not eraser.isChecked()


def test_a_pad_outlives_nothing_and_dies_quietly(
    qtbot: QtBot, document: Document, drag: Callable[..., None]
) -> None:
    pad = Pad(document)
    qtbot.addWidget(pad)
    pad.show()
    drag(pad.canvas, (30, 30), (90, 90))
    document.deleteLater()
    qtbot.wait(1)

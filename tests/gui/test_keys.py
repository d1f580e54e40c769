"""Keys in the real window: each does one thing, and what is typed into a field belongs to the field."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from gui.app import Program, create_window
from gui.settings import Settings
from gui.training_session import SessionState
from nn.ink.strokes import Stroke

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gui.main_window import MainWindow


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> MainWindow:
    window = create_window(settings=Settings(tmp_path / "inkling.ini"))
    qtbot.addWidget(window, before_close_func=lambda shown: shown.let_close())
    with qtbot.waitActive(window):
        window.show()
    return window


@pytest.fixture
def program(window: MainWindow) -> Program:
    program = window.findChild(Program)
    assert program is not None
    program.document.add_stroke(Stroke(np.array([[500, 100], [500, 900]])))
    return program


def focus(window: MainWindow, name: str) -> QWidget:
    """Give a part of the window the focus, as the Tab key does."""
    widget = window.findChild(QWidget, name)
    assert widget is not None
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    focused = QApplication.focusWidget()
    assert focused is not None
    return focused


@pytest.mark.parametrize("state", [SessionState.IDLE, SessionState.TRAINING, SessionState.PAUSED])
def test_no_letter_with_alt_calls_two_things(window: MainWindow, program: Program, state: SessionState) -> None:
    program.training.show_state(state)
    labels = [label.text() for label in window.findChildren(QLabel) if label.buddy() is not None]
    letters = [
        QKeySequence.mnemonic(text) for text in (*labels, *(menu.text() for menu in window.menuBar().actions()))
    ]
    letters += [button.shortcut() for button in window.findChildren(QAbstractButton)]
    counts = Counter(letter.toString() for letter in letters if not letter.isEmpty())
    assert len(counts) > 15
    assert {letter: count for letter, count in counts.items() if count > 1} == {}


@pytest.mark.parametrize("field", ["optimizer", "activation", "recipe", "layers", "rate", "batch_size"])
def test_letters_and_del_belong_to_the_field_in_use(window: MainWindow, program: Program, field: str) -> None:
    widget = focus(window, field)
    for key in (Qt.Key.Key_E, Qt.Key.Key_Delete):
        QTest.keyClick(widget, key)
    assert program.pad.canvas.tool == "pen"
    assert not program.document.is_blank


def test_letters_choose_in_a_box_by_what_is_typed_ahead(window: MainWindow, program: Program) -> None:
    program.training.form.activation.setCurrentIndex(0)
    program.pad.eraser_action.trigger()
    box = focus(window, "optimizer")
    QTest.keyClick(box, Qt.Key.Key_M)
    assert program.training.form.optimizer.currentText() == "Momentum"
    QTest.keyClick(box, Qt.Key.Key_P)
    assert program.pad.canvas.tool == "eraser"


@pytest.mark.parametrize("part", ["canvas", "eraser", "train"])
@pytest.mark.parametrize("keys", ["Del", "Ctrl+Backspace"])
def test_elsewhere_they_belong_to_the_pad(window: MainWindow, program: Program, part: str, keys: str) -> None:
    widget = focus(window, part)
    tools = []
    for letter in ("E", "P"):
        QTest.keySequence(widget, QKeySequence(letter))
        tools.append(program.pad.canvas.tool)
    assert tools == ["eraser", "pen"]
    QTest.keySequence(widget, QKeySequence(keys))
    assert program.document.is_blank


def test_commands_are_called_from_a_field_too(window: MainWindow, program: Program) -> None:
    box = focus(window, "optimizer")
    QTest.keySequence(box, QKeySequence("Ctrl+Backspace"))
    assert program.document.is_blank
    QTest.keySequence(box, QKeySequence("Ctrl+Z"))
    assert not program.document.is_blank

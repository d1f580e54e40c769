"""Ten recorded digits, drawn on the real pad by mouse events, are read by the network that ships."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolButton, QWidget

from gui.app import create_window
from gui.settings import Settings

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.main_window import MainWindow

RECORDED = Path(__file__).with_name("digits.jsonl").read_text(encoding="utf-8").splitlines()
STROKES = {record["label"]: record["strokes"] for record in map(json.loads, RECORDED)}
PAPER = 1000.0
NEAR = 4.0
"""A mouse tells its place about every four pixels."""


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> MainWindow:
    window = create_window(settings=Settings(tmp_path / "inkling.ini"))
    qtbot.addWidget(window, before_close_func=lambda shown: shown.let_close())
    window.show()
    qtbot.waitExposed(window)
    return window


def moves(stroke: list[list[float]], side: float) -> list[QPoint]:
    """Where the mouse is on a square of this side while it draws a stroke."""
    knots = np.array(stroke) * (side / PAPER)
    points = [knots[0]]
    for start, end in pairwise(knots):
        count = max(1, round(float(np.hypot(*(end - start))) / NEAR))
        points += [start + (end - start) * step / count for step in range(1, count + 1)]
    return [QPoint(round(float(x)), round(float(y))) for x, y in points]


def draw(canvas: QWidget, strokes: list[list[list[float]]]) -> None:
    for stroke in strokes:
        first, *others = moves(stroke, canvas.width())
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=first)
        for point in others:
            QTest.mouseMove(canvas, point)
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=others[-1])


def reads(prediction: QLabel) -> bool:
    return prediction.text()[:1].isdigit()


def part(window: MainWindow, kind: type[QWidget], name: str) -> QWidget:
    found = window.findChild(kind, name)
    assert isinstance(found, kind)
    return found


@pytest.mark.parametrize("digit", range(10))
def test_a_drawn_digit_is_read(window: MainWindow, qtbot: QtBot, digit: int) -> None:
    prediction = part(window, QLabel, "prediction")
    assert isinstance(prediction, QLabel)
    draw(part(window, QWidget, "canvas"), STROKES[digit])
    qtbot.waitUntil(lambda: reads(prediction))
    qtbot.waitUntil(lambda: prediction.text().startswith(str(digit)))


def test_an_emptied_pad_is_read_as_nothing(window: MainWindow, qtbot: QtBot) -> None:
    prediction, clear = part(window, QLabel, "prediction"), part(window, QToolButton, "clear")
    assert isinstance(prediction, QLabel)
    draw(part(window, QWidget, "canvas"), STROKES[7])
    qtbot.waitUntil(lambda: reads(prediction))
    QTest.mouseClick(clear, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not reads(prediction))

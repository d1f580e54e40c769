"""The frame as the network sees it: every pixel a crisp square."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel, QWidget

from gui.panels.frame import FramePanel
from gui.theme import DARK, LIGHT, Theme, palette_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from nn.arrays import Bytes


@pytest.fixture
def panel(qtbot: QtBot) -> FramePanel:
    panel = FramePanel()
    panel.setPalette(palette_of(LIGHT))
    panel.resize(200, 220)
    qtbot.addWidget(panel)
    panel.show()
    return panel


def picture(panel: FramePanel) -> QWidget:
    found = panel.findChild(QWidget, "frame")
    assert found is not None
    return found


def noise() -> Bytes:
    return np.random.default_rng(5).integers(0, 256, (28, 28), dtype=np.uint8)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("size", [(100, 120), (200, 220), (333, 301)])
def test_each_pixel_is_one_crisp_square(panel: FramePanel, theme: Theme, size: tuple[int, int]) -> None:
    panel.setPalette(palette_of(theme))
    panel.resize(*size)
    frame = noise()
    panel.show_frame(frame)
    widget = picture(panel)
    image = widget.grab().toImage()
    square = widget.square()  # type: ignore[attr-defined]
    step = square.width() / 28
    assert step == int(step) >= 1
    paper, ink = theme.paper.red(), theme.ink.red()
    for row, column in np.ndindex(28, 28):
        left, top = square.left() + column * step, square.top() + row * step
        corners = {
            image.pixelColor(int(x), int(y)).red() for x in (left, left + step - 1) for y in (top, top + step - 1)
        }
        assert len(corners) == 1
        assert corners.pop() == pytest.approx(paper + (ink - paper) * int(frame[row, column]) / 255, abs=1)


def test_an_empty_frame_is_paper_with_the_box_the_digit_will_fill(panel: FramePanel) -> None:
    image = picture(panel).grab().toImage()
    middle = image.rect().center()
    assert image.pixelColor(middle) == LIGHT.paper
    assert picture(panel).accessibleDescription() == "Nothing yet."


def test_the_caption_says_what_it_is(panel: FramePanel) -> None:
    assert [found.text() for found in panel.findChildren(QLabel)] == ["what the network sees"]
    panel.show_frame(noise())
    assert "28 pixels" in picture(panel).accessibleDescription()


def test_a_frame_that_is_changed_later_does_not_change_the_picture(panel: FramePanel) -> None:
    frame = noise()
    panel.show_frame(frame)
    before = picture(panel).grab().toImage()
    frame[:] = 0
    assert picture(panel).grab().toImage() == before

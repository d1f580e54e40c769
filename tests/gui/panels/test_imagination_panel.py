from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel

from gui.heat_map import Thumbnail, heat_image
from gui.panels.imagination import ImaginationPanel
from gui.theme import DARK, LIGHT, palette_of
from nn.explain.imagination import METHODS, Imagination, imagine_all
from nn.network import mlp
from nn.recognition import NOTHING_DRAWN, WOULD_BE_REFUSED, prediction_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.theme import Theme


def imagined(digit: int, read_as: int) -> Imagination:
    """Make a picture with a block that is brighter for each digit, read with 70 % as one and 20 % as the next."""
    picture = np.zeros((28, 28), np.float32)
    picture[8:20, 8:20] = (digit + 1) / 10
    probabilities = np.full(10, 0.1 / 8)
    probabilities[read_as], probabilities[(read_as + 1) % 10] = 0.7, 0.2
    return Imagination(digit, "transposed", picture, prediction_of(probabilities), picture)


@pytest.fixture
def panel(qtbot: QtBot) -> ImaginationPanel:
    panel = ImaginationPanel()
    qtbot.addWidget(panel)
    panel.setPalette(palette_of(LIGHT))
    panel.resize(400, 380)
    panel.show_digits([imagined(digit, 8 if digit == 3 else digit) for digit in range(10)])
    panel.show()
    return panel


def thumbnail(panel: ImaginationPanel, digit: int) -> Thumbnail:
    found = panel.findChild(Thumbnail, f"imagined_{digit}")
    assert found is not None
    return found


def verdict(panel: ImaginationPanel) -> str:
    label = panel.findChild(QLabel, "verdict")
    assert label is not None
    return label.text()


def test_the_verdict_says_first_second_and_by_how_much(qtbot: QtBot, panel: ImaginationPanel) -> None:
    QTest.mouseClick(thumbnail(panel, 5), Qt.MouseButton.LeftButton)
    assert verdict(panel) == "Read as 5; second guess 6; ahead by 50 %"
    assert thumbnail(panel, 5).accessibleDescription() == verdict(panel)


def test_a_picture_that_would_be_refused_as_a_drawing_is_told_so(panel: ImaginationPanel) -> None:
    refused = imagined(5, 5)
    refused = replace(refused, verdict=replace(refused.verdict, reason=WOULD_BE_REFUSED))
    panel.show_digits([refused if digit == 5 else imagined(digit, digit) for digit in range(10)])
    panel.choose(5)
    assert verdict(panel) == f"Read as 5; second guess 6; ahead by 50 %. {WOULD_BE_REFUSED}"


def test_a_digit_that_is_not_read_as_itself_is_marked_without_colour_too(panel: ImaginationPanel) -> None:
    assert thumbnail(panel, 3).caption == "✗ 8 · 70 %"
    assert thumbnail(panel, 4).caption == "4 · 70 %"


def test_arrow_keys_move_among_the_digits(qtbot: QtBot, panel: ImaginationPanel) -> None:
    panel.choose(0)
    thumbnail(panel, 0).setFocus()
    for key, digit in (
        (Qt.Key.Key_Right, 1),
        (Qt.Key.Key_Down, 6),
        (Qt.Key.Key_Left, 5),
        (Qt.Key.Key_Up, 0),
        (Qt.Key.Key_Up, 0),
        (Qt.Key.Key_Left, 0),
    ):
        QTest.keyClick(thumbnail(panel, panel.digit), key)
        assert panel.digit == digit
    assert verdict(panel).startswith("Read as 0")


def test_a_chosen_method_is_told(qtbot: QtBot, panel: ImaginationPanel) -> None:
    box = panel.findChild(QComboBox)
    assert box is not None
    with qtbot.waitSignal(panel.method_changed) as told:
        box.setCurrentIndex(2)
    assert told.args == [METHODS[2]]
    assert panel.method == METHODS[2]


def test_an_empty_picture_says_so(panel: ImaginationPanel) -> None:
    nothing = np.zeros((28, 28), np.float32)
    panel.show_digits([Imagination(digit, "ascent", nothing, NOTHING_DRAWN, nothing) for digit in range(10)])
    assert verdict(panel) == "It imagines nothing here: the picture is empty."


def test_a_failure_takes_the_place_of_the_pictures(panel: ImaginationPanel) -> None:
    why = "This network cannot be walked backwards."
    panel.show_failure(why)
    panel.grab()
    assert verdict(panel) == why
    QTest.mouseClick(thumbnail(panel, 5), Qt.MouseButton.LeftButton)
    assert verdict(panel) == why
    for digit in range(10):
        assert thumbnail(panel, digit).toolTip() == thumbnail(panel, digit).accessibleDescription() == ""
    assert panel.large.accessibleName() == ""


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_heat_goes_from_the_first_colour_to_the_last(theme: Theme) -> None:
    picture = np.linspace(0, 1, 28 * 28, dtype=np.float32).reshape(28, 28)
    image = heat_image(picture, theme.heat)
    assert image.pixelColor(0, 0) == theme.heat[0]
    assert image.pixelColor(27, 27) == theme.heat[-1]
    ways = np.diff([image.pixelColor(x, y).lightnessF() for y in range(28) for x in range(28)])
    assert (ways * (1 if theme.is_dark else -1) >= -0.02).all()


def test_what_is_no_number_is_painted_as_nothing() -> None:
    image = heat_image(np.full((28, 28), np.nan, np.float32), LIGHT.heat)
    assert image.pixelColor(3, 3) == LIGHT.heat[0]


def test_the_large_picture_has_squares_of_whole_pixels(panel: ImaginationPanel) -> None:
    checks = np.indices((28, 28)).sum(axis=0).astype(np.float32) % 2
    panel.show_digits([Imagination(d, "ascent", checks, NOTHING_DRAWN, checks) for d in range(10)])
    image = panel.large.grab().toImage()
    middle = image.height() // 2 + 1
    row = [image.pixelColor(x, middle) for x in range(image.width())]
    inside = [color in (LIGHT.heat[0], LIGHT.heat[-1]) for color in row]
    first, last = inside.index(True), len(inside) - inside[::-1].index(True)
    assert all(inside[first:last])
    assert (last - first) % 28 == 0
    changes = [x for x in range(first + 1, last) if row[x] != row[x - 1]]
    assert len(set(np.diff(changes).tolist())) == 1


def test_the_panel_comes_back_next_week(qtbot: QtBot, panel: ImaginationPanel) -> None:
    panel.restore({"method": "ascent", "digit": 7})
    other = ImaginationPanel()
    qtbot.addWidget(other)
    other.restore(panel.values())
    assert other.values() == {"method": "ascent", "digit": 7}
    other.restore({"method": "tea leaves", "digit": 12})
    assert other.values() == {"method": "ascent", "digit": 7}


@pytest.mark.parametrize("method", METHODS)
def test_a_real_network_fills_the_panel(panel: ImaginationPanel, method: str) -> None:
    panel.show_digits(imagine_all(mlp([784, 8, 10]), method))
    assert verdict(panel).startswith("Read as ")


def test_words_stand_beside_the_picture_or_below_it_where_there_is_height(
    qtbot: QtBot, panel: ImaginationPanel
) -> None:
    label = panel.findChild(QLabel, "verdict")
    assert label is not None
    assert label.x() > panel.large.geometry().right()
    panel.resize(400, 700)
    qtbot.waitUntil(lambda: label.y() > panel.large.geometry().bottom())
    assert panel.large.width() > 300

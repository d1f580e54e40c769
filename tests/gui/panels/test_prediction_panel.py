"""What is read, in words, in bars and for those who see neither."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QWidget

from gui.panels.prediction import PredictionPanel
from gui.percent import percent
from gui.theme import DARK, LIGHT, Theme, palette_of
from nn.recognition import NOT_A_DIGIT, NOTHING_DRAWN, SEVERAL_DIGITS, Prediction, prediction_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

SEVEN = prediction_of(np.array([0.0, 0.1, 0, 0, 0, 0, 0, 0.85, 0.05, 0]))
NO_SEVEN = Prediction(None, 0.0, SEVEN.probabilities, "This is no digit.")


@pytest.fixture
def panel(qtbot: QtBot) -> PredictionPanel:
    panel = PredictionPanel()
    panel.setPalette(palette_of(LIGHT))
    panel.resize(260, 260)
    qtbot.addWidget(panel)
    panel.show()
    return panel


def label(panel: PredictionPanel) -> QLabel:
    found = panel.findChild(QLabel, "prediction")
    assert found is not None
    return found


def bars(panel: PredictionPanel) -> QWidget:
    found = panel.findChild(QWidget, "bars")
    assert found is not None
    return found


@pytest.mark.parametrize("digit", range(10))
def test_the_text_begins_with_the_digit(panel: PredictionPanel, digit: int) -> None:
    panel.show_prediction(prediction_of(np.eye(10)[digit] * 0.9 + 0.01))
    assert label(panel).text() == f"{digit}  91 %"


def test_an_empty_pad_asks_for_a_digit(panel: PredictionPanel) -> None:
    assert label(panel).text() == "Draw a digit"
    panel.show_prediction(SEVEN)
    panel.show_prediction(NOTHING_DRAWN)
    assert label(panel).text() == "Draw a digit"
    assert bars(panel).accessibleDescription() == NOTHING_DRAWN.reason


def test_ink_that_is_no_digit_is_told_so(panel: PredictionPanel) -> None:
    panel.show_prediction(NO_SEVEN)
    assert label(panel).text() == "?  This is no digit."
    assert label(panel).accessibleDescription() == "This is no digit."
    assert bars(panel).accessibleDescription().startswith("This is no digit. If it were one: 7: 85 %, 1: 10 %")


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_of_what_is_no_digit_nothing_wins_and_the_bars_are_muted(panel: PredictionPanel, theme: Theme) -> None:
    panel.setPalette(palette_of(theme))
    panel.show_prediction(NO_SEVEN)
    image = bars(panel).grab().toImage()
    colors = {image.pixelColor(x, y).rgb() for x in range(image.width()) for y in range(image.height())}
    assert theme.accent.rgb() not in colors
    assert theme.bar.rgb() not in colors
    panel.show_prediction(SEVEN)
    assert bars(panel).grab().toImage() != image


def test_a_reason_of_two_sentences_fits_beside_the_sign(panel: PredictionPanel) -> None:
    panel.resize(panel.minimumSizeHint())
    panel.show_prediction(replace(NO_SEVEN, reason="This does not look like a digit. It comes nearest to 7."))
    beside = label(panel).grab().toImage()
    panel.show_prediction(replace(NO_SEVEN, reason="This does not look like a digit. It comes nearest to"))
    assert label(panel).grab().toImage() != beside  # the last word is seen


def test_what_is_no_number_names_no_digit_and_says_so(panel: PredictionPanel) -> None:
    panel.show_prediction(prediction_of(np.full(10, np.nan)))
    panel.grab()
    assert label(panel).text() == "?  The network's answer is not a number. Open another network."
    assert "nan" not in label(panel).accessibleDescription() + bars(panel).accessibleDescription()


@pytest.mark.parametrize("points", [9, 13])
@pytest.mark.parametrize("reason", [SEVERAL_DIGITS, f"{NOT_A_DIGIT} It comes nearest to 8."])
def test_no_letter_of_a_reason_is_cut_in_the_narrowest_window(
    panel: PredictionPanel, points: int, reason: str
) -> None:
    font = QFont(panel.font())
    font.setPointSizeF(points)
    panel.setFont(font)
    panel.show_prediction(replace(NO_SEVEN, reason=reason))
    panel.resize(183, max(240, panel.minimumSizeHint().height()))
    image = label(panel).grab().toImage()
    colors = [{image.pixelColor(x, y).rgb() for x in range(image.width())} for y in range(image.height())]
    assert len(colors[0]) == len(colors[-1]) == 1, "letters reach the edge"
    assert max(map(len, colors)) > 1


def test_the_second_guess_is_told(panel: PredictionPanel) -> None:
    panel.show_prediction(SEVEN)
    assert label(panel).accessibleDescription() == "7  85 %, or 1: 10 %"


def test_the_bars_describe_themselves_from_the_most_to_the_least_probable(panel: PredictionPanel) -> None:
    panel.show_prediction(SEVEN)
    assert bars(panel).accessibleDescription().startswith("7: 85 %, 1: 10 %, 8: 5 %, 0: 0 %")


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0 %"), (0.001, "<1 %"), (0.02, "2 %"), (0.5, "50 %"), (0.994, "99 %"), (0.9999, ">99 %"), (1, "100 %")],
)
def test_what_is_uncertain_never_looks_certain(share: float, text: str) -> None:
    assert percent(share) == text


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_bars_are_as_long_as_they_are_probable_and_the_winner_stands_out(
    panel: PredictionPanel, theme: Theme
) -> None:
    panel.setPalette(palette_of(theme))
    panel.show_prediction(SEVEN)
    image = bars(panel).grab().toImage()
    pitch = image.height() / 10

    def length(digit: int, color: object) -> int:
        row = round((digit + 0.5) * pitch)
        return sum(image.pixelColor(x, row) == color for x in range(image.width()))

    winner, second, none = length(7, theme.accent), length(1, theme.bar), length(3, theme.bar)
    assert winner > 60
    assert second == pytest.approx(winner * 0.1 / 0.85, abs=2)
    assert none == 0
    assert length(1, theme.accent) == 0


def test_the_panel_fits_into_little_room(panel: PredictionPanel) -> None:
    assert panel.minimumSizeHint().width() <= 200
    assert panel.minimumSizeHint().height() <= 260

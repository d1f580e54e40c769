"""Two tables of colours that can be read by everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QColor, QFont, QPalette

from gui import theme
from gui.theme import DARK, LIGHT, Theme, palette_of, scaled_font, theme_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

THEMES = pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])


def luminance(color: QColor) -> float:
    """Relative luminance as WCAG 2 defines it."""

    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF())


def contrast(first: QColor, second: QColor) -> float:
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


@THEMES
@pytest.mark.parametrize("letters", ["text", "muted", "accent", "error"])
def test_letters_can_be_read_on_everything_behind_them(colors: Theme, letters: str) -> None:
    for behind in ("window", "surface", "paper"):
        assert contrast(getattr(colors, letters), getattr(colors, behind)) >= 4.5, behind


@THEMES
def test_what_is_drawn_stands_out_from_its_background(colors: Theme) -> None:
    assert contrast(colors.ink, colors.paper) >= 12
    assert contrast(colors.text, colors.button) >= 4.5
    assert contrast(colors.on_accent, colors.accent) >= 4.5
    for curve in (colors.training, colors.validation):
        assert contrast(curve, colors.surface) >= 3
    assert contrast(colors.bar, colors.window) >= 2.5
    assert contrast(colors.accent, colors.track) >= 3


@THEMES
def test_heat_changes_its_lightness_in_one_direction(colors: Theme) -> None:
    steps = [luminance(color) for color in colors.heat]
    assert steps in (sorted(steps), sorted(steps, reverse=True))
    assert colors.heat[0] == colors.paper


@THEMES
def test_a_palette_leads_back_to_its_theme(qtbot: QtBot, colors: Theme) -> None:
    assert theme_of(palette_of(colors)) is colors


def test_a_foreign_palette_is_judged_by_its_lightness(qtbot: QtBot) -> None:
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Window, QColor("#101010"))
    palette.setColor(QPalette.ColorRole.WindowText, QColor("#eeeeee"))
    assert theme_of(palette) is DARK


def test_mixing_ends_at_either_color() -> None:
    black, white = QColor("#000000"), QColor("#ffffff")
    assert theme.mixed(black, white, 0) == black
    assert theme.mixed(black, white, 1) == white
    assert theme.mixed(black, white, 0.2) == QColor(51, 51, 51)


def test_fonts_scale_in_points_and_in_pixels(qtbot: QtBot) -> None:
    points, pixels = QFont(), QFont()
    points.setPointSizeF(10)
    pixels.setPixelSize(20)
    assert scaled_font(points, 1.5).pointSizeF() == 15
    assert scaled_font(pixels, 1.5, bold=True).pixelSize() == 30
    assert scaled_font(pixels, 1.5, bold=True).bold()

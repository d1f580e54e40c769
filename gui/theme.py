"""The colours, distances and letters of the window, as two tables: one for light, one for dark.

The system says which of the two it wants; the window's palette is made from that table, and a widget that paints
for itself asks ``theme_of(self.palette())`` while it paints and repaints on ``QEvent.Type.PaletteChange``. So
the palette is the only thing that ever travels, and nothing needs to be told about themes.

Training and validation are told apart by Okabe and Ito's blue and orange, which stay apart for every kind of
colour blindness, and by a solid and a dashed line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QFont, QPalette

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

SPACING = 8
"""Between neighbours, in device-independent pixels."""

MARGIN = 12
"""Between a panel's edge and what it shows."""

RADIUS = 6
"""Of rounded corners."""

SMALL, HEADING, DISPLAY = 0.9, 1.15, 3.0
"""Sizes of letters as multiples of the system's own, so that a person's choice of size is kept."""

TRAINING_LINE, VALIDATION_LINE = Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine


@dataclass(frozen=True, slots=True)
class Theme:
    """Every colour the window paints with. Never change one of them in place: they are shared."""

    is_dark: bool
    window: QColor
    surface: QColor
    """Behind lists, fields and plots."""
    button: QColor
    paper: QColor
    ink: QColor
    text: QColor
    muted: QColor
    """Text of the second rank: hints and captions."""
    accent: QColor
    """The winner among the ten, the focus, what is chosen."""
    on_accent: QColor
    bar: QColor
    """The nine that did not win."""
    track: QColor
    """The empty part of a bar."""
    border: QColor
    training: QColor
    validation: QColor
    error: QColor
    heat: tuple[QColor, ...]
    """From nothing to most, equally far apart, lightness rising or falling all the way."""


def _colors(*names: str) -> tuple[QColor, ...]:
    return tuple(QColor(name) for name in names)


LIGHT = Theme(
    is_dark=False,
    window=QColor("#f3f1ec"),
    surface=QColor("#fbfaf7"),
    button=QColor("#ebe8e1"),
    paper=QColor("#fffefa"),
    ink=QColor("#1b2238"),
    text=QColor("#1f2430"),
    muted=QColor("#5a6070"),
    accent=QColor("#0a62a4"),
    on_accent=QColor("#ffffff"),
    bar=QColor("#858d9c"),
    track=QColor("#e2dfd8"),
    border=QColor("#c3beb3"),
    training=QColor("#0072b2"),
    validation=QColor("#d55e00"),
    error=QColor("#b3261e"),
    heat=_colors("#fffefa", "#fbdcab", "#ee9457", "#bd3f52", "#641d60", "#1d1033"),
)

DARK = Theme(
    is_dark=True,
    window=QColor("#1f2127"),
    surface=QColor("#191b20"),
    button=QColor("#2c2f38"),
    paper=QColor("#14161a"),
    ink=QColor("#f1ede2"),
    text=QColor("#e8e6e1"),
    muted=QColor("#a3a8b4"),
    accent=QColor("#6cb8f0"),
    on_accent=QColor("#10151c"),
    bar=QColor("#7a8190"),
    track=QColor("#30333d"),
    border=QColor("#474b57"),
    training=QColor("#56b4e9"),
    validation=QColor("#e69f00"),
    error=QColor("#ff8a80"),
    heat=_colors("#14161a", "#3c1f5c", "#8d2f68", "#d65847", "#f2a947", "#fff1c2"),
)


def theme_of(palette: QPalette) -> Theme:
    """Tell the table that fits a palette: the dark one where letters are lighter than what is behind them."""
    letters, behind = palette.windowText().color(), palette.window().color()
    return DARK if letters.lightness() > behind.lightness() else LIGHT


def palette_of(theme: Theme) -> QPalette:
    """Make the palette that the standard widgets paint with."""
    palette = QPalette(theme.button, theme.window)
    for role, color in (
        (QPalette.ColorRole.Window, theme.window),
        (QPalette.ColorRole.WindowText, theme.text),
        (QPalette.ColorRole.Base, theme.surface),
        (QPalette.ColorRole.AlternateBase, theme.window),
        (QPalette.ColorRole.Text, theme.text),
        (QPalette.ColorRole.PlaceholderText, theme.muted),
        (QPalette.ColorRole.Button, theme.button),
        (QPalette.ColorRole.ButtonText, theme.text),
        (QPalette.ColorRole.Highlight, theme.accent),
        (QPalette.ColorRole.HighlightedText, theme.on_accent),
        (QPalette.ColorRole.Accent, theme.accent),
        (QPalette.ColorRole.Link, theme.accent),
        (QPalette.ColorRole.ToolTipBase, theme.surface),
        (QPalette.ColorRole.ToolTipText, theme.text),
    ):
        palette.setColor(role, color)
    faint = mixed(theme.window, theme.text, 0.45)
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, faint)
    return palette


def apply(application: QApplication) -> None:
    """Dress the application, now and whenever the system turns light or dark.

    Fusion is Qt's own style: the window looks the same on every desktop, and follows its palette to the letter.
    """
    application.setStyle("Fusion")
    follower = application.findChild(_Follower) or _Follower(application)
    follower.follow()


class _Follower(QObject):
    """Puts the palette on that the system's colour scheme asks for."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        # A system that names no scheme is judged by its own palette, as it was before ours replaced it.
        self._without_scheme = theme_of(application.palette())
        application.styleHints().colorSchemeChanged.connect(self.follow)

    def follow(self) -> None:
        scheme = self._application.styleHints().colorScheme()
        known = {Qt.ColorScheme.Dark: DARK, Qt.ColorScheme.Light: LIGHT}
        self._application.setPalette(palette_of(known.get(scheme, self._without_scheme)))


def mixed(first: QColor, second: QColor, share: float) -> QColor:
    """Blend two colours; share 0 is all of the first, 1 all of the second."""
    pairs = zip(first.getRgb(), second.getRgb(), strict=True)  # type: ignore[call-overload]
    return QColor(*(round(a + (b - a) * share) for a, b in pairs))


def scaled_font(font: QFont, factor: float, *, bold: bool = False) -> QFont:
    """Make a font ``factor`` times as large, whether the system counts its size in points or in pixels."""
    scaled = QFont(font)
    if font.pointSizeF() > 0:
        scaled.setPointSizeF(font.pointSizeF() * factor)
    else:
        scaled.setPixelSize(round(font.pixelSize() * factor))
    scaled.setBold(bold or font.bold())
    return scaled

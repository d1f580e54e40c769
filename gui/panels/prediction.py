"""What the network reads: the digit, how sure it is, and ten bars; or that it is none, and why.

The winner is told three times over, by its colour, by bold letters and by the words above, so that nobody needs to
see colours; for those who see nothing at all, the bars describe themselves in words.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from gui.percent import percent
from gui.theme import DISPLAY, HEADING, SPACING, Theme, scaled_font, theme_of
from nn.compat import override
from nn.recognition import NOTHING_DRAWN, Prediction

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

_GAP = "  "
"""Between the digit, or the sign that it is none, and what is said about it, in the text of the reading."""

REFUSED = "?"
"""Stands where the digit would be."""

REASON_LINES = 3
"""As many lines as a reason takes in the narrowest window."""

_MUTED = 0.45
"""How strongly the bars of what is no digit are painted."""


class PredictionPanel(QWidget):
    """Shows one `Prediction`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("prediction_panel")
        self._reading, self._bars = _Reading(), _Bars()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(self._reading)
        layout.addWidget(self._bars, 1)
        self.show_prediction(NOTHING_DRAWN)

    def show_prediction(self, prediction: Prediction) -> None:
        """Show what was read, or why nothing was."""
        self._reading.show_prediction(prediction)
        self._bars.show_prediction(prediction)


class _Reading(QLabel):
    """The digit large, with how sure it is beside it, or a question mark with the reason; its text begins so."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("prediction")
        self.setAccessibleName(self.tr("Prediction"))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._second_line = ""

    def show_prediction(self, prediction: Prediction) -> None:
        if prediction.digit is None:
            is_blank = prediction.reason in ("", NOTHING_DRAWN.reason)
            text = self.tr("Draw a digit") if is_blank else f"{REFUSED}{_GAP}{prediction.reason}"
            second_line = ""
        else:
            text = f"{prediction.digit}{_GAP}{percent(prediction.confidence)}"
            second, share = prediction.second, percent(prediction.probabilities[prediction.second])
            second_line = self.tr("or {digit}: {share}").format(digit=second, share=share)
        if (text, second_line) != (self.text(), self._second_line):
            self._second_line = second_line
            self.setText(text)
            told = text.removeprefix(f"{REFUSED}{_GAP}")
            self.setAccessibleDescription(f"{told}, {second_line}" if second_line else told)

    def _large(self) -> QFont:
        return scaled_font(self.font(), DISPLAY, bold=True)

    @override
    def sizeHint(self) -> QSize:
        digit = QFontMetricsF(self._large()).capHeight() * 1.5
        reason = QFontMetricsF(self.font()).lineSpacing() * REASON_LINES
        return QSize(160, math.ceil(max(digit, reason)))

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = theme_of(self.palette())
        sign, gap, words = self.text().partition(_GAP)
        if not gap:
            self._paint_words(painter, theme, 0, HEADING)
        elif sign == REFUSED:
            self._paint_words(painter, theme, self._paint_sign(painter, theme.muted, sign), 1)
        else:
            self._paint_shares(painter, theme, self._paint_sign(painter, theme.accent, sign), words)
        painter.end()

    def _paint_sign(self, painter: QPainter, color: QColor, sign: str) -> float:
        """Paint the digit, or what stands in its place, and return where there is room beside it."""
        large = self._large()
        painter.setFont(large)
        painter.setPen(color)
        painter.drawText(0, round(self.height() / 2 + QFontMetricsF(large).capHeight() / 2), sign)
        return QFontMetricsF(large).horizontalAdvance("0") + SPACING

    def _paint_words(self, painter: QPainter, theme: Theme, left: float, size: float) -> None:
        painter.setPen(theme.text if left else theme.muted)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        words, room = self.text().rpartition(_GAP)[2], QRectF(self.rect()).adjusted(left, 0, 0, 0)
        # With large letters in a narrow window only smaller ones show all of a long reason.
        for share in (1.0, 0.9, 0.8, 0.7):
            painter.setFont(scaled_font(self.font(), share * size))
            if painter.boundingRect(room, flags, words).height() <= room.height():
                break
        painter.drawText(room, flags, words)

    def _paint_shares(self, painter: QPainter, theme: Theme, left: float, confidence: str) -> None:
        middle, cap = self.height() / 2, QFontMetricsF(self._large()).capHeight()
        rows = (
            (confidence, scaled_font(self.font(), HEADING, bold=True), theme.text),
            (self._second_line, self.font(), theme.muted),
        )
        for (text, font, color), baseline in zip(rows, self._baselines(middle, cap), strict=True):
            painter.setFont(font)
            painter.setPen(color)
            painter.drawText(round(left), round(baseline), text)

    def _baselines(self, middle: float, cap: float) -> tuple[float, float]:
        """Align the two lines with the top and the foot of the digit, where the letters allow it."""
        line = QFontMetricsF(scaled_font(self.font(), HEADING, bold=True)).capHeight()
        return middle - cap / 2 + line, middle + cap / 2


class _Bars(QWidget):
    """A bar for each digit: the digit on the left, the percentage on the right."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("bars")
        self.setAccessibleName(self.tr("Probabilities of the ten digits"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._prediction = NOTHING_DRAWN
        self._describe()

    def show_prediction(self, prediction: Prediction) -> None:
        if prediction != self._prediction:
            self._prediction = prediction
            self._describe()
            self.update()

    def _describe(self) -> None:
        """Say in words what the bars show, the most probable first."""
        prediction = self._prediction
        shares = ", ".join(f"{digit}: {percent(prediction.probabilities[digit])}" for digit in prediction.ranking)
        if prediction.is_refused:
            words = self.tr("{reason} If it were one: {shares}").format(reason=prediction.reason, shares=shares)
            self.setAccessibleDescription(words)
        else:
            self.setAccessibleDescription(prediction.reason if prediction.digit is None else shares)

    def _row_height(self) -> float:
        return QFontMetricsF(self.font()).height()

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, round(self._row_height() * 13))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(140, round(self._row_height() * 10))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = theme_of(self.palette())
        for digit in range(10):
            self._paint_row(painter, theme, digit)
        painter.end()

    def _paint_row(self, painter: QPainter, theme: Theme, digit: int) -> None:
        pitch = self.height() / 10
        row = QRectF(0, digit * pitch, self.width(), pitch)
        wins, share = digit == self._prediction.digit, self._prediction.probabilities[digit]
        font = scaled_font(self.font(), 1, bold=wins)
        letters = QFontMetricsF(scaled_font(self.font(), 1, bold=True))
        left, right = letters.horizontalAdvance("0") + SPACING, letters.horizontalAdvance(">99 %") + SPACING
        painter.setFont(font)
        painter.setPen(theme.text if wins else theme.muted)
        painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, str(digit))
        if self._prediction.digit is not None:
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, percent(share))
        if self._prediction.is_refused:
            painter.setOpacity(_MUTED)
        thick = min(pitch * 0.55, self._row_height() * 0.8)
        groove = QRectF(left, row.center().y() - thick / 2, max(0.0, self.width() - left - right), thick)
        _paint_bar(painter, groove, share, (theme.track, theme.accent if wins else theme.bar))
        painter.setOpacity(1)


def _paint_bar(painter: QPainter, groove: QRectF, share: float, colors: tuple[QColor, QColor]) -> None:
    radius = min(3.0, groove.height() / 2)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colors[0])
    painter.drawRoundedRect(groove, radius, radius)
    filled = QRectF(groove)
    filled.setWidth(groove.width() * share)
    if filled.width() >= 0.5:
        painter.setBrush(colors[1])
        painter.drawRoundedRect(filled, min(radius, filled.width() / 2), radius)

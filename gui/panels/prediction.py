"""What the network reads: the digit, how sure it is, and ten bars.

The winner is told three times over, by its colour, by bold letters and by the words above, so that nobody needs to
see colours; for those who see nothing at all, the bars describe themselves in words.
"""

from __future__ import annotations

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
"""Between the digit and how sure it is, in the text of the reading."""


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
    """The digit large, with how sure it is beside it; its text begins with the digit."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("prediction")
        self.setAccessibleName(self.tr("Prediction"))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._second_line = ""

    def show_prediction(self, prediction: Prediction) -> None:
        if prediction.digit is None:
            blank = prediction.reason in ("", NOTHING_DRAWN.reason)
            text = self.tr("Draw a digit") if blank else prediction.reason
            second_line = ""
        else:
            text = f"{prediction.digit}{_GAP}{percent(prediction.confidence)}"
            second, share = prediction.second, percent(prediction.probabilities[prediction.second])
            second_line = self.tr("or {digit}: {share}").format(digit=second, share=share)
        if (text, second_line) != (self.text(), self._second_line):
            self._second_line = second_line
            self.setText(text)
            self.setAccessibleDescription(f"{text}, {second_line}" if second_line else text)

    def _large(self) -> QFont:
        return scaled_font(self.font(), DISPLAY, bold=True)

    @override
    def sizeHint(self) -> QSize:
        height = QFontMetricsF(self._large()).capHeight() * 1.5
        return QSize(160, round(height))

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = theme_of(self.palette())
        digit, gap, confidence = self.text().partition(_GAP)
        if gap and self._second_line:
            self._paint_digit(painter, theme, digit, confidence)
        else:
            painter.setPen(theme.muted)
            painter.setFont(scaled_font(self.font(), HEADING))
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(QRectF(self.rect()), flags, self.text())
        painter.end()

    def _paint_digit(self, painter: QPainter, theme: Theme, digit: str, confidence: str) -> None:
        large, middle = self._large(), self.height() / 2
        cap = QFontMetricsF(large).capHeight()
        painter.setFont(large)
        painter.setPen(theme.accent)
        painter.drawText(0, round(middle + cap / 2), digit)
        left = QFontMetricsF(large).horizontalAdvance("0") + SPACING
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
        if prediction.digit is None:
            self.setAccessibleDescription(prediction.reason)
        else:
            shares = (f"{digit}: {percent(prediction.probabilities[digit])}" for digit in prediction.ranking)
            self.setAccessibleDescription(", ".join(shares))

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
        thick = min(pitch * 0.55, self._row_height() * 0.8)
        groove = QRectF(left, row.center().y() - thick / 2, max(0.0, self.width() - left - right), thick)
        _paint_bar(painter, groove, share, (theme.track, theme.accent if wins else theme.bar))


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

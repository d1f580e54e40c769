"""What the network sees: the 28 x 28 frame, magnified by a whole number so that each pixel is a crisp square."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPalette, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from gui.theme import DARK, LIGHT, SMALL, SPACING, Theme, mixed, scaled_font, theme_of
from nn.compat import override
from nn.ink.frame import FRAME

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from nn.arrays import Bytes


@cache
def _shades(*, is_dark: bool) -> list[int]:
    """Mix the 256 shades from paper to ink, once: for each picture it would take longer than reading the digit."""
    theme = DARK if is_dark else LIGHT
    return [mixed(theme.paper, theme.ink, share / 255).rgb() for share in range(256)]


class FramePanel(QWidget):
    """Shows one frame, with a line that says what it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("frame_panel")
        self._picture = _Picture()
        self._caption = QLabel(self.tr("what the network sees"))
        self._caption.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._caption.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._caption.setFont(scaled_font(self._caption.font(), SMALL))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING // 2)
        layout.addWidget(self._picture, 1)
        layout.addWidget(self._caption)

    def show_frame(self, frame: Bytes) -> None:
        """Show a frame: uint8 (28, 28), 0 paper, 255 ink."""
        self._picture.show_frame(frame)


class _Picture(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("frame")
        self.setAccessibleName(self.tr("What the network sees"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._frame: Bytes = np.zeros((FRAME, FRAME), dtype=np.uint8)
        self._describe()

    def show_frame(self, frame: Bytes) -> None:
        if not np.array_equal(frame, self._frame):
            self._frame = np.array(frame)
            self._describe()
            self.update()

    def _describe(self) -> None:
        blank = not self._frame.any()
        self.setAccessibleDescription(
            self.tr("Nothing yet.") if blank else self.tr("Your digit, 28 pixels wide and high.")
        )

    @override
    def sizeHint(self) -> QSize:
        return QSize(5 * FRAME, 5 * FRAME)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(2 * FRAME + 2, 2 * FRAME + 2)

    def square(self) -> QRectF:
        """Tell where the frame is painted: a whole number of the screen's own pixels for each of its pixels."""
        ratio = self.devicePixelRatioF()
        room = min(self.width(), self.height()) - 2
        side = max(1, int(room * ratio / FRAME)) * FRAME
        left, top = (round((extent * ratio - side) / 2) / ratio for extent in (self.width(), self.height()))
        return QRectF(left, top, side / ratio, side / ratio)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        theme, square = theme_of(self.palette()), self.square()
        painter = QPainter(self)
        painter.drawImage(square, self._image(theme))
        if not self._frame.any():
            self._paint_empty(painter, theme, square)
        edge = 1 / self.devicePixelRatioF()
        painter.setPen(QPen(theme.border, edge))
        painter.drawRect(square.adjusted(-edge / 2, -edge / 2, edge / 2, edge / 2))
        painter.end()

    def _image(self, theme: Theme) -> QImage:
        frame = self._frame
        image = QImage(frame.data, FRAME, FRAME, FRAME, QImage.Format.Format_Indexed8)
        image.setColorTable(_shades(is_dark=theme.is_dark))
        return image

    def _paint_empty(self, painter: QPainter, theme: Theme, square: QRectF) -> None:
        """Mark the box of 20 x 20 that the digit will be fitted into."""
        inset = square.width() * 4 / FRAME
        painter.setPen(QPen(theme.border, 1, Qt.PenStyle.DotLine))
        painter.drawRect(square.adjusted(inset, inset, -inset, -inset))

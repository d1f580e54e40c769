"""Pictures of 28 x 28 numbers as colours from nothing to most: one to look at, and a small one to press.

Every number becomes a square of whole pixels of the screen, so that edges are crisp at any scale factor.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QImage, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from gui.theme import SMALL, scaled_font, theme_of
from nn.compat import override

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nn.arrays import Bytes, Float32

SHADES = 256

SMALL_SCALE = 4
"""Pixels of the screen for each number, below which a picture is a small one."""

LONGEST_CAPTION = "✗ 0 · >99 %"
"""What a thumbnail has room for, however small it is."""


def shades(colors: Sequence[QColor]) -> Bytes:
    """Spread colours, equally far apart, over 256 shades: shape (256, 4), blue, green, red, alpha."""
    stops = np.linspace(0, SHADES - 1, len(colors))
    channels = np.array([[c.blue(), c.green(), c.red(), 255] for c in colors], np.float32)
    spread = [np.interp(np.arange(SHADES), stops, channels[:, channel]) for channel in range(4)]
    return np.rint(np.stack(spread, axis=1)).astype(np.uint8)


def heat_image(picture: Float32, colors: Sequence[QColor]) -> QImage:
    """Colour a picture, shape (h, w), 0..1: one pixel a number."""
    levels = np.rint(np.clip(np.nan_to_num(picture), 0, 1) * (SHADES - 1)).astype(np.uint8)
    pixels = np.ascontiguousarray(shades(colors)[levels])
    height, width = levels.shape
    # The copy owns its pixels; the first image only looks at numpy's.
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()


def paint_crisp(painter: QPainter, image: QImage, place: QRect, *, fills: bool = False) -> QRectF:
    """Paint an image as large as fits in `place` with whole pixels of the screen, centred; return where it is.

    One that `fills` its place does without whole pixels, so that neighbours in places of nearly the same size are
    of nearly the same size.
    """
    ratio = painter.device().devicePixelRatio()
    scale = min(place.width() * ratio / image.width(), place.height() * ratio / image.height())
    is_small = fills or scale < SMALL_SCALE
    if is_small:
        # Whole pixels would waste too much of so small a place. Enlarged to whole pixels first and then shrunk a
        # little, squares stay equally wide and nearly as sharp.
        image = image.scaled(image.size() * math.ceil(scale))
        scale /= math.ceil(scale)
    else:
        scale = math.floor(scale)
    size = round(scale * image.width()) / ratio, round(scale * image.height()) / ratio
    left = place.x() + math.floor((place.width() - size[0]) / 2 * ratio) / ratio
    top = place.y() + math.floor((place.height() - size[1]) / 2 * ratio) / ratio
    target = QRectF(left, top, *size)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=is_small)
    painter.drawImage(target, image)
    return target


class HeatMap(QWidget):
    """A picture of numbers 0..1 as colours."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture: Float32 | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_picture(self, picture: Float32) -> None:
        """Show numbers of shape (28, 28), 0..1."""
        self._picture = picture
        self.update()

    def clear(self) -> None:
        """Show an empty square."""
        self._picture = None
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(140, 140)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        _paint_framed(painter, self._picture, self.rect().adjusted(1, 1, -1, -1), self)


class Thumbnail(QAbstractButton):
    """A small heat map to press, with a caption; arrow keys ask for its neighbours.

    Parameters
    ----------
    digit
        Which one it is.
    columns
        How many stand in a row of the grid it is part of: what up and down mean.
    """

    moved = Signal(int)
    """The digit that an arrow key asks for; it may be out of range."""

    def __init__(self, digit: int, columns: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.digit = digit
        self._columns = columns
        self._picture: Float32 | None = None
        self.caption, self._agrees = "", True
        self.setObjectName(f"imagined_{digit}")
        self.setAccessibleName(self.tr("Imagined {0}").format(digit))
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_picture(self, picture: Float32, caption: str, *, agrees: bool) -> None:
        """Show numbers of shape (28, 28), 0..1, and their reading; `agrees` if that is the digit itself."""
        self._picture, self.caption, self._agrees = picture, caption, agrees
        self.update()

    def clear(self) -> None:
        """Show an empty square."""
        self._picture, self.caption, self._agrees = None, "", True
        self.update()

    @override
    def minimumSizeHint(self) -> QSize:
        caption = QFontMetrics(scaled_font(self.font(), SMALL)).horizontalAdvance(LONGEST_CAPTION)
        return QSize(max(46, caption), 46 + self._caption_height())

    @override
    def sizeHint(self) -> QSize:
        return QSize(62, 62 + self._caption_height())

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        way = {
            Qt.Key.Key_Left.value: -1,
            Qt.Key.Key_Right.value: 1,
            Qt.Key.Key_Up.value: -self._columns,
            Qt.Key.Key_Down.value: self._columns,
        }.get(event.key())
        if way is None:
            super().keyPressEvent(event)
        else:
            self.moved.emit(self.digit + way)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = theme_of(self.palette())
        place = self.rect().adjusted(3, 3, -3, -self._caption_height())
        target = _paint_framed(painter, self._picture, place, self, fills=True)
        if self.isChecked() or self.hasFocus():
            style = Qt.PenStyle.SolidLine if self.isChecked() else Qt.PenStyle.DotLine
            painter.setPen(QPen(theme.accent, 3 if self.hasFocus() and self.isChecked() else 2, style))
            painter.drawRect(target.adjusted(-1, -1, 1, 1))
        painter.setFont(scaled_font(self.font(), SMALL))
        painter.setPen(theme.text if self._agrees else theme.error)
        # From the lower edge: neighbours may differ by a pixel in width, and their captions stand in one line.
        below = self._caption_height()
        caption = QRect(0, self.height() - below + 2, self.width(), below - 2)
        shown = painter.fontMetrics().elidedText(self.caption, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(caption, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, shown)

    def limit_height(self, width: int) -> None:
        """Take no more height than a picture of this width needs."""
        self.setMaximumHeight(max(self.minimumSizeHint().height(), width + self._caption_height()))

    def _caption_height(self) -> int:
        return self.fontMetrics().height() + 3


def _paint_framed(
    painter: QPainter, picture: Float32 | None, place: QRect, widget: QWidget, *, fills: bool = False
) -> QRectF:
    """Paint a picture, or an empty square, with a thin line around it; return where it is."""
    theme = theme_of(widget.palette())
    if picture is None:
        side = min(place.width(), place.height())
        target = QRectF(QPointF(place.center()) - QPointF(side / 2, side / 2), QSize(side, side).toSizeF())
        painter.fillRect(target, theme.heat[0])
    else:
        target = paint_crisp(painter, heat_image(picture, theme.heat), place, fills=fills)
    painter.setPen(QPen(theme.border, 1))
    painter.drawRect(target.adjusted(-0.5, -0.5, 0.5, 0.5))
    return target

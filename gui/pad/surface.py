"""The paper as it is seen: finished ink from a cache, live ink on top, and only what changed painted again.

Finished strokes are painted once into a pixmap with the screen's own pixels, and stay there until the size, the
screen, the colours or the strokes change; a stroke more is added to it. A second pixmap takes the pieces of a long
live stroke that will not change any more. What remains for each movement of the pen is one small rectangle and the
last piece, however long the stroke.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.pad.document import SIDE, Document
from gui.pad.ink import ink_of
from gui.theme import HEADING, RADIUS, Theme, scaled_font, theme_of
from nn.compat import override
from nn.ink.strokes import Drawing, Stroke

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from gui.pad.gestures import Gesture
    from gui.pad.picture import Picture
    from nn.arrays import Bytes


@dataclass(slots=True)
class _Live:
    """The finished ink, as it was under `key`, and on it so many pieces of a gesture."""

    gesture: Gesture
    key: int
    pixmap: QPixmap
    pieces: int = 0


class Surface(QWidget):
    """Shows a document, and the gesture that is under way."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._gesture: Gesture | None = None
        self._cache = QPixmap()
        self._cached: tuple[Stroke, ...] = ()
        self._cached_theme: Theme | None = None
        self._live: _Live | None = None
        document.changed.connect(self._refresh)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 120)

    @override
    def sizeHint(self) -> QSize:
        return QSize(400, 400)

    # Where things are

    def paper(self) -> QRectF:
        """Tell where the square of paper lies in the widget, in the widget's pixels."""
        side = max(1, min(self.width(), self.height()))
        return QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)

    def to_units(self, position: QPointF) -> QPointF:
        """Turn a place in the widget into canvas units; a place beside the paper becomes the nearest on it."""
        paper = self.paper()
        units = (position - paper.topLeft()) * (SIDE / paper.width())
        return QPointF(min(max(units.x(), 0.0), SIDE), min(max(units.y(), 0.0), SIDE))

    def to_pixels(self, units: QPointF) -> QPointF:
        """Turn canvas units into a place in the widget."""
        paper = self.paper()
        return paper.topLeft() + units * (paper.width() / SIDE)

    def update_units(self, changed: QRectF) -> None:
        """Have a part of the paper painted again; the part is in canvas units."""
        if not changed.isEmpty():
            pixels = QRectF(self.to_pixels(changed.topLeft()), self.to_pixels(changed.bottomRight()))
            self.update(pixels.toAlignedRect().adjusted(-1, -1, 1, 1))

    # What is shown

    def live_drawing(self) -> Drawing:
        """Tell what is on the paper as it looks at this moment, with the gesture that is under way."""
        added = () if self._gesture is None else self._gesture.added()
        return Drawing(self._kept() + added)

    @property
    def has_picture(self) -> bool:
        """Whether a picture is to be seen on the paper."""
        return self._picture() is not None

    def picture_frame(self) -> Bytes | None:
        """Tell the frame of the picture that is to be seen in place of a drawing, if there is one."""
        picture = self._picture()
        return None if picture is None else picture.frame

    def _picture(self) -> Picture | None:
        # A gesture shows the paper as it will be, and every gesture takes the picture away.
        return self._document.picture if self._gesture is None else None

    def _kept(self) -> tuple[Stroke, ...]:
        strokes = self._document.strokes
        return strokes if self._gesture is None else self._gesture.kept(strokes)

    def _refresh(self) -> None:
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPixmap(QPointF(), self._settled(theme))
        picture = self._picture()
        if picture is not None:
            painter.drawImage(picture.fitted(self.paper()), picture.image)
        ink = None if self._gesture is None else self._gesture.ink
        if ink is not None:
            painter.save()
            painter.setClipRect(event.rect())
            self._scale(painter)
            ink.paint(painter, theme.ink, ink.settled)
            painter.restore()
        if self._gesture is None and self._document.is_blank:
            self._paint_hint(painter, theme)
        self._paint_border(painter, theme)
        self._scale(painter)
        self._paint_above(painter, theme)
        painter.end()

    def _paint_above(self, painter: QPainter, theme: Theme) -> None:
        """Paint what lies above the ink, in canvas units; for those who build on this."""

    def _paint_hint(self, painter: QPainter, theme: Theme) -> None:
        painter.setPen(theme.muted)
        painter.setFont(scaled_font(self.font(), HEADING))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(self.paper().adjusted(12, 12, -12, -12), flags, self.tr("Draw a digit here"))

    def _paint_border(self, painter: QPainter, theme: Theme) -> None:
        width = 2 if self.hasFocus() else 1
        painter.setPen(QPen(theme.accent if self.hasFocus() else theme.border, width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inset = width / 2
        painter.drawRoundedRect(self.paper().adjusted(inset, inset, -inset, -inset), RADIUS, RADIUS)

    def _scale(self, painter: QPainter) -> None:
        paper = self.paper()
        painter.setClipRect(paper, Qt.ClipOperation.IntersectClip)
        painter.translate(paper.topLeft())
        painter.scale(paper.width() / SIDE, paper.height() / SIDE)

    def _settled(self, theme: Theme) -> QPixmap:
        """Give the paper with the ink that will not change: finished strokes, and settled pieces of a live one."""
        finished = self._finished(theme)
        gesture = self._gesture
        ink = None if gesture is None else gesture.ink
        if gesture is None or ink is None or not ink.settled:
            self._live = None
            return finished
        live = self._live
        if live is None or live.gesture is not gesture or live.key != finished.cacheKey():
            live = self._live = _Live(gesture, finished.cacheKey(), QPixmap(finished))
        if ink.settled > live.pieces:
            painter = self._painter_on(live.pixmap)
            ink.paint(painter, theme.ink, live.pieces, ink.settled)
            painter.end()
            live.pieces = ink.settled
        return live.pixmap

    def _finished(self, theme: Theme) -> QPixmap:
        """Give the paper with all finished strokes, painting only those that are not on it yet."""
        kept = self._kept()
        ratio = self.devicePixelRatioF()
        pixels = QSize(ceil(self.width() * ratio), ceil(self.height() * ratio))
        fits = self._cache.size() == pixels and self._cache.devicePixelRatio() == ratio
        if not fits or self._cached_theme is not theme or kept[: len(self._cached)] != self._cached:
            self._cache = self._blank(pixels, ratio, theme)
            self._cached, self._cached_theme = (), theme
            self._live = None
        if len(kept) > len(self._cached):
            self._ink(kept[len(self._cached) :], theme)
            self._cached, self._live = kept, None
        return self._cache

    def _blank(self, pixels: QSize, ratio: float, theme: Theme) -> QPixmap:
        pixmap = QPixmap(pixels)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(theme.window)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.paper)
        painter.drawRoundedRect(self.paper(), RADIUS, RADIUS)
        painter.end()
        return pixmap

    def _ink(self, strokes: tuple[Stroke, ...], theme: Theme) -> None:
        live, ink, pieces = self._live, None, 0
        if live is not None and live.gesture is not self._gesture and live.gesture.added() == strokes[:1]:
            # This stroke was live until now, and most of it is painted.
            self._cache, ink, pieces = live.pixmap, live.gesture.ink, live.pieces
        painter = self._painter_on(self._cache)
        for stroke in strokes:
            (ink or ink_of(stroke)).paint(painter, theme.ink, pieces)
            ink, pieces = None, 0
        painter.end()

    def _painter_on(self, pixmap: QPixmap) -> QPainter:
        """Return a painter that works in canvas units."""
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._scale(painter)
        return painter

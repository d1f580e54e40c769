"""The icons of the pad, drawn by a few lines each on a square of 24, in the colours of the theme.

Vectors of our own stay sharp at every resolution and follow light and dark; no picture file does both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QCursor, QIcon, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from gui.theme import Theme, mixed

if TYPE_CHECKING:
    from collections.abc import Callable

SIZE = 24
_RATIOS = (1.0, 2.0, 3.0)


def icon(name: str, theme: Theme) -> QIcon:
    """Make an icon by its name, for every screen, also greyed out and chosen."""
    made = QIcon()
    faint = mixed(theme.window, theme.text, 0.4)
    for mode, color in ((QIcon.Mode.Normal, theme.text), (QIcon.Mode.Disabled, faint)):
        for ratio in _RATIOS:
            made.addPixmap(_pixmap(name, color, ratio), mode)
    return made


def _pixmap(name: str, color: QColor, ratio: float) -> QPixmap:
    pixmap, painter = _canvas(SIZE, ratio)
    pen = QPen(color, 1.8)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    _ICONS[name](painter)
    painter.end()
    return pixmap


def _canvas(side: int, ratio: float) -> tuple[QPixmap, QPainter]:
    pixmap = QPixmap(round(side * ratio), round(side * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return pixmap, painter


def _polygon(*corners: tuple[float, float]) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in corners])


def _pen(painter: QPainter) -> None:
    painter.drawPolygon(_polygon((16, 4), (20, 8), (8.5, 19.5), (3.5, 20.5), (4.5, 15.5)))
    painter.drawLine(QPointF(13.5, 6.5), QPointF(17.5, 10.5))


def _eraser(painter: QPainter) -> None:
    painter.drawPolygon(_polygon((13.5, 4), (20, 10.5), (11.5, 19), (8, 19), (3.5, 14.5), (3.5, 14)))
    painter.drawLine(QPointF(8.5, 9), QPointF(15, 15.5))
    painter.drawLine(QPointF(8, 19), QPointF(20, 19))


def _undo(painter: QPainter) -> None:
    path = QPainterPath(QPointF(4.5, 9))
    path.lineTo(14, 9)
    path.arcTo(QRectF(9, 9, 10.5, 10), 90, -180)
    path.lineTo(9, 19)
    painter.drawPath(path)
    painter.drawPolyline(_polygon((8.5, 5), (4.5, 9), (8.5, 13)))


def _redo(painter: QPainter) -> None:
    painter.translate(SIZE, 0)
    painter.scale(-1, 1)
    _undo(painter)


def _clear(painter: QPainter) -> None:
    painter.drawLine(QPointF(4.5, 6.5), QPointF(19.5, 6.5))
    painter.drawPolyline(_polygon((9, 6.5), (9, 4), (15, 4), (15, 6.5)))
    painter.drawPolyline(_polygon((6.5, 6.5), (7.3, 20), (16.7, 20), (17.5, 6.5)))
    painter.drawLine(QPointF(10.3, 10.5), QPointF(10.5, 16))
    painter.drawLine(QPointF(13.7, 10.5), QPointF(13.5, 16))


_ICONS: dict[str, Callable[[QPainter], None]] = {
    "pen": _pen,
    "eraser": _eraser,
    "undo": _undo,
    "redo": _redo,
    "clear": _clear,
}


def ring_cursor(radius: float, ratio: float, theme: Theme) -> QCursor:
    """Make a pointer that is a ring of this radius, to be seen on ink as well as on paper."""
    radius = max(4.0, radius)
    side = round(2 * radius + 6)
    pixmap, painter = _canvas(side, ratio)
    for color, width in ((theme.paper, 4.0), (theme.text, 1.6)):
        painter.setPen(QPen(color, width))
        painter.drawEllipse(QPointF(side / 2, side / 2), radius, radius)
    painter.end()
    return QCursor(pixmap)

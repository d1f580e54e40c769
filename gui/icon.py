"""The program's own icon, read the same way from a checkout and from an installed wheel."""

from __future__ import annotations

from importlib.resources import files

from PySide6.QtGui import QIcon, QPixmap

SIZE = 128


def window_icon() -> QIcon:
    """Draw the icon; an empty one where Qt came without SVG."""
    pixmap = QPixmap()
    pixmap.loadFromData((files("assets") / "icons" / "inkling.svg").read_bytes(), "SVG")
    return QIcon(pixmap)

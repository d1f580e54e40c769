"""A picture of a digit that lies on the paper, and the frame that was made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSizeF, Qt

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from nn.arrays import Bytes


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """What is shown, and what the network reads: uint8 (28, 28)."""

    image: QImage
    frame: Bytes

    def fitted(self, paper: QRectF) -> QRectF:
        """Tell where on the paper the whole picture is as large as can be."""
        size = QSizeF(self.image.size()).scaled(paper.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(paper.topLeft(), size)
        place.moveCenter(paper.center())
        return place

"""Pictures from arrays and widgets to PNG files, whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage

from nn.files.atomic import write_atomically

if TYPE_CHECKING:
    from pathlib import Path

    from nn.arrays import Bytes


def gray_image(picture: Bytes) -> QImage:
    """Turn a picture, shape (h, w), uint8, into an image of its own."""
    height, width = picture.shape
    pixels = np.ascontiguousarray(picture).tobytes()
    return QImage(pixels, width, height, width, QImage.Format.Format_Grayscale8).copy()


def write_png(image: QImage, path: Path) -> None:
    """Write an image as PNG.

    Raises
    ------
    InklingError
        If the place cannot be written to; an older file there is unchanged.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    write_atomically(path, bytes(buffer.data().data()))

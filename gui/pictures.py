"""Pictures of digits from outside: pasted, dropped onto the window, or opened from a file.

A picture is laid on the pad and read by the pixel recipe (`nn.ink.pictures`), which takes a tenth of a second for
a photograph. It stays until somebody draws or clears the pad, and is one step of the pad's history.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage

from gui.pad.picture import Picture
from nn.errors import InklingError

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData

    from gui.errors import Messages
    from gui.pad.canvas import Canvas
    from nn.arrays import Bytes

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".ppm", ".pgm")
"""What a file is called that is taken for a picture."""

SHOWN = QSize(1000, 1000)
"""As large as a picture is kept for the pad, at most."""

READ = QSize(2000, 2000)
"""As large as a pasted picture is read, at most."""


class Pictures(QObject):
    """Lays pictures on the pad.

    Parameters
    ----------
    canvas
        Where they are laid.
    messages
        Shows what went wrong.
    """

    told = Signal(str)
    """What became of a picture, in words for the status bar."""

    def __init__(self, canvas: Canvas, messages: Messages, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._canvas, self._messages = canvas, messages

    def paste(self) -> None:
        """Take the picture from the clipboard."""
        # Qt gives nothing at all where the clipboard has never held anything.
        data: QMimeData | None = QGuiApplication.clipboard().mimeData()
        if data is None or not self.take(data):
            self.told.emit(self.tr("There is no picture on the clipboard."))

    def take(self, data: QMimeData) -> bool:
        """Take a picture that is pasted or dropped, pixels or a file; tell whether there is one."""
        path = picture_file_in(data)
        image = QImage(data.imageData()) if data.hasImage() else QImage()
        if path is not None:
            self.open_path(path)
        elif not image.isNull():
            self._take_image(image)
        return path is not None or not image.isNull()

    def open_path(self, path: Path | str) -> None:
        """Take a picture from a file."""
        from nn.ink.picture_files import read_picture  # noqa: PLC0415 -- Pillow is for this moment only

        try:
            pixels = read_picture(path)
            image = _image_of(pixels)
            self._lay(image, pixels)
        except InklingError as error:
            self._messages.show_error(error)

    def _take_image(self, image: QImage) -> None:
        try:
            self._lay(image, _pixels_of(_within(image, READ)))
        except InklingError as error:
            self._messages.show_error(error)

    def _lay(self, image: QImage, pixels: np.ndarray) -> None:
        from nn.ink.pictures import frame_from_picture  # noqa: PLC0415 -- as above

        frame = frame_from_picture(pixels)
        self._canvas.put(Picture(_within(image, SHOWN), frame))
        if frame.any():
            self.told.emit(self.tr("The picture is read. Draw, or clear the pad, to take it away."))
        else:
            self.told.emit(self.tr("There is no digit to be found in the picture."))


def picture_file_in(data: QMimeData) -> Path | None:
    """Find the one picture file that is pasted or dragged."""
    urls = data.urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    path = Path(urls[0].toLocalFile())
    return path if path.suffix.lower() in SUFFIXES else None


def _within(image: QImage, size: QSize) -> QImage:
    if image.width() <= size.width() and image.height() <= size.height():
        return image
    smooth = Qt.TransformationMode.SmoothTransformation
    return image.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, smooth)


def _pixels_of(image: QImage) -> Bytes:
    """Return the pixels of an image: uint8 (h, w, 4), colour and alpha."""
    plain = image.convertToFormat(QImage.Format.Format_RGBA8888)
    rows = np.frombuffer(plain.constBits(), dtype=np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return rows[:, : 4 * plain.width()].reshape(plain.height(), plain.width(), 4).copy()


def _image_of(pixels: np.ndarray) -> QImage:
    """Return an image to look at of any pixels that a file may have: bytes or 0..1, grey or colour, with alpha."""
    shades = pixels if pixels.dtype == np.uint8 else np.rint(255 * np.clip(pixels, 0, 1)).astype(np.uint8)
    shades = np.ascontiguousarray(shades)
    formats = {
        2: QImage.Format.Format_Grayscale8,
        3: QImage.Format.Format_RGB888,
        4: QImage.Format.Format_RGBA8888,
    }
    form = formats[2 if shades.ndim == 2 else shades.shape[2]]
    height, width = shades.shape[:2]
    return QImage(shades.data, width, height, shades.strides[0], form).copy()

"""Pictures of digits from outside: pasted, dropped onto the window, or opened from a file.

A picture is unpacked and read by the pixel recipe (`nn.ink.pictures`) beside the window, which takes up to a
second for a photograph; then it is laid on the pad. Of several, the last one asked for is laid there. It stays
until somebody draws or clears the pad, and is one step of the pad's history.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage

from gui.background import EMPTY_EVERY_MS, Background
from gui.pad.picture import Picture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtCore import QMimeData

    from gui.background import Gate
    from gui.errors import Messages
    from gui.pad.canvas import Canvas
    from nn.arrays import Bytes

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".ppm", ".pgm")
"""What a file is called that is taken for a picture."""

SHOWN = 800
"""As wide and high as a picture is kept for the pad, at most, in pixels."""

READ = 2000
"""As wide and high as a pasted picture is read, at most, in pixels."""

_STRIP_PIXELS = 500_000


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

    def __init__(
        self,
        canvas: Canvas,
        messages: Messages,
        parent: QObject | None = None,
        *,
        interval_ms: int = EMPTY_EVERY_MS,
    ) -> None:
        super().__init__(parent)
        self._canvas, self._messages = canvas, messages
        self._next: Path | QImage | None = None
        self._background = Background(self, interval_ms=interval_ms)
        self._background.events.connect(self._lay)
        self._background.finished.connect(self._end)

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
            self._ask(image)
        return path is not None or not image.isNull()

    def open_path(self, path: Path | str) -> None:
        """Take a picture from a file."""
        self._ask(Path(path))

    def close(self, timeout_s: float = 5.0) -> bool:
        """End without a further signal and wait for the worker."""
        self._next = None
        return self._background.join(timeout_s)

    def _ask(self, source: Path | QImage) -> None:
        # One at a time: several photographs unpacked together would take gigabytes.
        self._next = source
        if not self._background.is_running:
            self._begin()

    def _begin(self) -> None:
        source, self._next = self._next, None
        if source is not None:
            self._background.start(partial(_reading, source))

    def _lay(self, pictures: list[Picture]) -> None:
        if self._next is not None:
            return
        picture = pictures[-1]
        self._canvas.put(picture)
        if picture.frame.any():
            self.told.emit(self.tr("The picture is read. Draw, or clear the pad, to take it away."))
        else:
            self.told.emit(self.tr("There is no digit to be found in the picture."))

    def _end(self, outcome: object) -> None:
        if isinstance(outcome, Exception):
            self._messages.show_error(outcome)
        self._begin()


def picture_file_in(data: QMimeData) -> Path | None:
    """Find the one picture file that is pasted or dragged."""
    urls = data.urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    path = Path(urls[0].toLocalFile())
    return path if path.suffix.lower() in SUFFIXES else None


def _reading(source: Path | QImage, _gate: Gate) -> Iterator[Picture]:
    """Unpack and read one picture, in the worker's thread."""
    # Pillow is for this moment only.
    from nn.ink.picture_files import read_picture  # noqa: PLC0415
    from nn.ink.pictures import frame_from_picture  # noqa: PLC0415

    pixels = _shrunk(source, READ) if isinstance(source, QImage) else read_picture(source)
    yield Picture(_image_to_show(pixels), frame_from_picture(pixels))


def _shrunk(image: QImage, side: int) -> Bytes:
    """Return the pixels of an image, no more than `side` each way: uint8 (h, w, 4), colour and alpha.

    It goes strip by strip, because Qt holds Python's lock at its work, and the window would stand still meanwhile.
    """
    share = min(1.0, side / max(image.width(), image.height()))
    height = max(1, round(share * image.height()))
    width = max(1, round(share * image.width()))
    rows = max(1, _STRIP_PIXELS * height // (image.width() * image.height()))
    strips = [_strip(image, first, min(first + rows, height), height, width) for first in range(0, height, rows)]
    return np.concatenate(strips)


def _strip(image: QImage, first: int, last: int, height: int, width: int) -> Bytes:
    """Return the rows from `first` to before `last` of an image that is shrunk to a height and a width."""
    top, bottom = (row * image.height() // height for row in (first, last))
    how = (Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
    part = image.copy(0, top, image.width(), bottom - top).scaled(width, last - first, *how)
    plain = part.convertToFormat(QImage.Format.Format_RGBA8888)
    return np.frombuffer(plain.constBits(), dtype=np.uint8).reshape(last - first, width, 4).copy()


def _image_to_show(pixels: np.ndarray) -> QImage:
    """Return a small image of any pixels that a file may have: bytes or 0..1, grey or colour, with alpha."""
    shades = pixels if pixels.dtype == np.uint8 else np.rint(255 * np.clip(pixels, 0, 1)).astype(np.uint8)
    shades = np.ascontiguousarray(shades)
    shown = _shrunk(_image_of(shades), SHOWN)
    return _image_of(shown).copy()


def _image_of(shades: Bytes) -> QImage:
    """Look at pixels as an image, which lasts as long as they do: uint8 (h, w), (h, w, 3) or (h, w, 4)."""
    formats = {
        2: QImage.Format.Format_Grayscale8,
        3: QImage.Format.Format_RGB888,
        4: QImage.Format.Format_RGBA8888,
    }
    form = formats[2 if shades.ndim == 2 else shades.shape[2]]
    height, width = shades.shape[:2]
    return QImage(shades.data, width, height, shades.strides[0], form)

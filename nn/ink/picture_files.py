"""Pictures on disk: read with Pillow, written whole or not at all.

A file from anywhere may be cut off, enormous, or no picture at all; each is told in a sentence that names it.
Pillow unpacks a picture whole, so that its size is held to a limit before; from there on a large one is only ever
copied strip by strip, averaged down to what a frame can use.
"""

from __future__ import annotations

import io
import math
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import ExifTags, Image, UnidentifiedImageError

from nn.errors import InkError
from nn.files.atomic import write_atomically

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from numpy.typing import NDArray

    from nn.arrays import Bytes

# Formats that are pixels and nothing else; EPS, for one, would start another program.
_READ = ("PNG", "JPEG", "BMP", "DIB", "GIF", "TIFF", "WEBP", "PPM", "ICO", "TGA")
_WRITTEN = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".bmp": "BMP"}

_MOST_PIXELS = 24_000_000
_MOST_OF = {"WEBP": 12_000_000, "TIFF": 16_000_000}  # whose decoders keep copies of their own
_MOST_OF_JPEG, _MOST_KEPT_WHOLE = 110_000_000, 72_000_000  # pixels; pixels times bands
_ENOUGH_SIDE, _ENOUGH_PIXELS = 1024, 4_000_000
_STRIP_PIXELS = 1_000_000


def read_picture(path: str | os.PathLike[str], *, most_pixels: int = _MOST_PIXELS) -> NDArray[Any]:
    """Return the pixels of a picture file, turned upright as its EXIF orientation says.

    Parameters
    ----------
    path
        PNG, JPEG, BMP, GIF, TIFF, WebP, PPM; of several pictures in one file, the first.
    most_pixels
        Above this a picture is refused before it is unpacked. Of JPEG, which can be unpacked at half, a quarter
        or an eighth of its size, that counts; a photograph of 48 million pixels is read.

    Returns
    -------
    pixels
        (h, w) grey, (h, w, 3) colour or (h, w, 4) colour and alpha, uint8; sixteen bits and more, float32 0..1.
        A picture of more than four million pixels is averaged down below that, by a whole number.

    Raises
    ------
    InkError
        If the file is missing, no picture, cut off, or too large.
    """
    file = Path(path)
    try:
        with warnings.catch_warnings():
            # What Pillow warns of (odd EXIF, many pixels) is no reason to refuse; our own limit follows.
            warnings.simplefilter("ignore")
            with Image.open(file, formats=_READ) as image:
                _check_size(file, image.size, _most_compressed(file, image, most_pixels))
                # JPEG can be decoded at a fraction of its size, which is all that a frame needs.
                image.draft(None, (_ENOUGH_SIDE, _ENOUGH_SIDE))
                _check_size(file, image.size, most_pixels)
                image.load()
                pixels = _pixels(image)
                return _upright(image, pixels)
    except InkError:
        raise
    except Exception as error:
        # Bytes from anywhere make Pillow's readers fail in many ways; all mean that this is no sound picture.
        raise InkError(_explained(file, error)) from error


def save_picture(path: str | os.PathLike[str], pixels: Bytes) -> None:
    """Write pixels as PNG, JPEG or BMP, whichever the name ends in; whole or not at all.

    Parameters
    ----------
    path
        Ends in .png, .jpg, .jpeg or .bmp.
    pixels
        uint8 (h, w) grey, (h, w, 3) colour, or (h, w, 4) colour and alpha, which PNG alone keeps.

    Raises
    ------
    InkError
        If the name ends otherwise, or the pixels are no such picture.
    FileError
        If the file cannot be written.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in _WRITTEN:
        raise InkError(
            f"{path} cannot be saved: {suffix or 'a name without an ending'} is no picture format that Inkling "
            "writes. End the name in .png, .jpg or .bmp."
        )
    is_picture = pixels.ndim in (2, 3) and pixels.size > 0 and pixels.shape[2:] in ((), (3,), (4,))
    if pixels.dtype != np.uint8 or not is_picture:
        raise InkError(
            f"{path} cannot be saved: pixels of shape {pixels.shape} and type {pixels.dtype}; "
            "wanted uint8 (h, w), (h, w, 3) or (h, w, 4)."
        )
    image = Image.fromarray(np.ascontiguousarray(pixels))
    if image.mode == "RGBA" and suffix != ".png":
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    encoded = io.BytesIO()
    image.save(encoded, format=_WRITTEN[suffix], **({"quality": 95} if _WRITTEN[suffix] == "JPEG" else {}))
    write_atomically(path, encoded.getvalue())


def _check_size(file: Path, size: tuple[int, int], most: int) -> None:
    if size[0] * size[1] > most:
        raise InkError(
            f"{file} has {size[0]} x {size[1]} pixels; at most {most // 10**6} million are read. "
            "Make it smaller first: a digit needs a few hundred pixels a side."
        )


def _most_compressed(file: Path, image: Image.Image, most: int) -> int:
    """Return how many pixels a file may have before it is unpacked, at full size or less."""
    if image.format != "JPEG":
        return min(most, _MOST_OF.get(image.format or "", most))
    return _MOST_KEPT_WHOLE // len(image.getbands()) if _is_kept_whole(file, image) else _MOST_OF_JPEG


def _is_kept_whole(file: Path, image: Image.Image) -> bool:
    """Whether a JPEG comes in several scans, all of which its decoder keeps until the last is there."""
    if "progressive" in image.info:
        return True
    with file.open("rb") as stream:
        stream.seek(2)
        while (marker := stream.read(2)) and marker != b"\xff\xda":
            # Filling bytes may stand before a marker.
            stream.seek(-1 if marker == b"\xff\xff" else max(0, int.from_bytes(stream.read(2)) - 2), 1)
        return bool(marker) and stream.read(3)[2:] != bytes([len(image.getbands())])


def _upright(image: Image.Image, pixels: NDArray[Any]) -> NDArray[Any]:
    """Turn and mirror pixels as EXIF tells; rows and columns are only looked at in another order."""
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:
        # Damaged EXIF beside sound pixels: the picture as it lies is better than none.
        return pixels
    if orientation in (5, 6, 7, 8):
        pixels = pixels.swapaxes(0, 1)
    rows = -1 if orientation in (3, 4, 7, 8) else 1
    columns = -1 if orientation in (2, 3, 6, 7) else 1
    return np.ascontiguousarray(pixels[::rows, ::columns])


def _pixels(image: Image.Image) -> NDArray[Any]:
    width, height = image.size
    factor = math.ceil(math.sqrt(width * height / _ENOUGH_PIXELS))
    rows = factor * max(1, _STRIP_PIXELS // (factor * width))
    strips = [(0, top, width, min(top + rows, height)) for top in range(0, height, rows)]
    is_deep = image.mode.startswith(("I", "F"))
    convert = _deep(image, strips) if is_deep else _shallow(image)
    return np.concatenate([convert(image.crop(strip)).reduce(factor) for strip in strips])


def _shallow(image: Image.Image) -> Callable[[Image.Image], Image.Image]:
    """Return how a part of a picture of eight bits becomes grey, colour, or colour and alpha."""
    if "A" in image.getbands() or "a" in image.getbands() or "transparency" in image.info:
        mode = "RGBA"
    else:
        mode = "L" if image.mode in ("1", "L") else "RGB"
    return lambda strip: strip if strip.mode == mode else strip.convert(mode)


def _deep(image: Image.Image, strips: list[tuple[int, int, int, int]]) -> Callable[[Image.Image], Image.Image]:
    """Return how a part of a picture of sixteen bits, or whatever range there is beyond them, becomes 0..1."""
    low, high = 0.0, -math.inf
    for strip in strips:
        values = np.asarray(image.crop(strip))
        if not np.isfinite(values).all():
            raise ValueError("pixels that are infinite or not a number")
        low, high = min(low, float(values.min())), max(high, float(values.max()))
    full = 1.0 if high <= 1 else 65535.0 if high <= 65535 else high

    def convert(strip: Image.Image) -> Image.Image:
        values = np.asarray(strip, dtype=np.float64)
        return Image.fromarray(((values - low) / (full - low)).astype(np.float32))

    return convert


def _explained(file: Path, error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return f"{file} does not exist. Check the name, or choose another picture."
    if isinstance(error, IsADirectoryError):
        return f"{file} is a folder; wanted a picture. Name the file in it."
    if isinstance(error, PermissionError):
        return f"{file} may not be read. Change its permissions, or copy it to a folder of your own."
    if isinstance(error, UnidentifiedImageError):
        return f"{file} is no picture that Inkling reads; wanted PNG, JPEG or BMP. Save it as PNG and try again."
    if isinstance(error, Image.DecompressionBombError):
        return f"{file} claims more pixels than can be read. Make it smaller first."
    return f"{file} is a damaged picture ({error}). Wanted a whole PNG, JPEG or BMP: save or download it again."

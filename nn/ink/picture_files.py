"""Pictures on disk: read with Pillow, written whole or not at all.

A file from anywhere may be cut off, enormous, or no picture at all; each is told in a sentence that names it.
"""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from nn.errors import InkError
from nn.files.atomic import write_atomically

if TYPE_CHECKING:
    import os

    from numpy.typing import NDArray

    from nn.arrays import Bytes

# Formats that are pixels and nothing else; EPS, for one, would start another program.
_READ = ("PNG", "JPEG", "BMP", "DIB", "GIF", "TIFF", "WEBP", "PPM", "ICO", "TGA")
_WRITTEN = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".bmp": "BMP"}

_MOST_PIXELS = 64_000_000
_ENOUGH_SIDE = 2048


def read_picture(path: str | os.PathLike[str], *, most_pixels: int = _MOST_PIXELS) -> NDArray[Any]:
    """Return the pixels of a picture file, turned upright as its EXIF orientation says.

    Parameters
    ----------
    path
        PNG, JPEG, BMP, GIF, TIFF, WebP, PPM; of several pictures in one file, the first.
    most_pixels
        Above this a picture is refused before it is unpacked.

    Returns
    -------
    pixels
        (h, w) grey, (h, w, 3) colour or (h, w, 4) colour and alpha, uint8; sixteen bits and more, float32 0..1.

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
                # JPEG can be decoded at a fraction of its size, which is all that a frame needs.
                image.draft(None, (_ENOUGH_SIDE, _ENOUGH_SIDE))
                _check_size(file, image.size, most_pixels)
                image.load()
                return _pixels(_upright(image))
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


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except Exception:
        # Damaged EXIF beside sound pixels: the picture as it lies is better than none.
        return image


def _pixels(image: Image.Image) -> NDArray[Any]:
    if image.mode.startswith(("I", "F")):
        return _deep(np.asarray(image, dtype=np.float64))
    if "A" in image.getbands() or "a" in image.getbands() or "transparency" in image.info:
        mode = "RGBA"
    else:
        mode = "L" if image.mode in ("1", "L") else "RGB"
    return np.array(image if image.mode == mode else image.convert(mode))


def _deep(values: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return sixteen bits, or whatever range there is beyond them, as 0..1."""
    if not np.isfinite(values).all():
        raise ValueError("pixels that are infinite or not a number")
    low, high = min(0.0, float(values.min())), float(values.max())
    full = 1.0 if high <= 1 else 65535.0 if high <= 65535 else high
    return ((values - low) / (full - low)).astype(np.float32)


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

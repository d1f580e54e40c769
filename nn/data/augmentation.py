"""Augmentation: the same digit as if written once more, a little turned, moved, stretched, bent, thicker.

The picture behind it: a rubber sheet. Each pixel of the new image asks where on the old one its ink was, and takes
the mixture of the four pixels around (bilinear). Where it asks is a sum of fixed patterns: the pixel's own x and y
(turn, stretch, shear), a constant (shift), and smooth hills on a coarse grid (elastic). So all the questions of a
chunk of images are one matrix product, weights times patterns. Training asks for new images each epoch.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from nn.errors import ConfigurationError, ShapeError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nn.arrays import Bytes, Float32, Integers

_SIDE = 28
_MARGIN = 2  # paper around the image, for questions from beyond its edge
_PADDED = _SIDE + 2 * _MARGIN
_HILLS = 5  # the elastic grid is this many nodes a side, 6.75 pixels apart
_AFFINE = 3  # patterns before the hills: x, y, constant
_CHUNK = 128  # images moved in one go: all their buffers stay in the processor's cache


@dataclass(frozen=True, slots=True, kw_only=True)
class Augmentation:
    """How far images may be changed; each image draws its own change, evenly from minus to plus the limit.

    Raises
    ------
    ConfigurationError
        If a limit is negative, not finite, or larger than leaves a digit.
    """

    shift: float = 0.0
    """Pixels, in x and in y."""
    rotation: float = 0.0
    """Degrees."""
    scale: float = 0.0
    """Share of the size, in x and in y: 0.1 is from 90 to 110 percent."""
    shear: float = 0.0
    """Pixels to the side a pixel of height: 0.2 leans 11 degrees."""
    elastic: float = 0.0
    """Pixels by which each node of a coarse grid moves; between nodes smoothly."""
    thickness: float = 0.0
    """Share of the way to strokes a pixel thicker or thinner on every side."""

    def __post_init__(self) -> None:
        limits = {"shift": 14, "rotation": 180, "scale": 0.9, "shear": 2, "elastic": 7, "thickness": 1}
        for field in fields(self):
            value, limit = getattr(self, field.name), limits[field.name]
            if not 0 <= value <= limit:
                raise ConfigurationError(f"Augmentation by {field.name} {value}: wanted from 0 to {limit}.")

    def scaled(self, share: float) -> Augmentation:
        """Return one that goes this share as far in everything."""
        return Augmentation(**{field.name: share * getattr(self, field.name) for field in fields(self)})


AUGMENTATIONS: Mapping[str, Augmentation] = MappingProxyType(
    {
        "none": Augmentation(),
        # Rashid, Make Your Own Neural Network: the training digits turned by up to ten degrees.
        "rotations": Augmentation(rotation=10),
        "gentle": Augmentation(shift=0.7, rotation=8, scale=0.08, shear=0.1, elastic=0.7, thickness=0.2),
        "strong": Augmentation(shift=1.2, rotation=16, scale=0.15, shear=0.2, elastic=1.4, thickness=0.5),
    }
)
"""Named strengths, from nothing to much."""


def augment(images: Bytes, rng: np.random.Generator, strength: Augmentation) -> Bytes:
    """Change each image at random, each by itself.

    Parameters
    ----------
    images
        uint8 (n, 28, 28); not changed.
    rng
        Where chance comes from. As many numbers are drawn for each image, whatever the strength, so that image i
        changes the same way however many follow it.
    strength
        How far; one of `AUGMENTATIONS` or one's own.

    Returns
    -------
    uint8 (n, 28, 28), new.

    Raises
    ------
    ShapeError
        If images are not uint8 (n, 28, 28).
    """
    if images.dtype != np.uint8 or images.shape[1:] != (_SIDE, _SIDE):
        raise ShapeError(f"augment got {images.dtype} {images.shape}; expected uint8 (n, 28, 28).")
    chances = 2 * rng.random((len(images), 7 + 2 * _HILLS**2), dtype=np.float32) - 1
    maps = _drawn_maps(chances[:, 1:], strength)
    return warped(thickened(images, chances[:, 0] * np.float32(strength.thickness)), maps)


def warped(images: Bytes, maps: Float32) -> Bytes:
    """Ask old images for the pixels of new ones.

    Pixel (x, y) of the new image, counted from the image's middle, is the old one's at
    ``maps[i, :, 0] * x + maps[i, :, 1] * y + maps[i, :, 2]`` plus, where maps have more columns, the hills of the
    elastic grid, row by row, each times its column. Beyond the edge there is paper.

    Parameters
    ----------
    images
        uint8 (n, 28, 28).
    maps
        float32 (n, 2, 3) or (n, 2, 28): for x and for y.
    """
    result = np.empty_like(images)
    patterns = _patterns()[: maps.shape[2]]
    buffers = _Buffers.of(min(_CHUNK, len(images)))
    for start in range(0, len(images), _CHUNK):
        chunk = slice(start, start + _CHUNK)
        _warp_chunk(images[chunk], maps[chunk], patterns, buffers.first(len(images[chunk])), result[chunk])
    return result


def thickened(images: Bytes, amounts: Float32) -> Bytes:
    """Make strokes thicker (0..1) or thinner (-1..0): a mixture of the image and of its grey dilation or erosion.

    Dilation takes the darkest of a pixel and its four neighbours, erosion the lightest: strokes grow or shrink by
    a pixel on every side where the amount is 1.
    """
    result = images.copy()
    for extreme, chosen in ((np.maximum, np.flatnonzero(amounts > 0)), (np.minimum, np.flatnonzero(amounts < 0))):
        for start in range(0, len(chosen), _CHUNK):
            part = chosen[start : start + _CHUNK]
            before = images[part]
            after = _spread(before, extreme)
            # Where the pixel is p and the extreme e: p + amount (e - p), in 1/256 so that bytes suffice.
            share = np.rint(np.abs(amounts[part]) * 256).astype(np.int32)[:, np.newaxis, np.newaxis]
            result[part] = (before * (256 - share) + after * share + 128) >> 8
    return result


def _spread(images: Bytes, extreme: np.ufunc) -> Bytes:
    """Take the extreme of each pixel and its four neighbours; beyond the edge there is paper."""
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    result = images.copy()
    for rows, columns in ((0, 1), (2, 1), (1, 0), (1, 2)):
        extreme(result, padded[:, rows : rows + _SIDE, columns : columns + _SIDE], out=result)
    return result


def _drawn_maps(chances: Float32, strength: Augmentation) -> Float32:
    """Turn chances in -1..1 (n, 6 + hills) into the maps of turned, stretched, sheared, shifted, bent images."""
    angle = chances[:, 0] * np.float32(np.deg2rad(strength.rotation))
    width, height = (1 + chances[:, column] * np.float32(strength.scale) for column in (1, 2))
    shear = chances[:, 3] * np.float32(strength.shear)
    cos, sin = np.cos(angle), np.sin(angle)
    columns = _AFFINE + (_HILLS**2 if strength.elastic else 0)
    maps = np.empty((len(chances), 2, columns), dtype=np.float32)
    # New pixel to old: turned back, then sheared back, then 1 / size.
    maps[:, 0, 0], maps[:, 0, 1] = (cos - shear * sin) / width, (sin + shear * cos) / width
    maps[:, 1, 0], maps[:, 1, 1] = -sin / height, cos / height
    shift = chances[:, 4:6] * np.float32(strength.shift)
    maps[:, :, 2] = -(maps[:, :, 0] * shift[:, :1] + maps[:, :, 1] * shift[:, 1:])
    if strength.elastic:
        maps[:, :, _AFFINE:] = chances[:, 6:].reshape(-1, 2, _HILLS**2) * np.float32(strength.elastic)
    return maps


@cache
def _patterns() -> Float32:
    """Shape (3 + hills, 784): x, y, one, and the hills, at each pixel."""
    line = np.arange(_SIDE) - (_SIDE - 1) / 2
    y, x = np.meshgrid(line, line, indexing="ij")
    nodes = np.linspace(line[0], line[-1], _HILLS)
    # A hill is 1 at its node, 0 at the next, a raised cosine between: neighbours always add to 1.
    away = np.minimum(np.abs(line - nodes[:, np.newaxis]) / (nodes[1] - nodes[0]), 1)
    hill = (1 + np.cos(np.pi * away)) / 2
    hills = np.einsum("ay,bx->abyx", hill, hill).reshape(_HILLS**2, -1)
    return np.concatenate([[x.ravel(), y.ravel(), np.ones(_SIDE**2)], hills]).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class _Buffers:
    """Room for one chunk, allocated once.

    ``padded`` (n, 32, 32) images with paper around; ``asked`` (n, 2, 784) where new pixels come from, then in
    which mixture; ``corner`` (n, 784) the upper left of the four pixels around, as an index into all of padded;
    ``pixels`` (4, n, 784) the four pixels.
    """

    padded: Float32
    asked: Float32
    corner: Integers
    pixels: Float32

    @staticmethod
    def of(count: int) -> _Buffers:
        return _Buffers(
            np.zeros((count, _PADDED, _PADDED), np.float32),
            np.empty((count, 2, _SIDE**2), np.float32),
            np.empty((count, _SIDE**2), np.int64),
            np.empty((4, count, _SIDE**2), np.float32),
        )

    def first(self, count: int) -> _Buffers:
        return _Buffers(self.padded[:count], self.asked[:count], self.corner[:count], self.pixels[:, :count])


def _warp_chunk(images: Bytes, maps: Float32, patterns: Float32, buffers: _Buffers, out: Bytes) -> None:
    buffers.padded[:, _MARGIN:-_MARGIN, _MARGIN:-_MARGIN] = images
    asked = np.matmul(maps, patterns, out=buffers.asked)
    asked += np.float32((_PADDED - 1) / 2)
    np.clip(asked, 0, np.float32(_PADDED - 1.001), out=asked)
    _split_asked(buffers)
    _gather(buffers)
    mixed = _mixed(buffers.pixels, asked[:, 0], asked[:, 1])
    mixed += np.float32(0.5)
    np.copyto(out, mixed.reshape(out.shape), casting="unsafe")


def _split_asked(buffers: _Buffers) -> None:
    """Split the asked places into the corner (whole part) and the shares of the mixture (the rest)."""
    x, y = buffers.asked[:, 0], buffers.asked[:, 1]
    column, index = buffers.pixels[:2]
    np.floor(x, out=column)
    np.floor(y, out=index)
    x -= column
    y -= index
    index *= _PADDED
    index += column  # at most 1024: exact in float32
    corner = buffers.corner
    np.copyto(corner, index, casting="unsafe")
    corner += np.arange(len(index), dtype=np.int64)[:, np.newaxis] * _PADDED**2


def _gather(buffers: _Buffers) -> None:
    flat = buffers.padded.reshape(-1)
    for step, pixels in zip((0, 1, _PADDED, _PADDED + 1), buffers.pixels, strict=True):
        # Nothing is out of range; "clip" only spares numpy a copy of the result.
        np.take(flat[step:], buffers.corner, out=pixels, mode="clip")


def _mixed(pixels: Float32, x: Float32, y: Float32) -> Float32:
    """Mix four pixels, bilinear, in place: into the first, which is returned."""
    upper_left, upper_right, lower_left, lower_right = pixels
    for left, right, share in (
        (upper_left, upper_right, x),
        (lower_left, lower_right, x),
        (upper_left, lower_left, y),
    ):
        np.subtract(right, left, out=right)
        np.multiply(right, share, out=right)
        np.add(left, right, out=left)
    mixed: Float32 = pixels[0]
    return mixed

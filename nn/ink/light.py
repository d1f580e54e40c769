"""From pixels of any kind to one plane of light: grey where there is colour, paper where it is transparent.

A picture comes as bytes, floats or sixteen bits, grey or coloured, with or without alpha. What the ink recipe
needs is one number a pixel in 0..1, and no more pixels than a frame can use: a photograph of fifty megapixels is
averaged down slab by slab before anything else looks at it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from nn.errors import InkError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nn.arrays import Float32

MOST_PIXELS = 200_000_000
"""The largest picture that is looked at: above it, memory is at risk and a smaller copy does as well."""

# A picture above this is averaged down: 1400 x 1400 still has 70 of its pixels for one of the frame.
_ENOUGH_PIXELS = 2_000_000
_SLAB_PIXELS = 1_000_000

_LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)

# Opaque pixels that fill so much of their own bounding box, and differ so much, are a sheet with ink on it.
_SHEET_FILLS, _SHEET_VARIES = 0.6, 0.25


def light_of_picture(pixels: NDArray[Any]) -> Float32:
    """Return how light each pixel is, 0..1, transparency resolved.

    Where part of a picture is transparent, that part is paper. If the opaque rest is a sheet of its own (it
    fills its bounding box and varies), the transparent part takes the sheet's colour; otherwise the opaque
    pixels are the ink, whatever their colour, and their opacity is returned: light ink on dark paper.

    Parameters
    ----------
    pixels
        (h, w) or (h, w, c) with c one of 1 grey, 2 grey and alpha, 3 colour, 4 colour and alpha. Bytes are
        0..255, other integers 0..65535 or, where they fit, 0..255; floats 0..1 or, where some are larger, 0..255.

    Returns
    -------
    light
        float32 (h, w); fewer rows and columns, averaged, where the picture has above two million pixels.

    Raises
    ------
    InkError
        If the array is no picture, holds numbers that are not finite, or is larger than `MOST_PIXELS`.
    """
    picture = _checked(pixels)
    light, alpha = _reduced(picture, _unit(picture))
    if alpha is None or float(alpha.min()) > 0.999:
        return light
    return _on_paper(light, alpha)


def _checked(pixels: NDArray[Any]) -> NDArray[Any]:
    picture = np.asarray(pixels)
    is_number = picture.dtype.kind in "buif"
    if picture.ndim == 2:
        picture = picture[:, :, np.newaxis]
    if not is_number or picture.ndim != 3 or picture.shape[2] not in (1, 2, 3, 4):
        raise InkError(
            f"An array of shape {np.shape(pixels)} and type {picture.dtype} is no picture; "
            "wanted numbers of shape (h, w) or (h, w, c) with 1 to 4 channels."
        )
    rows, columns, _ = picture.shape
    if rows * columns == 0:
        raise InkError(f"The picture is empty: {columns} x {rows} pixels. Wanted at least 1 x 1.")
    if rows * columns > MOST_PIXELS:
        raise InkError(
            f"The picture has {columns} x {rows} pixels; at most {MOST_PIXELS // 10**6} million are read. "
            "Make it smaller first: a digit needs a few hundred pixels a side."
        )
    return picture


def _unit(picture: NDArray[Any]) -> float:
    """Return the number that means full light."""
    if picture.dtype.kind == "b":
        return 1.0
    if picture.dtype == np.uint8:
        return 255.0
    low, high = float(picture.min()), float(picture.max())
    if not math.isfinite(low) or not math.isfinite(high):
        raise InkError("The picture holds numbers that are infinite or not a number; wanted finite ones.")
    most = max(abs(low), abs(high))
    if picture.dtype.kind == "f" and most <= 1:
        return 1.0
    return 255.0 if most <= 255 else max(65535.0, most)


def _reduced(picture: NDArray[Any], unit: float) -> tuple[Float32, Float32 | None]:
    """Return light and alpha, averaged over squares of pixels where there are more than enough."""
    rows, columns, channels = picture.shape
    factor = math.ceil(math.sqrt(rows * columns / _ENOUGH_PIXELS))
    slab = factor * max(1, _SLAB_PIXELS // (factor * columns))
    parts = [_light_and_alpha(picture[at : at + slab], unit, factor) for at in range(0, rows, slab)]
    light = np.concatenate([part[0] for part in parts])
    alpha = np.concatenate([part[1] for part in parts]) if channels in (2, 4) else None
    if alpha is not None:
        light = light / np.maximum(alpha, 1e-6)
    return light, alpha


def _light_and_alpha(slab: NDArray[Any], unit: float, factor: int) -> tuple[Float32, Float32]:
    channels = slab.shape[2]
    values: Float32 = slab.astype(np.float32) / np.float32(unit)
    light: Float32 = values[:, :, :3] @ _LUMA if channels >= 3 else values[:, :, 0]
    if channels not in (2, 4):
        return _averaged(light, factor), light
    alpha: Float32 = np.clip(values[:, :, -1], 0, 1)
    return _averaged(light * alpha, factor), _averaged(alpha, factor)


def _averaged(plane: Float32, factor: int) -> Float32:
    """Return the means over squares of `factor` pixels; the last row and column of squares may be cut short."""
    for axis in (0, 1):
        if factor > 1:
            at = np.arange(0, plane.shape[axis], factor)
            counts = np.diff(at, append=plane.shape[axis])
            parts = np.add.reduceat(plane, at, axis=axis)
            parts /= counts[:, np.newaxis] if axis == 0 else counts
            plane = parts
    return plane


def _on_paper(light: Float32, alpha: Float32) -> Float32:
    is_opaque = alpha > 0.5
    if not is_opaque.any():
        return alpha
    opaque = light[is_opaque]
    low, high = np.percentile(opaque, [5, 95])
    rows, columns = np.flatnonzero(is_opaque.any(axis=1)), np.flatnonzero(is_opaque.any(axis=0))
    filled = len(opaque) / ((rows[-1] - rows[0] + 1) * (columns[-1] - columns[0] + 1))
    if filled > _SHEET_FILLS and high - low > _SHEET_VARIES:
        sheet = np.median(opaque).astype(np.float32)
        return light * alpha + sheet * (1 - alpha)
    return alpha

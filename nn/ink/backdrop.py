"""The light that falls on the paper of a photograph, seen as if nothing were written on it.

Lamps fall off, lenses darken corners, hands throw shadows: paper is as light as its surroundings let it be. A
closing of the picture shows it: each pixel becomes the lightest around it and then the darkest around that.
What is dark and narrower than the window is gone, ink among it, and what is wider keeps its place to the pixel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from nn.arrays import Float32

# What differs by more from the paper around it than this share is ink, not light.
_INK = 0.15

# The window is so many pixels of the reduced picture wide: fine enough to follow the edge of a shadow, coarse
# enough for grain to be averaged away.
_WINDOW = 9


def light_of_paper(light: Float32, width: float) -> Float32:
    """Return how light each pixel of the paper would be without ink.

    Parameters
    ----------
    light
        (h, w), 0..1, dark ink on light paper.
    width
        What is dark and narrower than this many pixels counts as ink.
    """
    factor = max(1, int(width / _WINDOW))
    small = np.asarray(Image.fromarray(light).reduce(factor), np.float32)
    window = max(3, int(width / factor) | 1)
    return resized(_closed(small, window), light.shape)


def _closed(plane: Float32, window: int) -> Float32:
    """Return the closing, which at the border needs to know what lies beyond.

    If the border goes on as it is, light that falls off towards it stays as dark as it is; if nothing is known
    there, ink that touches the border is closed. The difference tells which of the two it is.
    """
    wide = np.pad(plane, window, mode="edge")
    inner = slice(window, -window)
    going_on = -highest(-highest(wide, window), window)[inner, inner]
    ending = -highest(-highest(plane, window), window)
    return np.where(ending - going_on < _INK * ending, going_on, ending)


def resized(plane: Float32, shape: tuple[int, ...]) -> Float32:
    """Return a plane with another number of rows and columns, interpolated or averaged."""
    if plane.shape == shape:
        return plane
    image = Image.fromarray(np.ascontiguousarray(plane))
    return np.asarray(image.resize((shape[1], shape[0]), Image.Resampling.BILINEAR), np.float32)


def highest(plane: Float32, window: int) -> Float32:
    """Return the highest value in the square around each pixel, in doubling steps: log2 of the window."""
    for axis in (0, 1):
        reach = window // 2
        width = [(reach, reach) if axis == at else (0, 0) for at in (0, 1)]
        padded = np.pad(plane, width, constant_values=-np.inf)
        length, seen = plane.shape[axis], 1
        while seen < window:
            step = min(seen, window - seen)
            size = padded.shape[axis] - step
            padded = np.maximum(_part(padded, axis, 0, size), _part(padded, axis, step, size))
            seen += step
        plane = _part(padded, axis, 0, length)
    return plane


def _part(plane: Float32, axis: int, begin: int, length: int) -> Float32:
    return plane[begin : begin + length] if axis == 0 else plane[:, begin : begin + length]

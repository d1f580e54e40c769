"""The pixel recipe: a picture of a digit becomes the frame that MNIST's makers would have made of it.

The ink's bounding box, made square, is averaged over areas down to 20 x 20, stretched to 255, and pasted by its
centre of mass. Source: the reconstruction of MNIST in QMNIST (Yadav and Bottou, 2019).

Two things are added for pictures that were blown up from few pixels, which MNIST's makers did not meet. Ink whose
short side is a whole number of frame pixels keeps its edges on their borders. And a picture that was blown up
smoothly is averaged over smaller areas: it is blurred already, and averaging would blur it a second time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from nn.ink.light import light_of_picture
from nn.ink.paper import ink_of_light
from nn.ink.picture_files import read_picture
from nn.ink.placing import BOX, blank_frame, centred_frame

if TYPE_CHECKING:
    import os

    from numpy.typing import NDArray

    from nn.arrays import Array, Bytes, Float32

__all__ = ["frame_from_picture", "frame_from_picture_file", "read_picture"]

# The bounding box is never taken to be smaller than this: a dot stays a dot.
_LEAST_SIDE = 10.0

# Ink within this of a whole number of frame pixels was drawn on them.
_WHOLE = 0.15


@dataclass(frozen=True, slots=True)
class _Extent:
    """Where the ink begins and how long it is along one axis, in pixels of the picture."""

    first: float
    length: float


def frame_from_picture(pixels: NDArray[Any]) -> Bytes:
    """Return the frame that MNIST would have made of a picture.

    Which of ink and paper is dark is found from the picture itself, its border first.

    Parameters
    ----------
    pixels
        (h, w) or (h, w, c), grey or colour, with or without alpha: see `nn.ink.light.light_of_picture`.
        Transparent is paper.

    Returns
    -------
    frame
        uint8 (28, 28), 0 for paper and 255 for ink; all zeros where the picture has no ink.

    Raises
    ------
    InkError
        If the array is no picture, holds numbers that are not finite, or is too large.
    """
    ink = ink_of_light(light_of_picture(pixels))
    if not ink.any():
        return blank_frame()
    down, across = _extents(ink)
    longest = max(down.length, across.length, _LEAST_SIDE)
    cell = longest / BOX
    share = _averaged_share(ink, cell)

    def render(side: int) -> Array:
        rows = _areas(len(ink), down, longest / side, side, share)
        columns = _areas(ink.shape[1], across, longest / side, side, share)
        averaged: Array = rows @ ink @ columns.T
        return averaged

    return centred_frame(render)


def frame_from_picture_file(path: str | os.PathLike[str]) -> Bytes:
    """Return the frame of a picture in a file: PNG, JPEG, BMP and the like.

    Raises
    ------
    InkError
        If the file is missing or no picture that can be read.
    """
    return frame_from_picture(read_picture(path))


def _extents(ink: Float32) -> tuple[_Extent, _Extent]:
    """Return the extents of the ink down and across.

    How far to look for an edge depends on how many pixels make one of the frame, which depends on the edges: the
    outermost ink says it well enough to begin with.
    """
    profiles = ink.max(axis=1), ink.max(axis=0)
    down, across = (_outermost(profile) for profile in profiles)
    for _ in range(2):
        cell = max(down.length, across.length, _LEAST_SIDE) / BOX
        down, across = (_extent(profile, cell) for profile in profiles)
    return down, across


def _outermost(profile: Float32) -> _Extent:
    inked = np.flatnonzero(profile)
    return _Extent(float(inked[0]), float(inked[-1] + 1 - inked[0]))


def _extent(profile: Float32, cell: float) -> _Extent:
    """Return where ink begins and ends in the strongest ink of each row (or column).

    The edge of blurred ink is where it reaches half of what it reaches within one frame pixel; for ink that is
    not blurred that is its first pixel, however faint.
    """
    padded = np.pad(profile, 1)
    first = _edge(padded, cell)
    last = len(profile) - _edge(padded[::-1], cell)
    return _Extent(first, max(last - first, 1.0))


def _edge(padded: Float32, cell: float) -> float:
    """Return where the ink begins in a profile with a pixel of paper before it, interpolated between pixels."""
    begin = int(np.flatnonzero(padded)[0])
    half = float(padded[begin : begin + max(1, int(0.95 * cell))].max()) / 2
    at = begin + int(np.argmax(padded[begin:] >= half))
    before, after = float(padded[at - 1]), float(padded[at])
    return at - 1.5 + (half - before) / (after - before)


def _averaged_share(ink: Float32, cell: float) -> float:
    """Return the side of the square that is averaged, 1 for a whole frame pixel.

    The steepest edge of the ink is a ramp of some length. Seen through a square, an edge becomes a ramp as long
    as the square, which is what MNIST has: ramp and square together are to be one frame pixel. One pixel of the
    picture is the shortest ramp there is, and the smallest square.
    """
    steepest = max(float(np.abs(np.diff(ink, axis=axis)).max(initial=0)) for axis in (0, 1))
    if steepest <= 0:
        return 1.0
    ramp = float(ink.max()) / steepest
    return min(1.0, max(1 - (ramp - 1) / cell, 1 / cell))


def _areas(count: int, extent: _Extent, cell: float, side: int, share: float) -> Array:
    """Return (side, count): what part each pixel of the picture has in each row (or column) of the box.

    The box lies around the middle of the ink; each of its rows averages the pixels that its area overlaps.
    """
    cells = extent.length / cell
    margin = (side - cells) / 2
    if abs(cells - round(cells)) < _WHOLE and (side - round(cells)) % 2:
        margin -= 0.5
    middles = extent.first + (np.arange(side) + 0.5 - margin) * cell
    begins, ends = middles - share * cell / 2, middles + share * cell / 2
    pixels = np.arange(count)
    overlap = np.minimum(ends[:, np.newaxis], pixels + 1) - np.maximum(begins[:, np.newaxis], pixels)
    parts: Array = np.maximum(overlap, 0) / (share * cell)
    return parts

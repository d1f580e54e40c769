"""The pixel recipe: a picture of a digit becomes the frame that MNIST's makers would have made of it.

The ink's bounding box, made square, is averaged over areas down to 20 x 20, stretched to 255, and pasted by its
centre of mass. Source: the reconstruction of MNIST in QMNIST (Yadav and Bottou, 2019).

Two things are added for pictures that were blown up from few pixels, which MNIST's makers did not meet. Ink whose
short side is a whole number of frame pixels keeps its edges on their borders. And a picture that was blown up
smoothly is averaged over smaller areas, where it is sharpest: it is blurred already, and averaging whole areas
would blur it a second time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from nn.ink.boxes import without_box
from nn.ink.cropping import cropped
from nn.ink.light import light_of_picture
from nn.ink.paper import ink_of_light, is_grainy
from nn.ink.photographs import THICKEST, ink_of_photograph, pen_as_in_frames
from nn.ink.picture_files import read_picture
from nn.ink.pieces import pieces_of
from nn.ink.placing import BOX, blank_frame, centred_frame
from nn.ink.thickness import thickness

if TYPE_CHECKING:
    import os

    from numpy.typing import NDArray

    from nn.arrays import Array, Bytes, Float32

__all__ = ["frame_from_picture", "frame_from_picture_file", "read_picture"]

# A photograph has at least so many rows and columns; fewer are a picture of the size of a frame.
_LEAST_PHOTOGRAPH = 64

# A pen broader than this, in pixels of the frame, and not as broad as `THICKEST`, is left as it is in a picture
# that was drawn: MNIST's own digits go from 1 to 5.6.
_FINEST = 0.8

# A drawn digit has at most so many pieces; what is smaller than this share of the largest is no piece but a speck.
_MOST_PIECES, _SPECK = 8, 0.02

# The bounding box is never taken to be smaller than this: a dot stays a dot.
_LEAST_SIDE = 10.0

# Ink within this of a whole number of frame pixels was drawn on them.
_WHOLE = 0.15

# A picture whose edges need this much of a frame pixel was blown up smoothly, or is out of focus.
_SOFT = 0.5

# An edge rises in a curve, and is so much longer than its steepest slope says.
_ROUNDED = 1.4


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
    ink = _ink(light_of_picture(pixels))
    if not ink.any():
        return blank_frame()
    ink = cropped(ink)
    ramp = _ramp(ink)
    down, across = _extents(ink, ramp)
    longest = max(down.length, across.length, _LEAST_SIDE)
    cell = longest / BOX
    share = _averaged_share(ramp, cell)
    if share < _SOFT:
        down, across = _focused(ink, down, cell, share), _focused(ink.T, across, cell, share)

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


def _ink(light: Float32) -> Float32:
    """Return the ink of a picture, found as suits a photograph or a picture that was drawn."""
    if min(light.shape) < _LEAST_PHOTOGRAPH:
        return ink_of_light(light)
    if is_grainy(light):
        return ink_of_photograph(light)
    ink = without_box(ink_of_light(light))
    if not ink.any():
        return ink
    if not _is_all_digit(ink):
        return ink_of_photograph(light)
    drawn = cropped(np.where(ink > ink.max() / 4, ink / ink.max(), 0))
    if max(drawn.shape) < _LEAST_PHOTOGRAPH:
        return ink
    pen = thickness(drawn > 0.5) * BOX / (max(drawn.shape) - 2)
    return ink if _FINEST < pen < THICKEST else pen_as_in_frames(drawn)


def _is_all_digit(ink: Float32) -> bool:
    """Whether what is drawn has a margin, is no more pieces than a digit has, and has no specks far from those."""
    surely = ink > ink.max() / 4
    if surely[0].any() or surely[-1].any() or surely[:, 0].any() or surely[:, -1].any():
        return False
    pieces = pieces_of(surely)
    large = pieces.sides > _SPECK * pieces.sides.max()
    near = pieces.sides.max() / BOX
    specks = (
        (pieces.top < pieces.top[large].min() - near)
        | (pieces.bottom > pieces.bottom[large].max() + near)
        | (pieces.left < pieces.left[large].min() - near)
        | (pieces.right > pieces.right[large].max() + near)
    )
    return int(large.sum()) <= _MOST_PIECES and not specks.any()


def _extents(ink: Float32, ramp: float) -> tuple[_Extent, _Extent]:
    """Return the extents of the ink down and across.

    How far to look for an edge depends on how many pixels make one of the frame, which depends on the edges: the
    outermost ink says it well enough to begin with.
    """
    profiles = ink.max(axis=1), ink.max(axis=0)
    down, across = (_outermost(profile) for profile in profiles)
    for _ in range(3):
        cell = max(down.length, across.length, _LEAST_SIDE) / BOX
        is_soft = ramp > max(_SOFT * cell, 1.5)
        down, across = (_extent(profile, cell, is_soft=is_soft) for profile in profiles)
    return down, across


def _outermost(profile: Float32) -> _Extent:
    inked = np.flatnonzero(profile)
    return _Extent(float(inked[0]), float(inked[-1] + 1 - inked[0]))


def _extent(profile: Float32, cell: float, *, is_soft: bool) -> _Extent:
    """Return where ink begins and ends in the strongest ink of each row (or column).

    The edge of blurred ink is where it reaches half of what it reaches within one frame pixel; for ink that is
    not blurred that is its first pixel, however faint.
    """
    padded = np.pad(profile, 1)
    first = _edge(padded, cell, is_soft=is_soft)
    last = len(profile) - _edge(padded[::-1], cell, is_soft=is_soft)
    return _Extent(first, max(last - first, 1.0))


def _edge(padded: Float32, cell: float, *, is_soft: bool) -> float:
    """Return where the ink begins in a profile that a pixel of paper leads, interpolated between pixels."""
    begin = int(np.flatnonzero(padded)[0])
    full = _level_after(padded, begin, cell) if is_soft else padded[begin : begin + max(1, int(0.95 * cell))].max()
    half = min(float(full), float(padded.max())) / 2
    at = begin + int(np.argmax(padded[begin:] >= half))
    before, after = float(padded[at - 1]), float(padded[at])
    return at - 1.5 + (half - before) / (after - before)


def _level_after(padded: Float32, begin: int, cell: float) -> float:
    """Return the level one frame pixel after a slope left the paper, which it did shortly before pixel `begin`."""
    first, second = float(padded[begin]), float(padded[min(begin + 1, len(padded) - 1)])
    before = min(1.0, first / (second - first)) if second > first else 1.0
    return float(np.interp(begin - before + cell, np.arange(len(padded)), padded))


def _ramp(ink: Float32) -> float:
    """Return how many pixels the steepest edge of the ink needs from paper to full ink; 1 is the least."""
    steepest = max(float(np.abs(np.diff(ink, axis=axis)).max(initial=0)) for axis in (0, 1))
    return max(1.0, float(ink.max()) / steepest) if steepest > 0 else 1.0


def _averaged_share(ramp: float, cell: float) -> float:
    """Return the side of the square that is averaged, 1 for a whole frame pixel.

    Seen through a square, an edge becomes a ramp as long as the square, which is what MNIST has: the ramp of the
    picture's own edges and the square together are to be one frame pixel. A pixel is the smallest square.
    """
    return min(1.0, max(1 - _ROUNDED * (ramp - 1) / cell, 1 / cell))


def _focused(ink: Float32, extent: _Extent, cell: float, share: float) -> _Extent:
    """Return the extent of blurred ink moved by up to half a frame pixel to where its rows are sharpest.

    Smooth enlarging leaves the old pixels as they were in the middles of their areas and mixes them between:
    the rows that hold the middles have the greatest sum of squares.
    """
    room = 0.5 if BOX - extent.length / cell >= 1 else 0.25
    moved = [_Extent(extent.first + step * room / 12 * cell, extent.length) for step in range(-12, 13)]
    energies = [float(np.square(_areas(len(ink), there, cell, BOX, share) @ ink).sum()) for there in moved]
    return moved[int(np.argmax(energies))]


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

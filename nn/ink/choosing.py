"""Which pieces of ink are the digit, and which are dust, shadow, a line, or the edge of a desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from nn.arrays import Array, Float32, Integers, Mask
    from nn.ink.pieces import Pieces

# The smallest digit, of the picture's longer side.
_SMALLEST = 0.045

# A further stroke of the digit is at least so large, so near and so dark, by the digit's main piece.
_FURTHER, _NEAR, _AS_DARK = 0.15, 0.45, 0.6

# Another digit is at least so high and has so much ink, by the main piece.
_HIGH, _INKED = 0.5, 0.2

# Within so many pixels the edge of ink rises by so much of the ink's darkness; a shadow's is softer.
_REACH, _RISE = 4, 0.45

# Grain is averaged away in squares of so many pixels: where edges are looked for, and where lines are so thin that
# they would be averaged away too.
_BROAD, _FINE = 5, 3

# A piece whose ink takes so much of a side of the picture is what lies beside the paper. The box around its ink
# says less: that of a digit cut out along its edges reaches every side.
_ALONG = 0.85

# A dash is so many times as long as it is high; a thin line covers this share of the square of its length.
_FLAT, _THIN = 5, 0.04

# A piece at the border of the picture is the digit only if nothing inside has this share of its ink.
_INSIDE = 0.05


def digit_among(pieces: Pieces, darkness: Float32, level: float) -> Mask:
    """Return the mask of the digit; nothing where no piece is large and dark enough.

    Parameters
    ----------
    pieces
        All ink.
    darkness
        (h, w), how dark each pixel is.
    level
        How dark ink is.
    """
    if not len(pieces):
        return np.zeros(pieces.shape, dtype=bool)
    mass = pieces.sums(darkness)
    mass = np.where(_is_sharp(pieces, darkness, level) & ~_is_desk(pieces, mass), mass, 0.0)
    main = int(np.where(_is_line(pieces), 0.0, mass).argmax())
    if mass[main] <= 0 or _is_line(pieces)[main] or pieces.sides[main] < max(4, _SMALLEST * max(pieces.shape)):
        return np.zeros(pieces.shape, dtype=bool)
    shade = mass / np.maximum(pieces.area, 1)
    may_join = (mass > 0) & (pieces.sides >= _FURTHER * pieces.sides[main]) & (shade > _AS_DARK * shade[main])
    chosen = _joining(pieces, main, may_join)
    for another in np.flatnonzero(_are_others(pieces, main) & may_join):
        chosen |= _joining(pieces, int(another), may_join)
    return pieces.mask(chosen)


def _is_sharp(pieces: Pieces, darkness: Float32, level: float) -> Mask:
    """Tell which pieces have edges as ink has them, in most of their rows at least."""
    broad, fine = _averaged(darkness, _BROAD), _averaged(darkness, _FINE)
    steep = np.zeros(darkness.shape, dtype=np.float32)
    for to, mean, narrow in ((steep, broad, fine), (steep.T, broad.T, fine.T)):
        inner, before, after = to[_REACH:-_REACH], slice(None, -2 * _REACH), slice(2 * _REACH, None)
        np.maximum(inner, np.abs(mean[after] - mean[before]), out=inner)
        # A line so thin that it lies between the two is darker than either.
        np.maximum(inner, narrow[_REACH:-_REACH] - np.maximum(narrow[before], narrow[after]), out=inner)
    of_runs = np.bincount(pieces.numbers, minlength=len(pieces))
    sharp: Mask = pieces.sums((steep > _RISE * level).astype(np.float32)) > 1.5 * of_runs
    return sharp


def _averaged(plane: Float32, side: int) -> Float32:
    """Return the mean of the square around each pixel."""
    for _ in range(2):
        padded = np.pad(plane, ((side // 2, side // 2), (0, 0)), mode="edge")
        total = np.zeros_like(plane)
        for at in range(side):
            total += padded[at : at + len(plane)]
        plane = (total / np.float32(side)).T
    return plane


def _is_line(pieces: Pieces) -> Mask:
    """Tell which pieces are what is left of a line or an edge: flat, or thin from the top to the bottom.

    No digit is a flat dash; a further stroke of a digit may be one.
    """
    down, across = pieces.bottom - pieces.top, pieces.right - pieces.left
    is_whole = (pieces.top == 0) & (pieces.bottom == pieces.shape[0])
    is_thin = pieces.area < _THIN * pieces.sides**2
    lines: Mask = (across > _FLAT * down) | (is_whole & is_thin)
    return lines


def _is_desk(pieces: Pieces, mass: Array) -> Mask:
    """Tell which pieces lie along the border of the picture, or reach it though there is ink that does not."""
    at_border = _at_border(pieces)
    touches: Mask = np.count_nonzero(at_border, axis=0) > 0
    large = ~touches & (pieces.sides >= _SMALLEST * max(pieces.shape))
    if large.any() and mass[large].max() >= _INSIDE * mass.max():
        return touches
    rows, columns = pieces.shape
    fills_side = at_border >= _ALONG * np.array([[columns], [columns], [rows], [rows]])
    # What is left of a shade clings to one side; a stroke that was cut out reaches the opposite one too.
    clings = (at_border >= _ALONG * pieces.sides) & (at_border[[1, 0, 3, 2]] == 0)
    is_beside: Mask = np.count_nonzero(fills_side | clings, axis=0) > 0
    return is_beside


def _at_border(pieces: Pieces) -> Integers:
    """Return (4, n): how many pixels each piece has in the top row, the bottom row, the first and last column."""
    rows, columns = pieces.shape
    lengths, one = pieces.ends - pieces.begins, np.ones_like(pieces.begins)
    sides = (
        (pieces.rows == 0, lengths),
        (pieces.rows == rows - 1, lengths),
        (pieces.begins == 0, one),
        (pieces.ends == columns, one),
    )
    counts = [np.bincount(pieces.numbers[there], pixels[there], len(pieces)) for there, pixels in sides]
    return np.array(counts).astype(np.intp)


def _are_others(pieces: Pieces, main: int) -> Mask:
    """Tell which pieces may be digits of their own: they belong to what is read, however far away they are."""
    down = pieces.bottom - pieces.top
    is_large = (down >= _HIGH * down[main]) & (pieces.area >= _INKED * pieces.area[main])
    others: Mask = is_large & ~_is_line(pieces) & (np.count_nonzero(_at_border(pieces), axis=0) == 0)
    return others


def _joining(pieces: Pieces, main: int, may_join: Mask) -> Mask:
    """Return the main piece and all that lie near it, or near those."""
    chosen = np.zeros(len(pieces), dtype=bool)
    chosen[main] = True
    reach = _NEAR * pieces.sides[main]
    while True:
        top, bottom = pieces.top[chosen].min(), pieces.bottom[chosen].max()
        left, right = pieces.left[chosen].min(), pieces.right[chosen].max()
        down = np.maximum(0, np.maximum(pieces.top - bottom, top - pieces.bottom))
        across = np.maximum(0, np.maximum(pieces.left - right, left - pieces.right))
        joined = chosen | (may_join & (np.hypot(down, across) < reach))
        if np.array_equal(joined, chosen):
            return chosen
        chosen = joined

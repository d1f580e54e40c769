"""Lines printed on the paper, ruled or squared, and how to take them away from under a digit.

A printed line runs straight through the whole picture and is thin. It is found by adding up the ink along
slanted rows, a Radon transform for the few slants that a sheet has that somebody holds a camera over, and then
followed piece by piece, for neither paper nor lenses are quite flat. What is taken away is the line where
nothing but the line is: where a stroke of the pen crosses it, the ink reaches farther up and down than the line
is thick, and stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from nn.arrays import Integers, Mask

# The steepest line looked for, and the step between two slants: half a pixel at either end of a hundred.
_STEEPEST, _SLANTS = 0.12, 49

# A line has ink in so much of the picture's width, in its outer tenths too, and is no thicker than this of it.
_FILLED, _THICKEST = 0.55, 0.022

# A line is followed in so many pieces, each of which may lie this many pixels beside the straight line.
_PARTS, _ASTRAY = 16, 4


def without_rules(ink: Mask, faint: Mask) -> Mask:
    """Return the ink without printed lines.

    Parameters
    ----------
    ink
        (h, w), what is surely ink or line.
    faint
        (h, w), what may be; lines are often fainter than ink, and are found here.
    """
    cleared = _without_rows(ink, faint)
    return _without_rows(cleared.T, faint.T).T


def _without_rows(ink: Mask, faint: Mask) -> Mask:
    lines = _lines(faint)
    if not lines:
        return ink
    runs = _Runs(ink)
    cleared = ink.copy()
    for line in lines:
        at = _followed(faint, line)
        _clear(cleared, runs, at, max(3, int(_THICKEST * max(ink.shape))))
    return cleared


def _lines(faint: Mask) -> list[tuple[float, float]]:
    """Return the lines from left to right: the row at which each crosses the middle, and its slant."""
    rows, columns = faint.shape
    y, x = np.nonzero(faint)
    if len(y) < _FILLED * columns:
        return []
    slants = np.linspace(-_STEEPEST, _STEEPEST, _SLANTS)
    counts = np.empty((_SLANTS, rows))
    for at, slant in enumerate(slants):
        seen = np.rint(y - slant * (x - columns / 2)).astype(np.intp)
        counts[at] = np.bincount(seen[(seen >= 0) & (seen < rows)], minlength=rows)
    best, filled = slants[counts.argmax(axis=0)], counts.max(axis=0)
    found = []
    apart = max(4, int(1.5 * _THICKEST * max(rows, columns)))
    while filled.max() >= _FILLED * columns:
        row = int(filled.argmax())
        if _reaches_across(faint, row, best[row]):
            found.append((float(row), float(best[row])))
        filled[max(0, row - apart) : row + apart + 1] = 0
    return found


def _reaches_across(faint: Mask, row: int, slant: float) -> bool:
    """Whether a line has ink near both ends of the picture, as printed lines have, and near its middle."""
    at = _straight(faint.shape, row, slant)
    hit = np.zeros(faint.shape[1], dtype=bool)
    for beside in (-2, 0, 2):
        hit |= faint[np.clip(at + beside, 0, len(faint) - 1), np.arange(faint.shape[1])]
    tenth = max(1, faint.shape[1] // 10)
    return bool(hit[:tenth].mean() + hit[-tenth:].mean() > 0.8 and hit.mean() > _FILLED)


def _straight(shape: tuple[int, ...], row: float, slant: float) -> Integers:
    at: Integers = np.rint(row + slant * (np.arange(shape[1]) - shape[1] / 2)).astype(np.intp)
    return at


def _followed(faint: Mask, line: tuple[float, float]) -> Integers:
    """Return the row of the line in each column, moved piece by piece to where most ink is."""
    rows, columns = faint.shape
    at = _straight(faint.shape, *line)
    beside = np.arange(-_ASTRAY, _ASTRAY + 1)
    reached = np.clip(at[np.newaxis] + beside[:, np.newaxis], 0, rows - 1)
    hits = faint[reached, np.arange(columns)]
    edges = np.linspace(0, columns, _PARTS + 1).astype(int)[:-1]
    counts = np.add.reduceat(hits, edges, axis=1, dtype=np.intp)
    # Among rows with equally much ink, the middle one is the middle of the line.
    is_most = counts >= 0.9 * counts.max(axis=0)
    moved = (is_most * beside[:, np.newaxis]).sum(axis=0) / np.maximum(is_most.sum(axis=0), 1)
    middles = edges + columns / _PARTS / 2
    smooth = np.interp(np.arange(columns), middles, moved)
    followed: Integers = np.clip(np.rint(at + smooth), 0, rows - 1).astype(np.intp)
    return followed


class _Runs:
    """For each pixel of ink, where its unbroken run upwards and downwards begins and ends."""

    def __init__(self, ink: Mask) -> None:
        rows = np.arange(len(ink))[:, np.newaxis]
        self.above = np.maximum.accumulate(np.where(ink, -1, rows), axis=0) + 1
        self.below = np.minimum.accumulate(np.where(ink, len(ink), rows)[::-1], axis=0)[::-1]


def _clear(ink: Mask, runs: _Runs, at: Integers, thickest: int) -> None:
    """Take a line away wherever the ink at its place is no thicker than it is elsewhere."""
    columns = np.arange(ink.shape[1])
    best_above, best_below = np.zeros_like(at), np.zeros_like(at)
    for beside in (0, -1, 1, -2, 2):
        there = np.clip(at + beside, 0, len(ink) - 1)
        is_new = (best_below == best_above) & ink[there, columns]
        best_above = np.where(is_new, runs.above[there, columns], best_above)
        best_below = np.where(is_new, runs.below[there, columns], best_below)
    lengths = best_below - best_above
    if not (lengths > 0).any():
        return
    usual = float(np.median(lengths[lengths > 0]))
    if usual > thickest:
        return
    is_line = (lengths > 0) & (lengths <= 1.5 * usual + 1)
    for column in np.flatnonzero(is_line):
        ink[best_above[column] : best_below[column], column] = False

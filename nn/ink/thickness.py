"""As thick as MNIST's pen: how thick lines are, and ink with its edge moved until they are as thick as wanted.

In a line of thickness t, the distance to the edge runs evenly from 0 to t / 2 and back: its mean is t / 4,
whatever way the line goes. Moving the edge outwards or inwards by one distance everywhere is what a thicker or
a thinner pen would have done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from nn.arrays import Float32, Mask


def thickness(mask: Mask) -> float:
    """Return how thick the lines of a mask are, in its pixels; 0 where it has none."""
    if not mask.any():
        return 0.0
    return 4 * float(_depth(mask, int(max(mask.shape))).mean(where=mask))


def with_thickness(mask: Mask, added: float) -> Float32:
    """Return the ink of a mask, antialiased, with lines that are thicker by `added` pixels, or thinner below 0.

    Parameters
    ----------
    mask
        (h, w); a margin of at least half of `added`, and a pixel, is left around the ink.
    added
        Pixels.

    Returns
    -------
    ink
        float32 (h, w), 0..1: ``clip(1/2 + d + added / 2, 0, 1)`` with d how deep in the ink a pixel lies, below
        zero how far from it.
    """
    moved = added / 2
    if moved >= 0:
        depth = np.where(mask, np.float32(1), -_depth(~mask, int(moved) + 2))
    else:
        depth = np.where(mask, _depth(mask, int(-moved) + 2), np.float32(-1 + moved))
    ink: Float32 = np.clip(depth + np.float32(0.5 + moved), 0, 1, dtype=np.float32)
    return ink


def _depth(mask: Mask, farthest: int) -> Float32:
    """Return how far each pixel of a mask is from the edge, as far as `farthest`; 0 outside.

    The nearest pixel outside lies in some row; in each row it is found by counting, and of all rows the nearest
    is taken: min over k of ``along[row + k]^2 + k^2``. What lies beyond the picture counts as inside.
    """
    along = _along_rows(mask, farthest)
    squared = np.pad(np.square(along), ((farthest, farthest), (0, 0)), constant_values=np.float32(farthest**2))
    rows, nearest = len(mask), np.square(along)
    for step in range(1, farthest + 1):
        # Once no pixel is farther from the edge than the row that is looked at, no row beyond can be nearer.
        if float(nearest.max()) <= step**2:
            break
        for at in (farthest - step, farthest + step):
            np.minimum(nearest, squared[at : at + rows] + np.float32(step**2), out=nearest)
    # From the middle of the nearest pixel outside, the edge is half a pixel away.
    depth: Float32 = np.maximum(np.sqrt(nearest) - np.float32(0.5), 0)
    return depth


def _along_rows(mask: Mask, farthest: int) -> Float32:
    """Return the distance within its row from each pixel to the nearest outside the mask, at most `farthest`."""
    columns = np.arange(mask.shape[1])
    before = np.maximum.accumulate(np.where(mask, -farthest, columns), axis=1)
    after = np.minimum.accumulate(np.where(mask, mask.shape[1] + farthest, columns)[:, ::-1], axis=1)[:, ::-1]
    return np.minimum(np.minimum(columns - before, after - columns), farthest).astype(np.float32)

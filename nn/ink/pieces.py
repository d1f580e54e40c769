"""Connected pieces of ink, found run by run.

A run is an unbroken row of inked pixels. Two runs in neighbouring rows belong together where they touch, also
corner to corner; pieces are what hangs together so. There are far fewer runs than pixels, and all of them are
joined at once: each takes over the smallest number among its neighbours until nothing changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from nn.arrays import Array, Float32, Integers, Mask


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Connected pieces of a mask, numbered from 0; arrays (n,) hold what is known of each."""

    shape: tuple[int, int]
    rows: Integers
    """Of each run, (r,): its row, its first column, the column after its last, and its piece."""
    begins: Integers
    ends: Integers
    numbers: Integers
    top: Integers
    bottom: Integers
    left: Integers
    right: Integers
    """The bounding boxes; bottom and right are one beyond the last pixel."""
    area: Integers

    def __len__(self) -> int:
        return len(self.area)

    @property
    def sides(self) -> Integers:
        """The longer side of each bounding box."""
        longer: Integers = np.maximum(self.bottom - self.top, self.right - self.left)
        return longer

    def mask(self, chosen: Mask) -> Mask:
        """Return the mask of the pieces for which `chosen`, (n,), is true."""
        kept = chosen[self.numbers]
        steps = np.zeros((self.shape[0], self.shape[1] + 1), dtype=np.int8)
        steps[self.rows[kept], self.begins[kept]] = 1
        steps[self.rows[kept], self.ends[kept]] -= 1
        inked: Mask = np.cumsum(steps, axis=1, dtype=np.int8)[:, :-1] > 0
        return inked

    def sums(self, values: Float32) -> Array:
        """Return the sum of the values, shape (h, w), over each piece."""
        summed = np.pad(np.cumsum(values, axis=1, dtype=np.float64), ((0, 0), (1, 0)))
        of_runs = summed[self.rows, self.ends] - summed[self.rows, self.begins]
        return np.bincount(self.numbers, of_runs, minlength=len(self)).astype(np.float64)


def pieces_of(mask: Mask) -> Pieces:
    """Return the pieces of a mask, shape (h, w), in the order of their first pixels."""
    padded = np.pad(mask, ((0, 0), (1, 1))).astype(np.int8)
    steps = np.diff(padded, axis=1)
    rows, begins = np.nonzero(steps == 1)
    ends = np.nonzero(steps == -1)[1]
    numbers = _joined(len(rows), *_touching(rows, begins, ends, mask.shape[1]))
    count = int(numbers.max(initial=-1)) + 1
    low = np.full((2, count), max(mask.shape), dtype=np.intp)
    high = np.zeros((2, count), dtype=np.intp)
    for bound, values in ((low[0], rows), (low[1], begins)):
        np.minimum.at(bound, numbers, values)
    for bound, values in ((high[0], rows + 1), (high[1], ends)):
        np.maximum.at(bound, numbers, values)
    area = np.bincount(numbers, ends - begins, minlength=count).astype(np.intp)
    shape = (mask.shape[0], mask.shape[1])
    return Pieces(shape, rows, begins, ends, numbers, low[0], high[0], low[1], high[1], area)


def _touching(rows: Integers, begins: Integers, ends: Integers, width: int) -> tuple[Integers, Integers]:
    """Return the pairs of runs in neighbouring rows that touch."""
    # Runs are sorted by row and column, so that one number orders them; a row's numbers leave room for corners.
    stride = width + 3
    first = np.searchsorted(rows * stride + ends, (rows + 1) * stride + begins)
    last = np.searchsorted(rows * stride + begins, (rows + 1) * stride + ends, side="right")
    counts = np.maximum(last - first, 0)
    above = np.repeat(np.arange(len(rows)), counts)
    within = np.arange(len(above)) - np.repeat(np.cumsum(counts) - counts, counts)
    return above, np.repeat(first, counts) + within


def _joined(count: int, one: Integers, other: Integers) -> Integers:
    """Return the number of the piece of each run."""
    roots = np.arange(count)
    while True:
        lowest = np.minimum(roots[one], roots[other])
        before = roots.copy()
        for side in (one, other):
            np.minimum.at(roots, before[side], lowest)
        while not np.array_equal(roots, roots[roots]):
            roots = roots[roots]
        if np.array_equal(roots, before):
            break
    numbers: Integers = np.unique(roots, return_inverse=True)[1]
    return numbers

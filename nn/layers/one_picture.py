"""A single picture, convolved by tiles: its calls of numpy alone, prepared beforehand.

A picture of 6 x 6 x 160 takes a dozen calls of a few microseconds each; to cut the views that they work on takes a
fifth of that again. Where a picture lies where the one before it lay, the views are the same: they are cut once.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from nn.layers.patches import patches_of
from nn.layers.winograd import by_corner, transforms

if TYPE_CHECKING:
    from collections.abc import Callable

    from nn.arrays import Array
    from nn.layers.winograd import Tiling


SMALL = 2**14
"""Numbers in the tiles of a picture up to which one product transforms them sooner than two: 12 of 560 us for the
network that ships."""


class OnePicture:
    """Convolves what lies in x, (1, h, w, c), into y, (1, h_out, w_out, f), again and again.

    Parameters
    ----------
    x, y
        Where pictures come and go.
    padding
        Lines of nothing around x.
    tiling
        That covers y.
    filters
        Shape (places, c, f): transformed, and not to change.
    bias
        Shape (f,), or empty.
    """

    def __init__(self, x: Array, y: Array, padding: int, tiling: Tiling, filters: Array, bias: Array) -> None:
        self._x, self._y = x, y
        self._calls: list[Callable[[], object]] = []
        in_use = transforms(tiling.outputs, x.dtype)
        tiles = self._append_tiles(x, padding, tiling)
        tiles = self._append_transform(in_use.b, tiles)
        products = np.empty((tiling.places, tiling.count, filters.shape[2]), x.dtype)
        self._calls.append(partial(np.matmul, tiles.reshape(*products.shape[:2], -1), filters, products))
        if bias.size:
            # Where both polynomials are taken at 1: what is added there, A adds to all outputs.
            at_one = products[tiling.side + 1]
            self._calls.append(partial(np.add, at_one, bias, at_one))
        corners = self._append_transform(in_use.a, products)
        corners = corners.reshape(-1, tiling.down, tiling.right, 1, filters.shape[2])
        for corner, pixels in by_corner(corners, y, tiling):
            self._calls.append(partial(np.copyto, pixels, corner))

    def is_of(self, x: Array, y: Array) -> bool:
        """Whether it is for these very arrays."""
        return self._x is x and self._y is y

    def convolve(self) -> None:
        """Convolve what x holds now."""
        for call in self._calls:
            call()

    def _append_tiles(self, x: Array, padding: int, tiling: Tiling) -> Array:
        """Append the copies that lay out the tiles of x; return where they will lie: (places, ...)."""
        _, h, w, c = x.shape
        # What is around x stays nothing.
        padded = np.zeros((1, *tiling.seen, c), x.dtype)
        self._calls.append(partial(np.copyto, padded[:, padding : padding + h, padding : padding + w], x))
        by_place = patches_of(padded, (tiling.side, tiling.side), tiling.outputs)[0].transpose(2, 3, 0, 1, 4)
        seen = np.empty((tiling.places, tiling.count * c), x.dtype)
        self._calls.append(partial(np.copyto, seen.reshape(by_place.shape), by_place))
        return seen

    def _append_transform(self, matrix: Array, tiles: Array) -> Array:
        """Append the products that transform tiles by a matrix on both sides; return where they will lie."""
        rows, columns = matrix.shape
        tiles = tiles.reshape(columns, columns, -1)
        out = np.empty((rows, rows, tiles.shape[2]), tiles.dtype)
        if tiles.size <= SMALL:
            twice = np.kron(matrix, matrix)
            self._calls.append(partial(np.dot, twice, tiles.reshape(columns**2, -1), out.reshape(rows**2, -1)))
        else:
            down = np.empty((columns, rows, tiles.shape[2]), tiles.dtype)
            self._calls.append(partial(np.matmul, matrix, tiles.swapaxes(0, 1), down))
            self._calls.append(partial(np.matmul, matrix, down.swapaxes(0, 1), out))
        return out

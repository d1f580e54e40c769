r"""Winograd's tiles for those who only read: weights stay as they are, and no way back will be asked for.

The filters are transformed once. And because a single picture takes its time for numpy's calls rather than for
numbers, each of the other two transforms is one matrix product. With the 16 numbers of a tile in a column,

.. math:: B^T d B = (B^T \otimes B^T) \, d, \quad A^T m A = (A^T \otimes A^T) \, m

of which the matrices are 16 x 16 and 4 x 16. They multiply more than `nn.layers.winograd` adds, in some ten
calls of numpy instead of 60: one picture of 12 x 12 x 80 takes 118 us instead of 154, many take as long as before.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, NoReturn, Self

import numpy as np

from nn.compat import override
from nn.errors import ConfigurationError
from nn.layers.kernel import Kernel
from nn.layers.patches import patches_of
from nn.layers.winograd import TILE, blocks_of, filters_in_tiles, halves
from nn.layers.workspace import Workspace

if TYPE_CHECKING:
    from nn.arrays import Array
    from nn.layers.kernel import Window

B_TRANSPOSED = np.array([[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, -1, 0, 1]], np.float32)
A_TRANSPOSED = np.array([[1, 1, 1, 0], [0, 1, -1, 1]], np.float32)

BLOCK = 2**16
"""Numbers in the tiles of pictures that are worked on together: what is made of them stays in a core's cache."""

EVERYWHERE = TILE + 1
"""The place (1, 1) of a tile: what is added to its product, A adds to all four outputs."""


class ReadingTileKernel(Kernel):
    """Windows of 3 x 3 with a stride of 1, for weights that stay.

    Parameters
    ----------
    window
        As for every kernel.
    weight
        Shape (9 c, f).
    """

    def __init__(self, window: Window, weight: Array) -> None:
        super().__init__(window)
        self._filters = np.empty((TILE**2, window.channels, window.filters), weight.dtype)
        filters_in_tiles(weight, self._filters)
        self._b, self._a = (_both_ways(matrix, weight.dtype) for matrix in (B_TRANSPOSED, A_TRANSPOSED))

    @override
    def replica(self) -> Self:
        twin = copy(self)
        twin.room, twin.scratch = Workspace(), Workspace()
        return twin

    @override
    def forward(self, x: Array, weight: Array, bias: Array, y: Array, *, training: bool = False) -> None:
        for block in blocks_of(x.shape, y.shape, BLOCK):
            self._convolve(x[block], bias, y[block])

    @override
    def parameter_gradients(self, d_y: Array, d_weight: Array, d_bias: Array) -> None:
        _refuse()

    @override
    def backward(self, d_y: Array, weight: Array, d_x: Array) -> None:
        _refuse()

    def _convolve(self, x: Array, bias: Array, y: Array) -> None:
        n, h_out, w_out, f = y.shape
        down, right = halves((h_out, w_out))
        places = n * down * right
        seen = self._seen_by_tiles(x, down, right)
        tiles = np.matmul(self._b, seen, out=self.scratch.array("tiles", seen.shape, x))
        products = self.scratch.array("products", (TILE**2, places, f), x)
        np.matmul(tiles.reshape(TILE**2, places, -1), self._filters, out=products)
        if bias.size:
            products[EVERYWHERE] += bias
        corners = self.scratch.array("corners", (4, places * f), x)
        np.matmul(self._a, products.reshape(TILE**2, -1), out=corners)
        _lay_out(corners.reshape(2, 2, n, down, right, f), y)

    def _seen_by_tiles(self, x: Array, down: int, right: int) -> Array:
        """Return what tiles see, place by place of the tile: (16, tiles c)."""
        n, h, w, c = x.shape
        p = self.window.padding
        padded = self.scratch.array("padded", (n, 2 * down + 2, 2 * right + 2, c), x)
        padded.fill(0)
        padded[:, p : p + h, p : p + w] = x
        by_place = patches_of(padded, (TILE, TILE), stride=2).transpose(3, 4, 0, 1, 2, 5)
        seen = self.scratch.array("seen", (TILE**2, n * down * right * c), x)
        np.copyto(seen.reshape(by_place.shape), by_place)
        return seen


def _both_ways(matrix: Array, dtype: np.dtype[np.floating]) -> Array:
    """Return what does to the 16 numbers of a tile, in a column, what `matrix` does to it on both sides."""
    return np.kron(matrix, matrix).astype(dtype, copy=False)


def _lay_out(corners: Array, y: Array) -> None:
    """Lay the four outputs of each tile, (2, 2, n, down, right, f), where they belong in y, (n, h, w, f)."""
    n, h_out, w_out, f = y.shape
    if h_out % 2 == w_out % 2 == 0:
        np.copyto(y.reshape(n, h_out // 2, 2, w_out // 2, 2, f), corners.transpose(2, 3, 0, 4, 1, 5))
        return
    for row in range(2):
        for column in range(2):
            part = y[:, row::2, column::2]
            np.copyto(part, corners[row, column, :, : part.shape[1], : part.shape[2]])


def _refuse() -> NoReturn:
    raise ConfigurationError(
        "A network made ready to read has no way back through its convolutions. Ask the one that it was made from."
    )

r"""Winograd's convolution: windows of 3 x 3 with less than half of the multiplications.

Two neighbouring outputs of a window of three are sums of six products; Winograd found them with four (Winograd,
1980; Lavin and Gray, 2016). In both directions that makes 16 products instead of 36 for 2 x 2 outputs:

.. math:: y = A^T \left[ (G g G^T) \odot (B^T d B) \right] A

d is the 4 x 4 tile of the picture around the outputs, g the window. The three matrices hold little but 0, 1 and
-1, so what they do is adding; the products, over all channels, are 16 matrix products, one a place of the tile::

    B^T = 1  0 -1  0      G =  1    0    0      A^T = 1  1  1  0
          0  1  1  0          1/2  1/2  1/2           0  1 -1  1
          0 -1  1  0          1/2 -1/2  1/2
          0 -1  0  1           0    0    1

Measured on one core with pictures of 12 x 12 x 64 and 64 filters: 80 us a picture, and 172 by patches.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nn.arrays import Array, Shape

WINDOW = 3
TILE = 4
"""Side of a tile: two outputs, and what a window of three sees around them."""

BLOCK = 2**17
"""Numbers in the tiles of pictures that are worked on together: 512 kB, half of a core's second-level cache."""


class Workspace:
    """Arrays to work in, by name; what they hold is no use to anyone later, so that layers may share them."""

    def __init__(self) -> None:
        self._kept: dict[str, Array] = {}

    def array(self, name: str, shape: Shape, like: Array) -> Array:
        """Return an uninitialised array of this shape, and of the type of `like`."""
        size = math.prod(shape)
        kept = self._kept.get(name)
        if kept is None or kept.size < size or kept.dtype != like.dtype:
            kept = self._kept[name] = np.empty(size, like.dtype)
        return kept[:size].reshape(shape)


def convolve(x: Array, filters: Array, padding: int, out: Array, room: Workspace) -> None:
    """Convolve pictures x, (n, h, w, c), with filters in tiles, (16, c, f), into out, (n, h_out, w_out, f)."""
    _, h_out, w_out, f = out.shape
    at_a_time = _pictures_at_a_time(out.shape, x.shape[3])
    for start in range(0, len(x), at_a_time):
        block = slice(start, start + at_a_time)
        tiles = tiles_of(x[block], padding, (h_out, w_out), room)
        products = np.matmul(tiles, filters, out=room.array("products", (*tiles.shape[:2], f), x))
        _assemble(products, out[block], room)


def add_filter_gradient(x: Array, d_y: Array, padding: int, d_filters: Array, room: Workspace) -> None:
    """Add the gradient of the filters in tiles, (16, c, f), from that of `convolve`'s result."""
    at_a_time = _pictures_at_a_time(d_y.shape, x.shape[3])
    share = room.array("share", d_filters.shape, x)
    for start in range(0, len(x), at_a_time):
        block = slice(start, start + at_a_time)
        tiles = tiles_of(x[block], padding, d_y.shape[1:3], room)
        np.matmul(tiles.transpose(0, 2, 1), _spread(d_y[block], room), out=share)
        d_filters += share


def filters_in_tiles(weight: Array, channels: int, out: Array) -> None:
    """Transform windows, (9 c, f), by G on both sides: to (16, c, f)."""
    windows = weight.reshape(WINDOW, WINDOW, channels, -1)
    rows = np.empty((TILE, *windows.shape[1:]), weight.dtype)
    _g(windows, rows)
    _g(rows.swapaxes(0, 1), out.reshape(TILE, TILE, channels, -1).swapaxes(0, 1))


def filters_from_tiles(d_filters: Array, out: Array) -> None:
    """Take a gradient by filters in tiles, (16, c, f), back to one by windows, (9 c, f)."""
    tiles = d_filters.reshape(TILE, TILE, *d_filters.shape[1:])
    rows = np.empty((WINDOW, *tiles.shape[1:]), d_filters.dtype)
    _g_transposed(tiles, rows)
    windows = out.reshape(WINDOW, WINDOW, *d_filters.shape[1:])
    _g_transposed(rows.swapaxes(0, 1), windows.swapaxes(0, 1))


def tiles_of(x: Array, padding: int, size: Shape, room: Workspace) -> Array:
    """Transform the tiles of pictures x, (n, h, w, c), by B on both sides, to (16, tiles, c); y is of `size`."""
    n, c = len(x), x.shape[3]
    down, right = _halves(size)
    even, odd = _columns(x, padding, (down, right), room)
    across = room.array("across", (TILE, n, 2 * down + 2, right, c), x)
    _b((even[:, :, :-1], odd[:, :, :-1], even[:, :, 1:], odd[:, :, 1:]), across)
    tiles = room.array("tiles", (TILE, TILE, n, down, right, c), x)
    _b((across[:, :, 0:-2:2], across[:, :, 1:-2:2], across[:, :, 2::2], across[:, :, 3::2]), tiles)
    return tiles.reshape(TILE**2, n * down * right, c)


def _columns(x: Array, padding: int, tiles: Shape, room: Workspace) -> Array:
    """Pad pictures, with even columns and odd ones apart: all sums then run along a whole row of a picture."""
    n, h, w, c = x.shape
    down, right = tiles
    apart = room.array("columns", (2, n, 2 * down + 2, right + 1, c), x)
    apart[:, :, :padding], apart[:, :, padding + h :] = 0, 0
    for parity, columns in enumerate(apart):
        first = (parity + padding) % 2
        start, stop = (first + padding) // 2, (w + padding + 1 - parity) // 2
        columns[:, :, :start], columns[:, :, stop:] = 0, 0
        columns[:, padding : padding + h, start:stop] = x[:, :, first::2]
    return apart


def _assemble(products: Array, out: Array, room: Workspace) -> None:
    """Transform products, (16, tiles, f), by A on both sides, to pictures out, (n, h_out, w_out, f)."""
    n, f = len(out), out.shape[3]
    down, right = _halves(out.shape[1:3])
    across = room.array("across", (2, TILE, n, down, right, f), out)
    scratch = room.array("scratch", across.shape[1:], out)
    _a(products.reshape(TILE, TILE, n, down, right, f), (across[0], across[1]), scratch)
    for row, rows in enumerate(across):
        _a(rows, (out[:, row::2, 0::2], out[:, row::2, 1::2]), scratch[0])


def _spread(d_y: Array, room: Workspace) -> Array:
    """Transform pictures, (n, h, w, f), by A transposed on both sides, to (16, tiles, f)."""
    n, _, _, f = d_y.shape
    down, right = _halves(d_y.shape[1:3])
    d_y = _even(d_y, room)
    across = room.array("across", (2, n, down, 2 * right, f), d_y)
    upper, lower = d_y[:, 0::2], d_y[:, 1::2]
    np.add(upper, lower, out=across[0])
    np.subtract(upper, lower, out=across[1])
    tiles = room.array("products", (TILE, TILE, n, down, right, f), d_y)
    for tile, rows in zip(tiles, (upper, *across, lower), strict=True):
        left, right_ = rows[:, :, 0::2], rows[:, :, 1::2]
        np.copyto(tile[0], left)
        np.add(left, right_, out=tile[1])
        np.subtract(left, right_, out=tile[2])
        np.copyto(tile[3], right_)
    return tiles.reshape(TILE**2, n * down * right, f)


def _even(d_y: Array, room: Workspace) -> Array:
    """Add a row or column of zeros where the tiles reach beyond the picture."""
    n, h, w, f = d_y.shape
    if h % 2 == w % 2 == 0:
        return d_y
    even = room.array("even", (n, h + h % 2, w + w % 2, f), d_y)
    even[:, h:], even[:, :, w:] = 0, 0
    even[:, :h, :w] = d_y
    return even


def _a(m: Array, out: tuple[Array, Array], scratch: Array) -> None:
    """Apply A^T along the first axis, four to two; outputs may be a row or column smaller."""
    np.add(m[1], m[2], out=scratch)
    _add(m[0], scratch, out[0])
    np.subtract(m[1], m[2], out=scratch)
    _add(m[3], scratch, out[1])


def _add(one: Array, other: Array, out: Array) -> None:
    h, w = out.shape[-3:-1]
    np.add(one[..., :h, :w, :], other[..., :h, :w, :], out=out)


def _b(d: Sequence[Array], out: Array) -> None:
    """Apply B^T, four to four."""
    np.subtract(d[0], d[2], out=out[0])
    np.add(d[1], d[2], out=out[1])
    np.subtract(d[2], d[1], out=out[2])
    np.subtract(d[3], d[1], out=out[3])


def _g(g: Array, out: Array) -> None:
    """Apply G, three to four."""
    ends = g[0] + g[2]
    ends *= 0.5
    middle = 0.5 * g[1]
    out[0], out[3] = g[0], g[2]
    np.add(ends, middle, out=out[1])
    np.subtract(ends, middle, out=out[2])


def _g_transposed(d: Array, out: Array) -> None:
    """Apply G transposed, four to three."""
    ends = d[1] + d[2]
    ends *= 0.5
    np.add(d[0], ends, out=out[0])
    np.add(d[3], ends, out=out[2])
    np.subtract(d[1], d[2], out=out[1])
    out[1] *= 0.5


def _halves(size: Shape) -> tuple[int, int]:
    """Return how many tiles cover outputs of this height and width."""
    return (size[0] + 1) // 2, (size[1] + 1) // 2


def _pictures_at_a_time(out_shape: Shape, channels: int) -> int:
    down, right = _halves(out_shape[1:3])
    return max(1, BLOCK // (TILE**2 * down * right * max(channels, out_shape[3])))

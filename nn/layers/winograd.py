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

from typing import TYPE_CHECKING

import numpy as np

from nn.layers.products import SMALL_PRODUCT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nn.arrays import Array, Shape
    from nn.layers.workspace import Workspace

WINDOW = 3
TILE = 4
"""Side of a tile: two outputs, and what a window of three sees around them."""

BLOCK = 2**19
"""Numbers in the tiles of pictures that are worked on together: 2 MB, some sixteen pictures."""


def blocks_of(x_shape: Shape, y_shape: Shape, numbers: int = BLOCK) -> list[slice]:
    """Cut pictures x, (n, h, w, c), into blocks whose tiles stay in the cache; y is (n, h_out, w_out, f)."""
    down, right = halves(y_shape[1:3])
    size = max(1, numbers // (TILE**2 * down * right * max(x_shape[3], y_shape[3])))
    return [slice(start, start + size) for start in range(0, x_shape[0], size)]


def tiles_of(x: Array, padding: int, size: Shape, out: Array, room: Workspace) -> Array:
    """Transform the tiles of pictures x, (n, h, w, c), by B on both sides, into out, (16, tiles, c).

    `size` is the height and width of y.
    """
    n, c = len(x), x.shape[3]
    down, right = halves(size)
    quarters = _padded_quarters(x, padding, (down + 1, right + 1), room)
    rows = room.array("rows", (TILE, 2, down, right + 1, n, c), x)
    upper, lower = quarters
    _b((upper[:, :-1], lower[:, :-1], upper[:, 1:], lower[:, 1:]), rows)
    tiles = out.reshape(TILE, TILE, down, right, n, c)
    left, right_ = rows[:, 0], rows[:, 1]
    _b((left[:, :, :-1], right_[:, :, :-1], left[:, :, 1:], right_[:, :, 1:]), tiles.swapaxes(0, 1))
    return out


def multiply(tiles: Array, filters: Array, products: Array, down: int) -> None:
    """Multiply tiles, (16, tiles, c), by filters, (16, c, f), place by place; the tiles lie in `down` rows."""
    _, count, c = tiles.shape
    f = products.shape[2]
    if count * c * f <= SMALL_PRODUCT:
        np.matmul(tiles, filters, out=products)
    else:
        rows, row_products = tiles.reshape(TILE**2, down, -1, c), products.reshape(TILE**2, down, -1, f)
        np.matmul(rows, filters[:, np.newaxis], out=row_products)


def assemble(products: Array, out: Array, room: Workspace) -> None:
    """Transform products, (16, tiles, f), by A on both sides, to pictures out, (n, h_out, w_out, f)."""
    n, h_out, w_out, f = out.shape
    down, right = halves((h_out, w_out))
    rows = room.array("rows", (2, TILE, down, right, n, f), out)
    quarters = room.array("quarters", (2, 2, down, right, n, f), out)
    scratch = room.array("scratch", rows.shape[1:], out)
    _a(products.reshape(TILE, *rows.shape[1:]), rows, scratch)
    _a(rows.swapaxes(0, 1), quarters.swapaxes(0, 1), scratch[:2])
    for row in range(2):
        for column in range(2):
            part = out[:, row::2, column::2].transpose(1, 2, 0, 3)
            np.copyto(part, quarters[row, column, : len(part), : part.shape[1]])


def spread(d_y: Array, out: Array) -> Array:
    """Transform pictures, (n, h, w, f), by A transposed on both sides, into out, (16, tiles, f)."""
    n, h, w, f = d_y.shape
    down, right = halves((h, w))
    tiles = out.reshape(TILE, TILE, down, right, n, f)
    for row in range(2):
        for column in range(2):
            corner = tiles[3 * row, 3 * column]
            part = d_y[:, row::2, column::2].transpose(1, 2, 0, 3)
            corner[len(part) :], corner[:, part.shape[1] :] = 0, 0
            corner[: len(part), : part.shape[1]] = part
    _a_transposed(tiles[:, ::3])
    _a_transposed(tiles.swapaxes(0, 1))
    return out


def overlay(products: Array, padding: int, size: Shape, out: Array, room: Workspace) -> None:
    """Transform products, (16, tiles, c), by B transposed on both sides, and lay the tiles over each other.

    It is the way back of `tiles_of`: each tile shares two lines with the next, and what lies there is added up,
    into pictures out, (n, h, w, c).
    """
    n, h, w, c = out.shape
    down, right = halves(size)
    tiles = products.reshape(TILE, TILE, down, right, n, c)
    rows = room.array("rows", (2, down + 1, TILE, right, n, c), out)
    quarters = room.array("quarters", (2, right + 1, 2, down + 1, n, c), out)
    _b_transposed(tiles.transpose(0, 2, 1, 3, 4, 5), rows, room)
    _b_transposed(rows.transpose(2, 3, 0, 1, 4, 5), quarters, room)
    for row in range(2):
        lines, first_line = _places(row, padding, h)
        for column in range(2):
            columns, first_column = _places(column, padding, w)
            part = out[:, first_line::2, first_column::2]
            np.copyto(part, quarters[column, columns, row, lines].transpose(2, 1, 0, 3))


def filters_in_tiles(weight: Array, out: Array) -> None:
    """Transform windows, (9 c, f), by G on both sides: to (16, c, f)."""
    windows = weight.reshape(WINDOW, WINDOW, *out.shape[1:])
    rows = np.empty((TILE, *windows.shape[1:]), weight.dtype)
    _g(windows, rows)
    _g(rows.swapaxes(0, 1), out.reshape(TILE, TILE, *out.shape[1:]).swapaxes(0, 1))


def filters_from_tiles(d_filters: Array, out: Array) -> None:
    """Take a gradient by filters in tiles, (16, c, f), back to one by windows, (9 c, f)."""
    tiles = d_filters.reshape(TILE, TILE, *d_filters.shape[1:])
    rows = np.empty((WINDOW, *tiles.shape[1:]), d_filters.dtype)
    _g_transposed(tiles, rows)
    windows = out.reshape(WINDOW, WINDOW, *d_filters.shape[1:])
    _g_transposed(rows.swapaxes(0, 1), windows.swapaxes(0, 1))


def _padded_quarters(x: Array, padding: int, size: Shape, room: Workspace) -> Array:
    """Pad pictures and lay even and odd rows and columns apart: (2, 2, *size, n, c), pictures innermost.

    What a tile adds up then lies in long rows side by side: adding along them takes a third of the time that
    numpy needs for many short ones.
    """
    n, h, w, c = x.shape
    quarters = room.array("quarters", (2, 2, *size, n, c), x)
    quarters.fill(0)
    for row in range(2):
        rows, first_row = _places(row, padding, h)
        for column in range(2):
            columns, first_column = _places(column, padding, w)
            quarters[row, column, rows, columns] = x[:, first_row::2, first_column::2].transpose(1, 2, 0, 3)
    return quarters


def _places(parity: int, padding: int, length: int) -> tuple[slice, int]:
    """Return where among even (0) or odd (1) padded places a line lies, and the first place of it that does."""
    first = (parity + padding) % 2
    start = (first + padding) // 2
    return slice(start, start + (length - first + 1) // 2), first


def _a(m: Array, out: Array, scratch: Array) -> None:
    """Apply A^T, four to two."""
    np.add(m[1], m[2], out=scratch)
    np.add(m[0], scratch, out=out[0])
    np.subtract(m[1], m[2], out=scratch)
    np.add(m[3], scratch, out=out[1])


def _a_transposed(d: Array) -> None:
    """Apply A in place, two to four: the first and the last are given."""
    np.add(d[0], d[3], out=d[1])
    np.subtract(d[0], d[3], out=d[2])


def _b(d: Sequence[Array], out: Array) -> None:
    """Apply B^T, four to four."""
    np.subtract(d[0], d[2], out=out[0])
    np.add(d[1], d[2], out=out[1])
    np.subtract(d[2], d[1], out=out[2])
    np.subtract(d[3], d[1], out=out[3])


def _b_transposed(m: Array, out: Array, room: Workspace) -> None:
    """Apply B to tiles, (4, tiles, ...), and add up where they overlap: even, odd lines, (2, tiles + 1, ...)."""
    even, odd = out
    scratch = room.array("scratch", m.shape[1:], m)
    np.add(m[1], m[2], out=scratch)
    scratch -= m[0]
    even[0], even[-1] = m[0, 0], scratch[-1]
    np.add(m[0, 1:], scratch[:-1], out=even[1:-1])
    np.subtract(m[1], m[2], out=scratch)
    scratch -= m[3]
    odd[0], odd[-1] = scratch[0], m[3, -1]
    np.add(scratch[1:], m[3, :-1], out=odd[1:-1])


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


def halves(size: Shape) -> tuple[int, int]:
    """Return how many tiles cover outputs of this height and width."""
    return (size[0] + 1) // 2, (size[1] + 1) // 2

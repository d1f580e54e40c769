r"""Winograd's convolution: windows of 3 x 3 with a fraction of the multiplications.

m neighbouring outputs of a window of three are sums of 3 m products; m + 2 products do. Window and picture are
taken for polynomials, of which a product is known by its values at as many points (Toom, 1963; Cook, 1966;
Winograd, 1980). In both directions, for m x m outputs (Lavin and Gray, 2016):

.. math:: y = A^T \left[ (G g G^T) \odot (B^T d B) \right] A

d is the tile of m + 2 by m + 2 pixels that the outputs y see, g the window. The products, over all channels, are
(m + 2)^2 matrix products, one a place of the tile. What the three matrices do are matrix products too, down the
tiles and then across, for all tiles and channels at once.

A channel of 4 x 4 outputs takes 36 products instead of 144, of 3 x 3 outputs 25 instead of 81, of 2 x 2 outputs 16
instead of 36. Larger tiles cost more to transform and fit small pictures badly: `best_outputs` counts it all.

Measured on one core with pictures of 12 x 12 x 80 and 80 filters, a lane of 32: 72 us a picture, and 246 by
patches.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from numpy.polynomial import polynomial

from nn.layers.patches import patches_of
from nn.layers.products import SMALL_PRODUCT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nn.arrays import Array, Shape
    from nn.layers.workspace import Workspace

WINDOW = 3

POINTS = (0.0, 1.0, -1.0, 2.0, -2.0)
"""Where polynomials are compared, beside infinity: small numbers, so that little is lost to rounding."""

BLOCK = 2**18
"""Numbers in the tiles of pictures that are worked on together: 1 MB, which stays in a core's cache."""


@dataclass(frozen=True, slots=True, eq=False)
class Transforms:
    r"""The three matrices, as the formula has them.

    Attributes
    ----------
    a, b, g
        :math:`A^T`, (m, m + 2); :math:`B^T`, (m + 2, m + 2); and G, (m + 2, 3).
    """

    a: Array
    b: Array
    g: Array


@cache
def transforms(outputs: int, dtype: np.dtype[np.floating]) -> Transforms:
    """Return the matrices for tiles of `outputs` m by m outputs."""
    points = np.array(POINTS[: outputs + 1])
    a, g, b = _powers(points, outputs).T, _powers(points, WINDOW), np.zeros((outputs + 2, outputs + 2))
    for row, point in enumerate(points):
        others = np.delete(points, row)
        # Lagrange's polynomial, 1 at its point and 0 at the others; g takes the divisor.
        g[row] /= np.prod(point - others)
        b[row, :-1] = polynomial.polyfromroots(others)
    b[-1] = polynomial.polyfromroots(points)
    return Transforms(*(np.ascontiguousarray(matrix, dtype) for matrix in (a, b, g)))


@dataclass(frozen=True)
class Tiling:
    """Tiles that cover the outputs of a picture: `down` times `right`, each for `outputs` m by m of them."""

    outputs: int
    down: int
    right: int

    @staticmethod
    @cache
    def of(size: Shape, outputs: int) -> Tiling:
        """Cover outputs of this height and width."""
        return Tiling(outputs, *(-(-length // outputs) for length in size))

    @cached_property
    def side(self) -> int:
        """How many pixels a tile sees in a row: m + 2."""
        return self.outputs + WINDOW - 1

    @cached_property
    def places(self) -> int:
        """How many pixels a tile sees."""
        return self.side**2

    @cached_property
    def count(self) -> int:
        """How many tiles a picture has."""
        return self.down * self.right

    @cached_property
    def seen(self) -> Shape:
        """Height and width of what all tiles of a picture see together."""
        return self.outputs * self.down + WINDOW - 1, self.outputs * self.right + WINDOW - 1

    @cached_property
    def laying_order(self) -> list[tuple[int, int]]:
        """The places of a tile: first those that lie on none of the tiles before, then those that do."""
        places = [(row, column) for row in range(self.side) for column in range(self.side)]
        return sorted(places, key=lambda place: max(place) >= self.outputs)

    def blocks(self, pictures: int, channels: int) -> list[slice]:
        """Cut so many pictures into blocks whose tiles, of so many channels, stay in the cache."""
        size = max(1, BLOCK // (self.places * self.count * channels))
        return [slice(start, start + size) for start in range(0, pictures, size)]


@cache
def best_outputs(size: Shape, channels: int, filters: int) -> int:
    """Return the m of the tiles that cover outputs of this height and width with the fewest multiplications."""

    def work(outputs: int) -> int:
        tiling = Tiling.of(size, outputs)
        side = tiling.side
        transformed = 2 * side**3 * channels + outputs * side * (outputs + side) * filters
        # The filters do not stay in the cache: to fetch them for a few pictures takes as long as some two tiles.
        return (tiling.count + 2) * tiling.places * channels * filters + tiling.count * transformed

    return min((2, 3, 4), key=work)


def filters_in_tiles(weight: Array, tiling: Tiling, out: Array, room: Workspace) -> None:
    """Transform windows, (9 c, f), by G on both sides, into out, (places, c, f)."""
    _transform(transforms(tiling.outputs, weight.dtype).g, weight, out, room)


def filters_from_tiles(d_filters: Array, tiling: Tiling, out: Array, room: Workspace) -> None:
    """Take a gradient by filters in tiles, (places, c, f), back to one by windows, (9 c, f)."""
    _transform(transforms(tiling.outputs, out.dtype).g.T, d_filters, out, room)


def tiles_of(x: Array, padding: int, tiling: Tiling, out: Array, room: Workspace) -> Array:
    """Transform the tiles of pictures x, (n, h, w, c), by B on both sides, into out, (places, tiles, c).

    Pictures lie innermost, with their channels: what is copied then lies in long rows.
    """
    n, h, w, c = x.shape
    padded = room.array("padded", (*tiling.seen, n, c), x)
    padded.fill(0)
    padded[padding : padding + h, padding : padding + w] = x.transpose(1, 2, 0, 3)
    by_tile = patches_of(padded.reshape(1, *tiling.seen, n * c), (tiling.side, tiling.side), tiling.outputs)
    by_place = by_tile[0].transpose(2, 3, 0, 1, 4)
    seen = room.array("seen", (tiling.places, tiling.count * n * c), x)
    np.copyto(seen.reshape(by_place.shape), by_place)
    _transform(transforms(tiling.outputs, x.dtype).b, seen, out, room)
    return out


def multiply(tiles: Array, filters: Array, products: Array, tiling: Tiling) -> None:
    """Multiply tiles, (places, tiles, c), by filters, (places, c, f), place by place."""
    _, count, c = tiles.shape
    f = products.shape[2]
    if count * c * f <= SMALL_PRODUCT:
        np.matmul(tiles, filters, out=products)
    else:
        rows = tiles.reshape(tiling.places, tiling.down, -1, c)
        np.matmul(rows, filters[:, np.newaxis], out=products.reshape(*rows.shape[:3], f))


def assemble(products: Array, tiling: Tiling, bias: Array, out: Array, room: Workspace) -> None:
    """Transform products, (places, tiles, f), by A on both sides, to pictures out, (n, h_out, w_out, f)."""
    if bias.size:
        # Where both polynomials are taken at 1: what is added there, A adds to all outputs.
        products[tiling.side + 1] += bias
    corners = _corners(out, tiling, room)
    _transform(transforms(tiling.outputs, out.dtype).a, products, corners, room)
    for corner, pixels in by_corner(corners, out, tiling):
        np.copyto(pixels, corner)


def spread(d_y: Array, tiling: Tiling, out: Array, room: Workspace) -> Array:
    """Transform pictures, (n, h_out, w_out, f), by A transposed on both sides, into out, (places, tiles, f)."""
    corners = _corners(d_y, tiling, room)
    if not _fits(d_y, tiling):
        corners.fill(0)
    for corner, pixels in by_corner(corners, d_y, tiling):
        np.copyto(corner, pixels)
    _transform(transforms(tiling.outputs, d_y.dtype).a.T, corners, out, room)
    return out


def overlay(products: Array, padding: int, tiling: Tiling, out: Array, room: Workspace) -> None:
    """Transform products, (places, tiles, c), by B transposed on both sides, and lay the tiles over each other.

    It is the way back of `tiles_of`: each tile shares two lines with the next, and what lies there is added up,
    into pictures out, (n, h, w, c).
    """
    n, h, w, c = out.shape
    m, side = tiling.outputs, tiling.side
    seen = room.array("seen", (tiling.places, tiling.down, tiling.right, n, c), out)
    _transform(transforms(m, out.dtype).b.T, products, seen, room)
    padded = room.array("padded", (*tiling.seen, n, c), out)
    padded[1 - WINDOW :], padded[:, 1 - WINDOW :] = 0, 0
    for row, column in tiling.laying_order:
        pixels = padded[row : row + m * tiling.down : m, column : column + m * tiling.right : m]
        if max(row, column) < m:
            np.copyto(pixels, seen[row * side + column])
        else:
            pixels += seen[row * side + column]
    np.copyto(out.transpose(1, 2, 0, 3), padded[padding : padding + h, padding : padding + w])


def _powers(points: Array, count: int) -> Array:
    """Return the powers 0 to count - 1 of each point; of infinity, which is the last, only the highest counts."""
    return np.vstack([np.vander(points, count, increasing=True), np.eye(1, count, count - 1)])


def _transform(matrix: Array, tiles: Array, out: Array, room: Workspace) -> None:
    """Multiply tiles, k^2 numbers each, by `matrix`, (l, k), on both sides, into out with l^2: down, then across.

    All numbers of one place lie in a row, (k^2, ...), so that both are matrix products over long rows. At once, by
    the Kronecker product of `matrix` with itself, they would be one, of three times as many multiplications; that
    is sooner for a single small picture only (`nn.layers.one_picture`).
    """
    rows, columns = matrix.shape
    tiles = tiles.reshape(columns, columns, -1)
    down = room.array("down", (columns, rows, tiles.shape[2]), tiles)
    np.matmul(matrix, tiles.swapaxes(0, 1), out=down)
    np.matmul(matrix, down.swapaxes(0, 1), out=out.reshape(rows, rows, -1))


def _corners(y: Array, tiling: Tiling, room: Workspace) -> Array:
    """Return room for the outputs of all tiles, corner by corner: (m^2, down, right, n, f)."""
    return room.array("corners", (tiling.outputs**2, tiling.down, tiling.right, y.shape[0], y.shape[3]), y)


def _fits(y: Array, tiling: Tiling) -> bool:
    """Return whether tiles cover pictures and nothing beyond."""
    return tuple(y.shape[1:3]) == (tiling.outputs * tiling.down, tiling.outputs * tiling.right)


def by_corner(corners: Array, y: Array, tiling: Tiling) -> Iterator[tuple[Array, Array]]:
    """Give what belongs together of corners and pictures y: in one piece if tiles fit, else corner by corner."""
    n, m = len(y), tiling.outputs
    if _fits(y, tiling):
        pixels = y.reshape(n, tiling.down, m, tiling.right, m, -1).transpose(2, 4, 1, 3, 0, 5)
        yield corners.reshape(pixels.shape), pixels
        return
    for number, (row, column) in enumerate(product(range(m), repeat=2)):
        pixels = y[:, row::m, column::m].transpose(1, 2, 0, 3)
        yield corners[number, : len(pixels), : pixels.shape[1]], pixels

"""Convolution by tiles: Winograd's way, which does with a fraction of the multiplications."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nn.compat import override
from nn.layers.kernel import Kernel, fill_bias_gradient
from nn.layers.winograd import (
    WINDOW,
    Tiling,
    assemble,
    best_outputs,
    filters_from_tiles,
    filters_in_tiles,
    multiply,
    overlay,
    spread,
    tiles_of,
)

if TYPE_CHECKING:
    from nn.arrays import Array, Shape
    from nn.layers.kernel import Window

CHANNELS = 16
"""Channels and filters from which tiles are quicker than patches: with fewer, transforms outweigh the products."""


class TileKernel(Kernel):
    """Winograd's way, for windows of 3 x 3 and a stride of 1.

    While training, the tiles of x are kept for the gradient of the filters; and those of d_y, which it needs, are
    kept for the gradient of x.
    """

    @override
    def forward(self, x: Array, weight: Array, bias: Array, y: Array, *, training: bool = False) -> None:
        window = self.window
        self.x, self.is_kept = x, training
        self._spread_of: Array | None = None
        self.tiling = self._tiling_of(y.shape[1:3])
        self.blocks = self.tiling.blocks(len(x), max(window.channels, window.filters))
        self.filters = self._filters_of(weight)
        for number, block in enumerate(self.blocks):
            tiles = self._tiles(number, block)
            products = self._scratch_for("products", len(x[block]), window.filters, x)
            multiply(tiles, self.filters, products, self.tiling)
            assemble(products, self.tiling, bias, y[block], self.scratch)

    @override
    def parameter_gradients(self, d_y: Array, d_weight: Array, d_bias: Array) -> None:
        d_filters = self.scratch.array("d_filters", self.filters.shape, d_y)
        share = self.scratch.array("filters", self.filters.shape, d_y)
        d_filters.fill(0)
        for number, block in enumerate(self.blocks):
            tiles = self._room_for_tiles(number, block) if self.is_kept else self._tiles(number, block)
            spread_out = self._spread(number, d_y[block])
            np.matmul(tiles.transpose(0, 2, 1), spread_out, out=share)
            d_filters += share
        self._spread_of, self.scratch.owner = d_y, self
        filters_from_tiles(d_filters, self.tiling, d_weight, self.scratch)
        fill_bias_gradient(d_y, d_bias)

    @override
    def backward(self, d_y: Array, weight: Array, d_x: Array) -> None:
        # Copied, because small matrices are multiplied twice as fast when both lie row by row.
        exchanged = self.scratch.array("filters", tuple(self.filters.shape[at] for at in (0, 2, 1)), d_y)
        np.copyto(exchanged, self.filters.transpose(0, 2, 1))
        # Where the gradient of the filters has just been asked for, d_y is spread out already.
        is_spread, self._spread_of = self._spread_of is d_y and self.scratch.owner is self, None
        self.scratch.owner = None
        for number, block in enumerate(self.blocks):
            spread_out = self._spread_room(number, d_y[block]) if is_spread else self._spread(0, d_y[block])
            products = self._scratch_for("products", len(d_y[block]), self.window.channels, d_y)
            multiply(spread_out, exchanged, products, self.tiling)
            overlay(products, self.window.padding, self.tiling, d_x[block], self.scratch)

    def _tiling_of(self, size: Shape) -> Tiling:
        return Tiling.of(size, best_outputs(size, self.window.channels, self.window.filters))

    def _filters_of(self, weight: Array) -> Array:
        shape = (self.tiling.places, self.window.channels, self.window.filters)
        filters = self.room.array("filters", shape, weight)
        filters_in_tiles(weight, self.tiling, filters, self.scratch)
        return filters

    def _tiles(self, number: int, block: slice) -> Array:
        tiles = self._room_for_tiles(number, block)
        return tiles_of(self.x[block], self.window.padding, self.tiling, tiles, self.scratch)

    def _room_for_tiles(self, number: int, block: slice) -> Array:
        """Return where the tiles of a block lie: those that are kept, each in room of its own."""
        room, name = (self.room, f"tiles {number}") if self.is_kept else (self.scratch, "tiles")
        return room.array(name, self._shape(len(self.x[block]), self.window.channels), self.x)

    def _spread(self, number: int, d_y: Array) -> Array:
        return spread(d_y, self.tiling, self._spread_room(number, d_y), self.scratch)

    def _spread_room(self, number: int, d_y: Array) -> Array:
        return self._scratch_for(f"spread {number}", len(d_y), self.window.filters, d_y)

    def _scratch_for(self, name: str, pictures: int, channels: int, like: Array) -> Array:
        return self.scratch.array(name, self._shape(pictures, channels), like)

    def _shape(self, pictures: int, channels: int) -> Shape:
        return self.tiling.places, self.tiling.count * pictures, channels


def is_for_tiles(window: Window) -> bool:
    """Return whether `TileKernel` can convolve by this window, and is the quickest to do so."""
    return (
        (window.side, window.stride) == (WINDOW, 1)
        and window.padding < WINDOW
        and min(window.channels, window.filters) >= CHANNELS
    )

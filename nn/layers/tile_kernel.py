"""Convolution by tiles: Winograd's way, which does with less than half of the multiplications."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from nn.compat import override
from nn.layers.kernel import Kernel, add_bias, fill_bias_gradient
from nn.layers.winograd import (
    TILE,
    WINDOW,
    assemble,
    blocks_of,
    filters_from_tiles,
    filters_in_tiles,
    halves,
    multiply,
    overlay,
    spread,
    tiles_of,
)

if TYPE_CHECKING:
    from nn.arrays import Array, Shape
    from nn.layers.kernel import Window

CHANNELS = 16
"""Channels and filters from which tiles are quicker than patches: with fewer, adding costs what products save."""


class TileKernel(Kernel):
    """Winograd's way, for windows of 3 x 3 and a stride of 1.

    While training, the tiles of x are kept for the gradient of the filters; and those of d_y, which it needs, are
    kept for the gradient of x.
    """

    @override
    def forward(self, x: Array, weight: Array, bias: Array, y: Array, *, training: bool = False) -> None:
        self.x, self.size, self.blocks, self.is_kept = x, y.shape[1:3], blocks_of(x.shape, y.shape), training
        self._spread_of: Array | None = None
        self.filters = self.room.array("filters", (TILE**2, self.window.channels, self.window.filters), x)
        filters_in_tiles(weight, self.filters)
        for number, block in enumerate(self.blocks):
            tiles = self._tiles(number if training else 0, x[block])
            products = self._scratch_for("products", tiles, self.window.filters)
            multiply(tiles, self.filters, products, self._down)
            assemble(products, y[block], self.scratch)
        add_bias(y, bias)

    @override
    def parameter_gradients(self, d_y: Array, d_weight: Array, d_bias: Array) -> None:
        d_filters = self.scratch.array("d_filters", self.filters.shape, d_y)
        share = self.scratch.array("filters", self.filters.shape, d_y)
        d_filters.fill(0)
        for number, block in enumerate(self.blocks):
            tiles = self._kept_tiles(number, block)
            spread_out = spread(d_y[block], self._scratch_for(f"spread {number}", tiles, self.window.filters))
            np.matmul(tiles.transpose(0, 2, 1), spread_out, out=share)
            d_filters += share
        self._spread_of, self.scratch.owner = d_y, self
        filters_from_tiles(d_filters, d_weight)
        fill_bias_gradient(d_y, d_bias, self.scratch)

    @override
    def backward(self, d_y: Array, weight: Array, d_x: Array) -> None:
        # Copied, because small matrices are multiplied twice as fast when both lie row by row.
        exchanged = self.scratch.array("filters", (TILE**2, self.window.filters, self.window.channels), d_y)
        np.copyto(exchanged, self.filters.transpose(0, 2, 1))
        # Where the gradient of the filters has just been asked for, d_y is spread out already.
        is_spread, self._spread_of = self._spread_of is d_y and self.scratch.owner is self, None
        self.scratch.owner = None
        for number, block in enumerate(self.blocks):
            name = f"spread {number if is_spread else 0}"
            spread_out = self.scratch.array(name, self._shape(len(d_y[block]), self.window.filters), d_y)
            if not is_spread:
                spread(d_y[block], spread_out)
            products = self._scratch_for("products", spread_out, self.window.channels)
            multiply(spread_out, exchanged, products, self._down)
            overlay(products, self.window.padding, self.size, d_x[block], self.scratch)

    @property
    def _down(self) -> int:
        return halves(self.size)[0]

    def _shape(self, pictures: int, channels: int) -> Shape:
        return TILE**2, math.prod(halves(self.size)) * pictures, channels

    def _scratch_for(self, name: str, like: Array, channels: int) -> Array:
        return self.scratch.array(name, (*like.shape[:2], channels), like)

    def _tiles(self, number: int, x: Array) -> Array:
        tiles = self.room.array(f"tiles {number}", self._shape(len(x), self.window.channels), x)
        return tiles_of(x, self.window.padding, self.size, tiles, self.scratch)

    def _kept_tiles(self, number: int, block: slice) -> Array:
        if not self.is_kept:
            return self._tiles(0, self.x[block])
        return self.room.array(f"tiles {number}", self._shape(len(self.x[block]), self.window.channels), self.x)


def is_for_tiles(window: Window) -> bool:
    """Return whether `TileKernel` can convolve by this window, and is the quickest to do so."""
    return (
        (window.side, window.stride) == (WINDOW, 1)
        and window.padding < WINDOW
        and min(window.channels, window.filters) >= CHANNELS
    )

"""Winograd's tiles for those who only read: weights stay as they are, and no way back will be asked for.

The filters are transformed once, for tiles of the size that suits the pictures which will come.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, NoReturn, Self

import numpy as np

from nn.compat import override
from nn.errors import ConfigurationError
from nn.layers.one_picture import OnePicture
from nn.layers.tile_kernel import TileKernel
from nn.layers.winograd import Tiling, best_outputs, filters_in_tiles
from nn.layers.workspace import Workspace

if TYPE_CHECKING:
    from nn.arrays import Array, Shape
    from nn.layers.kernel import Window


class ReadingTileKernel(TileKernel):
    """Windows of 3 x 3 with a stride of 1, for weights that stay.

    Parameters
    ----------
    window
        As for every kernel.
    weight
        Shape (9 c, f).
    size
        Height and width of the outputs that the tiles are chosen for; others are read as well.
    """

    def __init__(self, window: Window, weight: Array, size: Shape) -> None:
        super().__init__(window)
        self._outputs = best_outputs(size, window.channels, window.filters)
        tiling = self._tiling_of(size)
        self._filters = np.empty((tiling.places, window.channels, window.filters), weight.dtype)
        filters_in_tiles(weight, tiling, self._filters, Workspace())
        self._one: OnePicture | None = None

    @override
    def replica(self) -> Self:
        twin = copy(self)
        twin.room, twin.scratch = Workspace(), Workspace()
        return twin

    @override
    def __getstate__(self) -> dict[str, object]:
        # Views that were cut for this kernel's arrays are no views of its copy's.
        return {**self.__dict__, "_one": None}

    @override
    def forward(self, x: Array, weight: Array, bias: Array, y: Array, *, training: bool = False) -> None:
        if len(x) != 1:
            super().forward(x, weight, bias, y, training=training)
            return
        if self._one is None or not self._one.is_of(x, y):
            tiling = self._tiling_of(y.shape[1:3])
            self._one = OnePicture(x, y, self.window.padding, tiling, self._filters, bias)
        self._one.convolve()

    @override
    def parameter_gradients(self, d_y: Array, d_weight: Array, d_bias: Array) -> None:
        _refuse()

    @override
    def backward(self, d_y: Array, weight: Array, d_x: Array) -> None:
        _refuse()

    @override
    def _tiling_of(self, size: Shape) -> Tiling:
        return Tiling.of(size, self._outputs)

    @override
    def _filters_of(self, weight: Array) -> Array:
        return self._filters


def _refuse() -> NoReturn:
    raise ConfigurationError(
        "A network made ready to read has no way back through its convolutions. Ask the one that it was made from."
    )

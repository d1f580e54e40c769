"""Layers that rearrange values and compute nothing."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from nn.compat import override
from nn.layers.base import Layer

if TYPE_CHECKING:
    from nn.arrays import Array, Shape


class Flatten(Layer):
    """Lay each sample out as one row, (n, h, w, c) to (n, h w c): from pictures to an affine layer."""

    kind: ClassVar[str] = "flatten"

    @override
    def output_shape(self, input_shape: Shape) -> Shape:
        return (math.prod(input_shape),)

    @override
    def forward(self, x: Array, *, training: bool = False) -> Array:
        self.x_shape = x.shape
        return x.reshape(len(x), math.prod(x.shape[1:]))

    @override
    def backward(self, d_y: Array) -> Array:
        return d_y.reshape(self.x_shape)

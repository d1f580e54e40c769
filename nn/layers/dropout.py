"""Dropout: while training, each unit is absent at times, so that no other can lean on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from nn.compat import override
from nn.errors import ConfigurationError
from nn.layers.base import JSON, Layer

if TYPE_CHECKING:
    from nn.arrays import Array, Shape


class Dropout(Layer):
    r"""Inverted dropout (Srivastava et al., 2014).

    .. math:: y = x \cdot m, \quad m = \begin{cases} 0 & \text{with probability } r \\
        1 / (1 - r) & \text{otherwise} \end{cases}

    Dividing by 1 - r while training keeps the mean of y, so that nothing is left to do in use: there y = x.

    Parameters
    ----------
    rate
        The share r of values that are dropped, 0 <= r < 1.

    Raises
    ------
    ConfigurationError
        If the rate is outside of that range.
    """

    kind: ClassVar[str] = "dropout"
    is_random: ClassVar[bool] = True

    def __init__(self, rate: float = 0.5) -> None:
        super().__init__()
        if not 0 <= rate < 1:
            raise ConfigurationError(f"Dropout got the rate {rate!r}; wanted a share from 0 to below 1.")
        self.rate = float(rate)
        self.rng = np.random.default_rng(0)
        self.mask: Array | None = None

    @override
    def output_shape(self, input_shape: Shape) -> Shape:
        return input_shape

    @override
    def reseed(self, rng: np.random.Generator) -> None:
        self.rng = rng

    @override
    def forward(self, x: Array, *, training: bool = False) -> Array:
        if not training or self.rate == 0:
            self.mask = None
            return x
        self.mask = self.room.array("mask", x.shape, x)
        drawn = self.rng.random(x.shape, np.float32)
        np.multiply(drawn >= self.rate, x.dtype.type(1 / (1 - self.rate)), out=self.mask)
        return np.multiply(x, self.mask, out=self.room.array("y", x.shape, x))

    @override
    def backward(self, d_y: Array) -> Array:
        if self.mask is None:
            return d_y
        return np.multiply(d_y, self.mask, out=self.scratch.beside(d_y, d_y.shape))

    @override
    def settings(self) -> dict[str, JSON]:
        return {"rate": self.rate}

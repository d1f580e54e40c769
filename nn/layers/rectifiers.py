"""Rectifiers: activations that let what is positive through and hold back the rest.

They are cheap, and above zero their slope is 1 however large a signal is, so blame passes through many of them
without fading; a sigmoid leaves at most a quarter of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from nn.compat import override
from nn.errors import ConfigurationError
from nn.layers.activations import Activation

if TYPE_CHECKING:
    from nn.arrays import Array, Shape
    from nn.layers.base import JSON


class ReLU(Activation):
    r"""Rectified linear unit.

    .. math:: y = \max(x, 0), \quad \frac{\partial y}{\partial x} = 1 \text{ where } y > 0 \text{, else } 0
    """

    kind: ClassVar[str] = "relu"

    def __init__(self) -> None:
        super().__init__()
        self.zeros: Array = np.zeros((0, 0), np.float32)
        self._is_for_reading = False

    @override
    def forward(self, x: Array, *, training: bool = False) -> Array:
        is_in_place = self.may_overwrite and (training or self._is_for_reading)
        y = x if is_in_place else self.room.array("y", x.shape, x)
        self.y = np.maximum(x, self._zeros(x), out=y)
        return self.y

    @override
    def only_read(self, input_shape: Shape) -> None:
        # There will be no way back: what the layer before gave is as little asked for again as in training.
        self._is_for_reading = True

    def _zeros(self, x: Array) -> Array:
        """Return zeros to compare x with: numpy does so twice as fast as with the number 0.

        For pictures those of one picture do; rows are shorter, and there the zeros are as many as x.
        """
        shape = x.shape if x.ndim == 2 else (1, *x.shape[1:])
        if self.zeros.shape != shape or self.zeros.dtype != x.dtype:
            self.zeros = np.zeros(shape, x.dtype)
        return self.zeros

    @override
    def backward(self, d_y: Array) -> Array:
        is_open = np.greater(self.y, 0, out=self.scratch.array("is_open", d_y.shape, d_y, np.bool_))
        return np.multiply(d_y, is_open, out=self.scratch.beside(d_y, d_y.shape))


class LeakyReLU(Activation):
    r"""ReLU that lets a little through below zero, so that no unit falls silent for good (Maas et al., 2013).

    .. math:: y = \max(x, s x), \quad \frac{\partial y}{\partial x} = 1 \text{ where } y > 0 \text{, else } s

    Parameters
    ----------
    slope
        The slope s below zero, 0 <= s < 1.

    Raises
    ------
    ConfigurationError
        If the slope is outside of that range.

    Examples
    --------
    >>> LeakyReLU(0.1).forward(np.array([[-2.0, 3.0]]))
    array([[-0.2,  3. ]])
    """

    kind: ClassVar[str] = "leaky_relu"

    def __init__(self, slope: float = 0.01) -> None:
        super().__init__()
        if not 0 <= slope < 1:
            raise ConfigurationError(f"Leaky ReLU got the slope {slope!r}; wanted a number from 0 to below 1.")
        self.slope = float(slope)

    @override
    def forward(self, x: Array, *, training: bool = False) -> Array:
        self.y = np.multiply(x, self.slope, out=self.room.array("y", x.shape, x))
        np.maximum(self.y, x, out=self.y)
        return self.y

    @override
    def backward(self, d_y: Array) -> Array:
        d_x = np.multiply(d_y, self.slope, out=self.scratch.beside(d_y, d_y.shape))
        np.copyto(d_x, d_y, where=self.y > 0)
        return d_x

    @override
    def settings(self) -> dict[str, JSON]:
        return {"slope": self.slope}


class Softplus(Activation):
    r"""A ReLU without a corner (Dugas et al., 2001).

    .. math:: y = \log(1 + e^x), \quad \frac{\partial y}{\partial x} = \sigma(x) = 1 - e^{-y}

    Examples
    --------
    >>> Softplus().forward(np.array([[-1000.0, 0.0, 1000.0]])).round(4).tolist()
    [[0.0, 0.6931, 1000.0]]
    """

    kind: ClassVar[str] = "softplus"

    @override
    def forward(self, x: Array, *, training: bool = False) -> Array:
        self.y = np.logaddexp(x, 0, out=self.room.array("y", x.shape, x))
        return self.y

    @override
    def backward(self, d_y: Array) -> Array:
        d_x = np.negative(self.y, out=self.scratch.beside(d_y, d_y.shape))
        np.expm1(d_x, out=d_x)
        np.negative(d_x, out=d_x)
        d_x *= d_y
        return d_x

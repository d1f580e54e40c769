"""Pooling shrinks pictures: of each small square it keeps the largest value, or the mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from nn.compat import override
from nn.errors import ConfigurationError
from nn.layers.base import JSON, Layer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nn.arrays import Array, Shape


class _Pooling(Layer):
    """Squares side by side, without overlap; rows and columns that fill no square are left out."""

    x: Array

    def __init__(self, window: int = 2) -> None:
        super().__init__()
        if type(window) is not int or not 1 <= window <= 4096:
            raise ConfigurationError(f"Pooling got window {window!r}; wanted a whole number from 1.")
        self.window = window

    @override
    def output_shape(self, input_shape: Shape) -> Shape:
        if len(input_shape) != 3 or min(input_shape[:2]) < self.window:
            raise self._refuse(input_shape, f"(n, h, w, c) with sides of at least {self.window}")
        return input_shape[0] // self.window, input_shape[1] // self.window, input_shape[2]

    @override
    def settings(self) -> dict[str, JSON]:
        return {"window": self.window}

    def _corners(self, x: Array) -> Iterator[Array]:
        """View x, (n, h, w, c), as its pixels at the same place of each square: window^2 times (n, h', w', c)."""
        k = self.window
        h, w = x.shape[1] // k * k, x.shape[2] // k * k
        for i in range(k):
            for j in range(k):
                yield x[:, i:h:k, j:w:k]

    def _blank(self, d_y: Array) -> Array:
        """Return the buffer for d_x, zero where no square reaches."""
        d_x = self._buffer("d_x", self.x.shape, d_y)
        k = self.window
        d_x[:, self.x.shape[1] // k * k :], d_x[:, :, self.x.shape[2] // k * k :] = 0, 0
        return d_x


class MaxPooling(_Pooling):
    r"""The largest value of each square.

    .. math:: y_{n i j c} = \max_{u, v < k} x_{n, k i + u, k j + v, c}

    The gradient goes to one pixel that was largest. A maximum over a square is a maximum over columns of one over
    rows; rows first, because numpy runs along whole rows at full speed, and columns then see a k-th of the pixels.
    """

    kind: ClassVar[str] = "max_pooling"

    @override
    def forward(self, x: Array, *, training: bool = False) -> Array:
        self.x = x
        self.highest = self._largest(self._strips(x, 1), "highest")
        self.y = self._largest(self._strips(self.highest, 2), "y")
        return self.y

    @override
    def backward(self, d_y: Array) -> Array:
        d_highest = self._buffer("d_highest", self.highest.shape, d_y)
        d_highest[:, :, self.y.shape[2] * self.window :] = 0
        self._share_out(d_y, self.y, self._strips(self.highest, 2), self._strips(d_highest, 2))
        d_x = self._blank(d_y)
        self._share_out(d_highest, self.highest, self._strips(self.x, 1), self._strips(d_x, 1))
        return d_x

    def _strips(self, x: Array, axis: int) -> list[Array]:
        """View x as its values at the same place of each window along `axis`: k times, a k-th as long."""
        k = self.window
        end = x.shape[axis] // k * k
        return [x[(slice(None),) * axis + (slice(place, end, k),)] for place in range(k)]

    def _largest(self, strips: list[Array], name: str) -> Array:
        largest, *others = strips
        for strip in others:
            largest = np.maximum(largest, strip, out=self._buffer(name, strip.shape, strip))
        return largest

    def _share_out(self, d_y: Array, y: Array, strips: list[Array], d_strips: list[Array]) -> None:
        """Give each strip the gradient where it is the first that is largest; the last takes what is left."""
        left, is_largest = d_y, self._buffer("is_largest", y.shape, y, np.bool_)
        for strip, d_strip in zip(strips[:-1], d_strips[:-1], strict=True):
            np.multiply(left, np.equal(strip, y, out=is_largest), out=d_strip)
            left = np.subtract(left, d_strip, out=d_strips[-1])
        if len(strips) == 1:
            np.copyto(d_strips[0], d_y)


class AveragePooling(_Pooling):
    r"""The mean of each square.

    .. math:: y_{n i j c} = \frac{1}{k^2} \sum_{u, v < k} x_{n, k i + u, k j + v, c}
    """

    kind: ClassVar[str] = "average_pooling"

    @override
    def forward(self, x: Array, *, training: bool = False) -> Array:
        self.x = x
        first, *others = self._corners(x)
        y = self._buffer("y", first.shape, x)
        np.copyto(y, first)
        for corner in others:
            y += corner
        y *= 1 / self.window**2
        return y

    @override
    def backward(self, d_y: Array) -> Array:
        d_x = self._blank(d_y)
        share = d_y * (1 / self.window**2)
        for d_corner in self._corners(d_x):
            np.copyto(d_corner, share)
        return d_x

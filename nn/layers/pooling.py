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


LARGEST = 4096
"""Side of a window beyond which it is a mistake and not a wish."""


class _Pooling(Layer):
    """Squares side by side, without overlap; rows and columns that fill no square are left out."""

    x_shape: Shape

    def __init__(self, window: int = 2) -> None:
        super().__init__()
        if type(window) is not int or not 1 <= window <= LARGEST:
            raise ConfigurationError(f"Pooling got window {window!r}; wanted a whole number from 1 to {LARGEST}.")
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
        d_x = self.scratch.beside(d_y, self.x_shape)
        k, (_, h, w, _) = self.window, self.x_shape
        d_x[:, h // k * k :], d_x[:, :, w // k * k :] = 0, 0
        return d_x


class MaxPooling(_Pooling):
    r"""The largest value of each square.

    .. math:: y_{n i j c} = \max_{u, v < k} x_{n, k i + u, k j + v, c}

    The gradient goes to one pixel that was largest. A maximum over a square is a maximum over columns of one over
    rows; rows first, because numpy runs along whole rows at full speed, and columns then see a k-th of the pixels.
    Which was largest is noted at once, while the pixels are in the cache: that halves the time of the way back.
    """

    kind: ClassVar[str] = "max_pooling"

    @override
    def forward(self, x: Array, *, training: bool = False) -> Array:
        self.x_shape = x.shape
        rows = _strips(x, 1, self.window)
        shape = rows[0].shape
        # While training, what the way back needs of it is noted at once.
        highest = self.scratch.beside(x, shape) if training else self.room.array("highest", shape, x)
        _largest(rows, highest)
        columns = _strips(highest, 2, self.window)
        y = self.room.array("y", columns[0].shape, x)
        _largest(columns, y)
        self._seen, self._is_noted = ((rows, highest), (columns, y)), False
        if training:
            self._note()
        return y

    @override
    def backward(self, d_y: Array) -> Array:
        if not self._is_noted:
            self._note()
        d_x = self._blank(d_y)
        n, h_out = d_y.shape[:2]
        d_highest = self.scratch.array("d_highest", (n, h_out, *d_x.shape[2:]), d_y)
        d_highest[:, :, d_y.shape[2] * self.window :] = 0
        _share_out(d_y, self._is_widest, _strips(d_highest, 2, self.window))
        _share_out(d_highest, self._is_highest, _strips(d_x, 1, self.window))
        return d_x

    def _note(self) -> None:
        """Note where each strip but the last is the largest; those who only read never ask."""
        self._is_highest, self._is_widest = (
            [
                np.equal(strip, largest, out=self.room.array(f"is {axis} {place}", strip.shape, strip, np.bool_))
                for place, strip in enumerate(strips[:-1])
            ]
            for axis, (strips, largest) in enumerate(self._seen)
        )
        self._is_noted = True


def _strips(x: Array, axis: int, window: int) -> list[Array]:
    """View x as its values at the same place of each window along `axis`: k times, a k-th as long."""
    end = x.shape[axis] // window * window
    return [x[(slice(None),) * axis + (slice(place, end, window),)] for place in range(window)]


def _largest(strips: list[Array], out: Array) -> None:
    """Fill `out` with what is largest of all strips."""
    np.maximum(strips[0], strips[-1], out=out)
    for strip in strips[1:-1]:
        np.maximum(out, strip, out=out)


def _share_out(d_y: Array, is_largest: list[Array], d_strips: list[Array]) -> None:
    """Give each strip the gradient where it is the first that is largest; the last takes what is left."""
    left = d_y
    for chosen, d_strip in zip(is_largest, d_strips[:-1], strict=True):
        np.multiply(left, chosen, out=d_strip)
        left = np.subtract(left, d_strip, out=d_strips[-1])
    if len(d_strips) == 1:
        np.copyto(d_strips[0], d_y)


class AveragePooling(_Pooling):
    r"""The mean of each square.

    .. math:: y_{n i j c} = \frac{1}{k^2} \sum_{u, v < k} x_{n, k i + u, k j + v, c}
    """

    kind: ClassVar[str] = "average_pooling"

    @override
    def forward(self, x: Array, *, training: bool = False) -> Array:
        self.x_shape = x.shape
        first, *others = self._corners(x)
        y = self.room.array("y", first.shape, x)
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

"""Convolution: one small affine layer, looked through at every place of a picture.

Pictures are (n, h, w, c), channels last. Each output pixel is an affine function of the patch around it, with
the same weights everywhere. There are two ways to it, and both end in matrix products, the fastest thing that
numpy can do: all patches laid out as rows (`nn.layers.patches`), and for the usual window of 3 x 3, between layers
of many channels, Winograd's tiles with less than half of the multiplications (`nn.layers.winograd`).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np

from nn.compat import override
from nn.errors import ConfigurationError
from nn.initializers import drawn
from nn.layers.base import JSON, Layer
from nn.layers.patches import add_patches, conv_output_size, patches_of
from nn.layers.winograd import (
    TILE,
    WINDOW,
    Workspace,
    add_filter_gradient,
    convolve,
    filters_from_tiles,
    filters_in_tiles,
)

if TYPE_CHECKING:
    from nn.arrays import Array, Shape
    from nn.initializers import Initial


CHANNELS_IN_TILES = 16
"""Channels and filters from which tiles are quicker than patches: with fewer, adding costs what products save."""


class Convolution(Layer):
    r"""Convolution of pictures with `filters` square windows.

    .. math:: y_{n i j f} = b_f + \sum_{u v c} x_{n, i t + u - p, j t + v - p, c} \, W_{u v c f}

    with stride t and padding p. As matrices, with X the patches: :math:`y = X W + b`, and all gradients are
    those of an affine layer; that of x goes back through `col2im`, or, with stride 1, is itself a convolution.

    Parameters
    ----------
    channels, filters
        Channels c of the pictures and number of filters: x is (n, h, w, c), W (window^2 c, filters), y
        (n, h_out, w_out, filters).
    window
        Side of the square window.
    stride, padding
        Step from place to place, and width of the frame of zeros.
    rng, initial, initial_bias, bias
        As in `Dense`, with d_in = window^2 c.

    Raises
    ------
    ConfigurationError
        If a number is not whole or out of its range.
    """

    kind: ClassVar[str] = "convolution"
    parameter_names: ClassVar[tuple[str, ...]] = ("weight", "bias")
    weight_names: ClassVar[tuple[str, ...]] = ("weight",)

    def __init__(  # noqa: PLR0913 - each is a choice of its own, and most are given by name
        self,
        channels: int,
        filters: int,
        window: int = 3,
        *,
        stride: int = 1,
        padding: int = 0,
        rng: np.random.Generator | None = None,
        initial: Initial = "he",
        initial_bias: Initial = 0.0,
        bias: bool = True,
    ) -> None:
        super().__init__()
        for what, number, least in (
            ("channels", channels, 1),
            ("filters", filters, 1),
            ("window", window, 1),
            ("stride", stride, 1),
            ("padding", padding, 0),
        ):
            if type(number) is not int or not least <= number <= 4096:
                raise ConfigurationError(
                    f"A convolution got {what} {number!r}; wanted a whole number from {least}."
                )
        self.channels, self.filters, self.window = channels, filters, window
        self.stride, self.padding, self.has_bias = stride, padding, bias
        self._is_in_tiles = (
            (window, stride) == (WINDOW, 1) and padding < WINDOW and min(channels, filters) >= CHANNELS_IN_TILES
        )
        self._room = Workspace()
        d_in = window * window * channels
        self.weight: Array = np.zeros((d_in, filters), np.float32)
        self.bias: Array = np.zeros(filters if bias else 0, np.float32)
        self.d_weight: Array = np.zeros(self.weight.shape, np.float32)
        self.d_bias: Array = np.zeros(filters if bias else 0, np.float32)
        if rng is not None:
            self.weight[:] = drawn(initial, rng, self.weight.shape)
            self.bias[:] = drawn(initial_bias, rng, self.bias.shape, self.weight.shape)

    @override
    def output_shape(self, input_shape: Shape) -> Shape:
        if len(input_shape) != 3 or input_shape[2] != self.channels:
            raise self._refuse(input_shape, f"(n, h, w, {self.channels})")
        h, w = (conv_output_size(side, self.window, self.stride, self.padding) for side in input_shape[:2])
        return h, w, self.filters

    @override
    def work(self, input_shape: Shape) -> int:
        h_out, w_out, _ = self.output_shape(input_shape)
        return h_out * w_out * self.weight.size

    @override
    def forward(self, x: Array, *, training: bool = False) -> Array:
        self.x = x
        y = self._buffer("y", (len(x), *self.output_shape(x.shape[1:])), x)
        if self._is_in_tiles:
            self.tiles = self._buffer("tiles", (TILE**2, self.channels, self.filters), x)
            filters_in_tiles(self.weight, self.channels, self.tiles)
            convolve(x, self.tiles, self.padding, y, self._room)
        else:
            self.columns = self._laid_out(x, self.padding, self.stride, "columns")
            np.matmul(self.columns, self.weight, out=y.reshape(-1, self.filters))
        if self.has_bias:
            y += self.bias
        return y

    @override
    def parameter_gradients(self, d_y: Array) -> None:
        flat = d_y.reshape(-1, self.filters)
        if self._is_in_tiles:
            d_tiles = self._buffer("d_tiles", self.tiles.shape, d_y)
            d_tiles.fill(0)
            add_filter_gradient(self.x, d_y, self.padding, d_tiles, self._room)
            filters_from_tiles(d_tiles, self.d_weight)
        else:
            np.matmul(self.columns.T, flat, out=self.d_weight)
        if self.has_bias:
            self._column_sums(flat, out=self.d_bias)

    @override
    def backward(self, d_y: Array) -> Array:
        if self._is_in_tiles:
            return self._back_in_tiles(d_y)
        if self.stride == 1 and self.padding < self.window:
            return self._back_in_patches(d_y)
        flat = d_y.reshape(-1, self.filters)
        d_columns = np.matmul(flat, self.weight.T, out=self._buffer("d_columns", self.columns.shape, d_y))
        n, h, w, c = self.x.shape
        p = self.padding
        d_padded = self._buffer("d_padded", (n, h + 2 * p, w + 2 * p, c), d_y)
        d_padded.fill(0)
        add_patches(d_columns.reshape(*d_y.shape[:3], self.window, self.window, c), d_padded, self.stride)
        return d_padded[:, p : p + h, p : p + w]

    def _back_in_tiles(self, d_y: Array) -> Array:
        """Return d loss / d x: the same convolution from y to x, with both turned by half a turn."""
        # Copied, because small matrices are multiplied twice as fast when both lie row by row.
        exchanged = self._buffer("exchanged", (TILE**2, self.filters, self.channels), d_y)
        np.copyto(exchanged, self.tiles.transpose(0, 2, 1))
        d_x = self._buffer("d_x", self.x.shape, d_y)
        convolve(d_y[:, ::-1, ::-1], exchanged, WINDOW - 1 - self.padding, d_x[:, ::-1, ::-1], self._room)
        return d_x

    def _back_in_patches(self, d_y: Array) -> Array:
        """Return d loss / d x as a convolution of d_y with the weights turned by half a turn.

        It is the same sum as that of `col2im`, read off by the pixels of x: copying patches of d_y takes a quarter
        of the time that adding patches of x does.
        """
        k, c, f = self.window, self.channels, self.filters
        turned = self.weight.reshape(k, k, c, f)[::-1, ::-1].transpose(0, 1, 3, 2).reshape(k * k * f, c)
        columns = self._laid_out(d_y, k - 1 - self.padding, 1, "d_y_columns")
        d_x = self._buffer("d_x", self.x.shape, d_y)
        np.matmul(columns, turned, out=d_x.reshape(-1, c))
        return d_x

    @override
    def replica(self) -> Self:
        twin = super().replica()
        twin._room = Workspace()
        return twin

    @override
    def settings(self) -> dict[str, JSON]:
        return {
            "channels": self.channels,
            "filters": self.filters,
            "window": self.window,
            "stride": self.stride,
            "padding": self.padding,
            "bias": self.has_bias,
        }

    @override
    def __repr__(self) -> str:
        words = [f"{self.channels} -> {self.filters}", f"{self.window} x {self.window}"]
        words += [f"stride {self.stride}"] * (self.stride > 1) + [f"padding {self.padding}"] * (self.padding > 0)
        return f"Convolution({', '.join(words + ['no bias'] * (not self.has_bias))})"

    def _laid_out(self, x: Array, padding: int, stride: int, name: str) -> Array:
        """Return all patches of x as rows, (n h_out w_out, window^2 c)."""
        patches = patches_of(self._padded(x, padding, f"{name}_padded"), (self.window, self.window), stride)
        columns = self._buffer(name, patches.shape, x)
        np.copyto(columns, patches)
        return columns.reshape(math.prod(patches.shape[:3]), math.prod(patches.shape[3:]))

    def _padded(self, x: Array, p: int, name: str) -> Array:
        if not p:
            return x
        n, h, w, c = x.shape
        padded = self._buffer(name, (n, h + 2 * p, w + 2 * p, c), x)
        padded[:, :p], padded[:, p + h :] = 0, 0
        padded[:, :, :p], padded[:, :, p + w :] = 0, 0
        padded[:, p : p + h, p : p + w] = x
        return padded

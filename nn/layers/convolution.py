"""Convolution: one small affine layer, looked through at every place of a picture.

Pictures are (n, h, w, c), channels last. Each output pixel is an affine function of the patch around it, with
the same weights everywhere. There are two ways to it, and both end in matrix products, the fastest thing that
numpy can do: all patches laid out (`nn.layers.patch_kernels`), and for the usual window of 3 x 3, between layers
of many channels, Winograd's tiles with a fraction of the multiplications (`nn.layers.tile_kernel`, and for
weights that stay as they are `nn.layers.reading_kernel`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np

from nn.compat import override
from nn.errors import ConfigurationError
from nn.initializers import drawn
from nn.layers.base import JSON, Layer
from nn.layers.kernel import Window
from nn.layers.patch_kernels import GreyKernel, PatchKernel
from nn.layers.reading_kernel import ReadingTileKernel
from nn.layers.tile_kernel import TileKernel, is_for_tiles

if TYPE_CHECKING:
    from nn.arrays import Array, Shape
    from nn.initializers import Initial
    from nn.layers.kernel import Kernel
    from nn.layers.workspace import Workspace


LARGEST = 4096
"""Channels, filters or pixels of a window beyond which a number is a mistake and not a wish."""

MANY = 4
"""Pictures from which it pays to transform the filters for Winograd's tiles."""


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
        As in `Dense`, with d_in = window^2 c, and d_out = window^2 filters: each pixel of x counts for as many.

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
            if type(number) is not int or not least <= number <= LARGEST:
                raise ConfigurationError(
                    f"A convolution got {what} {number!r}; wanted a whole number from {least} to {LARGEST}."
                )
        self.channels, self.filters, self.window = channels, filters, window
        self.stride, self.padding, self.has_bias = stride, padding, bias
        self._window = Window(channels, filters, window, stride, padding)
        # Few pictures are not worth transforming all filters for: one frame takes half the time by patches.
        self._for_many, self._for_few = _kernel(self._window), _patch_kernel(self._window)
        self._kernel = self._for_many
        d_in, d_out = window * window * channels, window * window * filters
        self.weight: Array = np.zeros((d_in, filters), np.float32)
        self.bias: Array = np.zeros(filters if bias else 0, np.float32)
        self.d_weight: Array = np.zeros(self.weight.shape, np.float32)
        self.d_bias: Array = np.zeros(filters if bias else 0, np.float32)
        if rng is not None:
            self.weight[:] = drawn(initial, rng, self.weight.shape, (d_in, d_out))
            self.bias[:] = drawn(initial_bias, rng, self.bias.shape, (d_in, d_out))

    @override
    def output_shape(self, input_shape: Shape) -> Shape:
        if len(input_shape) != 3 or input_shape[2] != self.channels:
            raise self._refuse(input_shape, f"(n, h, w, {self.channels})")
        return self._window.output_shape((0, *input_shape))[1:]

    @override
    def work(self, input_shape: Shape) -> int:
        h_out, w_out, _ = self.output_shape(input_shape)
        return h_out * w_out * self.weight.size

    @override
    def forward(self, x: Array, *, training: bool = False) -> Array:
        self.x_shape = x.shape
        self._kernel = self._for_few if len(x) < MANY else self._for_many
        shape = self._window.output_shape(x.shape)
        y = self.scratch.beside(x, shape) if training and self.is_brief else self.room.array("y", shape, x)
        self._kernel.forward(x, self.weight, self.bias, y, training=training)
        return y

    @override
    def parameter_gradients(self, d_y: Array) -> None:
        self._kernel.parameter_gradients(d_y, self.d_weight, self.d_bias)

    @override
    def backward(self, d_y: Array) -> Array:
        d_x = self.scratch.beside(d_y, self.x_shape)
        self._kernel.backward(d_y, self.weight, d_x)
        return d_x

    @override
    def only_read(self, input_shape: Shape) -> None:
        if is_for_tiles(self._window):
            size = self.output_shape(input_shape)[:2]
            self._for_many = self._for_few = ReadingTileKernel(self._window, self.weight, size)
            self.share_scratch(self.scratch)

    @override
    def replica(self) -> Self:
        twin = super().replica()
        twin._for_many, twin._for_few = self._for_many.replica(), self._for_few.replica()
        twin._kernel = twin._for_many
        return twin

    @override
    def share_scratch(self, scratch: Workspace) -> None:
        super().share_scratch(scratch)
        self._for_many.scratch = self._for_few.scratch = scratch

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


def _kernel(window: Window) -> Kernel:
    """Return the quickest way to convolve by this window."""
    return TileKernel(window) if is_for_tiles(window) else _patch_kernel(window)


def _patch_kernel(window: Window) -> Kernel:
    return GreyKernel(window) if window.channels == 1 else PatchKernel(window)

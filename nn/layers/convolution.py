"""Convolution: one small affine layer, looked through at every place of a picture.

Pictures are (n, h, w, c), channels last. Each output pixel is an affine function of the patch around it, with
the same weights everywhere. Laying all patches out as the rows of one matrix (im2col) turns the convolution into
one matrix product, the fastest thing that numpy can do; `col2im` adds the rows back to where they came from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.lib.stride_tricks import as_strided

from nn.compat import override
from nn.errors import ConfigurationError, ShapeError
from nn.initializers import drawn
from nn.layers.base import JSON, Layer

if TYPE_CHECKING:
    from nn.arrays import Array, Shape
    from nn.initializers import Initial


def conv_output_size(size: int, window: int, stride: int = 1, padding: int = 0) -> int:
    r"""Return how many places a window has along one side, :math:`\lfloor (s + 2 p - k) / t \rfloor + 1`.

    Raises
    ------
    ShapeError
        If the window does not fit at all.

    Examples
    --------
    >>> conv_output_size(28, 5), conv_output_size(28, 3, padding=1), conv_output_size(28, 2, stride=2)
    (24, 28, 14)
    """
    if size + 2 * padding < window:
        raise ShapeError(f"A window of {window} does not fit into {size} pixels padded by {padding}.")
    return (size + 2 * padding - window) // stride + 1


def patches_of(x: Array, window: Shape, stride: int = 1) -> Array:
    """View pictures x, (n, h, w, c), as patches (n, h_out, w_out, window h, window w, c), without copying."""
    n, h, w, c = x.shape
    s_n, s_h, s_w, s_c = x.strides
    h_out, w_out = (conv_output_size(side, k, stride) for side, k in zip((h, w), window, strict=True))
    return as_strided(
        x,
        (n, h_out, w_out, *window, c),
        (s_n, s_h * stride, s_w * stride, s_h, s_w, s_c),
        writeable=False,
    )


def im2col(x: Array, window: Shape, stride: int = 1, padding: int = 0) -> Array:
    """Lay out every patch of pictures x, (n, h, w, c), as a row: (n h_out w_out, window h * window w * c).

    Examples
    --------
    >>> im2col(np.arange(9.0).reshape(1, 3, 3, 1), (2, 2)).tolist()
    [[0.0, 1.0, 3.0, 4.0], [1.0, 2.0, 4.0, 5.0], [3.0, 4.0, 6.0, 7.0], [4.0, 5.0, 7.0, 8.0]]
    """
    if padding:
        x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    patches = patches_of(x, window, stride)
    return patches.reshape(patches.shape[0] * patches.shape[1] * patches.shape[2], -1)


def col2im(columns: Array, x_shape: Shape, window: Shape, stride: int = 1, padding: int = 0) -> Array:
    """Add the rows of `im2col` back to where they came from; where patches overlap, they add up.

    Parameters
    ----------
    columns
        Shape (n h_out w_out, window h * window w * c).
    x_shape
        (n, h, w, c) of the pictures.

    Examples
    --------
    >>> col2im(np.ones((4, 4)), (1, 3, 3, 1), (2, 2))[0, :, :, 0]
    array([[1., 2., 1.],
           [2., 4., 2.],
           [1., 2., 1.]])
    """
    n, h, w, c = x_shape
    padded = np.zeros((n, h + 2 * padding, w + 2 * padding, c), columns.dtype)
    h_out, w_out = (conv_output_size(s, k, stride, padding) for s, k in zip((h, w), window, strict=True))
    _add_patches(columns.reshape(n, h_out, w_out, *window, c), padded, stride)
    return padded[:, padding : padding + h, padding : padding + w]


def _add_patches(patches: Array, padded: Array, stride: int) -> None:
    _, h_out, w_out, window_h, window_w, _ = patches.shape
    for i in range(window_h):
        for j in range(window_w):
            rows, columns = slice(i, i + stride * h_out, stride), slice(j, j + stride * w_out, stride)
            padded[:, rows, columns] += patches[:, :, :, i, j]


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
        self.x_shape = x.shape
        patches = patches_of(self._padded(x, self.padding, "padded"), (self.window, self.window), self.stride)
        n, h_out, w_out = patches.shape[:3]
        laid_out = self._buffer("columns", patches.shape, x)
        np.copyto(laid_out, patches)
        self.columns = laid_out.reshape(n * h_out * w_out, len(self.weight))
        y = self._buffer("y", (n, h_out, w_out, self.filters), x)
        flat = y.reshape(-1, self.filters)
        np.matmul(self.columns, self.weight, out=flat)
        if self.has_bias:
            flat += self.bias
        return y

    @override
    def parameter_gradients(self, d_y: Array) -> None:
        flat = d_y.reshape(-1, self.filters)
        np.matmul(self.columns.T, flat, out=self.d_weight)
        if self.has_bias:
            self._column_sums(flat, out=self.d_bias)

    @override
    def backward(self, d_y: Array) -> Array:
        if self.stride == 1 and self.padding < self.window:
            return self._convolved_back(d_y)
        flat = d_y.reshape(-1, self.filters)
        d_columns = np.matmul(flat, self.weight.T, out=self._buffer("d_columns", self.columns.shape, d_y))
        n, h, w, c = self.x_shape
        p = self.padding
        d_padded = self._buffer("d_padded", (n, h + 2 * p, w + 2 * p, c), d_y)
        d_padded.fill(0)
        _add_patches(d_columns.reshape(*d_y.shape[:3], self.window, self.window, c), d_padded, self.stride)
        return d_padded[:, p : p + h, p : p + w]

    def _convolved_back(self, d_y: Array) -> Array:
        """Return d loss / d x as a convolution of d_y with the weights turned by half a turn.

        It is the same sum as that of `col2im`, read off by the pixels of x: copying patches of d_y takes a quarter
        of the time that adding patches of x does.
        """
        k, c, f = self.window, self.channels, self.filters
        turned = self.weight.reshape(k, k, c, f)[::-1, ::-1].transpose(0, 1, 3, 2).reshape(k * k * f, c)
        patches = patches_of(self._padded(d_y, k - 1 - self.padding, "d_y_padded"), (k, k))
        columns = self._buffer("d_y_columns", patches.shape, d_y)
        np.copyto(columns, patches)
        d_x = self._buffer("d_x", self.x_shape, d_y)
        np.matmul(columns.reshape(-1, k * k * f), turned, out=d_x.reshape(-1, c))
        return d_x

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

    def _padded(self, x: Array, p: int, name: str) -> Array:
        if not p:
            return x
        n, h, w, c = x.shape
        padded = self._buffer(name, (n, h + 2 * p, w + 2 * p, c), x)
        padded[:, :p], padded[:, p + h :] = 0, 0
        padded[:, :, :p], padded[:, :, p + w :] = 0, 0
        padded[:, p : p + h, p : p + w] = x
        return padded

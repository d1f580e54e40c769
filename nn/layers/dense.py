"""The affine layer: every output is a weighted sum of all inputs, plus a bias."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from nn.compat import override
from nn.errors import ConfigurationError
from nn.initializers import drawn
from nn.layers.base import JSON, Layer
from nn.layers.products import column_sums, product, whole_product

if TYPE_CHECKING:
    from nn.arrays import Array, Shape
    from nn.initializers import Initial

LARGEST = 100_000_000
"""Weights of one layer beyond which a size is a mistake and not a wish: 400 MB."""


class Dense(Layer):
    r"""Affine layer, fully connected.

    .. math:: y = x W + b, \quad
        \frac{\partial L}{\partial W} = x^T \frac{\partial L}{\partial y}, \quad
        \frac{\partial L}{\partial b} = \sum_n \frac{\partial L}{\partial y}, \quad
        \frac{\partial L}{\partial x} = \frac{\partial L}{\partial y} W^T

    Parameters
    ----------
    inputs, outputs
        d_in and d_out: x is (n, d_in), W (d_in, d_out), b (d_out,), y (n, d_out).
    rng
        Where the initial values come from; without it they are zero, to be loaded.
    initial
        Standard deviation of the normal distribution of W, a rule for it ("he", "xavier"), or a `Uniform`.
    initial_bias
        The same for b, which mostly starts at zero.
    bias
        Whether there is a b at all.

    Raises
    ------
    ConfigurationError
        If a size is not a whole number from 1, or the two together are absurdly large.

    Examples
    --------
    >>> layer = Dense(3, 2)
    >>> layer.weight[:] = [[1, 0], [0, 1], [1, 1]]
    >>> layer.forward(np.array([[1, 2, 3]], np.float32))
    array([[4., 5.]], dtype=float32)
    """

    kind: ClassVar[str] = "dense"
    parameter_names: ClassVar[tuple[str, ...]] = ("weight", "bias")
    weight_names: ClassVar[tuple[str, ...]] = ("weight",)

    def __init__(
        self,
        inputs: int,
        outputs: int,
        *,
        rng: np.random.Generator | None = None,
        initial: Initial = "he",
        initial_bias: Initial = 0.0,
        bias: bool = True,
    ) -> None:
        super().__init__()
        _check_sizes(inputs, outputs)
        self.inputs, self.outputs, self.has_bias = inputs, outputs, bias
        self.weight: Array = np.zeros((inputs, outputs), np.float32)
        self.bias: Array = np.zeros(outputs if bias else 0, np.float32)
        # np.zeros, not zeros_like: its pages cost nothing until they are touched, and a file may claim any size.
        self.d_weight: Array = np.zeros(self.weight.shape, np.float32)
        self.d_bias: Array = np.zeros(self.bias.shape, np.float32)
        if rng is not None:
            self.weight[:] = drawn(initial, rng, self.weight.shape)
            self.bias[:] = drawn(initial_bias, rng, self.bias.shape, self.weight.shape)

    @override
    def output_shape(self, input_shape: Shape) -> Shape:
        if input_shape != (self.inputs,):
            raise self._refuse(input_shape, f"(n, {self.inputs})")
        return (self.outputs,)

    @override
    def work(self, input_shape: Shape) -> int:
        return self.weight.size

    @override
    def forward(self, x: Array, *, training: bool = False) -> Array:
        self.x = x
        y = product(x, self.weight, self.room.array("y", (len(x), self.outputs), x))
        if self.has_bias:
            y += self.bias
        return y

    @override
    def parameter_gradients(self, d_y: Array) -> None:
        product(self.x.T, d_y, self.d_weight)
        if self.has_bias:
            column_sums(d_y, self.d_bias)

    @override
    def backward(self, d_y: Array) -> Array:
        return whole_product(d_y, self.weight.T, self.scratch.beside(d_y, self.x.shape))

    @override
    def settings(self) -> dict[str, JSON]:
        return {"inputs": self.inputs, "outputs": self.outputs, "bias": self.has_bias}

    @override
    def __repr__(self) -> str:
        return f"Dense({self.inputs} -> {self.outputs}{'' if self.has_bias else ', no bias'})"


def _check_sizes(inputs: int, outputs: int) -> None:
    for what, size in (("inputs", inputs), ("outputs", outputs)):
        if type(size) is not int or size < 1:
            raise ConfigurationError(f"A dense layer got {size!r} {what}; wanted a whole number from 1.")
    if inputs * outputs > LARGEST:
        raise ConfigurationError(
            f"A dense layer of {inputs} x {outputs} weights is larger than {LARGEST:,}; choose smaller sizes."
        )

"""Batch normalisation: each feature is brought to mean 0 and deviation 1 over the batch, then scaled and moved.

Whatever the layers before do to the size of a signal, the layer behind sees it at the same size; deep networks
then learn with rates that would otherwise blow them up. In use there is no batch: running means stand in.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from nn.compat import override
from nn.errors import ConfigurationError
from nn.layers.base import JSON, Layer
from nn.layers.products import column_sums

if TYPE_CHECKING:
    from nn.arrays import Array, Shape


REPEATS = 8
"""Copies of the features in a row of what is worked on, where their number allows it."""

WORTH_WIDENING = 2**14

LARGEST = 10**7
"""Features beyond which their number is a mistake and not a wish."""


class BatchNormalization(Layer):
    r"""Batch normalisation (Ioffe and Szegedy, 2015), by feature or, for pictures, by channel.

    .. math:: \hat x = \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}}, \quad y = \gamma \hat x + \beta

    with mean and variance over the batch, and for pictures over all their pixels too. Backward, with m values
    a feature:

    .. math:: \frac{\partial L}{\partial x} = \frac{\gamma}{m \sqrt{\sigma^2 + \epsilon}} \left(
        m \frac{\partial L}{\partial y} - \sum \frac{\partial L}{\partial y}
        - \hat x \sum \hat x \frac{\partial L}{\partial y} \right)

    Parameters
    ----------
    features
        Size of the last axis: d of (n, d), or c of (n, h, w, c).
    momentum
        Share of the running mean and variance that a step keeps.
    epsilon
        Keeps the quotient finite for a feature that never varies.

    Raises
    ------
    ConfigurationError
        If a number is out of its range.
    """

    kind: ClassVar[str] = "batch_normalization"
    parameter_names: ClassVar[tuple[str, ...]] = ("gamma", "beta")
    statistic_names: ClassVar[tuple[str, ...]] = ("running_mean", "running_variance")

    def __init__(self, features: int, momentum: float = 0.9, epsilon: float = 1e-5) -> None:
        super().__init__()
        if type(features) is not int or not 1 <= features <= LARGEST:
            raise ConfigurationError(
                f"Batch normalisation got {features!r} features; wanted a whole number from 1 to {LARGEST:,}."
            )
        if not (0 <= momentum < 1 and 0 < epsilon < 1):
            raise ConfigurationError(
                f"Batch normalisation got momentum {momentum!r} and epsilon {epsilon!r}; wanted shares below 1."
            )
        self.features, self.momentum, self.epsilon = features, float(momentum), float(epsilon)
        self.gamma: Array = np.ones(features, np.float32)
        self.beta: Array = np.zeros(features, np.float32)
        self.d_gamma: Array = np.zeros_like(self.gamma)
        self.d_beta: Array = np.zeros_like(self.beta)
        self.running_mean: Array = np.zeros(features, np.float32)
        self.running_variance: Array = np.ones(features, np.float32)
        self._sums: tuple[Array, Array, Array] | None = None

    @override
    def output_shape(self, input_shape: Shape) -> Shape:
        if not input_shape or input_shape[-1] != self.features:
            raise self._refuse(input_shape, f"(n, ..., {self.features})")
        return input_shape

    @override
    def forward(self, x: Array, *, training: bool = False) -> Array:
        self.rows, self.is_batch, self._sums = self._wide_rows(x), training, None
        y = self.room.array("y", self.rows.shape, x)
        if not training:
            self.scale, slope, shift = self.in_use()
            np.multiply(self.rows, self._wide(slope), out=y)
            y += self._wide(shift)
            return y.reshape(x.shape)
        self.mean = self._feature_sums(self.rows) / self._values()
        self._center(self.mean, in_place=self.may_overwrite)
        squares = np.multiply(self.centered, self.centered, out=y)
        self.variance = self._feature_sums(squares) / self._values()
        self.scale = 1 / np.sqrt(self.variance + self.epsilon)
        np.multiply(self.centered, self._wide(self.gamma * self.scale), out=y)
        y += self._wide(self.beta)
        return y.reshape(x.shape)

    @override
    def parameter_gradients(self, d_y: Array) -> None:
        total, product = self._gradient_sums(d_y)
        self.d_beta[:], self.d_gamma[:] = total, product
        self._sums = (d_y, total, product)

    @override
    def backward(self, d_y: Array) -> Array:
        rows = d_y.reshape(self.rows.shape)
        d_x = self.scratch.beside(d_y, rows.shape)
        slope = self._wide(self.gamma * self.scale)
        if not self.is_batch:
            np.multiply(rows, slope, out=d_x)
            return d_x.reshape(d_y.shape)
        # Where the parameters' gradients have just been asked for, the two sums of the formula are known.
        known, self._sums = self._sums, None
        total, product = known[1:] if known and known[0] is d_y else self._gradient_sums(d_y)
        m = self._values()
        np.multiply(self.centered, self._wide(self.scale * product * (-1 / m)), out=d_x)
        d_x += rows
        d_x -= self._wide(total / m)
        d_x *= slope
        return d_x.reshape(d_y.shape)

    def in_use(self) -> tuple[Array, Array, Array]:
        """Return 1 / sigma by feature, in use, and the slope and shift by which x then becomes y."""
        scale = 1 / np.sqrt(self.running_variance + self.epsilon)
        slope = self.gamma * scale
        return scale, slope, self.beta - self.running_mean * slope

    @override
    def observed(self) -> tuple[Array, ...]:
        return self.mean, self.variance

    @override
    def settle(self, *observed: Array) -> None:
        means, variances = observed
        self._follow(self.running_mean, means)
        self._follow(self.running_variance, variances)

    @override
    def settings(self) -> dict[str, JSON]:
        return {"features": self.features, "momentum": self.momentum, "epsilon": self.epsilon}

    def _follow(self, running: Array, found: Array) -> None:
        running *= self.momentum
        running += (1 - self.momentum) * np.mean(found, axis=0)

    def _center(self, mean: Array, *, in_place: bool = False) -> None:
        self.centered = self.rows if in_place else self.room.array("centered", self.rows.shape, self.rows)
        np.subtract(self.rows, self._wide(mean), out=self.centered)

    def _gradient_sums(self, d_y: Array) -> tuple[Array, Array]:
        """Return the sums of d_y and of x hat d_y, by feature."""
        if not self.is_batch:
            self._center(self.running_mean)
        rows = d_y.reshape(self.rows.shape)
        product = np.multiply(rows, self.centered, out=self.scratch.beside(d_y, rows.shape))
        return self._feature_sums(rows), self._feature_sums(product) * self.scale

    def _wide_rows(self, x: Array) -> Array:
        """View x as rows that hold the features up to eight times over.

        What is done to every row with the same few numbers then takes half the time: numpy loops along rows, and
        those of 64 channels are too short for it. For a picture or two, widening takes longer than it brings.
        """
        repeats = math.gcd(x.size // self.features, REPEATS) if x.size >= WORTH_WIDENING else 1
        return x.reshape(-1, repeats * self.features)

    def _wide(self, by_feature: Array) -> Array:
        repeats = self.rows.shape[1] // self.features
        return by_feature if repeats == 1 else np.tile(by_feature, repeats)

    def _values(self) -> int:
        """Return how many values there are of each feature."""
        return self.rows.size // self.features

    def _feature_sums(self, rows: Array) -> Array:
        sums: Array = column_sums(rows).reshape(-1, self.features).sum(axis=0)
        return sums

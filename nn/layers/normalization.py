"""Batch normalisation: each feature is brought to mean 0 and deviation 1 over the batch, then scaled and moved.

Whatever the layers before do to the size of a signal, the layer behind sees it at the same size; deep networks
then learn with rates that would otherwise blow them up. In use there is no batch: running means stand in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from nn.compat import override
from nn.errors import ConfigurationError
from nn.layers.base import JSON, Layer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nn.arrays import Array, Shape


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
        if type(features) is not int or not 1 <= features <= 10**7:
            raise ConfigurationError(
                f"Batch normalisation got {features!r} features; wanted a whole number from 1."
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

    @override
    def output_shape(self, input_shape: Shape) -> Shape:
        if not input_shape or input_shape[-1] != self.features:
            raise self._refuse(input_shape, f"(n, ..., {self.features})")
        return input_shape

    @override
    def forward(self, x: Array, *, training: bool = False) -> Array:
        rows = x.reshape(-1, self.features)
        self.is_batch = training
        if training:
            self.mean = self._row_mean(rows)
            self.normal = np.subtract(rows, self.mean, out=self._buffer("normal", rows.shape, x))
            squares = np.multiply(self.normal, self.normal, out=self._buffer("scratch", rows.shape, x))
            self.variance = self._row_mean(squares)
        else:
            self.normal = np.subtract(rows, self.running_mean, out=self._buffer("normal", rows.shape, x))
        variance = self.variance if training else self.running_variance
        self.scale = 1 / np.sqrt(variance + self.epsilon)
        self.normal *= self.scale
        y = np.multiply(self.normal, self.gamma, out=self._buffer("y", rows.shape, x))
        y += self.beta
        return y.reshape(x.shape)

    @override
    def parameter_gradients(self, d_y: Array) -> None:
        rows = d_y.reshape(-1, self.features)
        np.einsum("md,md->d", rows, self.normal, out=self.d_gamma)
        self._column_sums(rows, out=self.d_beta)

    @override
    def backward(self, d_y: Array) -> Array:
        rows = d_y.reshape(-1, self.features)
        d_x = self._buffer("d_x", rows.shape, d_y)
        if not self.is_batch:
            np.multiply(rows, self.gamma * self.scale, out=d_x)
            return d_x.reshape(d_y.shape)
        m = len(rows)
        # d_gamma and d_beta are the two sums of the formula, but may belong to an earlier pass.
        product = np.einsum("md,md->d", rows, self.normal)
        total = self._column_sums(rows)
        np.multiply(self.normal, product * (-1 / m), out=d_x)
        d_x += rows
        d_x -= total / m
        d_x *= self.gamma * self.scale
        return d_x.reshape(d_y.shape)

    @override
    def settle(self, shards: Sequence[Layer]) -> None:
        batches = [shard for shard in shards if isinstance(shard, BatchNormalization)]
        self._follow(self.running_mean, [batch.mean for batch in batches])
        self._follow(self.running_variance, [batch.variance for batch in batches])

    @override
    def settings(self) -> dict[str, JSON]:
        return {"features": self.features, "momentum": self.momentum, "epsilon": self.epsilon}

    def _follow(self, running: Array, found: list[Array]) -> None:
        running *= self.momentum
        running += (1 - self.momentum) * np.mean(found, axis=0)

    def _row_mean(self, rows: Array) -> Array:
        mean = self._column_sums(rows)
        mean /= len(rows)
        return mean

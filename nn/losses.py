"""A loss says in one number how wrong a batch of outputs is, and in which direction right would be.

Losses stand behind the last layer. Targets are labels, shape (n,), or one row a sample, shape (n, k). A loss
also knows how the outputs it trains are read as probabilities.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from nn.compat import override
from nn.errors import ConfigurationError
from nn.layers.activations import softmax

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nn.arrays import Array
    from nn.layers.base import JSON


class Loss(ABC):
    """How wrong outputs are."""

    kind: ClassVar[str]

    @abstractmethod
    def forward(self, outputs: Array, targets: NDArray[np.generic]) -> float:
        """Return the sum of the losses of a batch: outputs (n, k), targets (n,) or (n, k)."""

    @abstractmethod
    def backward(self, samples: int) -> Array:
        """Return d (loss / samples) / d outputs of the last forward pass, shape (n, k).

        `samples` is the size of the whole batch, of which the last forward pass may have seen a shard.
        """

    @abstractmethod
    def probabilities(self, outputs: Array) -> Array:
        """Read outputs, shape (n, k), as probabilities that add to one."""

    def settings(self) -> dict[str, JSON]:
        """Return the constructor's arguments that make this loss again."""
        return {}

    def replica(self) -> Loss:
        """Return a twin for another thread."""
        return type(self)(**self.settings())

    @override
    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self.settings().items())
        return f"{type(self).__name__}({shown})"


class CrossEntropy(Loss):
    r"""Softmax and cross-entropy in one, for outputs that are logits.

    .. math:: L = -\sum_k t_k \log p_k, \quad p = \mathrm{softmax}(z), \quad
        \frac{\partial L}{\partial z} = p - t

    Joined, the logarithm undoes the exponential: :math:`L = \log\sum_j e^{z_j} - z_t`, which is exact for
    logits of any size.

    Examples
    --------
    >>> loss = CrossEntropy()
    >>> round(loss.forward(np.zeros((1, 10)), np.array([3])), 4)  # ten equal guesses: log 10
    2.3026
    """

    kind: ClassVar[str] = "cross_entropy"

    @override
    def forward(self, outputs: Array, targets: NDArray[np.generic]) -> float:
        highest = outputs.max(axis=1, keepdims=True)
        p = np.exp(outputs - highest)
        total = p.sum(axis=1, keepdims=True)
        p /= total
        if targets.ndim == 1:
            rows = np.arange(len(targets))
            likelihood = outputs[rows, targets]
            p_minus_t = p
            p_minus_t[rows, targets] -= 1
            weight = 1.0
        else:
            rows_of_targets = np.asarray(targets, outputs.dtype)
            weight = rows_of_targets.sum(axis=1)
            likelihood = (outputs * rows_of_targets).sum(axis=1)
            p_minus_t = p * weight[:, np.newaxis] - rows_of_targets
        self._p_minus_t = p_minus_t
        logs = (np.log(total) + highest)[:, 0]
        return float((logs * weight - likelihood).sum())

    @override
    def backward(self, samples: int) -> Array:
        d_outputs: Array = np.multiply(self._p_minus_t, 1 / samples, out=self._p_minus_t)
        return d_outputs

    @override
    def probabilities(self, outputs: Array) -> Array:
        return softmax(outputs)


class SquaredError(Loss):
    r"""Squared distance of outputs and targets.

    .. math:: L = \tfrac{1}{2} \sum_k (y_k - t_k)^2, \quad \frac{\partial L}{\partial y} = y - t

    Parameters
    ----------
    low, high
        What a label's row of targets holds: `high` at the label and `low` elsewhere. A sigmoid reaches neither
        0 nor 1, which is why *Make Your Own Neural Network* aims for 0.01 and 0.99.

    Raises
    ------
    ConfigurationError
        If the two are not finite or `low` is not below `high`.

    Examples
    --------
    >>> SquaredError().forward(np.array([[0.0, 1.0]]), np.array([0]))
    1.0
    """

    kind: ClassVar[str] = "squared_error"

    def __init__(self, low: float = 0.0, high: float = 1.0) -> None:
        if not (math.isfinite(low) and math.isfinite(high) and low < high):
            raise ConfigurationError(f"Targets from {low!r} to {high!r}; wanted two numbers, low below high.")
        self.low, self.high = float(low), float(high)

    @override
    def forward(self, outputs: Array, targets: NDArray[np.generic]) -> float:
        if targets.ndim == 1:
            rows = np.full(outputs.shape, self.low, outputs.dtype)
            rows[np.arange(len(targets)), targets] = self.high
        else:
            rows = np.asarray(targets, outputs.dtype)
        self._difference = outputs - rows
        flat = self._difference.ravel()
        return 0.5 * float(flat @ flat)

    @override
    def backward(self, samples: int) -> Array:
        return np.multiply(self._difference, 1 / samples, out=self._difference)

    @override
    def probabilities(self, outputs: Array) -> Array:
        positive: Array = np.maximum(outputs, np.finfo(outputs.dtype).tiny)
        positive /= positive.sum(axis=1, keepdims=True)
        return positive

    @override
    def settings(self) -> dict[str, JSON]:
        return {"low": self.low, "high": self.high}


LOSSES: dict[str, type[Loss]] = {loss.kind: loss for loss in (CrossEntropy, SquaredError)}
"""Every loss by the name that files and commands use."""

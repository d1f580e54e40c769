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
from nn.layers.activations import sigmoid, softmax
from nn.targets import demand_a_target_each, rows_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nn.arrays import Array
    from nn.layers.base import JSON


class Loss(ABC):
    """How wrong outputs are.

    `takes_logits` says whether the outputs are any real numbers, or an activation has to bring them to 0..1.
    """

    kind: ClassVar[str]
    takes_logits: ClassVar[bool] = False

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

    Parameters
    ----------
    smoothing
        The share s of the targets that is spread over all classes, :math:`t \leftarrow (1 - s) t + s / k`: a
        network that may never be quite sure keeps its weights small (Szegedy et al., 2016).

    Raises
    ------
    ConfigurationError
        If the smoothing is not a share below 1.

    Examples
    --------
    >>> loss = CrossEntropy()
    >>> round(loss.forward(np.zeros((1, 10)), np.array([3])), 4)  # ten equal guesses: log 10
    2.3026
    """

    kind: ClassVar[str] = "cross_entropy"
    takes_logits: ClassVar[bool] = True

    def __init__(self, smoothing: float = 0.0) -> None:
        self.smoothing = _share(smoothing)

    @override
    def forward(self, outputs: Array, targets: NDArray[np.generic]) -> float:
        highest = outputs.max(axis=1, keepdims=True)
        p = np.exp(outputs - highest)
        total = p.sum(axis=1, keepdims=True)
        p /= total
        logs = (np.log(total) + highest)[:, 0]
        if targets.ndim == 1 and not self.smoothing:
            demand_a_target_each(outputs, targets)
            rows = np.arange(len(targets))
            likelihood = outputs[rows, targets]
            p[rows, targets] -= 1
        else:
            t = rows_of(outputs, targets)
            t = t * (1 - self.smoothing) + self.smoothing / outputs.shape[1]
            weight = t.sum(axis=1)
            likelihood = (outputs * t).sum(axis=1)
            logs *= weight
            p *= weight[:, np.newaxis]
            p -= t
        self._p_minus_t = p
        return float((logs - likelihood).sum())

    @override
    def backward(self, samples: int) -> Array:
        d_outputs: Array = np.multiply(self._p_minus_t, 1 / samples, out=self._p_minus_t)
        return d_outputs

    @override
    def probabilities(self, outputs: Array) -> Array:
        return softmax(outputs)

    @override
    def settings(self) -> dict[str, JSON]:
        return {"smoothing": self.smoothing} if self.smoothing else {}


class SigmoidCrossEntropy(Loss):
    r"""Sigmoid and cross-entropy in one: each class is a yes or no of its own, told by a logit.

    .. math:: L = -\sum_k t_k \log p_k + (1 - t_k) \log (1 - p_k), \quad p = \sigma(z), \quad
        \frac{\partial L}{\partial z} = p - t

    Computed as :math:`\max(z, 0) - z t + \log(1 + e^{-|z|})`, which is exact for logits of any size. It is the
    cross-entropy of Michael Nielsen's *Neural Networks and Deep Learning*, chapter 3: unlike squared error, its
    gradient does not vanish where a sigmoid is sure and wrong.

    Parameters
    ----------
    smoothing
        The share s of the targets that is moved to a half, :math:`t \leftarrow (1 - s) t + s / 2`.

    Raises
    ------
    ConfigurationError
        If the smoothing is not a share below 1.

    Examples
    --------
    >>> loss = SigmoidCrossEntropy()
    >>> round(loss.forward(np.zeros((1, 10)), np.array([3])), 4)  # ten times as likely as not: 10 log 2
    6.9315
    """

    kind: ClassVar[str] = "sigmoid_cross_entropy"
    takes_logits: ClassVar[bool] = True

    def __init__(self, smoothing: float = 0.0) -> None:
        self.smoothing = _share(smoothing)

    @override
    def forward(self, outputs: Array, targets: NDArray[np.generic]) -> float:
        t = rows_of(outputs, targets)
        if self.smoothing:
            t = t * (1 - self.smoothing) + self.smoothing / 2
        self._p_minus_t = sigmoid(outputs)
        self._p_minus_t -= t
        losses = np.log1p(np.exp(-np.abs(outputs)))
        losses += np.maximum(outputs, 0)
        losses -= outputs * t
        return float(losses.sum())

    @override
    def backward(self, samples: int) -> Array:
        return np.multiply(self._p_minus_t, 1 / samples, out=self._p_minus_t)

    @override
    def probabilities(self, outputs: Array) -> Array:
        return _normalised(sigmoid(outputs))

    @override
    def settings(self) -> dict[str, JSON]:
        return {"smoothing": self.smoothing} if self.smoothing else {}


class SquaredError(Loss):
    r"""Squared distance of outputs and targets, times a factor f.

    .. math:: L = f \sum_k (y_k - t_k)^2, \quad \frac{\partial L}{\partial y} = 2 f (y - t)

    Parameters
    ----------
    low, high
        What a label's row of targets holds: `high` at the label and `low` elsewhere. A sigmoid reaches neither
        0 nor 1, which is why *Make Your Own Neural Network* aims for 0.01 and 0.99.
    reduction
        "half": f = 1/2, as both books have it; "sum": f = 1; "mean": f = 1/k, with k outputs. Always of one
        sample; over a batch the mean is taken.

    Raises
    ------
    ConfigurationError
        If the two are not finite, `low` is not below `high`, or there is no such reduction.

    Examples
    --------
    >>> outputs, labels = np.array([[0.0, 1.0]]), np.array([0])
    >>> [SquaredError(reduction=name).forward(outputs, labels) for name in ("half", "sum", "mean")]
    [1.0, 2.0, 1.0]
    """

    kind: ClassVar[str] = "squared_error"

    def __init__(self, low: float = 0.0, high: float = 1.0, reduction: str = "half") -> None:
        if not (math.isfinite(low) and math.isfinite(high) and low < high):
            raise ConfigurationError(f"Targets from {low!r} to {high!r}; wanted two numbers, low below high.")
        if reduction not in REDUCTIONS:
            raise ConfigurationError(f"Squared error by {reduction!r}; wanted one of {', '.join(REDUCTIONS)}.")
        self.low, self.high, self.reduction = float(low), float(high), reduction

    @override
    def forward(self, outputs: Array, targets: NDArray[np.generic]) -> float:
        self._difference = outputs - rows_of(outputs, targets, self.low, self.high)
        flat = self._difference.ravel()
        return self._factor(outputs.shape[1]) * float(flat @ flat)

    @override
    def backward(self, samples: int) -> Array:
        slope = 2 * self._factor(self._difference.shape[1]) / samples
        return np.multiply(self._difference, slope, out=self._difference)

    @override
    def probabilities(self, outputs: Array) -> Array:
        return _normalised(outputs.copy())

    @override
    def settings(self) -> dict[str, JSON]:
        # What goes without saying stays unsaid: files read the same as before there was a choice.
        chosen: dict[str, JSON] = {} if self.reduction == "half" else {"reduction": self.reduction}
        return {"low": self.low, "high": self.high, **chosen}

    def _factor(self, classes: int) -> float:
        return REDUCTIONS[self.reduction] or 1 / classes


REDUCTIONS: dict[str, float | None] = {"half": 0.5, "sum": 1.0, "mean": None}
"""Factors of the squared error by name; that of the mean depends on how many outputs there are."""

LOSSES: dict[str, type[Loss]] = {loss.kind: loss for loss in (CrossEntropy, SigmoidCrossEntropy, SquaredError)}
"""Every loss by the name that files and commands use."""


def _share(smoothing: float) -> float:
    if not 0 <= smoothing < 1:
        raise ConfigurationError(f"Label smoothing got {smoothing!r}; wanted a share from 0 to below 1.")
    return float(smoothing)


def _normalised(outputs: Array) -> Array:
    """Make outputs positive and their rows add to one, in place."""
    np.maximum(outputs, np.finfo(outputs.dtype).tiny, out=outputs)
    outputs /= outputs.sum(axis=1, keepdims=True)
    return outputs

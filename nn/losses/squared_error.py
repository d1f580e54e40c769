"""Squared error: how far the outputs are from where they should be."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from nn.compat import override
from nn.errors import ConfigurationError
from nn.losses.base import Loss, normalized
from nn.targets import rows_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nn.arrays import Array
    from nn.layers.base import JSON

REDUCTIONS: dict[str, float | None] = {"half": 0.5, "sum": 1.0, "mean": None}
"""Factors of the squared error by name; that of the mean depends on how many outputs there are."""


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
        d_outputs: Array = np.multiply(self._difference, slope)
        return d_outputs

    @override
    def probabilities(self, outputs: Array) -> Array:
        return normalized(outputs.copy())

    @override
    def settings(self) -> dict[str, JSON]:
        # What goes without saying stays unsaid: files read the same as before there was a choice.
        chosen: dict[str, JSON] = {} if self.reduction == "half" else {"reduction": self.reduction}
        return {"low": self.low, "high": self.high, **chosen}

    def _factor(self, classes: int) -> float:
        return REDUCTIONS[self.reduction] or 1 / classes

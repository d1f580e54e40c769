"""Softmax and cross-entropy: exactly one of k classes is right."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from nn.compat import override
from nn.layers.activations import softmax
from nn.losses.logits import LogitLoss
from nn.targets import demand_a_target_each, rows_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nn.arrays import Array


class CrossEntropy(LogitLoss):
    r"""Softmax and cross-entropy in one, for outputs that are logits.

    .. math:: L = -\sum_k t_k \log p_k, \quad p = \mathrm{softmax}(z), \quad
        \frac{\partial L}{\partial z} = p - t

    Joined, the logarithm undoes the exponential: :math:`L = \log\sum_j e^{z_j} - z_t`, which is exact for
    logits of any size.

    Parameters
    ----------
    smoothing
        The share s of the targets that is spread over all classes, :math:`t \leftarrow (1 - s) t + s / k`.

    Examples
    --------
    >>> loss = CrossEntropy()
    >>> round(loss.forward(np.zeros((1, 10)), np.array([3])), 4)  # ten equal guesses: log 10
    2.3026
    """

    kind: ClassVar[str] = "cross_entropy"

    @override
    def forward(self, outputs: Array, targets: NDArray[np.generic]) -> float:
        highest = np.maximum.reduce(outputs, axis=1, keepdims=True)
        p = outputs - highest
        np.exp(p, out=p)
        total = np.add.reduce(p, axis=1, keepdims=True)
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
    def probabilities(self, outputs: Array) -> Array:
        return softmax(outputs)

"""Softmax and cross-entropy: exactly one of k classes is right."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from nn.compat import override
from nn.layers.activations import softmax
from nn.layers.products import row_sums
from nn.losses.logits import LogitLoss
from nn.targets import rows_of

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
        t = self._smoothed(rows_of(outputs, targets))
        # The ufunc's own reduction, and no method: `max` reaches it by way of some Python.
        z = outputs - np.maximum.reduce(outputs, axis=1, keepdims=True)
        p = np.exp(z)
        total = row_sums(p)
        p /= total
        if targets.ndim > 1:
            # A row need not add to one.
            p *= t.sum(axis=1, keepdims=True)
        p -= t
        self._p_minus_t = p
        return float(np.vdot(np.log(total) - z, t))

    @override
    def probabilities(self, outputs: Array) -> Array:
        return softmax(outputs)

    def _smoothed(self, t: Array) -> Array:
        return t * (1 - self.smoothing) + self.smoothing / t.shape[1] if self.smoothing else t

"""Sigmoid and cross-entropy: each of k classes is a yes or no of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from nn.compat import override
from nn.layers.activations import sigmoid
from nn.losses.base import normalized
from nn.losses.logits import LogitLoss
from nn.targets import rows_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nn.arrays import Array


class SigmoidCrossEntropy(LogitLoss):
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

    Examples
    --------
    >>> loss = SigmoidCrossEntropy()
    >>> round(loss.forward(np.zeros((1, 10)), np.array([3])), 4)  # ten times as likely as not: 10 log 2
    6.9315
    """

    kind: ClassVar[str] = "sigmoid_cross_entropy"

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
    def probabilities(self, outputs: Array) -> Array:
        return normalized(sigmoid(outputs))

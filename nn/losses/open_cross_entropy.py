"""Cross-entropy for a world that is not all digits: at most one of k classes is right."""

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

    from nn.arrays import Array, Integers


class OpenCrossEntropy(LogitLoss):
    r"""Cross-entropy with one more possibility, "none of these", whose logit is always 0.

    .. math:: p_j = \frac{e^{z_j}}{1 + \sum_i e^{z_i}}, \quad p_\mathrm{none} = \frac{1}{1 + \sum_i e^{z_i}},
        \quad L = \log\left(1 + \sum_i e^{z_i}\right) - z_t, \quad \frac{\partial L}{\partial z} = p - t

    A softmax does not change when all its logits are shifted alike, so one of k + 1 may be held at 0 and nothing
    is lost: the network keeps k outputs, and each now says how much more likely its class is than none at all.
    To read nothing is to keep all of them low.

    The label k stands for "none of these". In a row of targets it gets what the row lacks to one, so that a row
    of zeros is "none of these" too.

    Parameters
    ----------
    smoothing
        The share s of a digit's target that is spread over the k classes, :math:`t \leftarrow (1 - s) t + s / k`;
        what is none of them stays wholly so.

    Examples
    --------
    Ten equal logits of 0 are eleven equal guesses; nothing drawn, label 10, is read best from low ones.

    >>> loss = OpenCrossEntropy()
    >>> round(loss.forward(np.zeros((1, 10)), np.array([3])), 4)  # log 11
    2.3979
    >>> round(loss.forward(np.full((1, 10), -9.0), np.array([10])), 4)
    0.0012
    >>> loss.readings(np.array([[-2.0, 1.0, -3.0], [-2.0, -1.0, -3.0]]))
    array([1, 3])
    """

    kind: ClassVar[str] = "open_cross_entropy"

    @override
    def forward(self, outputs: Array, targets: NDArray[np.generic]) -> float:
        t = self._smoothed(rows_of(outputs, targets, labels=self.labels(outputs.shape[1])))
        p, log_total = _open_softmax(outputs)
        likelihood = (outputs * t).sum(axis=1)
        p -= t
        self._p_minus_t = p
        return float((log_total - likelihood).sum())

    @override
    def probabilities(self, outputs: Array) -> Array:
        """Read outputs, shape (n, k), as probabilities given that it is one of the classes."""
        return softmax(outputs)

    @override
    def labels(self, classes: int) -> int:
        return classes + 1

    @override
    def readings(self, outputs: Array) -> Integers:
        labels: Integers = np.where(outputs.max(axis=1) < 0, outputs.shape[1], outputs.argmax(axis=1))
        return labels

    @override
    def none(self, outputs: Array) -> Array:
        _, log_total = _open_softmax(outputs)
        none: Array = np.exp(-log_total)
        return none

    def _smoothed(self, t: Array) -> Array:
        if not self.smoothing:
            return t
        share = t.sum(axis=1, keepdims=True) * (self.smoothing / t.shape[1])
        smoothed: Array = t * (1 - self.smoothing) + share
        return smoothed


def _open_softmax(outputs: Array) -> tuple[Array, Array]:
    """Return p of the k classes, shape (n, k), and log(1 + sum e^z), shape (n,), for logits of any size."""
    highest = np.maximum(outputs.max(axis=1, keepdims=True), 0)
    p = np.exp(outputs - highest)
    total = row_sums(p) + np.exp(-highest)
    p /= total
    return p, (np.log(total[:, :1]) + highest)[:, 0]

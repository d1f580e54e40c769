"""What every loss is: outputs and targets in, one number out, and its slope.

Losses stand behind the last layer. Targets are labels, shape (n,), or one row a sample, shape (n, k). A loss
also knows how the outputs it trains are read: as probabilities, as a label, and as none of the classes at all.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from nn.compat import override

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nn.arrays import Array, Integers
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

        `samples` is the size of the whole batch, of which the last forward pass may have seen a lane.
        """

    @abstractmethod
    def probabilities(self, outputs: Array) -> Array:
        """Read outputs, shape (n, k), as probabilities that add to one."""

    def labels(self, classes: int) -> int:
        """Return how many labels k outputs are trained by: k, and one more where a loss knows "none of these"."""
        return classes

    def readings(self, outputs: Array) -> Integers:
        """Return the label that each row of outputs, shape (n, k), reads: shape (n,)."""
        labels: Integers = outputs.argmax(axis=1)
        return labels

    def none(self, outputs: Array) -> Array:
        """Return how probable it is that a sample is of none of the k classes: shape (n,)."""
        return np.zeros(len(outputs), outputs.dtype)

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


def normalized(outputs: Array) -> Array:
    """Make outputs positive and their rows add to one, in place."""
    np.maximum(outputs, np.finfo(outputs.dtype).tiny, out=outputs)
    outputs /= outputs.sum(axis=1, keepdims=True)
    return outputs

"""What all cross-entropies share: outputs are logits, targets may be smoothed, and the slope is p - t."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from nn.compat import override
from nn.errors import ConfigurationError
from nn.losses.base import Loss

if TYPE_CHECKING:
    from nn.arrays import Array
    from nn.layers.base import JSON


class LogitLoss(Loss):
    r"""A loss of logits z and targets t with :math:`\frac{\partial L}{\partial z} = p - t`, p being its reading.

    Its forward pass leaves p - t in ``_p_minus_t``.

    Parameters
    ----------
    smoothing
        The share of each target that is spread over classes; each loss says over which. A network that may
        never be quite sure keeps its weights small (Szegedy et al., 2016).

    Raises
    ------
    ConfigurationError
        If the smoothing is not a share below 1.
    """

    takes_logits: ClassVar[bool] = True
    _p_minus_t: Array

    def __init__(self, smoothing: float = 0.0) -> None:
        if not 0 <= smoothing < 1:
            raise ConfigurationError(f"Label smoothing got {smoothing!r}; wanted a share from 0 to below 1.")
        self.smoothing = float(smoothing)

    @override
    def backward(self, samples: int) -> Array:
        # A new array, which costs no more than writing to the old one: who asks again is told the same.
        d_outputs: Array = np.multiply(self._p_minus_t, 1 / samples)
        return d_outputs

    @override
    def settings(self) -> dict[str, JSON]:
        return {"smoothing": self.smoothing} if self.smoothing else {}

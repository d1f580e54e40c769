"""Regularisation: what keeps weights small and steps sane, beside the loss.

Penalties act on weights alone: a bias or a scale says where a unit works, not how sharply it distinguishes. They
join the gradient and nothing else, so the loss that training reports stays that of the data.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from nn.arrays import Array
    from nn.network import Network
    from nn.optimizers import Optimizer
    from nn.training_config import TrainingConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class Regularization:
    r"""What is done to a network's gradients and weights at each step.

    .. math:: \frac{\partial L}{\partial W} \leftarrow c \, \frac{\partial L}{\partial W}
        + \lambda_2 W + \lambda_1 \operatorname{sign} W, \quad c = \min(1, m / |g|)

    where g is the gradient of the loss by all parameters.

    Parameters
    ----------
    l1, l2
        :math:`\lambda_1, \lambda_2`, those of the penalty
        :math:`\lambda_1 |W|_1 + \tfrac{1}{2} \lambda_2 |W|_2^2`. L1 brings weights to zero, L2 makes them small.
    is_decoupled
        Whether `l2` shrinks the weights directly, :math:`W \leftarrow (1 - \eta \lambda_2) W`, and stays out of
        the gradient, as AdamW wants it.
    largest_gradient
        m: a longer gradient is cut to this length, its direction kept (Pascanu et al., 2013); None for any.
    """

    l1: float = 0.0
    l2: float = 0.0
    is_decoupled: bool = False
    largest_gradient: float | None = None

    @classmethod
    def of(cls, config: TrainingConfig, optimizer: Optimizer) -> Regularization:
        """Return what a training's configuration asks for, in the way that suits its optimiser."""
        return cls(
            l1=config.l1,
            l2=config.weight_decay,
            is_decoupled=optimizer.is_decoupled,
            largest_gradient=config.largest_gradient,
        )

    def apply(self, network: Network, rate: float) -> None:
        """Change `network.gradients`, and with decoupled decay its weights, before a step at `rate`."""
        if self.largest_gradient is not None:
            clip(network.gradients, self.largest_gradient)
        if not (self.l1 or self.l2):
            return
        for weight, gradient in network.weights():
            self._penalize(weight, gradient, rate)

    def _penalize(self, w: Array, g: Array, rate: float) -> None:
        if self.l2 and not self.is_decoupled:
            g += self.l2 * w
        if self.l1:
            g += self.l1 * np.sign(w)
        if self.l2 and self.is_decoupled:
            w *= 1 - rate * self.l2


def clip(gradient: Array, longest: float) -> None:
    """Cut `gradient` to the length `longest` if it is longer, in place.

    Examples
    --------
    >>> gradient = np.array([3.0, 4.0])
    >>> clip(gradient, 1.0)
    >>> gradient.round(3)
    array([0.6, 0.8])
    """
    length = math.sqrt(float(gradient @ gradient))
    # One that is infinite or no number is left alone: training will tell that it diverged.
    if longest < length < math.inf:
        gradient *= longest / length

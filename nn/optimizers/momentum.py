"""One rate for all parameters: plain descent, and descent with momentum."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from nn.compat import override
from nn.optimizers.base import Optimizer

if TYPE_CHECKING:
    from nn.arrays import Array


class SGD(Optimizer):
    r"""Stochastic gradient descent: :math:`\theta \leftarrow \theta - \eta g`."""

    kind: ClassVar[str] = "sgd"

    @override
    def _move(self, p: Array, g: Array, *state: Array, rate: float, step: int) -> None:
        g *= rate
        p -= g


class Momentum(Optimizer):
    r"""Momentum: :math:`v \leftarrow \mu v - \eta g`, :math:`\theta \leftarrow \theta + v` (Polyak, 1964).

    Parameters
    ----------
    mu
        What is left of the velocity after a step.

    Raises
    ------
    ConfigurationError
        If it is not a share below 1.
    """

    kind: ClassVar[str] = "momentum"
    state_names: ClassVar[tuple[str, ...]] = ("velocity",)
    setting_names: ClassVar[tuple[str, ...]] = ("mu",)

    def __init__(self, mu: float = 0.9) -> None:
        self.mu = self._number("mu", mu, 0)

    @override
    def _move(self, p: Array, g: Array, *state: Array, rate: float, step: int) -> None:
        (v,) = state
        v *= self.mu
        g *= rate
        v -= g
        p += v


class Nesterov(Momentum):
    r"""Momentum that looks ahead: the gradient counts as if taken where the velocity leads (Nesterov, 1983).

    .. math:: v \leftarrow \mu v - \eta g, \quad \theta \leftarrow \theta + \mu v - \eta g

    Here the parameters are always those looked ahead to (Bengio et al., 2012), so that one gradient a step does.
    """

    kind: ClassVar[str] = "nesterov"

    @override
    def _move(self, p: Array, g: Array, *state: Array, rate: float, step: int) -> None:
        (v,) = state
        v *= self.mu
        g *= rate
        v -= g
        p -= g
        np.multiply(v, self.mu, out=g)  # g is free now
        p += g

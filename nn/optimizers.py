"""An optimiser decides how far to walk, given which way is downhill.

Each is a pure rule over flat vectors: parameters, gradient, and a state of vectors of the same length. The
state is plain data, so saving it, showing it and resuming from it need nothing more.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar, TypeAlias

import numpy as np

from nn.compat import override
from nn.errors import ConfigurationError

if TYPE_CHECKING:
    from nn.arrays import Array

State: TypeAlias = "dict[str, Array]"

STRIDE = 16_384
"""Numbers updated at a time: 64 kB each of parameters, gradient and state stay in the second-level cache."""


class Optimizer(ABC):
    """A rule that turns gradients into steps."""

    kind: ClassVar[str]
    state_names: ClassVar[tuple[str, ...]] = ()

    def initial_state(self, parameters: Array) -> State:
        """Return the state before the first step: zeros, one vector as long as `parameters` a name."""
        return {name: np.zeros_like(parameters) for name in self.state_names}

    def update(self, parameters: Array, gradient: Array, state: State, rate: float, step: int) -> None:
        """Move `parameters` one step, in place; `state` follows and `gradient` is used up.

        Parameters
        ----------
        parameters, gradient
            Shape (p,).
        state
            What `initial_state` made, carried from step to step.
        rate
            The learning rate of this step.
        step
            Counted from 1.
        """
        for start in range(0, parameters.size, STRIDE):
            part = slice(start, start + STRIDE)
            vectors = [state[name][part] for name in self.state_names]
            self._move(parameters[part], gradient[part], *vectors, rate=rate, step=step)

    @abstractmethod
    def _move(self, p: Array, g: Array, *state: Array, rate: float, step: int) -> None: ...


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
    """

    kind: ClassVar[str] = "momentum"
    state_names: ClassVar[tuple[str, ...]] = ("velocity",)

    def __init__(self, mu: float = 0.9) -> None:
        self.mu = mu

    @override
    def _move(self, p: Array, g: Array, *state: Array, rate: float, step: int) -> None:
        (v,) = state
        v *= self.mu
        g *= rate
        v -= g
        p += v


class Adam(Optimizer):
    r"""Adam (Kingma and Ba, 2015).

    .. math:: m \leftarrow \beta_1 m + (1 - \beta_1) g, \quad v \leftarrow \beta_2 v + (1 - \beta_2) g^2, \quad
        \theta \leftarrow \theta - \eta \frac{m / (1 - \beta_1^t)}{\sqrt{v / (1 - \beta_2^t)} + \epsilon}

    Parameters
    ----------
    beta1, beta2
        How slowly mean and mean square of the gradient forget.
    epsilon
        Keeps the quotient finite where the gradient has always been zero.
    """

    kind: ClassVar[str] = "adam"
    state_names: ClassVar[tuple[str, ...]] = ("mean", "square")

    def __init__(self, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8) -> None:
        self.beta1, self.beta2, self.epsilon = beta1, beta2, epsilon

    @override
    def _move(self, p: Array, g: Array, *state: Array, rate: float, step: int) -> None:
        mean, square = state
        mean *= self.beta1
        mean += (1 - self.beta1) * g
        square *= self.beta2
        g *= g
        g *= 1 - self.beta2
        square += g
        # g is free now and takes the step itself: m / (sqrt(v) + epsilon), both corrected for their start at 0.
        np.sqrt(square, out=g)
        g *= 1 / math.sqrt(1 - self.beta2**step)
        g += self.epsilon
        np.divide(mean, g, out=g)
        g *= rate / (1 - self.beta1**step)
        p -= g


OPTIMIZERS: dict[str, type[Optimizer]] = {rule.kind: rule for rule in (SGD, Momentum, Adam)}
"""Every optimiser by the name that files and commands use."""


def optimizer(name: str) -> Optimizer:
    """Build the optimiser called `name`, with the defaults of its paper.

    Raises
    ------
    ConfigurationError
        If there is none.
    """
    if name not in OPTIMIZERS:
        raise ConfigurationError(f"There is no optimiser {name!r}; wanted one of {', '.join(OPTIMIZERS)}.")
    return OPTIMIZERS[name]()

"""A rate for each parameter: what has had large gradients takes smaller steps."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from nn.compat import override
from nn.optimizers.base import SMALLEST, Optimizer

if TYPE_CHECKING:
    from nn.arrays import Array


class AdaGrad(Optimizer):
    r"""Each parameter slows down by how much it has moved so far (Duchi et al., 2011).

    .. math:: h \leftarrow h + g^2, \quad \theta \leftarrow \theta - \eta \frac{g}{\sqrt{h} + \epsilon}

    Parameters
    ----------
    epsilon
        Keeps the quotient finite where the gradient has always been zero.

    Raises
    ------
    ConfigurationError
        If it is not a small number above 0.
    """

    kind: ClassVar[str] = "adagrad"
    state_names: ClassVar[tuple[str, ...]] = ("square",)
    setting_names: ClassVar[tuple[str, ...]] = ("epsilon",)

    def __init__(self, epsilon: float = 1e-7) -> None:
        self.epsilon = self._number("epsilon", epsilon, SMALLEST)

    @override
    def _move(self, p: Array, g: Array, *state: Array, rate: float, step: int) -> None:
        (square,) = state
        square += g * g
        _step_by_quotient(p, g, square, rate, self.epsilon)


class RMSprop(Optimizer):
    r"""AdaGrad that forgets, so that it never comes to a halt (Tieleman and Hinton, 2012).

    .. math:: h \leftarrow \rho h + (1 - \rho) g^2, \quad
        \theta \leftarrow \theta - \eta \frac{g}{\sqrt{h} + \epsilon}

    Parameters
    ----------
    decay
        How slowly the mean square of the gradient forgets, rho.
    epsilon
        As in `AdaGrad`.

    Raises
    ------
    ConfigurationError
        If the decay is not a share below 1, or epsilon not a small number above 0.
    """

    kind: ClassVar[str] = "rmsprop"
    state_names: ClassVar[tuple[str, ...]] = ("square",)
    setting_names: ClassVar[tuple[str, ...]] = ("decay", "epsilon")

    def __init__(self, decay: float = 0.99, epsilon: float = 1e-7) -> None:
        self.decay = self._number("decay", decay, 0)
        self.epsilon = self._number("epsilon", epsilon, SMALLEST)

    @override
    def _move(self, p: Array, g: Array, *state: Array, rate: float, step: int) -> None:
        (square,) = state
        square *= self.decay
        recent = g * g
        recent *= 1 - self.decay
        square += recent
        _step_by_quotient(p, g, square, rate, self.epsilon)


class Adam(Optimizer):
    r"""Adam (Kingma and Ba, 2015).

    .. math:: m \leftarrow \beta_1 m + (1 - \beta_1) g, \quad v \leftarrow \beta_2 v + (1 - \beta_2) g^2, \quad
        \theta \leftarrow \theta - \eta \frac{m / (1 - \beta_1^t)}{\sqrt{v / (1 - \beta_2^t)} + \epsilon}

    What it keeps are the sums of which m and v are means, :math:`m / (1 - \beta_1)` and :math:`v / (1 - \beta_2)`:
    a gradient is added to them as it is, and the factors wait for the step, where they are two numbers. That
    spares two of twelve passes over the vectors; the ten are a third of a step of 784-200-200-10.

    Parameters
    ----------
    beta1, beta2
        How slowly mean and mean square of the gradient forget.
    epsilon
        Keeps the quotient finite where the gradient has always been zero.

    Raises
    ------
    ConfigurationError
        If a beta is not a share below 1, or epsilon not a small number above 0.
    """

    kind: ClassVar[str] = "adam"
    state_names: ClassVar[tuple[str, ...]] = ("sum", "sum_of_squares")
    setting_names: ClassVar[tuple[str, ...]] = ("beta1", "beta2", "epsilon")

    def __init__(self, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8) -> None:
        self.beta1, self.beta2 = self._number("beta1", beta1, 0), self._number("beta2", beta2, 0)
        self.epsilon = self._number("epsilon", epsilon, SMALLEST)

    @override
    def _move(self, p: Array, g: Array, *state: Array, rate: float, step: int) -> None:
        total, squares = state
        total *= self.beta1
        total += g
        squares *= self.beta2
        g *= g
        squares += g
        # The quotient of means is one of sums, with these factors, which also correct for the start at 0.
        over = (1 - self.beta1) / (1 - self.beta1**step)
        under = math.sqrt((1 - self.beta2) / (1 - self.beta2**step))
        # g is free now and takes the step itself.
        np.sqrt(squares, out=g)
        g += self.epsilon / under
        np.divide(total, g, out=g)
        g *= rate * over / under
        p -= g


class AdamW(Adam):
    r"""Adam with decoupled weight decay (Loshchilov and Hutter, 2019).

    .. math:: W \leftarrow W - \eta \lambda W, \quad \text{then a step of Adam}

    As a part of the gradient, a penalty is divided by Adam's quotient like everything else, and weights with large
    gradients hardly feel it; taken off the weights themselves, all shrink by the same share.
    """

    kind: ClassVar[str] = "adamw"
    is_decoupled: ClassVar[bool] = True


def _step_by_quotient(p: Array, g: Array, square: Array, rate: float, epsilon: float) -> None:
    root = np.sqrt(square)
    root += epsilon
    g /= root
    g *= rate
    p -= g

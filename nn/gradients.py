"""Numerical gradients: slow, simple, and the judge of back-propagation.

A gradient is how much a function changes when one number moves a little. Moving each number both ways and
taking the difference needs no calculus, 2 p evaluations, and is exact to about ten digits in float64. What
back-propagation finds in one pass is held against it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from nn.arrays import Array
    from nn.network import Network

STEP = 1e-6
"""Far enough for float64 to see a difference, near enough for the function to be straight."""

FARTHEST = 3e-5
"""How far a network may move along a direction: with a step for each of a million parameters it would stumble over
the kinks of its ReLUs."""

BOOK_STEP = 1e-4
"""How far *Deep Learning from Scratch* moves: a little coarser, and good enough to learn by."""


def numerical_gradient(f: Callable[[Array], float], x: NDArray[np.number], h: float = STEP) -> NDArray[np.float64]:
    r"""Differentiate `f` at `x` by central differences.

    .. math:: \frac{\partial f}{\partial x_i} \approx \frac{f(x + h e_i) - f(x - h e_i)}{2 h}

    Parameters
    ----------
    f
        Called with the same float64 array each time, one element of which is moved and put back afterwards. That
        is `x` itself where `x` is float64 and may be written to, so that f may look at what it is a part of; else
        a copy, for in whole numbers and in float32 so small a step is lost: then f has to use what it is given.
    x
        Of any shape.
    h
        How far each element moves.

    Returns
    -------
    gradient
        Of the shape of `x`, float64.

    Examples
    --------
    >>> numerical_gradient(lambda x: float((x**2).sum()), np.array([1.0, 3.0]), h=1e-4).round(6)
    array([2., 6.])
    """
    at = np.require(x, np.float64, "W")
    gradient = np.empty(at.shape)
    for index in np.ndindex(at.shape):
        kept = at[index]
        at[index] = kept + h
        above = f(at)
        at[index] = kept - h
        below = f(at)
        at[index] = kept
        gradient[index] = (above - below) / (2 * h)
    return gradient


def slope(f: Callable[[Array], float], x: Array, direction: Array, h: float = STEP) -> float:
    """Differentiate `f` at `x` along `direction`: one number that depends on every element at once."""
    return (f(x + h * direction) - f(x - h * direction)) / (2 * h)


class _Exact:
    """A network in float64 whose mean loss is a function of parameters and inputs: the same dropout each time."""

    def __init__(self, network: Network, x: Array, targets: NDArray[np.generic], seed: int) -> None:
        network.demand_changeable()
        self.network, self.x = network.astype(np.float64), x.astype(np.float64)
        self.here = self.network.parameters.copy()
        self._targets, self._seed = targets, seed
        self._random_layers = [layer for layer in self.network.layers if layer.is_random]

    def loss_at(self, parameters: Array, x: Array) -> float:
        if parameters is not self.network.parameters:
            self.network.parameters[:] = parameters
        for layer in self._random_layers:
            layer.reseed(np.random.default_rng(self._seed))
        return self.network.loss.forward(self.network.forward(x, training=True), self._targets) / len(x)

    def back_propagated(self) -> tuple[Array, Array]:
        """Return d loss / d parameters and d loss / d x."""
        self.loss_at(self.here, self.x)
        d_x = self.network.backward(self.network.loss.backward(len(self.x))).copy()
        return self.network.gradients.copy(), d_x

    def differentiated(self, at: Iterable[int], h: float) -> Array:
        """Return d loss / d parameters at some of them, by central differences."""
        self.network.parameters[:] = self.here
        parameters, found = self.network.parameters, []
        for i in at:
            parameters[i] = self.here[i] + h
            above = self.loss_at(parameters, self.x)
            parameters[i] = self.here[i] - h
            found.append((above - self.loss_at(parameters, self.x)) / (2 * h))
            parameters[i] = self.here[i]
        return np.array(found)


def numerical_network_gradient(
    network: Network,
    x: Array,
    targets: NDArray[np.generic],
    *,
    at: Iterable[int] | None = None,
    h: float = BOOK_STEP,
    seed: int = 0,
) -> Array:
    r"""Return the gradient of a network's mean loss without back-propagation: 2 p forward passes.

    It is possible to train like this, and for *Deep Learning from Scratch*, chapter 4, it is where training
    begins; ``python -m nn check-gradients`` measures how long it would take.

    Parameters
    ----------
    network
        Left as it is; a copy in float64 is moved.
    x, targets
        A batch, x of shape (n, *input_shape).
    at
        Numbers of the parameters to differentiate by; None for all p of them.
    h
        How far each parameter moves.
    seed
        Of what random layers draw, the same at every pass.

    Returns
    -------
    gradient
        Shape (p,), or as many as `at` names; float64.

    Examples
    --------
    >>> from nn.network import mlp
    >>> network, x, labels = mlp([2, 3, 2]), np.array([[0.5, -1.0]], np.float32), np.array([1])
    >>> for _ in range(20):  # learning without calculus
    ...     network.parameters -= 0.5 * numerical_network_gradient(network, x, labels)
    >>> network.loss.forward(network.forward(x), labels) < 0.1
    True
    """
    chosen = range(network.parameters.size) if at is None else at
    return _Exact(network, x, targets, seed).differentiated(chosen, h)


def gradient_error(
    network: Network,
    x: Array,
    targets: NDArray[np.generic],
    *,
    directions: int = 5,
    seed: int = 0,
) -> float:
    r"""Hold back-propagation against central differences, along random directions.

    Parameters
    ----------
    network
        Checked in float64, with a copy; both the gradient of its parameters and that of x.
    x, targets
        A small batch, x of shape (n, *input_shape).

    Returns
    -------
    float
        The largest relative error :math:`|a - b| / \max(|a|, |b|, |g|, 10^{-6})` of slopes, with g the gradient,
        whose length is what slopes along random directions are like; below 1e-5 for a network that is right.
    """
    exact, rng = _Exact(network, x, targets, seed), np.random.default_rng(seed)
    d_parameters, d_x = exact.back_propagated()
    errors = []
    for _ in range(directions):
        by_parameters = _error_along(
            rng.standard_normal(exact.here.shape), d_parameters, lambda p: exact.loss_at(p, exact.x), exact.here
        )
        by_x = _error_along(
            rng.standard_normal(exact.x.shape), d_x, lambda i: exact.loss_at(exact.here, i), exact.x
        )
        errors += [by_parameters, by_x]
    return max(errors)


def _error_along(direction: Array, gradient: Array, f: Callable[[Array], float], at: Array) -> float:
    told, largest = float((gradient * direction).sum()), float(np.linalg.norm(gradient))
    h = min(STEP, FARTHEST / max(float(np.linalg.norm(direction)), STEP))

    def error(h: float) -> float:
        found = slope(f, at, direction, h)
        return abs(told - found) / max(abs(told), abs(found), largest, 1e-6)

    # Where a kink lies on the way, it does not lie on a tenth of it; a gradient that is wrong is so at both.
    return min(error(h), error(h / 10))


def parameter_error(
    network: Network,
    x: Array,
    targets: NDArray[np.generic],
    *,
    count: int = 20,
    seed: int = 0,
) -> float:
    r"""Hold back-propagation against central differences, one parameter at a time.

    A direction sees all parameters at once and could miss two errors that cancel; a single one hides nothing.

    Parameters
    ----------
    network, x, targets
        As for `gradient_error`.
    count
        How many parameters, chosen by chance; all where there are no more.

    Returns
    -------
    float
        The largest error, relative to the largest number in the gradient (at least 1e-6); 0 without parameters.
    """
    exact, size = _Exact(network, x, targets, seed), network.parameters.size
    at = np.random.default_rng(seed).permutation(size)[:count]
    gradient, _ = exact.back_propagated()
    errors = np.abs(gradient[at] - exact.differentiated(at, STEP))
    return float(errors.max(initial=0) / max(np.abs(gradient).max(initial=0), 1e-6))

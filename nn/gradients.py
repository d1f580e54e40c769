"""Numerical gradients: slow, simple, and the judge of back-propagation.

A gradient is how much a function changes when one number moves a little. Moving each number both ways and
taking the difference needs no calculus, 2 p evaluations, and is exact to about ten digits in float64. What
back-propagation finds in one pass is held against it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from nn.arrays import Array
    from nn.network import Network

STEP = 1e-6
"""Far enough for float64 to see a difference, near enough for the function to be straight."""


def numerical_gradient(f: Callable[[Array], float], x: Array, h: float = STEP) -> Array:
    r"""Differentiate `f` at `x` by central differences.

    .. math:: \frac{\partial f}{\partial x_i} \approx \frac{f(x + h e_i) - f(x - h e_i)}{2 h}

    Parameters
    ----------
    f
        Called with `x`, one element of which was moved in place, and put back afterwards.
    x
        float64, of any shape.
    h
        How far each element moves.

    Examples
    --------
    >>> numerical_gradient(lambda x: float((x**2).sum()), np.array([1.0, 3.0]), h=1e-4).round(6)
    array([2., 6.])
    """
    gradient = np.empty_like(x)
    for index in np.ndindex(x.shape):
        kept = x[index]
        x[index] = kept + h
        above = f(x)
        x[index] = kept - h
        below = f(x)
        x[index] = kept
        gradient[index] = (above - below) / (2 * h)
    return gradient


def slope(f: Callable[[Array], float], x: Array, direction: Array, h: float = STEP) -> float:
    """Differentiate `f` at `x` along `direction`: one number that depends on every element at once."""
    return (f(x + h * direction) - f(x - h * direction)) / (2 * h)


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
        The largest relative error :math:`|a - b| / \max(|a|, |b|, 10^{-6})` of slopes; below 1e-5 for a network
        that is right, unless an activation has its kink within `STEP`.
    """
    exact, x = network.astype(np.float64), x.astype(np.float64)
    rng = np.random.default_rng(seed)

    def loss_at(parameters: Array, inputs: Array) -> float:
        exact.parameters[:] = parameters
        for layer in exact.layers:
            layer.reseed(np.random.default_rng(seed))
        return exact.loss.forward(exact.forward(inputs, training=True), targets) / len(x)

    here = exact.parameters.copy()
    loss_at(here, x)
    d_x = exact.backward(exact.loss.backward(len(x))).copy()
    d_parameters = exact.gradients.copy()
    errors = []
    for _ in range(directions):
        along, across = rng.standard_normal(here.shape), rng.standard_normal(x.shape)
        pairs = (
            (float(d_parameters @ along), slope(lambda p: loss_at(p, x), here, along)),
            (float((d_x * across).sum()), slope(lambda i: loss_at(here, i), x, across)),
        )
        errors += [abs(a - b) / max(abs(a), abs(b), 1e-6) for a, b in pairs]
    return max(errors)

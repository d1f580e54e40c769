"""Initial values: small and random, so that units differ and signals neither fade nor blow up.

A sum of d_in products has d_in times the variance of one. Drawing weights with variance 1 / d_in (Xavier) keeps
the size of a signal from layer to layer; ReLU throws half of it away, and 2 / d_in (He) makes up for that.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from nn.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from nn.arrays import Float32, Shape


@dataclass(frozen=True, slots=True)
class Uniform:
    r"""Values spread evenly over low..high; `scaled`, divided by :math:`\sqrt{d_{in}}` too.

    Raises
    ------
    ConfigurationError
        If the two are not finite or `low` is not below `high`.

    Examples
    --------
    ``Uniform(-0.5, 0.5)`` is U(-0.5, 0.5); ``Uniform(0, 1, scaled=True)`` is the third seed's
    U(0, 1) / sqrt(columns), where all weights are positive:

    >>> values = drawn(Uniform(0, 1, scaled=True), np.random.default_rng(0), (100, 5))
    >>> bool(0 <= values.min() and values.max() <= 0.1)
    True
    """

    low: float
    high: float
    scaled: bool = False

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise ConfigurationError(
                f"Initial values from {self.low!r} to {self.high!r}; wanted two numbers, low below high."
            )


Initial: TypeAlias = str | float | Uniform
"""A rule of `RULES` or `UNIFORM_RULES`, a standard deviation of a normal distribution, or a `Uniform`."""


def xavier(d_in: int, d_out: int) -> float:  # noqa: ARG001 - every rule is asked the same way
    r"""Return Xavier's deviation :math:`\sqrt{1 / d_{in}}`, for sigmoid and tanh (Glorot and Bengio, 2010)."""
    return math.sqrt(1 / d_in)


def he(d_in: int, d_out: int) -> float:  # noqa: ARG001
    r"""Return He's deviation :math:`\sqrt{2 / d_{in}}`, for ReLU (He et al., 2015)."""
    return math.sqrt(2 / d_in)


def glorot(d_in: int, d_out: int) -> float:
    r"""Return :math:`\sqrt{2 / (d_{in} + d_{out})}`, which minds the way back too (Glorot and Bengio, 2010)."""
    return math.sqrt(2 / (d_in + d_out))


RULES: dict[str, Callable[[int, int], float]] = {"he": he, "xavier": xavier, "glorot": glorot}
"""Rules for the standard deviation of a normal distribution, by name."""

UNIFORM_RULES: dict[str, Uniform] = {"positive": Uniform(0.0, 1.0, scaled=True)}
"""Uniform distributions by name: "positive" is U(0, 1) / sqrt(d_in)."""

INITIAL_NAMES = (*RULES, *UNIFORM_RULES)
"""Every rule by the name that commands use."""


def deviation(initial: str | float, d_in: int, d_out: int) -> float:
    """Return the standard deviation that `initial` asks for in a layer from d_in to d_out.

    Raises
    ------
    ConfigurationError
        If `initial` is neither a known rule nor a finite number from 0.

    Examples
    --------
    >>> deviation("xavier", 100, 10)
    0.1
    >>> deviation(0.01, 100, 10)
    0.01
    """
    if isinstance(initial, str):
        if initial in RULES:
            return RULES[initial](d_in, d_out)
    elif math.isfinite(initial) and initial >= 0:
        return float(initial)
    known = ", ".join(f'"{name}"' for name in INITIAL_NAMES)
    raise ConfigurationError(
        f"Initial weights by {initial!r}; wanted {known} or a standard deviation such as 0.01."
    )


def drawn(
    initial: Initial, rng: np.random.Generator, shape: Shape, fans: tuple[int, int] | None = None
) -> Float32:
    """Draw initial values.

    Parameters
    ----------
    initial
        How.
    rng
        Where from. Nothing is drawn, and `rng` stays as it is, for a deviation of 0.
    shape
        Of the result.
    fans
        d_in and d_out of the layer; the shape itself where they are not given.

    Raises
    ------
    ConfigurationError
        If `initial` is no rule and no number.
    """
    d_in, d_out = fans or (shape[0], shape[-1])
    if isinstance(initial, str) and initial in UNIFORM_RULES:
        initial = UNIFORM_RULES[initial]
    if isinstance(initial, Uniform):
        scale = 1 / math.sqrt(d_in) if initial.scaled else 1.0
        width = np.float32((initial.high - initial.low) * scale)
        return rng.random(shape, np.float32) * width + np.float32(initial.low * scale)
    scale = deviation(initial, d_in, d_out)
    if scale == 0:
        return np.zeros(shape, np.float32)
    return rng.standard_normal(shape, np.float32) * np.float32(scale)

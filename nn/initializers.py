"""Initial weights: small and random, so that units differ and signals neither fade nor blow up.

A sum of d_in products has d_in times the variance of one. Drawing weights with variance 1 / d_in (Xavier) keeps
the size of a signal from layer to layer; ReLU throws half of it away, and 2 / d_in (He) makes up for that.
"""

from __future__ import annotations

import math
from typing import TypeAlias

from nn.errors import ConfigurationError

Initial: TypeAlias = str | float
"""A rule of `RULES`, or the standard deviation itself."""


def xavier(d_in: int, d_out: int) -> float:  # noqa: ARG001 - every rule is asked the same way
    r"""Return Xavier's deviation :math:`\sqrt{1 / d_{in}}`, for sigmoid and tanh (Glorot and Bengio, 2010)."""
    return math.sqrt(1 / d_in)


def he(d_in: int, d_out: int) -> float:  # noqa: ARG001
    r"""Return He's deviation :math:`\sqrt{2 / d_{in}}`, for ReLU (He et al., 2015)."""
    return math.sqrt(2 / d_in)


RULES = {"he": he, "xavier": xavier}


def deviation(initial: Initial, d_in: int, d_out: int) -> float:
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
    known = ", ".join(f'"{name}"' for name in RULES)
    raise ConfigurationError(
        f"Initial weights by {initial!r}; wanted {known} or a standard deviation such as 0.01."
    )

"""A schedule says what share of the learning rate is used, from the start of training (0) to its end (1)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from nn.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable


def constant(progress: float) -> float:  # noqa: ARG001 - every schedule is asked the same way
    """Return 1 throughout."""
    return 1.0


def cosine(progress: float) -> float:
    r"""Fall along half a cosine, :math:`(1 + \cos \pi t) / 2`, from 1 to 0 (Loshchilov and Hutter, 2017)."""
    return 0.5 * (1 + math.cos(math.pi * min(progress, 1.0)))


def steps(progress: float) -> float:
    """Divide by ten at a half and again at three quarters of the way."""
    return 1.0 if progress < 0.5 else 0.1 if progress < 0.75 else 0.01


def exponential(progress: float) -> float:
    r"""Fall by the same share at each step, :math:`100^{-t}`, from 1 to 0.01."""
    return math.exp(-math.log(100) * min(progress, 1.0))


def one_cycle(progress: float) -> float:
    """Rise in a line over the first tenth, then fall along half a cosine (after Smith, 2018)."""
    warm = 0.1
    return max(progress / warm, 1e-3) if progress < warm else cosine((progress - warm) / (1 - warm))


SCHEDULES: dict[str, Callable[[float], float]] = {
    "constant": constant,
    "cosine": cosine,
    "steps": steps,
    "exponential": exponential,
    "one_cycle": one_cycle,
}
"""Every schedule by the name that files and commands use."""


def schedule(name: str) -> Callable[[float], float]:
    """Return the schedule called `name`.

    Raises
    ------
    ConfigurationError
        If there is none.

    Examples
    --------
    >>> schedule("cosine")(0.5)
    0.5
    """
    if name not in SCHEDULES:
        raise ConfigurationError(f"There is no schedule {name!r}; wanted one of {', '.join(SCHEDULES)}.")
    return SCHEDULES[name]

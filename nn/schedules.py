"""A schedule says what share of the learning rate is used, from the start of training (0) to its end (1).

Two things go with any of them: `warmed_up` lets the rate rise first, and `halvings` counts how often it was halved
because validation got no better. That count follows from the training's history, which a checkpoint keeps.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from nn.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Schedule: TypeAlias = Callable[[float], float]
"""From progress 0..1 to a share of the learning rate."""


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


def warmed_up(falling: Schedule, share: float) -> Schedule:
    """Return `falling` behind a warm-up: over the first `share` of training the rate rises in a line.

    Early gradients are large and point anywhere; small steps until they have settled let a larger rate be used
    afterwards (Goyal et al., 2017).

    Examples
    --------
    >>> [round(warmed_up(cosine, 0.2)(progress), 3) for progress in (0.1, 0.2, 0.6)]
    [0.5, 1.0, 0.5]
    """

    def rising_first(progress: float) -> float:
        if progress < share:
            return max(progress / share, 1e-3)
        return falling((progress - share) / (1 - share))

    return rising_first if share else falling


one_cycle = warmed_up(cosine, 0.1)
"""Rise in a line over the first tenth, then fall along half a cosine (after Smith, 2018)."""


def halvings(history: Sequence[Mapping[str, object]], patience: int) -> int:
    """Count how often the rate is to be halved: once for each `patience` epochs in a row without a better one.

    Parameters
    ----------
    history
        The epochs so far, each with "is_best".
    patience
        Epochs, from 1.

    Examples
    --------
    >>> [halvings([{"is_best": best} for best in (True, False, False, False, False)][:n], 2) for n in range(1, 6)]
    [0, 0, 1, 1, 2]
    """
    count = waited = 0
    for epoch in history:
        waited = 0 if epoch["is_best"] else waited + 1
        if waited == patience:
            count, waited = count + 1, 0
    return count


SCHEDULES: dict[str, Schedule] = {
    "constant": constant,
    "cosine": cosine,
    "steps": steps,
    "exponential": exponential,
    "one_cycle": one_cycle,
}
"""Every schedule by the name that files and commands use."""


def schedule(name: str) -> Schedule:
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

"""How fast something goes, and so how long it will still take.

The speed is an average that forgets: what happened half a minute ago hardly counts, so that the time left follows
when another program takes the processor. Rests do not count at all.
"""

from __future__ import annotations

import math
from time import monotonic
from typing import TYPE_CHECKING

from gui.words import tr, translated

if TYPE_CHECKING:
    from collections.abc import Callable

MEMORY_S = 10.0
"""After so many seconds a measurement counts for 1/e of what it did."""

SHORTEST_S = 0.3
"""A speed measured over less than this is no speed yet."""


class Pace:
    """Estimates the time left of `total` steps.

    Examples
    --------
    >>> now = iter([0.0, 10.0])
    >>> pace = Pace(100, clock=lambda: next(now))
    >>> pace.note(0); pace.note(20)
    >>> pace.seconds_left
    40.0
    """

    def __init__(self, total: int, *, clock: Callable[[], float] = monotonic) -> None:
        self._total, self._clock = total, clock
        self._done = 0
        self._steps = self._seconds = 0.0
        self._last: float | None = None

    def note(self, done: int) -> None:
        """Say how many steps are done by now."""
        now = self._clock()
        if self._last is not None and now > self._last:
            elapsed = now - self._last
            kept = math.exp(-elapsed / MEMORY_S)
            self._steps = self._steps * kept + done - self._done
            self._seconds = self._seconds * kept + elapsed
        self._last, self._done = now, done

    def rest(self) -> None:
        """Say that nothing will happen until the next `note`."""
        self._last = None

    @property
    def seconds_left(self) -> float | None:
        """Seconds until all steps are done; None as long as nobody can know."""
        if self._seconds < SHORTEST_S or self._steps <= 0:
            return None
        return max(0, self._total - self._done) * self._seconds / self._steps


def in_words(seconds: float) -> str:
    """Tell a time to a person.

    Examples
    --------
    >>> in_words(7.2), in_words(95), in_words(4000)
    ('8 s', '2 min', '1 h 7 min')
    """
    if seconds < 60:
        return translated(tr("{0} s")).format(max(1, math.ceil(seconds)))
    hours, minutes = divmod(round(seconds / 60), 60)
    if hours:
        return translated(tr("{0} h {1} min")).format(hours, minutes)
    return translated(tr("{0} min")).format(minutes)

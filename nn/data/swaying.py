"""A hand that departs slowly along a stroke: three half waves, as large as chance will have it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from nn.arrays import Array

HALF_WAVES = 3
"""The fastest departure has so many along a whole stroke."""


def half_waves(count: int) -> Array:
    r"""Return (count, 3): :math:`\cos \pi k t` for k = 1, 2, 3, over t evenly from 0 to 1."""
    waves: Array = np.cos(np.pi * np.outer(np.linspace(0, 1, count), np.arange(1, HALF_WAVES + 1)))
    return waves


def sway(path: Array, deviation: float, rng: np.random.Generator) -> Array:
    """Return the departures of the points of a path, both of shape (n, 2); a long way leaves room for more.

    Parameters
    ----------
    deviation
        Of each half wave along a way of length 1; it grows with the root of the length.
    """
    length = np.hypot(*np.diff(path, axis=0).T).sum()
    departures: Array = half_waves(len(path)) @ rng.normal(0, deviation * np.sqrt(length), (HALF_WAVES, 2))
    return departures

"""What counts as a number, where it may come from anywhere: a file, a command, a program's own arithmetic."""

from __future__ import annotations

import sys
from typing import TypeGuard

import numpy as np


def is_whole(value: object) -> TypeGuard[int]:
    """Say whether `value` is a whole number, of Python or of numpy; True and False are none.

    Examples
    --------
    >>> [is_whole(value) for value in (3, np.int64(3), 3.0, "3", True)]
    [True, True, False, False, False]
    """
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def is_finite(value: object) -> TypeGuard[float]:
    """Say whether `value` is a number, whole or not, that a float can hold.

    Examples
    --------
    >>> [is_finite(value) for value in (3, np.float32(0.5), -1e300, 10**400, float("nan"), "3", True)]
    [True, True, True, False, False, False, False]
    """
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        return False
    number = value.item() if isinstance(value, np.generic) else value
    return bool(abs(number) <= sys.float_info.max)

"""The box around ink, and ink cut out by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Kind = TypeVar("Kind", bound=np.generic)


def box_of(ink: NDArray[Any]) -> tuple[slice, slice]:
    """Return the rows and the columns from the first to the last that hold ink; there must be some."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def cropped(ink: NDArray[Kind]) -> NDArray[Kind]:
    """Return the ink, or its mask, with a margin of one pixel around it; there must be some."""
    return np.pad(ink[box_of(ink)], 1)

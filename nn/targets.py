"""Targets: what the outputs of a network should have been, as labels, shape (n,), or as rows, shape (n, k)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from nn.errors import ConfigurationError, ShapeError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nn.arrays import Array

FEW = 100
"""Labels up to which the rows of all of them are kept, to be looked up."""


def rows_of(
    outputs: Array, targets: NDArray[np.generic], low: float = 0.0, high: float = 1.0, *, labels: int | None = None
) -> Array:
    """Return targets as rows like the outputs: labels with `high` at the label and `low` elsewhere.

    Parameters
    ----------
    labels
        How many there are, where that is more than outputs: those beyond are none of the classes, and get `low`
        throughout.

    Raises
    ------
    ShapeError
        If there is not one target a sample, or a row of them has another length than the outputs.
    ConfigurationError
        If a label is none of the labels.

    Examples
    --------
    >>> rows_of(np.zeros((2, 3)), np.array([2, 0]), 0.01, 0.99)
    array([[0.01, 0.01, 0.99],
           [0.99, 0.01, 0.01]])
    """
    demand_a_target_each(outputs, targets)
    if targets.ndim > 1:
        return np.asarray(targets, outputs.dtype)
    classes = outputs.shape[1]
    labels = labels or classes
    try:
        # Below 0, labels would count from the end. The least is found in a third of the time of a minimum.
        if not targets.size or targets[targets.argmin()] >= 0:
            return _rows(outputs, targets, low, high, labels)
    except (IndexError, TypeError):
        pass
    raise ConfigurationError(
        f"Labels of {targets.dtype} from {targets.min()} to {targets.max()} came with {classes} outputs; wanted "
        f"whole numbers from 0 to {labels - 1}."
    )


def _rows(outputs: Array, targets: NDArray[Any], low: float, high: float, labels: int) -> Array:
    classes = outputs.shape[1]
    if labels <= FEW:
        # Looked up, they take half the time: of a step of 784-30-10, a fiftieth.
        return _rows_by_label(labels, classes, low, high, outputs.dtype).take(targets, 0)
    rows = np.empty((len(outputs), labels), outputs.dtype)
    rows.fill(low)
    rows[np.arange(len(targets)), targets] = high
    return rows[:, :classes]


@cache
def _rows_by_label(labels: int, classes: int, low: float, high: float, dtype: np.dtype[np.floating]) -> Array:
    """Return the row of each label, for all to read."""
    rows = np.full((labels, classes), low, dtype)
    np.fill_diagonal(rows, high)
    rows.flags.writeable = False
    return rows


def demand_a_target_each(outputs: Array, targets: NDArray[np.generic]) -> None:
    """Refuse targets that do not belong to these outputs, (n, k): ShapeError says what was wanted."""
    if targets.shape != outputs.shape[: targets.ndim]:
        raise ShapeError(
            f"Outputs of shape {outputs.shape} got targets of shape {targets.shape}; wanted a label or a row each."
        )

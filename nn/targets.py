"""Targets: what the outputs of a network should have been, as labels, shape (n,), or as rows, shape (n, k)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nn.errors import ShapeError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nn.arrays import Array


def rows_of(outputs: Array, targets: NDArray[np.generic], low: float = 0.0, high: float = 1.0) -> Array:
    """Return targets as rows like the outputs: labels with `high` at the label and `low` elsewhere.

    Raises
    ------
    ShapeError
        If there is not one target a sample, or a row of them has another length than the outputs.

    Examples
    --------
    >>> rows_of(np.zeros((2, 3)), np.array([2, 0]), 0.01, 0.99)
    array([[0.01, 0.01, 0.99],
           [0.99, 0.01, 0.01]])
    """
    demand_a_target_each(outputs, targets)
    if targets.ndim > 1:
        return np.asarray(targets, outputs.dtype)
    rows = np.full(outputs.shape, low, outputs.dtype)
    rows[np.arange(len(targets)), targets] = high
    return rows


def demand_a_target_each(outputs: Array, targets: NDArray[np.generic]) -> None:
    """Refuse targets that do not belong to these outputs, (n, k): ShapeError says what was wanted."""
    if targets.shape != outputs.shape[: targets.ndim]:
        raise ShapeError(
            f"Outputs of shape {outputs.shape} got targets of shape {targets.shape}; wanted a label or a row each."
        )

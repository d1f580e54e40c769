"""Smoothing of curves that jump from batch to batch, so that the eye sees where they go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

LENGTH, BETA = 11, 2.0
"""Of the window; as in *Deep Learning from Scratch*, ``common/util.py``."""


def smoothed(values: ArrayLike) -> NDArray[np.float64]:
    r"""Return the mean of each value and its neighbours, weighted by a Kaiser window of 11 and beta 2.

    .. math:: s_i = \sum_{|j| \le 5} w_j v_{i + j}, \quad
        w_j \propto I_0\left(\beta \sqrt{1 - (j / 5)^2}\right)

    At both ends the curve is continued by its mirror image.

    Parameters
    ----------
    values
        Shape (n,).

    Returns
    -------
    Shape (n,).

    Examples
    --------
    >>> smoothed([1.0, 1.0, 1.0]).round(12).tolist()
    [1.0, 1.0, 1.0]
    >>> (smoothed(np.arange(20.0)) - np.arange(20.0)).round(12)[5:15].any().item()
    False
    """
    curve = np.asarray(values, np.float64)
    if curve.size < 2:
        return curve.copy()
    window = np.kaiser(LENGTH, BETA)
    continued = np.pad(curve, LENGTH // 2, mode="reflect")
    return np.convolve(continued, window / window.sum(), mode="valid")

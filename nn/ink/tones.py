"""Two tones, such as ink and paper, and the level that parts them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from nn.arrays import Float32


def level_between_tones(values: Float32, steps: int) -> float:
    r"""Return the level that leaves the least variance within both tones (Otsu, 1979).

    .. math:: \arg\max_t \; n_{<t} \, n_{\ge t} \, (\bar x_{\ge t} - \bar x_{<t})^2

    Parameters
    ----------
    values
        Of any shape.
    steps
        How many there are from the least value to the greatest; the level lies between two of them.

    Returns
    -------
    level
        The upper tone is what is not below it; where all values are equal, it is below them.
    """
    counts, edges = np.histogram(values, bins=steps)
    middles = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(counts)[:-1]
    above = values.size - below
    sums = np.cumsum(counts * middles)
    lower, upper = sums[:-1] / np.maximum(below, 1), (sums[-1] - sums[:-1]) / np.maximum(above, 1)
    between = below * above * (upper - lower) ** 2
    if not between.any():
        return float(edges[0])
    # Between two tones with nothing in the middle all levels are equally good: the one in the middle is safest.
    best = np.flatnonzero(between >= between.max() * (1 - 1e-9))
    return float(edges[1 + (best[0] + best[-1]) // 2])

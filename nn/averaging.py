"""The mean of a network's weights at the ends of its last epochs.

Each step of a training goes where a few digits pull it, so that weights end up somewhere on the rim of a valley,
never at its floor. The mean of many such places lies inside, where the ground is flatter, and reads digits that it
has not learned from better than any of them: stochastic weight averaging (Izmailov et al., 2018).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nn.parallel import overflow_ignored

if TYPE_CHECKING:
    from nn.arrays import Array, Bytes
    from nn.data.dataset import Dataset
    from nn.network import Network

ENOUGH = 6_400
"""Digits that statistics are gathered from."""

AT_A_TIME = 32
"""Digits in a batch that they are gathered from, or some more."""


class WeightAverage:
    r"""A running mean of weights, and a network that has it.

    .. math:: \bar w_k = \bar w_{k-1} + (w_k - \bar w_{k-1}) / k

    Parameters
    ----------
    network
        Whose weights are averaged.
    digits, seed
        What batch normalisation gathers its statistics from anew: those of other weights say nothing of the mean.
        Digits as they are, not varied, are what the network will read; the seed picks some.

    Attributes
    ----------
    network
        A copy that has the mean, when `add` has been called.
    """

    def __init__(self, network: Network, digits: Dataset, seed: int) -> None:
        self.network = network.copy()
        chosen = np.random.default_rng(seed).permutation(len(digits))[:ENOUGH]
        self._frames = digits.images[np.sort(chosen)]
        self._mean = np.zeros_like(network.values)

    @property
    def mean(self) -> Array:
        """Shape (p + s,): a copy of the mean so far, of the weights and of their own statistics."""
        return self._mean.copy()

    def restore(self, mean: Array) -> None:
        """Go on from a mean of earlier epochs."""
        self._mean[:] = mean
        self._show()

    def add(self, values: Array, number: int) -> None:
        """Take in the values of a network after the `number`-th of the averaged epochs, counted from 1."""
        self._mean += (values - self._mean) / np.float32(number)
        self._show()

    def _show(self) -> None:
        self.network.values[:] = self._mean
        with overflow_ignored():
            gather_statistics(self.network, self._frames)


def gather_statistics(network: Network, frames: Bytes) -> None:
    """Set what layers gather while training to what frames, (n, 28, 28), say of the weights as they are now."""
    trainable = network.parameters.size
    seen = np.empty(network.values.size - trainable, network.values.dtype)
    if not seen.size:
        return
    batches = np.array_split(frames, max(1, len(frames) // AT_A_TIME))
    total, rng = np.zeros(seen.size), np.random.default_rng(0)
    for layer in network.layers:
        layer.reseed(rng)
    for batch in batches:
        network.forward(network.inputs(batch), training=True)
        network.write_observed(seen)
        total += seen
    network.values[trainable:] = total / len(batches)

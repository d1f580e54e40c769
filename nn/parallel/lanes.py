"""Lanes: how a batch is cut into parts, and how one of them is worked on, in whatever process."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nn.arrays import Array
    from nn.network import Network

WORTH_LANES = 8_000_000
"""Multiplications of one forward pass from which two processes finish sooner than one, hand-over included."""


def lanes_of(network: Network, samples: int) -> list[slice]:
    """Cut a batch into lanes, which may run side by side.

    How it is cut is a matter of the work, never of the number of threads. Affine layers get two lanes: each has a
    gradient of its own, and adding more of those costs what the threads gain. Convolutions have few weights and
    much to do: four lanes. The mean and variance of batch normalisation are those of a lane ("ghost batches",
    Hoffer et al., 2017).
    """
    if network.work * samples < WORTH_LANES:
        return [slice(0, samples)]
    count = min(4 if network.is_convolutional else 2, samples)
    bounds = [samples * part // count for part in range(count + 1)]
    return [slice(*ends) for ends in pairwise(bounds)]


class BatchResult(NamedTuple):
    """What one pass over a batch found: the sum of its losses and how many samples were read right."""

    loss: float
    correct: int


class Lane(NamedTuple):
    """Which part of which batch: what a lane is told beside its digits.

    `number` is its place among the lanes of the batch, `samples` the size of the whole batch.
    """

    step: int
    number: int
    samples: int


def ignore_overflow() -> None:
    """Keep numpy quiet about overflow in this context: the loss tells of it, and is looked at after every step."""
    np.seterr(over="ignore", invalid="ignore", divide="ignore")


class LaneRunner:
    """Works on lanes, one after the other, with one set of buffers for all of them.

    Parameters
    ----------
    network
        Its weights are read; gradients go where each lane is told.
    seed
        Of what random layers draw: each lane of each step has a generator of its own, made from
        (seed, step, lane), so that a resumed training draws what the uninterrupted one would have.
    """

    def __init__(self, network: Network, seed: int) -> None:
        self._network, self._seed = network.replica(), seed
        self._is_random = any(layer.is_random for layer in network.layers)

    def follow(self, network: Network) -> None:
        """Read the weights where `network`, the same one as ever, has them now."""
        self._network.adopt(network.values, self._network.gradients)

    def run(
        self, lane: Lane, x: Array, labels: NDArray[np.integer], gradients: Array, observed: Array
    ) -> BatchResult:
        """Fill `gradients` with a lane's share of those of the batch's loss, `observed` with its statistics."""
        network = self._network
        if network.gradients is not gradients:
            network.gather_gradients_in(gradients)
        if self._is_random:
            self._reseed(lane)
        outputs = network.forward(x, training=True)
        correct = int(np.count_nonzero(network.loss.readings(outputs) == labels))
        loss = network.loss.forward(outputs, labels)
        network.parameter_gradients(network.loss.backward(lane.samples))
        if observed.size:
            network.write_observed(observed)
        return BatchResult(loss, correct)

    def _reseed(self, lane: Lane) -> None:
        seed = np.random.SeedSequence((self._seed, lane.step, lane.number))
        rng = np.random.Generator(np.random.SFC64(seed))
        for layer in self._network.layers:
            layer.reseed(rng)

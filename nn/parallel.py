"""The only file of the library with threads: it splits a batch into shards and adds their gradients.

A gradient is a sum over samples, so a batch can be cut into shards that are worked on side by side. Floating
point sums depend on their order; therefore how a batch is cut depends on the network and the batch alone, and
the shards' gradients are added in the shards' order, so that the same seed gives the same weights bit for bit
whatever the number of threads.

numpy's own matrix products are kept to one thread: on small matrices its threads cost more than they bring,
and they fight with the thread that draws the window.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nn.arrays import Array
    from nn.network import Network

WORTH_SHARDING = 8_000_000
"""Multiplications of one forward pass from which two threads finish sooner than one, hand-over included."""


@cache
def one_blas_thread() -> None:
    """Keep matrix products to one thread each, for the whole process, from now on."""
    threadpool_limits(limits=1, user_api="blas")


def available_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def shard_count(network: Network, samples: int) -> int:
    """Return into how many shards a batch is cut: a matter of the work, never of the number of threads.

    Two at most: every shard has a gradient of its own, and adding more of them costs what the threads gain.
    """
    return 2 if network.parameters.size * samples >= WORTH_SHARDING else 1


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What one pass over a batch found: the sum of its losses and how many samples were read right."""

    loss: float
    correct: int


class GradientWorkers:
    """Computes the gradient of a batch, in shards on threads where that is quicker.

    Parameters
    ----------
    network
        Its `gradients` take the result.
    threads
        At most so many at a time; None for one a core. The result is the same for any number.
    seed
        Of what random layers draw: each shard of each step has a generator of its own, made from
        (seed, step, shard), so that a resumed training draws what the uninterrupted one would have.
    """

    def __init__(self, network: Network, *, threads: int | None = None, seed: int = 0) -> None:
        one_blas_thread()
        self._network, self._seed = network, seed
        self._threads = threads or available_cores()
        self._replicas: list[Network] = []
        self._pool: ThreadPoolExecutor | None = None
        self._is_random = any(layer.is_random for layer in network.layers)

    def gradient(self, x: Array, labels: NDArray[np.integer], step: int) -> BatchResult:
        """Fill the network's `gradients` with those of the mean loss of a batch x, shape (n, *input_shape)."""
        shards = shard_count(self._network, len(x))
        if shards == 1:
            return self._shard_gradient(self._network, x, labels, len(x), (step, 0))
        bounds = [len(x) * shard // shards for shard in range(shards + 1)]
        cuts = [slice(start, end) for start, end in pairwise(bounds)]
        results = self._run_shards(x, labels, cuts, step)
        np.copyto(self._network.gradients, self._replicas[0].gradients)
        for replica in self._replicas[1:shards]:
            self._network.gradients += replica.gradients
        return BatchResult(sum(part.loss for part in results), sum(part.correct for part in results))

    def close(self) -> None:
        """End the threads."""
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None

    def _run_shards(
        self, x: Array, labels: NDArray[np.integer], cuts: list[slice], step: int
    ) -> list[BatchResult]:
        while len(self._replicas) < len(cuts):
            self._replicas.append(self._network.replica())
        jobs = [
            (replica, x[cut], labels[cut], len(x), (step, shard))
            for shard, (replica, cut) in enumerate(zip(self._replicas, cuts, strict=False))
        ]
        if self._threads == 1:
            return [self._shard_gradient(*job) for job in jobs]
        if self._pool is None:
            # The calling thread takes a shard itself.
            self._pool = ThreadPoolExecutor(self._threads - 1, thread_name_prefix="shard")
        others = [self._pool.submit(self._shard_gradient, *job) for job in jobs[1:]]
        first = self._shard_gradient(*jobs[0])
        return [first, *(other.result() for other in others)]

    def _shard_gradient(
        self, network: Network, x: Array, labels: NDArray[np.integer], samples: int, noise: tuple[int, int]
    ) -> BatchResult:
        if self._is_random:
            rng = np.random.Generator(np.random.SFC64(np.random.SeedSequence((self._seed, *noise))))
            for layer in network.layers:
                layer.reseed(rng)
        # Overflow is for the loss to tell: training looks at it after every step. numpy keeps this per thread.
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            outputs = network.forward(x, training=True)
            correct = int(np.count_nonzero(outputs.argmax(axis=1) == labels))
            loss = network.loss.forward(outputs, labels)
            network.parameter_gradients(network.loss.backward(samples))
        return BatchResult(loss, correct)

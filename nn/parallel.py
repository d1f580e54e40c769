"""The only file of the library with threads: it splits a batch into lanes and adds their gradients.

Reading many frames is dealt out to threads here too, and batches are prepared on one.

A gradient is a sum over samples, so a batch can be cut into lanes that are worked on side by side. Floating
point sums depend on their order; therefore how a batch is cut depends on the network and the batch alone, and
the lanes' gradients are added in the lanes' order: the same seed gives the same weights bit for bit whatever
the number of threads.

numpy's own matrix products are kept to one thread: on small matrices its threads cost more than they bring,
and they fight with the thread that draws the window.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar, cast

import numpy as np
from threadpoolctl import threadpool_limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from nn.arrays import Array
    from nn.network import Network

Item = TypeVar("Item")

WORTH_A_PART = 100_000
"""Numbers to add up or update from which a thread of its own is worth the hand-over."""

WORTH_THREADS = 8_000_000
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


def deal(
    network: Network, pieces: Sequence[slice], work: Callable[[Network, slice], None], threads: int | None = None
) -> None:
    """Call `work` with every piece, dealt out to threads like cards; each thread has a network of its own.

    Parameters
    ----------
    network
        What `work` gets, or a twin of it.
    threads
        At most so many at a time; None for one a core.
    """
    one_blas_thread()
    hands = min(threads or available_cores(), len(pieces))

    def play(player: Network, hand: Sequence[slice]) -> None:
        for piece in hand:
            work(player, piece)

    if hands < 2:
        return play(network, pieces)
    with ThreadPoolExecutor(hands - 1, thread_name_prefix="reader") as pool:
        # numpy keeps what to ignore (np.errstate) in the context, which threads do not inherit.
        others = [
            pool.submit(copy_context().run, play, network.replica(), pieces[first::hands])
            for first in range(1, hands)
        ]
        play(network, pieces[::hands])
    for other in others:
        other.result()
    return None


def ahead(items: Iterator[Item]) -> Iterator[Item]:
    """Give what `items` gives, each made on a thread while the one before it is in use."""
    end = object()
    with ThreadPoolExecutor(1, thread_name_prefix="ahead") as pool:
        coming = pool.submit(next, items, end)
        while (item := coming.result()) is not end:
            coming = pool.submit(next, items, end)
            yield cast("Item", item)


def lanes_of(network: Network, samples: int) -> list[slice]:
    """Cut a batch into lanes, which may run side by side.

    How it is cut is a matter of the work, never of the number of threads. Affine layers get two lanes: each has a
    gradient of its own, and adding more of those costs what the threads gain. Convolutions have few weights and
    much to do: four lanes. The mean and variance of batch normalisation are those of a lane ("ghost batches",
    Hoffer et al., 2017).
    """
    if network.work * samples < WORTH_THREADS:
        return [slice(0, samples)]
    is_convolutional = network.work > 2 * network.parameters.size
    count = min(4 if is_convolutional else 2, samples)
    bounds = [samples * part // count for part in range(count + 1)]
    return [slice(*ends) for ends in pairwise(bounds)]


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What one pass over a batch found: the sum of its losses and how many samples were read right."""

    loss: float
    correct: int


@dataclass(frozen=True, slots=True, eq=False)
class _Batch:
    x: Array
    labels: NDArray[np.integer]
    step: int


_NOTHING = BatchResult(0.0, 0)


class GradientWorkers:
    """Computes the gradient of a batch, in lanes on threads where that is quicker.

    Parameters
    ----------
    network
        Its `gradients` take the result.
    threads
        At most so many at a time; None for one a core. The result is the same for any number.
    seed
        Of what random layers draw: each lane of each step has a generator of its own, made from
        (seed, step, lane), so that a resumed training draws what the uninterrupted one would have.
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
        lanes = lanes_of(self._network, len(x))
        batch = _Batch(x, labels, step)
        if len(lanes) == 1:
            result = self._run_lane(self._network, 0, lanes[0], batch)
            self._settle([self._network])
            return result
        while len(self._replicas) < len(lanes):
            self._replicas.append(self._network.replica())
        results = self._run_lanes(lanes, batch)
        replicas = self._replicas[: len(lanes)]
        self.in_parts(self._network.gradients.size, lambda part: self._add_gradients(replicas, part))
        self._settle(replicas)
        return BatchResult(sum(lane.loss for lane in results), sum(lane.correct for lane in results))

    def in_parts(self, size: int, work: Callable[[slice], None]) -> None:
        """Call `work` for parts that make up 0 to `size`, side by side; it must treat every number by itself.

        Where parts begin does not matter to such work, so the result is the same for any number of threads.
        """
        threads = min(self._threads, size // WORTH_A_PART)
        if threads < 2:
            return work(slice(0, size))
        bounds = [size * part // threads for part in range(threads + 1)]
        parts = [slice(*ends) for ends in pairwise(bounds)]
        others = [self._started_pool().submit(copy_context().run, work, part) for part in parts[1:]]
        work(parts[0])
        for other in others:
            other.result()
        return None

    def close(self) -> None:
        """End the threads."""
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None

    def _run_lanes(self, lanes: list[slice], batch: _Batch) -> list[BatchResult]:
        """Run the lanes, dealt out to the threads like cards; the calling thread takes the first hand."""
        results: list[BatchResult] = [_NOTHING] * len(lanes)
        threads = min(self._threads, len(lanes))

        def play(hand: range) -> None:
            for lane in hand:
                results[lane] = self._run_lane(self._replicas[lane], lane, lanes[lane], batch)

        hands = [range(first, len(lanes), threads) for first in range(threads)]
        others = [self._started_pool().submit(play, hand) for hand in hands[1:]]
        play(hands[0])
        for other in others:
            other.result()
        return results

    def _started_pool(self) -> ThreadPoolExecutor:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(max(1, self._threads - 1), thread_name_prefix="lane")
        return self._pool

    def _add_gradients(self, replicas: list[Network], part: slice) -> None:
        total = self._network.gradients[part]
        np.add(replicas[0].gradients[part], replicas[1].gradients[part], out=total)
        for replica in replicas[2:]:
            total += replica.gradients[part]

    def _run_lane(self, network: Network, number: int, lane: slice, batch: _Batch) -> BatchResult:
        if self._is_random:
            seed = np.random.SeedSequence((self._seed, batch.step, number))
            rng = np.random.Generator(np.random.SFC64(seed))
            for layer in network.layers:
                layer.reseed(rng)
        labels = batch.labels[lane]
        # Overflow is for the loss to tell: training looks at it after every step. numpy keeps this per thread.
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            outputs = network.forward(batch.x[lane], training=True)
            correct = int(np.count_nonzero(network.loss.readings(outputs) == labels))
            loss = network.loss.forward(outputs, labels)
            network.parameter_gradients(network.loss.backward(len(batch.x)))
        return BatchResult(loss, correct)

    def _settle(self, seen_by: list[Network]) -> None:
        for position, layer in enumerate(self._network.layers):
            if layer.statistic_names:
                layer.settle([network.layers[position] for network in seen_by])

"""How things are measured here: in turns, by medians, beside the fastest that this machine can multiply.

Turns, because a machine that is slower for a moment shall be slower for both; medians, because what disturbs a
measurement only ever adds to it.
"""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nn.arrays import Array
    from nn.network import Network

Way = TypeVar("Way")


class UnequalWorkError(AssertionError):
    """The two sides have not done the same, so that there is nothing to compare."""


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """One repeat: the seconds it took, and what it has to show for it.

    `values` are the losses of a training, update by update, or the probabilities of a reading, (n, 10).
    """

    seconds: float
    values: Array


class Side(Protocol):
    """One of the two that are compared."""

    def run(self) -> Run:
        """Do the work once."""
        ...


def in_turns(sides: Sequence[Side], repeats: int) -> list[list[Run]]:
    """Let the sides work in turns, and return the runs of each."""
    runs: list[list[Run]] = [[] for _ in sides]
    for _ in range(repeats):
        for side, done in zip(sides, runs, strict=True):
            gc.collect()
            done.append(side.run())
    return runs


def middle(runs: Sequence[Run]) -> float:
    """Return the median of the seconds."""
    return median(run.seconds for run in runs)


def spread(runs: Sequence[Run]) -> float:
    """Return how far the middle half of the runs lies apart, as a share of the median."""
    low, high = np.quantile([run.seconds for run in runs], (0.25, 0.75))
    return float(high - low) / middle(runs)


def demand_same_losses(ours: Array, theirs: Array, *, is_exact: bool) -> None:
    """Refuse trainings whose losses show that they were not the same.

    Where nothing is random, the losses of the first updates agree in three digits; later, rounding leads them
    apart, and means are compared. So they are where each side drops units of its own choice, or normalises over
    batches where we normalise over parts of them.
    """
    if len(theirs) == 1:
        # A peer that tells one number tells the mean of all updates, which it takes in an order of its own.
        ours = ours.mean(keepdims=True)
    if len(ours) != len(theirs):
        raise UnequalWorkError(f"We have taken {len(ours)} updates and the peer {len(theirs)}.")
    if is_exact and len(ours) > 1 and not np.allclose(ours[:20], theirs[:20], rtol=5e-3):
        raise UnequalWorkError(f"The losses differ from the beginning: {ours[:20]} and {theirs[:20]}.")
    apart = abs(float(ours.mean() / theirs.mean()) - 1)
    if not apart <= (0.02 if is_exact else 0.2):
        raise UnequalWorkError(f"The mean losses are {ours.mean():.4f} and {theirs.mean():.4f}.")


def demand_same_outputs(ours: Array, theirs: Array) -> None:
    """Refuse networks that do not compute the same from the same weights."""
    if ours.shape != theirs.shape or not np.allclose(ours, theirs, rtol=1e-3, atol=1e-4):
        raise UnequalWorkError("The two networks do not compute the same; their weights or layers differ.")


def fastest(ways: Sequence[Way], seconds_of: Callable[[Way], float]) -> Way:
    """Return the way that takes the fewest seconds, by the better of two tries each."""
    return min(ways, key=lambda way: min(seconds_of(way), seconds_of(way)))


def flops_of_training(network: Network) -> int:
    """Count what matrix products do for one sample: forward, for the weights, and back but to the input.

    A multiplication and an addition are two.
    """
    first = network.layers[0].work(network.input_shape)
    return 2 * (3 * network.work - first)


def sgemm_peak(threads: int, *, side: int = 1024, seconds: float = 0.2) -> float:
    """Return the flop/s of large matrix products, one BLAS thread each, side by side on so many threads."""
    triples = [[np.full((side, side), 0.5, np.float32) for _ in range(3)] for _ in range(threads)]

    def multiply(triple: list[Array]) -> int:
        a, b, out = triple
        count, end = 0, perf_counter() + seconds
        while perf_counter() < end:
            np.matmul(a, b, out=out)
            count += 1
        return count

    best = 0.0
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(3):
            begun = perf_counter()
            products = sum(pool.map(multiply, triples))
            best = max(best, 2 * side**3 * products / (perf_counter() - begun))
    return best

"""The gradient of a batch, lane by lane, on as many cores as there are."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nn.parallel.cores import available_cores, one_blas_thread
from nn.parallel.exchange import Layout
from nn.parallel.helpers import Helper, HelperLostError, can_be_told, dismiss, hire
from nn.parallel.lanes import BatchResult, Lane, LaneRunner, lanes_of
from nn.parallel.threads import Parts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from nn.arrays import Array
    from nn.network import Network


@dataclass(frozen=True, slots=True, eq=False)
class _Batch:
    x: Array
    labels: NDArray[np.integer]
    step: int
    bounds: list[slice]

    def lane(self, number: int) -> Lane:
        return Lane(self.step, number, len(self.x))

    def part(self, number: int) -> tuple[Array, NDArray[np.integer]]:
        return self.x[self.bounds[number]], self.labels[self.bounds[number]]


@dataclass(frozen=True, slots=True, eq=False)
class _LaneDone:
    result: BatchResult
    gradients: Array
    observed: Array


class GradientWorkers:
    """Computes the gradient of a batch, in lanes on several cores where that is quicker.

    Parameters
    ----------
    network
        Its `gradients` take the result.
    threads
        Lanes worked on at the same time, at most; None for one a core. The result is the same for any number.
    seed
        Of what random layers draw, see `LaneRunner`.
    """

    def __init__(self, network: Network, *, threads: int | None = None, seed: int = 0) -> None:
        one_blas_thread()
        self._network, self._seed = network, seed
        self._threads = threads or available_cores()
        self._parts = Parts(self._threads)
        self._runner = LaneRunner(network, seed)
        self._helpers: list[Helper] | None = None
        self._gradients: dict[int, Array] = {}
        self._observed: dict[int, Array] = {}
        self._home: Array | None = None
        self._before_fork: Array | None = None

    def gradient(self, x: Array, labels: NDArray[np.integer], step: int) -> BatchResult:
        """Fill the network's `gradients` with those of the mean loss of a batch x, shape (n, *input_shape).

        Whether numbers have grown beyond all bounds is for the caller to see from the loss; numpy's warnings are
        for `ignore_overflow()` to keep quiet.
        """
        bounds = lanes_of(self._network, len(x))
        if len(bounds) == 1:  # thousands of times a second: as few calls as can be
            observed = self._observed_by(0)
            result = self._runner.run(Lane(step, 0, len(x)), x, labels, self._gradients_at(0), observed)
            self._settle([observed])
            return result
        batch = _Batch(x, labels, step, bounds)
        helpers = self._ready_helpers(batch)
        done = self._run_beside(helpers, batch) if helpers else self._run_alone(batch)
        self._settle([lane.observed for lane in done])
        return BatchResult(sum(lane.result.loss for lane in done), sum(lane.result.correct for lane in done))

    @property
    def helpers(self) -> tuple[Helper, ...]:
        """The helpers that have loaded; until there are any, all lanes are worked on here."""
        return tuple(helper for helper in self._helpers or () if helper.is_ready)

    def in_parts(self, size: int, work: Callable[[slice], None]) -> None:
        """Call `work` for parts that make up 0 to `size`, side by side, see `Parts.run`."""
        self._parts.run(size, work)

    def rest(self) -> None:
        """Let the helpers go until the next batch: whoever works meanwhile may need them."""
        self._move_home()
        dismiss(self._helpers or [])
        self._helpers = None
        _employers.discard(self)

    def close(self) -> None:
        """End the threads, and let the helpers go."""
        self._parts.close()
        self.rest()

    def keep_values(self) -> None:
        """Before a fork: keep the weights as they are now, if they lie where they would be shared."""
        self._before_fork = None if self._home is None else self._network.values.copy()

    def drop_values(self) -> None:
        """After a fork, where all stays as it was."""
        self._before_fork = None

    def part(self) -> None:
        """After a fork, in the copy of the process: have weights of its own, and helpers when they are needed."""
        self._helpers = None
        if self._before_fork is not None:
            self._network.values = self._before_fork
        self._move_home()
        self._before_fork = None

    def _run_alone(self, batch: _Batch) -> list[_LaneDone]:
        """Add each lane's gradients at once: two vectors do for any number of lanes."""
        done = []
        for number in range(len(batch.bounds)):
            done.append(self._run_lane(batch, number, min(number, 1)))
            if number:
                self._network.gradients += done[number].gradients
        return done

    def _run_beside(self, helpers: Sequence[Helper], batch: _Batch) -> list[_LaneDone]:
        """Deal the lanes out like cards, to this process and to the helpers; add their gradients in order."""
        count, players = len(batch.bounds), 1 + len(helpers)
        hands = [range(first, count, players) for first in range(players)]
        if self._home is None:
            self._move_to(helpers[0])
        for helper, hand in zip(helpers, hands[1:], strict=True):
            helper.begin(
                [batch.lane(number) for number in hand],
                self._network.values,
                [batch.part(number) for number in hand],
            )
        dealt = {number: self._run_lane(batch, number, place) for place, number in enumerate(hands[0])}
        for helper, hand in zip(helpers, hands[1:], strict=True):
            dealt |= zip(hand, self._results(helper, hand, batch), strict=True)
        done = [dealt[number] for number in range(count)]
        self.in_parts(self._network.gradients.size, lambda part: self._add_gradients(done, part))
        return done

    def _run_lane(self, batch: _Batch, number: int, place: int) -> _LaneDone:
        gradients, observed = self._gradients_at(place), self._observed_by(number)
        result = self._runner.run(batch.lane(number), *batch.part(number), gradients, observed)
        return _LaneDone(result, gradients, observed)

    def _results(self, helper: Helper, hand: Sequence[int], batch: _Batch) -> list[_LaneDone]:
        try:
            return [_LaneDone(*lane) for lane in helper.results(len(hand))]
        except HelperLostError:
            # Its work is still to be done, and gives the same here.
            helper.close()
            self._helpers = [other for other in self._helpers or [] if other is not helper]
            return [self._run_lane(batch, number, len(batch.bounds) + number) for number in hand]

    def _ready_helpers(self, batch: _Batch) -> list[Helper]:
        wanted = min(self._threads, len(batch.bounds)) - 1
        if wanted < 1:
            return []
        if self._helpers is None:
            _employers.add(self)
            self._helpers = hire(wanted) if can_be_told(self._network) else []
        # A helper has most to do when it is the only one: then every second lane.
        lanes, largest = len(batch.bounds) // 2, -(-len(batch.x) // len(batch.bounds))
        layout = Layout.of(self._network, lanes * largest, lanes)
        for helper in self._helpers:
            if not helper.has_room_for(layout):
                self._move_home()
                helper.employ(self._network, self._seed, layout)
        return list(self.helpers[:wanted])

    def _move_to(self, helper: Helper) -> None:
        """Let the weights lie in a helper's memory, so that they need not be copied there at each step."""
        self._home = self._network.values
        self._network.move_to(helper.values)
        self._runner.follow(self._network)

    def _move_home(self) -> None:
        """Let the weights lie where they lay, which is where others may look for them."""
        if self._home is not None:
            self._network.move_to(self._home)
            self._runner.follow(self._network)
            self._home = None

    def _gradients_at(self, place: int) -> Array:
        """Return where gradients go; those at the first place lie where the sum is wanted."""
        if place not in self._gradients:
            self._gradients[place] = np.empty_like(self._network.gradients) if place else self._network.gradients
        return self._gradients[place]

    def _observed_by(self, lane: int) -> Array:
        """Return where a lane's statistics go."""
        if lane not in self._observed:
            size = self._network.values.size - self._network.parameters.size
            self._observed[lane] = np.empty(size, self._network.parameters.dtype)
        return self._observed[lane]

    def _settle(self, observed: Sequence[Array]) -> None:
        if observed[0].size:
            self._network.settle(observed)

    def _add_gradients(self, lanes: Sequence[_LaneDone], part: slice) -> None:
        total = self._network.gradients[part]
        for lane in lanes[1:]:
            total += lane.gradients[part]


_employers: set[GradientWorkers] = set()
"""Those that may have helpers."""


def _before_fork() -> None:
    for workers in tuple(_employers):
        workers.keep_values()


def _after_fork_here() -> None:
    for workers in tuple(_employers):
        workers.drop_values()


def _after_fork_in_copy() -> None:
    for workers in _employers:
        workers.part()
    _employers.clear()


if hasattr(os, "register_at_fork"):
    # The memory that a helper sees is shared with a copy of this process too, and written to by whoever goes on.
    os.register_at_fork(before=_before_fork, after_in_parent=_after_fork_here, after_in_child=_after_fork_in_copy)

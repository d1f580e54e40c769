"""Helpers: processes that work on lanes, because threads would wait for each other.

A step of a convolutional network is thousands of calls of numpy. Between two of them a thread needs Python's
interpreter lock, and sleeps when another has it: with two threads 700 times a step, which left a second core with
a third of what it can do. A process has a lock of its own.

A helper is a Python process that imports this library and nothing else. It is begun when a training first needs
it, works for one training at a time, and ends with the process that began it; a copy of that process (`os.fork`)
begins its own. Until it has loaded, and wherever it cannot be had, its employer does the work alone: the results
are the same.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nn.parallel.exchange import READING, WORK, Layout, SharedMemory
from nn.parallel.lanes import BatchResult

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from nn.arrays import Array
    from nn.network import Network
    from nn.parallel.exchange import Exchange
    from nn.parallel.lanes import Lane

PROGRAM = "nn.parallel.helper_process"
SECONDS_TO_END = 2.0
HEARD_AT_ONCE = 4096
"""Bytes."""


class HelperLostError(Exception):
    """A helper has ended before its work was done."""


class Helper:
    """One process that works on lanes.

    Raises
    ------
    OSError
        If the process cannot be begun.
    """

    def __init__(self) -> None:
        self._memory = SharedMemory()
        self._exchange: Exchange | None = None
        self._layout: Layout | None = None
        self._is_at_work = False
        # Nothing that prints before the helper keeps its line to itself says this by chance.
        self._answer = os.urandom(16)
        self._process = subprocess.Popen(  # noqa: S603 - our own program, and no word of it from outside
            # -P: what lies in the current folder is not to be taken for ours.
            [sys.executable, "-P", "-m", PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            pass_fds=self._memory.files,
            env={**os.environ, "PYTHONPATH": _search_path(), "OPENBLAS_NUM_THREADS": "1"},
            # Ctrl-C reaches every process of a terminal's session; what it means is for the employer to decide.
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        _begun.add(self)
        pipes = self._process.stdin, self._process.stdout
        assert all(pipes)  # noqa: S101 - both were asked for
        self._to, self._from = (pipe.fileno() for pipe in pipes if pipe)

    def employ(self, network: Network, seed: int, layout: Layout) -> None:
        """Give it a network to work for; it is ready when `is_ready` says so."""
        place, memory = self._memory.renew(layout.size)
        self._layout, self._exchange = layout, layout.exchange(memory)
        self._exchange.ready[0] = 0
        told = {
            "network": network.describe(),
            "seed": seed,
            "place": place,
            "layout": layout.told(),
            "answer": self._answer.hex(),
        }
        self._tell(json.dumps(told).encode() + b"\n")

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self._process.pid

    @property
    def is_ready(self) -> bool:
        """Whether it has loaded the network it was given."""
        return self._exchange is not None and bool(self._exchange.ready[0])

    @property
    def values(self) -> Array:
        """Where the helper looks for the weights of the network it works for."""
        assert self._exchange is not None  # noqa: S101 - only who works for one is asked
        return self._exchange.values

    @property
    def is_free(self) -> bool:
        """Whether it can be given another network: its process runs, and no work of it is still to come."""
        return self._process.poll() is None and not self._is_at_work

    def has_room_for(self, layout: Layout) -> bool:
        """Return whether hands of this layout fit into what it was given."""
        return self._layout is not None and self._layout.has_room_for(layout)

    def begin(
        self, lanes: Sequence[Lane], values: Array, parts: Sequence[tuple[Array, NDArray[np.integer]]]
    ) -> None:
        """Let it work on lanes; `parts` are the inputs and labels of each. `values` may lie there already."""
        exchange = self._exchange
        assert exchange is not None  # noqa: S101 - only who is ready is given work
        if values is not exchange.values:
            exchange.values[:] = values
        start = 0
        for at, (lane, (x, labels)) in enumerate(zip(lanes, parts, strict=True)):
            stop = start + len(x)
            exchange.x[start:stop], exchange.labels[start:stop] = x, labels
            exchange.hand[3 + 2 * at : 5 + 2 * at] = lane.number, len(x)
            start = stop
        exchange.hand[:3] = lanes[0].step, lanes[0].samples, len(lanes)
        self._is_at_work = True
        self._tell(WORK)

    def begin_reading(self, x: Array, at_a_time: int) -> None:
        """Let it read inputs x, (n, *input_shape), with the weights that lie in `values`."""
        exchange = self._exchange
        assert exchange is not None  # noqa: S101 - as above
        exchange.x[: len(x)] = x
        exchange.hand[:3] = READING, len(x), at_a_time
        self._is_at_work = True
        self._tell(WORK)

    def outputs(self) -> Array:
        """Wait until it is done; return what it has read, (n, k), until it is given more.

        Raises
        ------
        HelperLostError
            If it has ended.
        """
        exchange = self._finished()
        return exchange.outputs[: exchange.hand[1]]

    def results(self, lanes: int) -> list[tuple[BatchResult, Array, Array]]:
        """Wait until it is done; return for each lane what was found, its gradients and what was observed.

        Raises
        ------
        HelperLostError
            If it has ended.
        """
        exchange = self._finished()
        return [
            (BatchResult(float(loss), int(correct)), exchange.gradients[at], exchange.observed[at])
            for at, (loss, correct) in enumerate(exchange.results[:lanes].tolist())
        ]

    def dismiss(self) -> None:
        """Let it forget the network it has worked for."""
        self._layout = self._exchange = None

    def close(self) -> None:
        """End it."""
        _begun.discard(self)
        self._close_pipes()
        try:
            self._process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._memory.close()

    def forget(self) -> None:
        """Let go of it without a word, in a copy of the process that began it: it goes on working for that one."""
        self.dismiss()
        self._close_pipes()
        self._memory.close()

    def _close_pipes(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()

    def _finished(self) -> Exchange:
        if self._exchange is None:
            raise HelperLostError
        self._hear_answer()
        self._is_at_work = False
        return self._exchange

    def _hear_answer(self) -> None:
        """Wait for the answer; whatever else is heard on the way to it was printed there by something else."""
        heard = b""
        while self._answer not in heard:
            more = os.read(self._from, HEARD_AT_ONCE)
            if not more:
                raise HelperLostError
            heard = heard[-len(self._answer) :] + more

    def _tell(self, line: bytes) -> None:
        # One that has ended is found out by who waits for it.
        with suppress(OSError):
            os.write(self._to, line)


def _search_path() -> str:
    """Return where the helper finds this same library, wherever it was found here."""
    own = str(Path(__file__).parents[2])
    return os.pathsep.join([own, *filter(None, [os.environ.get("PYTHONPATH")])])


def can_be_told(network: Network) -> bool:
    """Return whether a helper can make the same network: it knows what the network tells of itself, no more."""
    return network.parameters.dtype == np.float32 and network.is_described


_begun: set[Helper] = set()
_idle: list[Helper] = []


def hire(count: int) -> list[Helper]:
    """Return helpers that nobody else employs, up to `count`; fewer where processes cannot be had."""
    hired: list[Helper] = []
    while len(hired) < count:
        try:
            helper = _idle.pop()
        except IndexError:  # asked beforehand, another thread could take the last one in between
            break
        if helper.is_free:
            hired.append(helper)
        else:
            helper.close()
    # A program frozen into one file is no interpreter that could be begun once more.
    if getattr(sys, "frozen", False) or not sys.executable:
        return hired
    with suppress(OSError):
        hired += [Helper() for _ in range(count - len(hired))]
    return hired


def dismiss(helpers: Sequence[Helper]) -> None:
    """Let helpers wait for the next who needs them."""
    for helper in helpers:
        helper.dismiss()
        _idle.append(helper)


def helper_pids() -> list[int]:
    """Return the numbers of the processes that wait for work: their memory counts with that of this one."""
    return [helper.pid for helper in _idle]


@atexit.register
def _end_all() -> None:
    for helper in tuple(_begun):
        helper.close()


def _forget_all() -> None:
    for helper in _begun:
        helper.forget()
    _begun.clear()
    _idle.clear()


if hasattr(os, "register_at_fork"):
    # A copy of this process must not talk to the same helpers, nor keep them from seeing their employer's end.
    os.register_at_fork(after_in_child=_forget_all)

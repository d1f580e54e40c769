"""A helper, as a program: it works on the lanes that lie in the exchange until its employer ends.

It is begun by `nn.parallel.helpers`, which tells it a line at a time: JSON is a new network to work for, an empty
line says that a hand of lanes lies ready. The answer to each hand is a word that comes with the network.
"""

from __future__ import annotations

import json
import os
import select
import sys
from itertools import accumulate, pairwise
from time import perf_counter
from typing import TYPE_CHECKING, Any

from nn.network import Network
from nn.parallel.cores import one_blas_thread
from nn.parallel.exchange import READING, WORK, Layout, mapped
from nn.parallel.lanes import Lane, LaneRunner, ignore_overflow
from nn.parallel.threads import parts_worth

if TYPE_CHECKING:
    from collections.abc import Mapping


AWAKE = 0.001
"""Seconds: longer than an employer takes to move the weights of a small network, and little beside other steps."""


class Employment:
    """Work for one network."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        layout = Layout.of_told(told["layout"])
        self._exchange = layout.exchange(mapped(told["place"], layout.size))
        self._network = Network.from_description(told["network"])
        self._network.adopt(self._exchange.values)
        self._runner = LaneRunner(self._network, told["seed"])
        self._reader: Network | None = None
        self.answer = bytes.fromhex(told["answer"])
        self._exchange.ready[0] = 1

    @property
    def has_core_to_itself(self) -> bool:
        """Whether no thread of the employer wants this core before the next hand is there."""
        return parts_worth(self._network.parameters.size) < 2

    def work(self) -> None:
        """Read, or work on each lane of the hand."""
        exchange = self._exchange
        step, samples, lanes, *told = exchange.hand.tolist()
        if step == READING:
            return self._read(samples, at_a_time=lanes)
        numbers, sizes = told[: 2 * lanes : 2], told[1 : 2 * lanes : 2]
        bounds = pairwise(accumulate(sizes, initial=0))
        for at, (number, (start, stop)) in enumerate(zip(numbers, bounds, strict=True)):
            result = self._runner.run(
                Lane(step, number, samples),
                exchange.x[start:stop],
                exchange.labels[start:stop],
                exchange.gradients[at],
                exchange.observed[at],
            )
            exchange.results[at] = result.loss, result.correct
        return None

    def _read(self, samples: int, at_a_time: int) -> None:
        exchange = self._exchange
        # Who reads employs it for that alone, and changes no weights meanwhile.
        self._reader = self._reader or self._network.ready()
        for start in range(0, samples, at_a_time):
            chunk = slice(start, min(start + at_a_time, samples))
            exchange.outputs[chunk] = self._reader.forward(exchange.x[chunk])


def await_word(file: int) -> None:
    """Stay awake for a moment, until there is something to read from a pipe, or its end.

    Who sleeps has to be woken, which takes some 40 us; of a step of 784-200-200-10, a twenty-fifth. Meanwhile the
    core is left to whoever else wants it. Where that cannot be had, on Windows, this does nothing.
    """
    if not (hasattr(select, "poll") and hasattr(os, "sched_yield")):
        return
    poll = select.poll()
    poll.register(file, select.POLLIN)
    end = perf_counter() + AWAKE
    while not poll.poll(0) and perf_counter() < end:
        os.sched_yield()


def line_of_answers() -> int:
    """Return the line to the employer, and let whatever else this process prints go nowhere.

    A library may print (MKL does, asked by MKL_VERBOSE), or what an installation does at each start of Python.
    """
    printed = sys.stdout.fileno()
    answers = os.dup(printed)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, printed)
    os.close(nowhere)
    return answers


def main() -> None:
    """Work until the employer closes the line."""
    answers = line_of_answers()
    one_blas_thread()
    ignore_overflow()
    employment: Employment | None = None
    for line in sys.stdin.buffer:
        if line != WORK:
            employment = Employment(json.loads(line))
        elif employment is not None:
            employment.work()
            os.write(answers, employment.answer)
            if employment.has_core_to_itself:
                await_word(sys.stdin.fileno())


if __name__ == "__main__":
    main()

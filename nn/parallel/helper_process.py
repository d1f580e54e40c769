"""A helper, as a program: it works on the lanes that lie in the exchange until its employer ends.

It is begun by `nn.parallel.helpers`, which tells it a line at a time: JSON is a new network to work for, an empty
line says that a hand of lanes lies ready. The answer to each hand is an empty line.
"""

from __future__ import annotations

import json
import os
import sys
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

from nn.network import Network
from nn.parallel.cores import one_blas_thread
from nn.parallel.exchange import READING, WORK, Layout, mapped
from nn.parallel.lanes import Lane, LaneRunner, overflow_ignored

if TYPE_CHECKING:
    from collections.abc import Mapping


class Employment:
    """Work for one network."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        layout = Layout.of_told(told["layout"])
        self._exchange = layout.exchange(mapped(told["place"], layout.size))
        self._network = Network.from_description(told["network"])
        self._network.adopt(self._exchange.values)
        self._runner = LaneRunner(self._network, told["seed"])
        self._reader: Network | None = None
        self._exchange.ready[0] = 1

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


def main() -> None:
    """Work until the employer closes the line."""
    one_blas_thread()
    employment: Employment | None = None
    with overflow_ignored():
        for line in sys.stdin.buffer:
            if line != WORK:
                employment = Employment(json.loads(line))
            elif employment is not None:
                employment.work()
                os.write(sys.stdout.fileno(), WORK)


if __name__ == "__main__":
    main()

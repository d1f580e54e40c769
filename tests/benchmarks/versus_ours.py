"""Our side, as a program that uses `nn` would write it; and the digits that all sides get."""

from __future__ import annotations

from itertools import islice
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from nn.data.dataset import Dataset, DigitData
from nn.data.mnist import find_mnist, load_mnist_training
from nn.data.sources import load_digits
from nn.events import StepTaken
from nn.training import train
from versus_measuring import Run

if TYPE_CHECKING:
    from nn.arrays import Array, Bytes, Integers
    from nn.network import Network
    from versus_rows import Reading, Training

WHOLE = 60_000


def sixty_thousand_digits() -> Dataset:
    """Return MNIST's training digits; where they are not, as many synthetic ones, some of them several times."""
    digits = load_mnist_training() if find_mnist() else load_digits("synthetic").training
    return digits.subset(np.arange(WHOLE) % len(digits))


def order_of(digits: Dataset, count: int) -> Integers:
    """Return which digits our first epoch sees, in order, so that the peers see the same batches."""
    return np.random.default_rng((0, 0)).permutation(len(digits))[:count]


class OurTraining:
    """A training by `nn.train`, from the same weights each time."""

    def __init__(self, work: Training, network: Network, digits: Dataset, threads: int) -> None:
        self._network, self._config, self._updates = network, work.config(threads), work.updates
        # One digit to validate with: no peer validates, and neither shall we.
        self._data = DigitData(digits, digits.subset(slice(1)), None, digits.name)

    def run(self) -> Run:
        """Train, and note the loss of each update."""
        training = train(self._network.copy(), self._data, self._config)
        steps = (event.loss for event in training if isinstance(event, StepTaken))
        begun = perf_counter()
        losses = list(islice(steps, self._updates))
        seconds = perf_counter() - begun
        training.close()
        return Run(seconds, np.array(losses))


class OurReading:
    """Frames read by `Network.predict`."""

    def __init__(self, work: Reading, network: Network, frames: Bytes) -> None:
        self._network, self._frames, self._times = network.ready(), frames, work.times

    def run(self) -> Run:
        """Read; `seconds` are those of one time."""
        read: Array = self._network.predict(self._frames)
        begun = perf_counter()
        for _ in range(self._times):
            read = self._network.predict(self._frames)
        return Run((perf_counter() - begun) / self._times, read)

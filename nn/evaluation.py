"""How good a network is on frames it has not learned from: which digits it reads, and what it refuses to read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from nn.arrays import Integers
    from nn.data.dataset import Dataset
    from nn.network import Network


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """What a network made of a data set.

    Parameters
    ----------
    confusion
        Shape (k, k), digits alone: row is the truth, column the most probable digit, whether it was said or
        refused; the diagonal was read right.
    loss
        Mean loss of all frames whose label the loss knows.
    agreement
        Share of all frames whose label the loss reads, "no digit" being one of them where it knows that: what a
        training watches. For a loss that knows digits alone, the accuracy.
    digits_refused
        Shape (k,): how many of each digit the network would not read.
    strangers
        How many frames are no digit, by their label.
    strangers_refused
        How many of those the network would not read, rightly; the others it took for a digit.
    """

    confusion: Integers
    loss: float
    agreement: float
    digits_refused: Integers
    strangers: int = 0
    strangers_refused: int = 0

    @property
    def samples(self) -> int:
        """How many digits there were."""
        return int(self.confusion.sum())

    @property
    def correct(self) -> int:
        """For how many of them the right digit was the most probable."""
        return int(np.trace(self.confusion))

    @property
    def accuracy(self) -> float:
        """Share of the digits that was read right, 0..1; 0 where there were none."""
        return self.correct / self.samples if self.samples else 0.0


def evaluate(network: Network, dataset: Dataset, *, threads: int | None = None) -> Evaluation:
    """Read every frame of `dataset` and compare with its label; on as many cores as there are, or `threads`."""
    labels = dataset.labels.astype(np.int64)
    # A network that diverged overflows here too; its loss says so.
    with np.errstate(over="ignore", invalid="ignore"):
        outputs = network.outputs(dataset.images, threads=threads)
        # A loss that knows digits alone has nothing to say about the others.
        is_known = labels < network.loss.labels(network.classes)
        loss = network.loss.forward(outputs[is_known], labels[is_known])
        is_refused = network.calibration.refuses(network.loss.none(outputs))
    is_digit = labels < network.classes
    agreed = int((network.loss.readings(outputs) == labels).sum())
    return Evaluation(
        _counted(labels[is_digit], outputs[is_digit].argmax(axis=1), network.classes),
        loss / max(int(is_known.sum()), 1),
        agreed / max(len(labels), 1),
        np.bincount(labels[is_digit & is_refused], minlength=network.classes),
        int((~is_digit).sum()),
        int((~is_digit & is_refused).sum()),
    )


def _counted(labels: Integers, readings: Integers, classes: int) -> Integers:
    confusion = np.zeros((classes, classes), np.int64)
    np.add.at(confusion, (labels, readings), 1)
    return confusion

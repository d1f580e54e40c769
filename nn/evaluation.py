"""How good a network is on frames it has not learned from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nn.network import CHUNK

if TYPE_CHECKING:
    from nn.arrays import Array, Bytes, Integers
    from nn.data.dataset import Dataset
    from nn.network import Network


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """What a network made of a data set.

    Parameters
    ----------
    confusion
        Shape (k, k), digits alone: row is the truth, column the most probable digit; the diagonal was read
        right.
    loss
        Mean loss of all frames.
    agreement
        Share of all frames whose label the loss reads, "no digit" being one of them where it knows that: what a
        training watches. For a loss that knows digits alone, the accuracy.
    """

    confusion: Integers
    loss: float
    agreement: float

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


def evaluate(network: Network, dataset: Dataset) -> Evaluation:
    """Read every frame of `dataset` and compare with its label."""
    classes = network.classes
    confusion = np.zeros((classes, classes), np.int64)
    loss, agreed = 0.0, 0
    for start in range(0, len(dataset), CHUNK):
        labels = dataset.labels[start : start + CHUNK].astype(np.int64)
        outputs, part_loss = _outputs(network, dataset.images[start : start + CHUNK], labels)
        loss += part_loss
        agreed += int(np.count_nonzero(network.loss.readings(outputs) == labels))
        digits = labels < classes
        np.add.at(confusion, (labels[digits], outputs.argmax(axis=1)[digits]), 1)
    frames = max(len(dataset), 1)
    return Evaluation(confusion, loss / frames, agreed / frames)


def _outputs(network: Network, images: Bytes, labels: Integers) -> tuple[Array, float]:
    # A network that diverged overflows here too; its loss says so.
    with np.errstate(over="ignore", invalid="ignore"):
        outputs = network.forward(network.inputs(images))
        return outputs, network.loss.forward(outputs, labels)

"""How good a network is on digits it has not learned from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nn.network import CHUNK

if TYPE_CHECKING:
    from nn.arrays import Bytes, Integers
    from nn.data.dataset import Dataset
    from nn.network import Network


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """What a network made of a data set.

    Parameters
    ----------
    confusion
        Shape (k, k): row is the truth, column the reading; the diagonal was read right.
    loss
        Mean loss.
    """

    confusion: Integers
    loss: float

    @property
    def samples(self) -> int:
        """How many digits were read."""
        return int(self.confusion.sum())

    @property
    def correct(self) -> int:
        """How many of them were read right."""
        return int(np.trace(self.confusion))

    @property
    def accuracy(self) -> float:
        """Share that was read right, 0..1; 0 where there was nothing to read."""
        return self.correct / self.samples if self.samples else 0.0


def evaluate(network: Network, dataset: Dataset) -> Evaluation:
    """Read every digit of `dataset` and compare with its label."""
    confusion = np.zeros((network.classes, network.classes), np.int64)
    loss = 0.0
    for start in range(0, len(dataset), CHUNK):
        labels = dataset.labels[start : start + CHUNK].astype(np.int64)
        part_loss, readings = _read(network, dataset.images[start : start + CHUNK], labels)
        loss += part_loss
        np.add.at(confusion, (labels, readings), 1)
    return Evaluation(confusion, loss / max(len(dataset), 1))


def _read(network: Network, images: Bytes, labels: Integers) -> tuple[float, Integers]:
    # A network that diverged overflows here too; its loss says so.
    with np.errstate(over="ignore", invalid="ignore"):
        outputs = network.forward(network.inputs(images))
        return network.loss.forward(outputs, labels), outputs.argmax(axis=1)

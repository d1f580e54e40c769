"""What a network answered to a set of digits, one entry a digit; all else in a report is counted from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nn.recognition import recognize_each

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from nn.arrays import Array, Bytes, Integers
    from nn.data.dataset import Dataset
    from nn.network import Network
    from nn.recognition import Prediction


NOTHING = -1
"""The reading of what has not even a most probable digit."""


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """Readings beside what was meant.

    Parameters
    ----------
    labels, readings
        Shape (n,): the digit that was meant, and the one that is most probable; `NOTHING` where none is, as in a
        dot.
    confidences
        Shape (n,), 0..1: the probability of the reading, as a person sees it.
    is_refused
        Shape (n,): whether the program says "not a digit" in place of the reading.
    """

    labels: Integers
    readings: Integers
    confidences: Array
    is_refused: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def is_right(self) -> NDArray[np.bool_]:
        """Shape (n,): whether the most probable digit is the one that was meant, shown or not."""
        right: NDArray[np.bool_] = self.readings == self.labels
        return right

    @property
    def right(self) -> float:
        """Share read right, 0..1; a refused digit counts by what would have been read."""
        return _share(self.is_right)

    @property
    def refused(self) -> float:
        """Share refused, 0..1."""
        return _share(self.is_refused)

    def chosen(self, mask: NDArray[np.bool_]) -> Answers:
        """Return the answers where `mask` is true."""
        return Answers(self.labels[mask], self.readings[mask], self.confidences[mask], self.is_refused[mask])

    def shown(self) -> Answers:
        """Return the answers that a person gets to see as a digit."""
        return self.chosen(~self.is_refused)

    def confusion(self) -> Integers:
        """Count who is taken for whom, shape (10, 10): row is the truth, column the reading."""
        counts = np.zeros((10, 10), np.int64)
        is_read = self.readings != NOTHING
        np.add.at(counts, (self.labels[is_read], self.readings[is_read]), 1)
        return counts


def answers_to(network: Network, dataset: Dataset) -> Answers:
    """Have `network` read every digit of `dataset`, as the program would for a person."""
    predictions = recognize_each(network, dataset.images)
    return Answers(
        dataset.labels.astype(np.int64),
        _readings(predictions),
        np.array([max(prediction.probabilities) for prediction in predictions]),
        _is_refused(predictions),
    )


def refusals(network: Network, frames: Bytes) -> tuple[NDArray[np.bool_], Integers]:
    """Return which frames (n, 28, 28) are refused, and what would be read in each, both of shape (n,)."""
    predictions = recognize_each(network, frames)
    return _is_refused(predictions), _readings(predictions)


def joined_answers(*parts: Answers) -> Answers:
    """Put answers one after the other."""
    return Answers(
        np.concatenate([part.labels for part in parts]),
        np.concatenate([part.readings for part in parts]),
        np.concatenate([part.confidences for part in parts]),
        np.concatenate([part.is_refused for part in parts]),
    )


def _readings(predictions: Sequence[Prediction]) -> Integers:
    probabilities = np.array([prediction.probabilities for prediction in predictions]).reshape(-1, 10)
    readings: Integers = np.where(probabilities.any(axis=1), probabilities.argmax(axis=1), NOTHING)
    return readings


def _is_refused(predictions: Sequence[Prediction]) -> NDArray[np.bool_]:
    return np.array([prediction.digit is None for prediction in predictions], np.bool_)


def _share(mask: NDArray[np.bool_]) -> float:
    return float(mask.mean()) if len(mask) else 0.0

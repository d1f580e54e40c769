"""What a network makes of one frame: the digit, how sure it is, and how sure of all the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from nn.arrays import Bytes
    from nn.network import Network


@dataclass(frozen=True, slots=True)
class Prediction:
    """The reading of one frame.

    ``digit`` is None where there is nothing to read; ``reason`` then says why, in words.
    """

    digit: int | None
    confidence: float
    probabilities: tuple[float, ...]
    reason: str = ""

    @property
    def ranking(self) -> tuple[int, ...]:
        """The digits from the most to the least probable; equal ones in numerical order."""
        return tuple(int(digit) for digit in np.argsort(-np.array(self.probabilities), kind="stable"))

    @property
    def second(self) -> int:
        """The second guess."""
        return self.ranking[1]

    @property
    def lead(self) -> float:
        """By how much the first guess is ahead of the second, 0..1."""
        first, second = self.ranking[:2]
        return self.probabilities[first] - self.probabilities[second]


NOTHING_DRAWN = Prediction(None, 0.0, (0.0,) * 10, "Nothing is drawn yet.")


def recognize(network: Network, frame: Bytes) -> Prediction:
    """Read one frame.

    Parameters
    ----------
    network
        The network that reads.
    frame
        Shape (28, 28), uint8; a frame without ink has no digit.
    """
    if not frame.any():
        return NOTHING_DRAWN
    return prediction_of(network.predict(frame[np.newaxis])[0])


def prediction_of(probabilities: np.typing.NDArray[np.floating]) -> Prediction:
    """Turn ten probabilities into a reading."""
    values = tuple(float(value) for value in probabilities)
    digit = int(np.argmax(probabilities))
    return Prediction(digit, values[digit], values)

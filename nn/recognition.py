"""What a network makes of a frame: the digit, how sure it is, how sure of all the others; or why it is none."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from nn.ink.frame import frame_from_drawing
from nn.ink.looks import drawn_side_by_side, figures_side_by_side, is_dot, is_spot
from nn.ink.meant import as_meant

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nn.arrays import Array, Bytes
    from nn.ink.strokes import Drawing
    from nn.network import Network


@dataclass(frozen=True, slots=True)
class Prediction:
    """The reading of one frame.

    Parameters
    ----------
    digit
        0..9; None where it is no digit, and ``reason`` then says why, in words.
    confidence
        How sure it is of the digit, 0..1; 0 without one.
    probabilities
        Of the ten digits, given that it is one; all 0 where there is nothing to read.
    """

    digit: int | None
    confidence: float
    probabilities: tuple[float, ...]
    reason: str = ""

    @property
    def is_refused(self) -> bool:
        """Whether a network read something, and it was no digit."""
        return self.digit is None and any(self.probabilities)

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
NO_DIGIT_FOUND = Prediction(None, 0.0, (0.0,) * 10, "No digit was found in the picture.")
NO_NUMBER = Prediction(None, 0.0, (0.0,) * 10, "The network's answer is not a number. Open another network.")
ONLY_A_DOT = Prediction(None, 0.0, (0.0,) * 10, "This is only a dot.")

SEVERAL_DIGITS = "These look like several digits. Draw one at a time."
NOT_A_DIGIT = "This does not look like a digit."
WOULD_BE_REFUSED = "Drawn by a person, it would not pass for a digit."

_WORTH_NAMING = 0.5
"""How probable the first guess must be for a refusal to name it."""


def recognize(network: Network, frame: Bytes) -> Prediction:
    """Read one frame.

    Parameters
    ----------
    network
        The network that reads.
    frame
        Shape (28, 28), uint8; a frame without ink has no digit, nor has a dot, whatever the network says.
    """
    return recognize_each(network, frame[np.newaxis])[0]


def recognize_each(network: Network, frames: Bytes) -> list[Prediction]:
    """Read frames of shape (n, 28, 28); otherwise as `recognize`."""
    return [_recognized(frame, read, is_refused=refused) for frame, read, refused in _read(network, frames)]


def recognize_drawings(network: Network, drawings: Sequence[Drawing]) -> tuple[list[Prediction], Bytes]:
    """Read drawings as they were meant, without touches beside the digit.

    Parameters
    ----------
    network
        The network that reads.
    drawings
        At least one, in any unit each.

    Returns
    -------
    predictions
        One for each drawing.
    frames
        What was read of them: uint8 (n, 28, 28).
    """
    meant = [as_meant(drawing) for drawing in drawings]
    frames = np.stack([frame_from_drawing(drawing) for drawing in meant])
    readings = zip(_read(network, frames), meant, strict=True)
    return [
        _recognized(frame, read, drawing, is_refused=refused) for (frame, read, refused), drawing in readings
    ], frames


def nearest(network: Network, frames: Bytes) -> list[Prediction]:
    """Say which digit each of the frames, shape (n, 28, 28), is nearest to, refused or not.

    What a network imagines is rarely a digit that it would accept from a person. It is asked all the same;
    ``reason`` then tells of the refusal.
    """
    return [
        replace(read, reason=WOULD_BE_REFUSED if refused else read.reason) if frame.any() else NOTHING_DRAWN
        for frame, read, refused in _read(network, frames)
    ]


def prediction_of(probabilities: Array) -> Prediction:
    """Turn ten probabilities into a reading; without a digit where they are none."""
    values = tuple(float(value) for value in probabilities)
    digit = int(np.argmax(probabilities))
    # Where one of them is not a number, it is the one that argmax finds.
    if not math.isfinite(values[digit]):
        return NO_NUMBER
    return Prediction(digit, values[digit], values)


def _read(network: Network, frames: Bytes) -> Iterator[tuple[Bytes, Prediction, bool]]:
    """Yield each frame, the digit that it is nearest to, and whether the network refuses it."""
    reading = network.read(frames)
    refused = network.calibration.refuses(reading.none).tolist()
    for frame, probabilities, is_refused in zip(frames, reading.probabilities, refused, strict=True):
        yield frame, prediction_of(probabilities), is_refused


def _recognized(frame: Bytes, read: Prediction, drawing: Drawing | None = None, *, is_refused: bool) -> Prediction:
    if not frame.any():
        return NOTHING_DRAWN
    is_blot = is_dot(frame)
    if is_blot and (drawing is None or is_spot(drawing)):
        return ONLY_A_DOT
    if read.digit is None or not (is_refused or is_blot):
        return read
    return Prediction(None, 0.0, read.probabilities, _why_refused(frame, read, drawing))


def _why_refused(frame: Bytes, read: Prediction, drawing: Drawing | None) -> str:
    if figures_side_by_side(frame) > 1 or (drawing is not None and drawn_side_by_side(drawing) > 1):
        return SEVERAL_DIGITS
    if read.confidence < _WORTH_NAMING:
        return NOT_A_DIGIT
    return f"{NOT_A_DIGIT} It comes nearest to {read.digit}."

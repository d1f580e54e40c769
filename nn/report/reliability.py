"""Whether a network may be believed: of the answers that it gives with 90 %, nine in ten should be right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nn.calibration import SURE, expected_calibration_error

if TYPE_CHECKING:
    from nn.report.answers import Answers

BINS = 15


@dataclass(frozen=True, slots=True)
class Bin:
    """The answers with a confidence from `low` to below `high`; the last bin holds 1 as well."""

    low: float
    high: float
    count: int
    confidence: float
    """Mean of the bin, 0..1."""
    right: float
    """Share of the bin, 0..1."""


@dataclass(frozen=True, slots=True)
class Reliability:
    """How confidence and truth agree over a set of answers; refused digits are not among them.

    Parameters
    ----------
    bins
        Those that are not empty, from low to high confidence.
    calibration_error
        As `nn.calibration.expected_calibration_error` has it, 0..1.
    sure, sure_and_wrong
        How many answers are given with 99 % or more, and how many of those are wrong.
    """

    bins: tuple[Bin, ...]
    calibration_error: float
    sure: int
    sure_and_wrong: int

    @property
    def wrong_though_sure(self) -> float:
        """Share of the answers given with 99 % or more that are wrong, 0..1."""
        return self.sure_and_wrong / self.sure if self.sure else 0.0


def reliability(answers: Answers) -> Reliability:
    """Hold the confidence of the answers that a person is shown against the truth."""
    shown = answers.shown()
    sure = shown.chosen(shown.confidences >= SURE)
    return Reliability(
        _bins(shown),
        expected_calibration_error(shown.confidences, shown.is_right, BINS),
        len(sure),
        int((~sure.is_right).sum()),
    )


def _bins(shown: Answers) -> tuple[Bin, ...]:
    place = np.minimum((shown.confidences * BINS).astype(np.int64), BINS - 1)
    bins = []
    for number in np.unique(place).tolist():
        part = shown.chosen(place == number)
        mean = float(part.confidences.mean(dtype=np.float64))
        bins.append(Bin(number / BINS, (number + 1) / BINS, len(part), mean, part.right))
    return tuple(bins)

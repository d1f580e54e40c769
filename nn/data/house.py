"""What the networks that ship learn from: MNIST, pen digits through our own ink, and the built-in hands.

MNIST has no crossed sevens and few ones with an upstroke; the 24 writers of the pen digits do. Each of their
drawings is inked more than once, with pens from less than half to more than twice as thick as the usual one, and
as other hands would have drawn it (`nn.data.pen_variation`). Beside the digits stand drawings that are none
(`nn.data.no_digits`): who has never seen a scribble reads one as an 8.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nn.data.dataset import Dataset, DigitData, joined
from nn.data.locations import find_file
from nn.data.mnist import load_mnist
from nn.data.no_digits import no_digit_dataset
from nn.data.pen_digits import PEN_DIGITS, read_pendigits, split_by_writer
from nn.data.pen_variation import varied
from nn.data.sources import split_for_validation
from nn.data.synthetic import synthetic_dataset
from nn.errors import DataError
from nn.ink.frame import PEN, frame_from_drawing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from nn.data.pen_digits import PenDigit
    from nn.ink.strokes import Drawing

THINNEST, THICKEST = PEN * 0.45, PEN * 2.4
"""Pens in pixels of the frame. MNIST's strokes are 1.76 to 3.94, 5th and 95th percentile: with these alone, one
digit in seven by a pen twice as thick was misread."""

OTHER_SEED = 1_000_003
"""Added to the seed of what must not be the same as what is learned from."""


@dataclass(frozen=True, slots=True)
class HouseMixture:
    """How much of each: `pens` inkings of every pen digit, `synthetic` digits, drawings that are `no_digits`."""

    pens: int = 6
    synthetic: int = 10_000
    no_digits: int = 20_000
    watched_no_digits: int = 1_000
    """For validation, of another seed."""


def house_digits(mixture: HouseMixture, *, seed: int = 0) -> DigitData:
    """Load and ink the digits that the shipped networks learn from.

    Training: MNIST's training writers, 24 pen-digit writers, synthetic digits. Validation: MNIST training
    writers kept apart, and six pen-digit writers kept apart. Test: MNIST's.

    Raises
    ------
    DataError
        If MNIST or the recording of pen digits is not here.
    """
    mnist, test = load_mnist()
    training, validation = split_for_validation(mnist)
    learned, watched = split_by_writer(read_pendigits(_pen_digits_path()))
    learned_from = joined(
        training,
        inked_variously(learned, mixture.pens, seed=seed),
        synthetic_dataset(mixture.synthetic, seed=seed),
        no_digit_dataset(mixture.no_digits, seed=seed),
        name="MNIST, pen digits, synthetic digits and drawings that are none",
    )
    watched_by = joined(
        validation,
        inked(watched),
        no_digit_dataset(mixture.watched_no_digits, seed=seed + OTHER_SEED),
        name="MNIST and pen-digit writers kept apart, and drawings that are no digits",
    )
    return DigitData(
        _without_writers(learned_from),
        _without_writers(watched_by),
        test,
        "MNIST, 24 writers of pen digits, and built-in synthetic digits and drawings that are none",
    )


def inked(digits: Sequence[PenDigit]) -> Dataset:
    """Ink pen digits once each, as the window would."""
    return _dataset([(digit, digit.drawing, PEN) for digit in digits])


def inked_variously(digits: Sequence[PenDigit], times: int, *, seed: int) -> Dataset:
    """Ink pen digits `times` times each, with thin and thick pens and as other hands would draw them."""
    rng = np.random.default_rng(seed)
    return _dataset([(digit, varied(digit.drawing, rng), pen) for digit in digits for pen in _pens(times, rng)])


def _pens(times: int, rng: np.random.Generator) -> Iterator[float]:
    yield PEN
    # One from each equal share of the range of thickness, by ratio, so that the thickest are never left out.
    steps = (np.arange(times - 1) + rng.random(times - 1)) / max(1, times - 1)
    yield from THINNEST * (THICKEST / THINNEST) ** steps


def _dataset(inkings: Sequence[tuple[PenDigit, Drawing, float]]) -> Dataset:
    return Dataset(
        np.stack([frame_from_drawing(drawing, pen) for _, drawing, pen in inkings]),
        np.array([digit.drawing.label for digit, _, _ in inkings], np.uint8),
        "pen digits",
        np.array([digit.writer for digit, _, _ in inkings], np.int64),
    )


def _without_writers(dataset: Dataset) -> Dataset:
    # Numbers of writers mean something within one collection only.
    return Dataset(dataset.images, dataset.labels, dataset.name)


def _pen_digits_path() -> Path:
    path = find_file(PEN_DIGITS)
    if path is None:
        raise DataError(
            f"{PEN_DIGITS} is not on this computer. It is the original recording of UCI dataset 81; put it in the "
            "folder that INKLING_DATA names."
        )
    return path

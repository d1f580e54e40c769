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
from nn.data.sources import LoadingProgress, loaded, split_for_validation
from nn.data.synthetic import synthetic_batches
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


CHUNK = 40
"""Pen digits that are inked between two looks at whether somebody still wants them."""


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
    return loaded(loading_house_digits(mixture, seed=seed))


def loading_house_digits(mixture: HouseMixture, *, seed: int = 0) -> Iterator[LoadingProgress]:
    """Load and ink them in steps; to stop, stop asking. As `house_digits`."""
    total = 1
    yield LoadingProgress(0, total, "Reading MNIST and pen digits")
    mnist, test = load_mnist()
    training, validation = split_for_validation(mnist)
    learned, watched = split_by_writer(read_pendigits(_pen_digits_path()))
    total = mixture.pens * len(learned) + mixture.synthetic + mixture.no_digits
    learned_from = [training]
    for words, parts in (
        ("Inking pen digits", _inkings(learned, mixture.pens, seed)),
        ("Drawing built-in synthetic digits", synthetic_batches(mixture.synthetic, seed=seed)),
        ("Drawing what is no digit", _no_digits(mixture.no_digits, seed)),
    ):
        done = sum(map(len, learned_from[1:]))
        yield LoadingProgress(done, total, words)
        for part in parts:
            learned_from.append(part)
            done += len(part)
            yield LoadingProgress(done, total, words)
    watched_by = joined(
        validation,
        inked(watched),
        no_digit_dataset(mixture.watched_no_digits, seed=seed + OTHER_SEED),
        name="MNIST and pen-digit writers kept apart, and drawings that are no digits",
    )
    name = "MNIST, pen digits, synthetic digits and drawings that are none"
    data = DigitData(
        _without_writers(joined(*learned_from, name=name)),
        _without_writers(watched_by),
        test,
        "MNIST, 24 writers of pen digits, and built-in synthetic digits and drawings that are none",
    )
    yield LoadingProgress(total, total, f"{len(data.training):,} digits to learn from", data)


def inked(digits: Sequence[PenDigit]) -> Dataset:
    """Ink pen digits once each, as the window would."""
    return _dataset([(digit, digit.drawing, PEN) for digit in digits])


def inked_variously(digits: Sequence[PenDigit], times: int, *, seed: int) -> Dataset:
    """Ink pen digits `times` times each, with thin and thick pens and as other hands would draw them."""
    return joined(*_inkings(digits, times, seed), name="pen digits")


def _inkings(digits: Sequence[PenDigit], times: int, seed: int) -> Iterator[Dataset]:
    rng = np.random.default_rng(seed)
    for start in range(0, len(digits), CHUNK):
        chunk = digits[start : start + CHUNK]
        yield _dataset([(digit, varied(digit.drawing, rng), pen) for digit in chunk for pen in _pens(times, rng)])


def _no_digits(count: int, seed: int) -> Iterator[Dataset]:
    # In one step, because in several they would be other drawings.
    yield no_digit_dataset(count, seed=seed)


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

"""One question, "what shall we learn from?", and three answers: MNIST, built-in synthetic digits, or what is here.

Whatever the source, the digits to watch training by are apart from those to learn from and from those that the
result is judged on; where it is known who wrote a digit, nobody's hand is on both sides.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nn.data.dataset import Dataset, DigitData, joined
from nn.data.locations import cache_folder
from nn.data.mnist import find_mnist, load_mnist_test, load_mnist_training
from nn.errors import ConfigurationError, DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nn.arrays import Integers

SOURCES = ("auto", "mnist", "synthetic")
VALIDATION = 5_000
"""MNIST's training digits that are kept for validation; by whole writers, hence as near as they allow."""
SYNTHETIC_TRAINING, SYNTHETIC_VALIDATION = 20_000, 2_000
WORTH_KEEPING = 5_000
"""Fewer synthetic digits are drawn again each time: it takes a second or two."""
SYNTHETIC_NAME = "built-in synthetic digits"


@dataclass(frozen=True, slots=True)
class LoadingProgress:
    """How far loading is; the last event carries the data, those before None."""

    done: int
    total: int
    message: str
    data: DigitData | None = None


def load_digits(source: str = "auto", *, seed: int = 0) -> DigitData:
    """Load digits and split them.

    Parameters
    ----------
    source
        "mnist", "synthetic", or "auto": MNIST where it is found, else synthetic. Or a file or folder of digits, of
        any kind that `nn.data.reading.read_digits` knows.
    seed
        Of the synthetic digits; MNIST and files are always split the same way.

    Raises
    ------
    ConfigurationError
        If the source is none of these, or the seed is not a whole number from 0.
    DataError
        If MNIST was asked for and is not here, or what is read is damaged.
    """
    return loaded(loading_digits(source, seed=seed))


def loaded(events: Iterable[LoadingProgress]) -> DigitData:
    """Load to the end and return the digits, for whoever has nobody to tell how far it is."""
    for progress in events:
        if progress.data is not None:
            return progress.data
    raise AssertionError("the last event carries the data")


def loading_digits(
    source: str = "auto",
    *,
    seed: int = 0,
    training: int = SYNTHETIC_TRAINING,
    validation: int = SYNTHETIC_VALIDATION,
    keeps: bool = True,
) -> Iterator[LoadingProgress]:
    """Load digits in steps of at most about a quarter of a second; to stop, stop asking.

    As `load_digits`; `training` and `validation` are how many synthetic digits are drawn. Many of them are kept in
    the cache folder for the next time, unless `keeps` is False.
    """
    # Not Path.exists: a name too long for the disk, which is none, would end it.
    if source not in SOURCES and os.path.exists(source):  # noqa: PTH110
        return _loading_file(Path(source))
    if source not in SOURCES:
        raise ConfigurationError(
            f"{source!r} is no source of digits; choose one of {', '.join(SOURCES)}, or a file or folder of them."
        )
    if type(seed) is not int or seed < 0:
        raise ConfigurationError(f"Digits were asked for with the seed {seed!r}; wanted a whole number from 0.")
    place = None if source == "synthetic" else find_mnist()
    if place is not None:
        return _loading_mnist(place)
    if source == "mnist":
        raise DataError(
            "MNIST is not on this computer. Download it, set INKLING_DATA to a folder that holds it, or train on "
            "the built-in synthetic digits."
        )
    if keeps and training + validation >= WORTH_KEEPING:
        return _fetching_synthetic(seed, training, validation)
    return _drawing_synthetic(seed, training, validation)


def _loading_mnist(place: Path) -> Iterator[LoadingProgress]:
    words = "MNIST from the cache folder" if cache_folder() in (place, place.parent) else f"MNIST from {place}"
    yield LoadingProgress(0, 2, f"Reading {words}")
    whole = load_mnist_training(place)
    # Of a part of MNIST, a sixth at most: something must be left to learn from.
    training, validation = split_for_validation(whole, min(VALIDATION, len(whole) // 6))
    yield LoadingProgress(1, 2, f"Reading {words}")
    data = DigitData(training, validation, load_mnist_test(place), words)
    yield LoadingProgress(2, 2, f"{len(training):,} digits to learn from", data)


def _loading_file(path: Path) -> Iterator[LoadingProgress]:
    from nn.data.reading import read_digits  # noqa: PLC0415 - Pillow is loaded only where a file is read

    yield LoadingProgress(0, 1, f"Reading {path.name}")
    data = read_digits(path).data()
    yield LoadingProgress(1, 1, f"{len(data.training):,} digits to learn from", data)


def _fetching_synthetic(seed: int, training: int, validation: int) -> Iterator[LoadingProgress]:
    """Take synthetic digits from the cache folder; draw them, and put them there, where there are none."""
    from nn.data.kept_digits import keep, read_kept  # noqa: PLC0415 -- a window appears sooner without

    total = training + validation
    yield LoadingProgress(0, total, f"Getting {SYNTHETIC_NAME}")
    kept = read_kept(seed, training, validation)
    if kept is not None:
        yield _synthetic(*kept)
        return
    for progress in _drawing_synthetic(seed, training, validation):
        if progress.data is not None:
            keep(seed, progress.data.training, progress.data.validation)
        yield progress


def _synthetic(training: Dataset, validation: Dataset) -> LoadingProgress:
    total = len(training) + len(validation)
    data = DigitData(training, validation, None, SYNTHETIC_NAME)
    return LoadingProgress(total, total, f"{len(training):,} digits to learn from", data)


def _drawing_synthetic(seed: int, training: int, validation: int) -> Iterator[LoadingProgress]:
    from nn.data.synthetic import synthetic_batches  # noqa: PLC0415 -- a window appears sooner without

    total = training + validation
    sets: list[Dataset] = []
    done = 0
    # Even and odd seeds, so that no choice of seed makes the two halves the same hands.
    for count, own_seed, name in ((training, 2 * seed, "training"), (validation, 2 * seed + 1, "validation")):
        parts: list[Dataset] = []
        for part in synthetic_batches(count, seed=own_seed):
            yield LoadingProgress(done, total, f"Drawing {SYNTHETIC_NAME}")
            parts.append(part)
            done += len(part)
        sets.append(joined(*parts, name=f"synthetic {name}"))
    yield _synthetic(*sets)


def split_for_validation(dataset: Dataset, count: int = VALIDATION) -> tuple[Dataset, Dataset]:
    """Split off about `count` digits for validation: whole writers where they are known, else the last `count`.

    Always the same way, so that two trainings on the same data can be compared.

    Returns
    -------
    tuple[Dataset, Dataset]
        Training and validation.
    """
    if dataset.writers is None:
        held_out = np.arange(len(dataset)) >= len(dataset) - count
    else:
        held_out = np.isin(dataset.writers, _some_writers(dataset.writers, count))
    name = dataset.name.removesuffix(" training")
    return dataset.subset(~held_out), dataset.subset(held_out, f"{name} validation")


def _some_writers(writers: Integers, count: int) -> Integers:
    """Draw writers until they have written `count` digits, or as near to it as whole writers come."""
    names, digits = np.unique(writers, return_counts=True)
    order = np.random.default_rng(0).permutation(len(names))
    written = np.cumsum(digits[order])
    return names[order[: int(np.abs(written - count).argmin()) + 1]]

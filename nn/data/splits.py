"""Splits: digits to learn from, to watch by and to be judged on, such that none is in two of them.

Better still, nobody's *hand* is in two of them: a network that has seen nine of your sevens has an easy time with
the tenth. Where writers are known, whole writers go to one side.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from nn.data.dataset import DigitData
from nn.errors import ConfigurationError, DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nn.data.dataset import Dataset


def split_off(dataset: Dataset, share: float, seed: int = 0) -> tuple[Dataset, Dataset]:
    """Split by writer where writers are known, else by label; as `split_by_writer` and `split_by_label`."""
    split = split_by_label if dataset.writers is None else split_by_writer
    return split(dataset, share, seed)


def split_by_label(dataset: Dataset, share: float, seed: int = 0) -> tuple[Dataset, Dataset]:
    """Split off a share of the digits by chance, the same share of each label.

    Parameters
    ----------
    dataset
        What to split.
    share
        Of the digits, 0 to below 1, for the second part; rounded for each label.
    seed
        Of the choice; the same seed always splits the same way.

    Returns
    -------
    tuple[Dataset, Dataset]
        The rest and the share, each in the order of before.

    Raises
    ------
    ConfigurationError
        If the share is none.
    """
    _check(share)
    rng = np.random.default_rng(seed)
    is_off = np.zeros(len(dataset), np.bool_)
    for label in range(10):
        places = np.flatnonzero(dataset.labels == label)
        is_off[rng.permutation(places)[: round(share * len(places))]] = True
    return _parts(dataset, is_off)


def split_by_writer(dataset: Dataset, share: float, seed: int = 0) -> tuple[Dataset, Dataset]:
    """Split off whole writers, until they have written as near to a share of the digits as whole writers come.

    As `split_by_label`; nobody's hand is in both parts, and neither is empty where there are two writers and the
    share is not 0.

    Raises
    ------
    DataError
        If it is not known who wrote the digits.

    Examples
    --------
    >>> from nn.data.dataset import Dataset
    >>> blank, writers = np.zeros((6, 28, 28), np.uint8), np.array([1, 1, 2, 2, 3, 3])
    >>> rest, off = split_by_writer(Dataset(blank, np.arange(6, dtype=np.uint8), writers=writers), 1 / 3)
    >>> rest.writers.tolist(), off.writers.tolist()
    ([1, 1, 2, 2], [3, 3])
    """
    _check(share)
    if dataset.writers is None:
        raise DataError(f"Nobody knows who wrote {dataset.name or 'these digits'}; split them by label instead.")
    names, digits = np.unique(dataset.writers, return_counts=True)
    order = np.random.default_rng(seed).permutation(len(names))
    written = np.concatenate([[0], np.cumsum(digits[order])])
    count = int(np.abs(written - share * len(dataset)).argmin())
    if share and len(names) > 1:
        count = min(max(count, 1), len(names) - 1)
    return _parts(dataset, np.isin(dataset.writers, names[order[:count]]))


def three_parts(
    dataset: Dataset,
    *,
    validation: float = 1 / 6,
    test: float = 1 / 6,
    seed: int = 0,
    by_writer: bool | None = None,
) -> DigitData:
    """Split into digits to learn from, to watch by and to be judged on.

    Parameters
    ----------
    dataset
        What to split.
    validation, test
        Shares of the whole.
    seed
        Of the choice.
    by_writer
        Whether whole writers go to one side; by default, where they are known.

    Raises
    ------
    ConfigurationError
        If the shares leave nothing to learn from.
    DataError
        If the split is to be by writer and nobody knows them.
    """
    _check(validation + test)
    split = {None: split_off, True: split_by_writer, False: split_by_label}[by_writer]
    rest, judged = split(dataset, test, seed)
    training, watched = split(rest, validation / (1 - test), seed)
    name = dataset.name or "digits"
    everything = slice(None)
    return DigitData(
        training.subset(everything, f"{name} training"),
        watched.subset(everything, f"{name} validation"),
        judged.subset(everything, f"{name} test"),
        name,
    )


def _parts(dataset: Dataset, is_off: NDArray[np.bool_]) -> tuple[Dataset, Dataset]:
    name = dataset.name.removesuffix(" training")
    return dataset.subset(~is_off), dataset.subset(is_off, f"{name} validation".strip())


def _check(share: float) -> None:
    if not (math.isfinite(share) and 0 <= share < 1):
        raise ConfigurationError(f"A share of {share!r} cannot be split off; wanted 0 to below 1.")

"""Digits come from where a person wants them, split so that nobody is on both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from nn.data.dataset import Dataset
from nn.data.sources import load_digits, loading_digits, split_for_validation
from nn.errors import ConfigurationError, DataError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def no_mnist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("INKLING_DATA", raising=False)
    monkeypatch.setattr("nn.data.locations.user_cache_path", lambda *_, **__: tmp_path / "cache")
    return tmp_path


def dataset(count: int, writers: int | None = None) -> Dataset:
    who = None if writers is None else np.arange(count) * writers // count
    return Dataset(
        np.zeros((count, 28, 28), np.uint8), (np.arange(count) % 10).astype(np.uint8), "X training", who
    )


def test_without_writers_the_last_digits_are_kept_apart() -> None:
    data = dataset(100)
    training, validation = split_for_validation(data, 20)
    assert training.labels.tolist() == data.labels[:80].tolist()
    assert validation.labels.tolist() == data.labels[80:].tolist()
    assert (training.name, validation.name) == ("X training", "X validation")


def test_with_writers_nobody_is_on_both_sides() -> None:
    training, validation = split_for_validation(dataset(1000, 50), 100)
    assert training.writers is not None
    assert validation.writers is not None
    assert not set(training.writers) & set(validation.writers)
    assert len(training) + len(validation) == 1000
    assert len(validation) == 100


def test_without_mnist_auto_draws_its_own(no_mnist: Path) -> None:
    events = list(loading_digits("auto", seed=1, training=40, validation=20))
    data = events[-1].data
    assert data is not None
    assert (len(data.training), len(data.validation), data.test) == (40, 20, None)
    assert data.source == "built-in synthetic digits"
    assert [event.data for event in events[:-1]] == [None] * (len(events) - 1)
    assert [event.done for event in events] == sorted(event.done for event in events)
    assert events[-1].done == events[-1].total == 60


def test_synthetic_validation_is_never_the_training_of_a_neighbouring_seed(no_mnist: Path) -> None:
    seen = set()
    for seed in range(3):
        *_, last = loading_digits("synthetic", seed=seed, training=10, validation=10)
        assert last.data is not None
        seen |= {last.data.training.images.tobytes(), last.data.validation.images.tobytes()}
    assert len(seen) == 6


def test_the_same_seed_draws_the_same_digits(no_mnist: Path) -> None:
    *_, first = loading_digits("synthetic", seed=5, training=10, validation=10)
    *_, second = loading_digits("synthetic", seed=5, training=10, validation=10)
    assert first.data is not None
    assert second.data is not None
    assert first.data.training.images.tobytes() == second.data.training.images.tobytes()


def test_mnist_that_is_not_here_is_told(no_mnist: Path) -> None:
    with pytest.raises(DataError, match="Download it"):
        load_digits("mnist")


def test_a_named_folder_that_is_not_there_is_told(no_mnist: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INKLING_DATA", str(no_mnist / "nowhere"))
    with pytest.raises(DataError, match="INKLING_DATA"):
        load_digits("auto")


@pytest.mark.parametrize(("source", "seed"), [("cifar", 0), ("auto", -1), ("auto", 1.5)])
def test_no_source_and_no_seed_are_told(source: str, seed: int) -> None:
    with pytest.raises(ConfigurationError):
        loading_digits(source, seed=seed)


def test_the_real_mnist_is_split_by_its_writers(data_folder: Path) -> None:
    data = load_digits("auto")
    assert data.source == f"MNIST from {data_folder / 'mnist'}"
    assert data.test is not None
    assert (len(data.training) + len(data.validation), len(data.test)) == (60_000, 10_000)
    assert abs(len(data.validation) - 5000) < 100
    writers = [part.writers for part in (data.training, data.validation, data.test)]
    assert all(part is not None for part in writers)
    people = [set(part.tolist()) for part in writers if part is not None]
    assert sum(map(len, people)) == len(set.union(*people))

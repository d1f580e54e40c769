"""Splits lose nothing, double nothing, and keep hands apart."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn.data.dataset import Dataset
from nn.data.splits import split_by_label, split_by_writer, split_off, three_parts
from nn.errors import ConfigurationError, DataError


def digits(count: int, *, writers: int = 0) -> Dataset:
    """Return digits that are told apart by their first pixels."""
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 0, 0], images[:, 0, 1] = np.arange(count) % 256, np.arange(count) // 256
    rng = np.random.default_rng(count)
    labels = rng.integers(0, 10, count).astype(np.uint8)
    return Dataset(images, labels, "all training", rng.integers(0, writers, count) if writers else None)


def numbers(dataset: Dataset) -> list[int]:
    return [int(image[0, 0]) + 256 * int(image[0, 1]) for image in dataset.images]


@settings(deadline=None)
@given(count=st.integers(0, 300), share=st.floats(0, 0.99), seed=st.integers(0, 5), known=st.booleans())
def test_every_digit_is_in_one_part_and_in_its_order(count: int, share: float, seed: int, *, known: bool) -> None:
    whole = digits(count, writers=7 if known else 0)
    rest, off = split_off(whole, share, seed)
    assert sorted(numbers(rest) + numbers(off)) == list(range(count))
    assert numbers(rest) == sorted(numbers(rest))
    assert numbers(off) == numbers(split_off(whole, share, seed)[1])


def test_each_label_gives_the_same_share() -> None:
    whole = digits(2000)
    _, off = split_by_label(whole, 0.25, 1)
    for label in range(10):
        assert (off.labels == label).sum() == round(0.25 * (whole.labels == label).sum())
    assert numbers(off) != numbers(split_by_label(whole, 0.25, 2)[1])
    assert off.name == "all validation"


@settings(deadline=None)
@given(st.integers(2, 300), st.floats(0.01, 0.99), st.integers(0, 5))
def test_nobodys_hand_is_in_both_parts(count: int, share: float, seed: int) -> None:
    whole = digits(count, writers=9)
    rest, off = split_by_writer(whole, share, seed)
    assert rest.writers is not None
    assert off.writers is not None
    assert not set(rest.writers) & set(off.writers)
    if len({*rest.writers, *off.writers}) > 1:
        assert len(rest)
        assert len(off)


def test_whole_writers_come_near_the_share() -> None:
    _, off = split_by_writer(digits(5000, writers=100), 0.2)
    assert abs(len(off) - 1000) < 40


@pytest.mark.parametrize("by_writer", [None, True, False])
def test_three_parts_have_nothing_in_common(*, by_writer: bool | None) -> None:
    data = three_parts(digits(3000, writers=60), validation=0.2, test=0.1, by_writer=by_writer)
    assert data.test is not None
    parts = [numbers(part) for part in (data.training, data.validation, data.test)]
    assert sorted(number for part in parts for number in part) == list(range(3000))
    assert [round(len(part) / 3000, 1) for part in parts] == [0.7, 0.2, 0.1]
    hands = [set(part.writers) for part in (data.training, data.validation, data.test)]  # type: ignore[arg-type]
    assert bool(hands[0] & hands[1] or hands[1] & hands[2]) == (by_writer is False)


def test_what_cannot_be_split_is_told() -> None:
    with pytest.raises(DataError, match="split them by label"):
        split_by_writer(digits(10), 0.5)
    for share in (-0.1, 1.0, float("nan")):
        with pytest.raises(ConfigurationError, match="cannot be split off"):
            split_off(digits(10), share)
    with pytest.raises(ConfigurationError):
        three_parts(digits(10), validation=0.5, test=0.5)

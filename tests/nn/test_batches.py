"""Batches show every digit once an epoch, in an order that can be had again."""

from __future__ import annotations

import threading
from itertools import chain, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn.data.augmentation import AUGMENTATIONS, Augmentation
from nn.data.batches import Batches
from nn.data.dataset import Dataset, joined
from nn.errors import DataError
from nn.evaluation import evaluate
from nn.network import mlp

NETWORK = mlp([784, 10])


def numbered(count: int) -> Dataset:
    """Frames that carry their own number in two pixels."""
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 0, 0], images[:, 0, 1] = np.arange(count) % 256, np.arange(count) // 256
    return Dataset(images, (np.arange(count) % 10).astype(np.uint8), "numbered")


def numbers(x: np.typing.NDArray[np.floating]) -> list[int]:
    return [round(float(row[0] * 255 + row[1] * 255 * 256)) for row in x]


@settings(max_examples=30, deadline=None)
@given(count=st.integers(1, 1300), size=st.integers(1, 700), first=st.integers(0, 10))
def test_an_epoch_shows_every_digit_once_and_can_begin_anywhere(count: int, size: int, first: int) -> None:
    batches = Batches(numbered(count), size, NETWORK, seed=3)
    whole = [(numbers(x), labels.tolist()) for x, labels in batches.epoch(2)]
    assert len(whole) == len(batches)
    assert sorted(chain.from_iterable(seen for seen, _ in whole)) == list(range(count))
    assert all(len(seen) == size for seen, _ in whole[:-1])
    assert all(label == number % 10 for seen, labels in whole for number, label in zip(seen, labels, strict=True))
    late = [(numbers(x), labels.tolist()) for x, labels in batches.epoch(2, first)]
    assert late == whole[first:]


def test_epochs_differ_and_seeds_differ() -> None:
    def order(seed: int, epoch: int) -> list[int]:
        batches = Batches(numbered(100), 100, NETWORK, seed=seed)
        return numbers(next(iter(batches.epoch(epoch)))[0])

    orders = [order(0, 0), order(0, 1), order(1, 0)]
    assert all(a != b for a, b in pairwise([*orders, orders[0]]))
    assert order(0, 0) == orders[0]


def gentle(_: int) -> Augmentation:
    return AUGMENTATIONS["gentle"]


def test_batches_varied_ahead_on_a_thread_are_those_varied_in_turn() -> None:
    def seen(threads: int) -> list[bytes]:
        batches = Batches(numbered(1500), 100, NETWORK, seed=3, augmentation=gentle, threads=threads)
        return [x.tobytes() + labels.tobytes() for x, labels in batches.epoch(1, first=2)]

    assert seen(2) == seen(1)
    assert len(seen(2)) == 13


def test_an_epoch_given_up_leaves_no_thread_behind() -> None:
    before = threading.active_count()
    epoch = Batches(numbered(1500), 100, NETWORK, seed=3, augmentation=gentle).epoch(0)
    next(epoch)
    assert threading.active_count() == before + 1
    epoch.close()
    assert threading.active_count() == before


def test_data_sets_join_and_split_with_their_writers() -> None:
    one, other = numbered(5), numbered(7)
    both = joined(one, other, name="both")
    assert (len(both), both.writers) == (12, None)
    known = Dataset(one.images, one.labels, "known", np.arange(5))
    part = joined(known, known, name="twice").subset(slice(4, 7))
    assert part.writers is not None
    assert part.writers.tolist() == [4, 0, 1]


@pytest.mark.parametrize(
    ("images", "labels"),
    [
        (np.zeros((3, 28, 28)), np.zeros(3, np.uint8)),
        (np.zeros((3, 784), np.uint8), np.zeros(3, np.uint8)),
        (np.zeros((3, 28, 28), np.uint8), np.zeros(4, np.uint8)),
    ],
)
def test_a_data_set_of_the_wrong_shape_is_refused(
    images: np.typing.NDArray[np.uint8], labels: np.typing.NDArray[np.uint8]
) -> None:
    with pytest.raises(DataError, match="wanted"):
        Dataset(images, labels)


def test_evaluation_counts_by_truth_and_reading() -> None:
    network = mlp([784, 10])
    network.parameters[:] = 0
    network.parameters[-10:] = np.eye(10)[4] * 5  # it reads a 4 in everything
    found = evaluate(network, numbered(1000))
    assert (found.samples, found.correct, found.accuracy) == (1000, 100, 0.1)
    assert (found.confusion[:, 4] == 100).all()
    probability = np.exp(5) / (np.exp(5) + 9)
    assert found.loss == pytest.approx(
        -0.1 * np.log(probability) - 0.9 * np.log(probability / np.exp(5)), rel=1e-5
    )


def test_nothing_to_evaluate_is_no_error() -> None:
    found = evaluate(NETWORK, numbered(3).subset(slice(0)))
    assert (found.samples, found.accuracy, found.loss) == (0, 0.0, 0.0)

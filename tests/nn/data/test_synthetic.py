"""The built-in hand: balanced, repeatable, framed like a person's digits, and good enough to learn MNIST from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from nn.data.copybook import COPYBOOK
from nn.data.dataset import DigitData, joined
from nn.data.mnist import load_mnist_training
from nn.data.pen_motion import Hand, stroke_lengths, written
from nn.data.stroke_templates import parse_style, styles
from nn.data.synthetic import synthetic_batches, synthetic_dataset, synthetic_drawings
from nn.errors import ConfigurationError
from nn.evaluation import evaluate
from nn.ink.frame import frame_from_drawing
from nn.network import mlp
from nn.training import train
from nn.training_config import TrainingConfig

if TYPE_CHECKING:
    from pathlib import Path

    from nn.data.dataset import Dataset

STILL = Hand(
    pose_overshoot=0, slant=0, rotation=0, aspect=0, bend=0, jitter=0, sway=0, stroke_shift=0, ends=0, tremor=0
)


@pytest.fixture(scope="module")
def digits() -> Dataset:
    return synthetic_dataset(1000, seed=5)


def strokes_of(digit: int) -> set[int]:
    return {len(style.lengths) for style in styles(digit)}


def test_there_are_as_many_of_each_digit(digits: Dataset) -> None:
    assert np.bincount(digits.labels).tolist() == [100] * 10


def test_a_count_that_ten_does_not_divide_is_balanced_to_one() -> None:
    counts = np.bincount(synthetic_dataset(23, seed=1).labels, minlength=10)
    assert counts.sum() == 23
    assert set(counts) == {2, 3}


def test_digits_come_in_random_order(digits: Dataset) -> None:
    assert len(set(digits.labels[:30].tolist())) > 6
    assert not np.array_equal(digits.labels[:100], digits.labels[500:600])


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    once, again, other = (synthetic_dataset(60, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(once.images, again.images)
    np.testing.assert_array_equal(once.labels, again.labels)
    assert not np.array_equal(once.images, other.images)


def test_batches_are_the_data_set_in_parts() -> None:
    parts = list(synthetic_batches(1100, seed=4))
    assert [len(part) for part in parts] == [500, 500, 100]
    whole = synthetic_dataset(1100, seed=4)
    np.testing.assert_array_equal(joined(*parts, name="parts").images, whole.images)
    np.testing.assert_array_equal(joined(*parts, name="parts").labels, whole.labels)


def test_batches_are_written_only_when_asked_for() -> None:
    # A million digits would take minutes; the first ten are here at once.
    assert len(next(synthetic_batches(1_000_000, seed=0, chunk=10))) == 10


def test_drawings_and_frames_of_a_seed_are_the_same_digits() -> None:
    drawings, dataset = synthetic_drawings(40, seed=9), synthetic_dataset(40, seed=9)
    assert [drawing.label for drawing in drawings] == dataset.labels.tolist()
    for drawing, image in zip(drawings, dataset.images, strict=True):
        # Only the pen differs: the ink of one lies where the ink of the other is, or next to it.
        thick = frame_from_drawing(drawing, 6) > 0
        assert (image[~thick] > 0).mean() < 0.08


def test_frames_are_framed_like_mnist(digits: Dataset) -> None:
    ink = digits.images.astype(float)
    rows, columns = (np.any(digits.images, axis=axis).sum(axis=1) for axis in (2, 1))
    assert np.abs(np.maximum(rows, columns) - 20).max() <= 1
    assert (ink.max(axis=(1, 2)) == 255).all()
    for axis in (1, 2):
        middle = (ink.sum(axis=axis) * np.arange(28)).sum(axis=1) / ink.sum(axis=(1, 2))
        assert middle.min() > 13.4
        assert middle.max() < 14.6


def test_ink_is_as_much_as_mnist_has(digits: Dataset) -> None:
    pixels = digits.images / 255
    assert pixels.mean() == pytest.approx(0.1307, abs=0.006)
    assert pixels.std() == pytest.approx(0.3081, abs=0.012)


def test_no_digits_are_a_data_set_too() -> None:
    assert synthetic_dataset(0, seed=0).images.shape == (0, 28, 28)
    assert synthetic_drawings(0, seed=0) == []


@pytest.mark.parametrize(("count", "chunk", "seed"), [(-1, 500, 0), (10, 0, 0), (10, 500, -1)])
def test_impossible_orders_are_refused_at_once(count: int, chunk: int, seed: int) -> None:
    with pytest.raises(ConfigurationError, match="wanted at least"):
        synthetic_batches(count, seed=seed, chunk=chunk)


@pytest.mark.parametrize("digit", range(10))
def test_every_digit_has_many_styles_each_with_words(digit: int) -> None:
    assert len(styles(digit)) >= 5
    for style in styles(digit):
        assert style.digit == digit
        assert style.weight > 0
        assert len(style.about) > 3


def test_the_copybook_is_read_whole() -> None:
    assert sum(len(styles(digit)) for digit in range(10)) == COPYBOOK.count(" x ")


@pytest.mark.parametrize(
    ("digit", "about"),
    [(0, "slashed"), (1, "upstroke"), (1, "base"), (4, "open"), (4, "closed"), (7, "crossed"), (7, "serif")],
)
def test_styles_that_plain_networks_misread_are_in_the_copybook(digit: int, about: str) -> None:
    assert any(about in style.about for style in styles(digit))


def test_crossed_sevens_and_fives_with_a_bar_take_two_strokes() -> None:
    assert strokes_of(7) == strokes_of(5) == {1, 2}


def test_a_still_hand_draws_through_the_points_of_the_copybook() -> None:
    style = parse_style("7 x 1: plain\n0,0 50,0! 50,100")
    path = written(style, 1, np.random.default_rng(0), STILL)[0]
    path -= path.min(axis=0)
    # The corner is sharp and spans are straight, though this digit leans and widens: three points on two lines.
    bar, stem = path[:6], path[5:]
    assert len(path) == sum(stroke_lengths(style)) == 11
    for line in (bar, stem):
        middle = (line[0] + line[-1]) / 2
        np.testing.assert_allclose(line[2:4].mean(axis=0), middle, atol=1e-5)


def test_a_mixture_of_poses_lies_between_them() -> None:
    style = parse_style("1 x 1: two\n0,0 0,100\n0,0 0,50")
    heights = np.ptp(written(style, 200, np.random.default_rng(0), STILL)[:, :, 1], axis=1)
    assert heights.max() / heights.min() == pytest.approx(2, rel=0.1)


def test_no_two_writers_write_the_same() -> None:
    for digit in range(10):
        paths = written(styles(digit)[0], 20, np.random.default_rng(1), Hand())
        distances = np.abs(paths[:, np.newaxis] - paths).mean(axis=(2, 3))
        assert distances[~np.eye(20, dtype=bool)].min() > 0.005


@pytest.mark.parametrize(
    ("paragraph", "message"),
    [
        ("7: no weight\n0,0 1,1", "begins with a line like"),
        ("7 x 1: no pose", "begins with a line like"),
        ("7 x 1: points\n0,0 1,1\n0,0 1,1 2,2", "differ in strokes, points or corners"),
        ("7 x 1: corners\n0,0 1,1! 2,2\n0,0 1,1 2,2", "differ in strokes, points or corners"),
        ("7 x 1: strokes\n0,0 1,1 2,2 / 3,3\n0,0 1,1 / 2,2 3,3", "differ in strokes, points or corners"),
    ],
)
def test_a_paragraph_that_is_no_style_is_refused(paragraph: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_style(paragraph)


def test_a_small_network_that_saw_only_synthetic_digits_reads_mnist(data_folder: Path) -> None:
    # The last training digits of MNIST stand for its test set, which nothing here was ever tuned on.
    mnist = load_mnist_training(data_folder / "mnist").subset(slice(-10_000, None))
    training = synthetic_dataset(20_000, seed=0)
    network = mlp([784, 128, 10], seed=0)
    config = TrainingConfig(
        epochs=6, batch_size=64, optimizer="adam", rate=0.001, schedule="cosine", augmentation="gentle"
    )
    for _ in train(network, DigitData(training, training.subset(slice(100)), None, "synthetic"), config):
        pass
    assert evaluate(network, mnist).accuracy >= 0.93

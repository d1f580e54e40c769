"""MNIST as the books split it: what is learned, what is kept apart, what is turned."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np
import pytest

from nn.data.dataset import Dataset
from nn.recipes.digits import MnistDigits, with_rotations

if TYPE_CHECKING:
    from pathlib import Path

    from nn.arrays import Bytes


@pytest.fixture(autouse=True)
def numbered_mnist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An MNIST of 120 digits, each with its number in its first pixel, and 10 test digits."""
    for part, count in (("train", 120), ("t10k", 10)):
        images = np.zeros((count, 28, 28), np.uint8)
        images[:, 0, 0] = np.arange(count)
        for kind, values in (("images-idx3", images), ("labels-idx1", np.arange(count, dtype=np.uint8) % 10)):
            header = struct.pack(f">HBB{values.ndim}I", 0, 8, values.ndim, *values.shape)
            (tmp_path / f"{part}-{kind}-ubyte").write_bytes(header + values.tobytes())
    monkeypatch.setenv("INKLING_DATA", str(tmp_path))


def numbers(digits: Dataset) -> list[int]:
    return [int(number) for number in digits.images[:, 0, 0]]


def test_all_digits_are_learned_and_the_last_twelfth_watches() -> None:
    data = MnistDigits()()
    assert numbers(data.training) == list(range(120))
    assert numbers(data.validation) == list(range(110, 120))
    assert "those that watch are among them" in data.source


def test_nielsen_learns_from_the_first_50_of_60_and_keeps_the_rest() -> None:
    data = MnistDigits(kept=10_000)()
    assert numbers(data.training) == list(range(100))
    assert numbers(data.validation) == list(range(100, 120))


def test_apart_nothing_that_watches_is_learned() -> None:
    for split in (MnistDigits(), MnistDigits(kept=10_000), MnistDigits(rotation=10)):
        data = split.apart()()
        assert not set(numbers(data.training)) & set(numbers(data.validation)) - {0}


def test_rotations_stand_beside_every_digit() -> None:
    data = MnistDigits(rotation=10).apart()()
    assert len(data.training) == 3 * 110
    np.testing.assert_array_equal(data.training.labels, np.tile(np.arange(110) % 10, 3))


def line(images: Bytes) -> list[float]:
    """Where the ink is in the upper half of each image, in pixels to the right of the middle."""
    columns = np.arange(28) - 13.5
    upper = images[:, 6:10].astype(float)
    return [float((image * columns).sum() / image.sum()) for image in upper]


def test_one_copy_leans_to_the_left_and_one_to_the_right() -> None:
    images = np.zeros((1, 28, 28), np.uint8)
    images[:, 4:24, 13:15] = 255
    upright, left, right = line(with_rotations(Dataset(images, np.array([1], np.uint8)), 10).images)
    # The rows looked at are 6 above the middle: turned by 10 degrees, 6 tan 10 = 1.06 to the side.
    assert upright == pytest.approx(0)
    assert sorted([left, right]) == pytest.approx([-1.06, 1.06], abs=0.15)

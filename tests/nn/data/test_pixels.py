"""Bytes that became floats become the same bytes again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from nn.data.pixels import frames_of, labels_of, pixels_as_bytes
from nn.files.streams import DamageError

if TYPE_CHECKING:
    from collections.abc import Callable

ALL = np.concatenate([np.arange(256), np.zeros(528)]).astype(np.uint8).reshape(1, 784)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, ">f4"])
@pytest.mark.parametrize("divided", [1, 255, 256])
def test_every_byte_divided_by_255_by_256_or_by_nothing_comes_back(dtype: Any, divided: int) -> None:
    values = (ALL / divided).astype(dtype)
    np.testing.assert_array_equal(pixels_as_bytes(values), ALL)


@pytest.mark.parametrize("dtype", [np.int8, np.int16, np.int64, np.uint32])
def test_whole_numbers_stay_as_they_are(dtype: Any) -> None:
    np.testing.assert_array_equal(pixels_as_bytes((ALL % 100).astype(dtype)), ALL % 100)
    np.testing.assert_array_equal(pixels_as_bytes((ALL > 0).astype(np.int64)), ALL > 0)


def test_black_and_white_becomes_0_and_255() -> None:
    for values in (ALL > 100, (ALL > 100).astype(np.float32)):
        np.testing.assert_array_equal(pixels_as_bytes(values), 255 * (ALL > 100))


def test_greys_between_bytes_go_to_the_nearest() -> None:
    values = np.zeros((1, 784))
    values[0, :3] = [0.1234, 0.999, 0.001]
    assert pixels_as_bytes(values)[0, :3].tolist() == [31, 255, 0]


@pytest.mark.parametrize("shape", [(1, 784), (1, 28, 28), (1, 784, 1), (1, 28, 28, 1), (1, 1, 28, 28)])
def test_pictures_may_lie_in_any_way(shape: tuple[int, ...]) -> None:
    np.testing.assert_array_equal(frames_of(ALL.reshape(shape)), ALL.reshape(1, 28, 28))


@pytest.mark.parametrize("way", [np.asarray, lambda y: y[:, np.newaxis], lambda y: np.eye(10)[y]])
def test_labels_come_as_digits_or_as_rows_of_ten(way: Callable[[Any], Any]) -> None:
    labels = np.array([3, 0, 9])
    assert labels_of(way(labels), 3).tolist() == [3, 0, 9]


def test_no_pixels_and_no_labels_are_refused() -> None:
    for values in (ALL - 0.5, ALL + 1000.0, np.full((1, 784), np.inf), ALL + 0.3, ALL * 1j):
        with pytest.raises(DamageError):
            pixels_as_bytes(values)
    for labels in ([1.5], [10], [-1], [[1, 2]], ["1"]):
        with pytest.raises(DamageError):
            labels_of(np.array(labels), 1)

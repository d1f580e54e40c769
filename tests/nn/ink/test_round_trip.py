"""Real MNIST digits, blown up and dropped anywhere, come back through the pixel recipe."""

from __future__ import annotations

import gzip
import io
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from nn.ink import centre_of_mass, frame_from_picture

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nn.arrays import Bytes

NEAREST, BILINEAR = Image.Resampling.NEAREST, Image.Resampling.BILINEAR
BICUBIC, LANCZOS = Image.Resampling.BICUBIC, Image.Resampling.LANCZOS


@pytest.fixture(scope="module")
def digits(data_folder: Path) -> Bytes:
    with gzip.open(data_folder / "mnist" / "t10k-images-idx3-ubyte.gz") as file:
        pixels: Bytes = np.frombuffer(file.read(), dtype=np.uint8, offset=16)
    return pixels.reshape(-1, 28, 28)


def _differences(frames: Bytes, digits: Bytes) -> list[float]:
    return [float(np.abs(frame.astype(int) - digit).mean()) for frame, digit in zip(frames, digits, strict=True)]


def _dropped(digit: Bytes, rng: np.random.Generator, by: Image.Resampling) -> Bytes:
    side = 28 * int(rng.integers(7, 14))
    canvas = np.zeros(rng.integers(side, 600, size=2), dtype=np.uint8)
    top, left = (int(rng.integers(0, free + 1)) for free in np.array(canvas.shape) - side)
    canvas[top : top + side, left : left + side] = np.asarray(Image.fromarray(digit).resize((side, side), by))
    return 255 - canvas if rng.random() < 0.5 else canvas


def _as_jpeg(picture: Bytes) -> Bytes:
    encoded = io.BytesIO()
    Image.fromarray(picture).save(encoded, format="JPEG", quality=85)
    return np.asarray(Image.open(encoded))


def _unchanged(picture: Bytes) -> Bytes:
    return picture


def _come_back(digits: Bytes, picture_of: Callable[[Bytes], Bytes]) -> list[float]:
    frames = np.stack([frame_from_picture(picture_of(digit)) for digit in digits])
    for frame in frames:
        assert all(13.5 <= balance <= 14.5 for balance in centre_of_mass(frame))
    return _differences(frames, digits)


@pytest.mark.parametrize("post", [_unchanged, _as_jpeg])
def test_digits_blown_up_and_dropped_anywhere_come_back(digits: Bytes, post: Callable[[Bytes], Bytes]) -> None:
    rng = np.random.default_rng(1)
    differences = _come_back(digits[::40], lambda digit: post(_dropped(digit, rng, NEAREST)))
    assert np.mean(differences) < (0.1 if post is _unchanged else 1.0)
    assert np.percentile(differences, 95) < 2


@pytest.mark.parametrize("by", [BILINEAR, BICUBIC, LANCZOS])
def test_digits_blown_up_smoothly_come_back(digits: Bytes, by: Image.Resampling) -> None:
    # A digit that balances within a hair of the middle between two pixels may be pasted one pixel off; the rest
    # comes back sharp, which the median tells.
    rng = np.random.default_rng(2)
    differences = _come_back(digits[::60], lambda digit: _dropped(digit, rng, by))
    assert np.mean(differences) < 2
    assert np.median(differences) < 1


@pytest.mark.parametrize("is_inverted", [False, True])
def test_a_frame_of_mnist_comes_back_as_it_is(digits: Bytes, *, is_inverted: bool) -> None:
    some = digits[::20]
    differences = _come_back(some, lambda digit: 255 - digit if is_inverted else digit)
    assert np.mean(differences) < 0.05
    assert max(differences) < 1


def test_a_frame_of_mnist_kept_as_jpeg_comes_back(digits: Bytes) -> None:
    differences = _come_back(digits[::40], _as_jpeg)
    assert np.median(differences) < 1

"""Augmentation: the laws that any change of a digit keeps, and how large each change may be."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn.data.augmentation import AUGMENTATIONS, Augmentation, augment, thickened, warped
from nn.data.synthetic import synthetic_dataset
from nn.errors import ConfigurationError, ShapeError

if TYPE_CHECKING:
    from nn.arrays import Bytes, Float32


@pytest.fixture(scope="module")
def digits() -> Bytes:
    return synthetic_dataset(300, seed=3).images


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def maps(*rows: tuple[float, float, float], count: int = 1) -> Float32:
    return np.repeat(np.array([rows], np.float32), count, axis=0)


def inside(images: Bytes, margin: int) -> Bytes:
    return images[:, margin:-margin, margin:-margin]


def test_no_augmentation_is_identity(digits: Bytes) -> None:
    np.testing.assert_array_equal(augment(digits, rng(), AUGMENTATIONS["none"]), digits)


@settings(deadline=None, max_examples=25)
@given(x=st.integers(-5, 5), y=st.integers(-5, 5), seed=st.integers(0, 99))
def test_a_shift_by_whole_pixels_is_a_roll_inside(x: int, y: int, seed: int) -> None:
    images = rng(seed).integers(0, 256, (3, 28, 28), dtype=np.uint8)
    shifted = warped(images, maps((1, 0, -x), (0, 1, -y), count=3))
    np.testing.assert_array_equal(inside(shifted, 5), inside(np.roll(images, (y, x), (1, 2)), 5))


@settings(deadline=None, max_examples=25)
@given(x=st.integers(0, 5), y=st.integers(0, 5))
def test_beyond_the_edge_there_is_paper(x: int, y: int) -> None:
    full = np.full((1, 28, 28), 255, np.uint8)
    shifted = warped(full, maps((1, 0, -x), (0, 1, -y)))
    assert not shifted[:, :y].any()
    assert not shifted[:, :, :x].any()
    assert (shifted[:, y:, x:] == 255).all()


def test_a_quarter_turn_is_rot90(digits: Bytes) -> None:
    turned = warped(digits, maps((0, 1, 0), (-1, 0, 0), count=len(digits)))
    np.testing.assert_array_equal(turned, np.rot90(digits, -1, axes=(1, 2)))


def test_half_a_pixel_is_the_mean_of_two_neighbours() -> None:
    image = np.zeros((1, 28, 28), np.uint8)
    image[0, 10, 10:12] = 100, 200
    moved = warped(image, maps((1, 0, 0.5), (0, 1, 0)))
    assert moved[0, 10, 9:12].tolist() == [50, 150, 100]


def test_a_hill_moves_what_is_at_its_node_and_not_what_is_at_the_next() -> None:
    image = np.zeros((1, 28, 28), np.uint8)
    image[0, 0, 3], image[0, 27, 27] = 200, 100
    hills = np.zeros((1, 2, 28), np.float32)
    hills[0, 0, 0] = hills[0, 1, 1] = 1
    hills[0, 0, 3] = 3  # the node in the upper left corner asks three pixels to the right
    moved = warped(image, hills)
    assert moved[0, 0, 0] == 200
    assert moved[0, 27, 27] == 100


@pytest.mark.parametrize("name", ["rotations", "gentle", "strong"])
def test_the_ink_is_roughly_kept(digits: Bytes, name: str) -> None:
    changed = augment(digits, rng(), AUGMENTATIONS[name])
    assert changed.mean() == pytest.approx(digits.mean(), rel=0.05)
    assert not np.array_equal(changed, digits)
    kept = changed.sum(axis=(1, 2)) / digits.sum(axis=(1, 2), dtype=float)
    assert kept.min() > 0.35


@pytest.mark.parametrize("field", [field.name for field in fields(Augmentation)])
def test_every_limit_alone_changes_images_and_only_to_its_degree(digits: Bytes, field: str) -> None:
    strength = replace(Augmentation(), **{field: {"rotation": 10.0, "shift": 2.0}.get(field, 0.2)})
    small = replace(Augmentation(), **{field: getattr(strength, field) / 10})
    far, near = (
        np.abs(augment(digits, rng(), limits).astype(int) - digits).mean() for limits in (strength, small)
    )
    assert 0 < near < far / 2
    assert far < 30


def test_half_as_strong_goes_half_as_far(digits: Bytes) -> None:
    whole, half = Augmentation(shift=3), Augmentation(shift=3).scaled(0.5)
    assert half == Augmentation(shift=1.5)
    moved = [augment(digits, rng(), strength).astype(int) - digits for strength in (half, whole)]
    assert np.abs(moved[0]).mean() < 0.8 * np.abs(moved[1]).mean()


def test_shifted_digits_move_within_the_limit(digits: Bytes) -> None:
    columns = np.arange(28)

    def middle(images: Bytes) -> Float32:
        ink = images.sum(axis=1, dtype=np.float32)
        return np.asarray((ink * columns).sum(axis=1) / ink.sum(axis=1))

    moved = middle(augment(digits, rng(), Augmentation(shift=2))) - middle(digits)
    assert np.abs(moved).max() < 2.05
    assert moved.max() > 1.5
    assert moved.min() < -1.5


def test_the_same_seed_gives_the_same_bytes(digits: Bytes) -> None:
    once, again = (augment(digits, rng(7), AUGMENTATIONS["strong"]) for _ in range(2))
    np.testing.assert_array_equal(once, again)
    assert not np.array_equal(once, augment(digits, rng(8), AUGMENTATIONS["strong"]))


def test_images_are_changed_each_by_itself(digits: Bytes) -> None:
    strong = AUGMENTATIONS["strong"]
    changed = augment(digits, rng(), strong)
    others = digits.copy()
    others[1:] = others[1:][::-1]
    np.testing.assert_array_equal(augment(others, rng(), strong)[0], changed[0])
    np.testing.assert_array_equal(augment(digits[:150], rng(), strong), changed[:150])


def test_the_given_images_stay_as_they_are(digits: Bytes) -> None:
    before = digits.copy()
    augment(digits, rng(), AUGMENTATIONS["strong"])
    np.testing.assert_array_equal(digits, before)


def test_no_images_stay_no_images() -> None:
    assert augment(np.zeros((0, 28, 28), np.uint8), rng(), AUGMENTATIONS["strong"]).shape == (0, 28, 28)


def test_blank_paper_stays_blank_and_full_paper_full_inside() -> None:
    blank, full = np.zeros((5, 28, 28), np.uint8), np.full((5, 28, 28), 255, np.uint8)
    assert not augment(blank, rng(), AUGMENTATIONS["strong"]).any()
    assert (inside(augment(full, rng(), AUGMENTATIONS["gentle"]), 8) == 255).all()


def test_a_dot_thickens_to_a_cross_and_thins_to_nothing() -> None:
    dot = np.zeros((3, 28, 28), np.uint8)
    dot[:, 5, 5] = 200
    thick, thin, half = thickened(dot, np.array([1, -1, 0.5], np.float32))
    assert thick[4:7, 4:7].tolist() == [[0, 200, 0], [200, 200, 200], [0, 200, 0]]
    assert not thin.any()
    assert half[4:7, 4:7].tolist() == [[0, 100, 0], [100, 200, 100], [0, 100, 0]]


@settings(deadline=None, max_examples=25)
@given(amount=st.floats(0, 1, width=32), seed=st.integers(0, 99))
def test_thicker_never_takes_ink_and_thinner_never_adds(amount: float, seed: int) -> None:
    images = rng(seed).integers(0, 256, (2, 28, 28), dtype=np.uint8)
    thick, thin = (thickened(images, np.full(2, sign * amount, np.float32)) for sign in (1, -1))
    assert (thick >= images).all()
    assert (thin <= images).all()


@pytest.mark.parametrize("images", [np.zeros((2, 28, 28), np.float32), np.zeros((28, 28), np.uint8)])
def test_images_of_another_kind_are_refused(images: Bytes) -> None:
    with pytest.raises(ShapeError, match=r"expected uint8 \(n, 28, 28\)"):
        augment(images, rng(), AUGMENTATIONS["none"])


@pytest.mark.parametrize("bad", [-0.1, float("nan"), float("inf"), 1000.0])
@pytest.mark.parametrize("field", [field.name for field in fields(Augmentation)])
def test_limits_that_leave_no_digit_are_refused(field: str, bad: float) -> None:
    with pytest.raises(ConfigurationError, match=field):
        Augmentation(**{field: bad})

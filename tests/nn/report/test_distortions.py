"""Distortions: at nothing they do nothing, and strokes and pictures are bent the same way."""

from __future__ import annotations

import numpy as np
import pytest

from nn.data.synthetic import synthetic_drawings
from nn.report.digit_sets import DigitSet, drawn
from nn.report.distortions import DISTORTIONS

DRAWINGS = synthetic_drawings(40, seed=9)
STROKES = DigitSet(drawn(DRAWINGS, "strokes"), DRAWINGS)
PICTURES = DigitSet(STROKES.digits)
KNOWN = {distortion.name: distortion for distortion in DISTORTIONS}

NOTHING = {
    "rotation": 0,
    "slant": 0,
    "pen": 1,
    "shaking": 0,
    "sparse points": 1,
    "grain": 0,
    "shift right": 0,
    "shift down": 0,
    "size in the frame": 1,
}


@pytest.mark.parametrize("name", NOTHING)
def test_at_nothing_nothing_is_done(name: str) -> None:
    for digits in (STROKES, PICTURES):
        if digits.can_be(KNOWN[name]):
            done = digits.disturbed(KNOWN[name], NOTHING[name])
            change = np.abs(done.images.astype(int) - digits.digits.images)
            assert change.max() <= 1, digits.name
            assert done.labels is digits.digits.labels


def test_a_picture_of_a_drawing_is_nearly_the_drawing() -> None:
    change = np.abs(STROKES.disturbed(KNOWN["pen of a picture"], 1).images.astype(int) - STROKES.digits.images)
    assert change.mean() < 4
    assert not PICTURES.can_be(KNOWN["pen of a picture"])


@pytest.mark.parametrize("name", ["size", "place"])
def test_size_and_place_on_the_pad_make_no_difference(name: str) -> None:
    for value in KNOWN[name].values:
        change = np.abs(STROKES.disturbed(KNOWN[name], value).images.astype(int) - STROKES.digits.images)
        assert change.max() <= 2, value


@pytest.mark.parametrize(("name", "amount"), [("rotation", 20), ("slant", 20)])
def test_strokes_and_pictures_are_bent_the_same_way(name: str, amount: float) -> None:
    bent, as_much, other_way = (
        digits.disturbed(KNOWN[name], value).images.astype(int)
        for digits, value in ((STROKES, amount), (PICTURES, amount), (PICTURES, -amount))
    )
    assert np.abs(bent - as_much).mean() < 0.6 * np.abs(bent - other_way).mean()


@pytest.mark.parametrize("digits", [STROKES, PICTURES], ids=["strokes", "pictures"])
def test_a_thicker_pen_leaves_more_ink(digits: DigitSet) -> None:
    ink = [digits.disturbed(KNOWN["pen"], value).images.mean() for value in KNOWN["pen"].values]
    assert ink == sorted(ink)
    assert ink[-1] > 2 * ink[0]


def test_a_shift_moves_ink_by_whole_pixels() -> None:
    before = PICTURES.digits.images
    np.testing.assert_array_equal(PICTURES.disturbed(KNOWN["shift right"], 2).images[:, :, 2:], before[:, :, :-2])
    np.testing.assert_array_equal(PICTURES.disturbed(KNOWN["shift down"], -1).images[:, :-1], before[:, 1:])


def test_a_larger_digit_in_the_frame_has_more_ink() -> None:
    smaller, larger = (PICTURES.disturbed(KNOWN["size in the frame"], value).images.mean() for value in (0.6, 1.3))
    assert larger > 3 * smaller


def test_pictures_without_strokes_are_spared_what_is_for_strokes() -> None:
    assert not PICTURES.can_be(KNOWN["sparse points"])
    assert STROKES.can_be(KNOWN["sparse points"])
    assert STROKES.can_be(KNOWN["grain"])


@pytest.mark.parametrize("name", ["shaking", "grain"])
def test_chance_is_the_same_each_time(name: str) -> None:
    once, again = (STROKES.disturbed(KNOWN[name], 5).images for _ in range(2))
    np.testing.assert_array_equal(once, again)

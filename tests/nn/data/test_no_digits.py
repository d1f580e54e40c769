"""Figures that are no digit: repeatable, of all families, inked like digits, and labelled as none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from nn.data.dataset import NO_DIGIT
from nn.data.no_digits import FAMILIES, SPOILED, no_digit_dataset, no_digit_drawings, no_digits_by_family
from nn.data.synthetic import synthetic_drawings
from nn.errors import ConfigurationError
from nn.ink.frame import frame_from_drawing
from nn.ink.strokes import Drawing, Stroke

if TYPE_CHECKING:
    from nn.data.no_digits import Family, Spoiling


def test_figures_carry_no_label_and_frames_the_eleventh() -> None:
    assert {drawing.label for drawing in no_digit_drawings(60, seed=3)} == {None}
    dataset = no_digit_dataset(60, seed=3)
    assert set(dataset.labels.tolist()) == {NO_DIGIT}
    assert dataset.images.shape == (60, 28, 28)


def test_every_frame_has_ink_as_bright_as_a_digits() -> None:
    assert (no_digit_dataset(200, seed=1).images.max(axis=(1, 2)) == 255).all()


def test_the_same_seed_gives_the_same_frames_and_another_seed_others() -> None:
    once, again, other = (no_digit_dataset(40, seed=seed).images for seed in (1, 1, 2))
    np.testing.assert_array_equal(once, again)
    assert not np.array_equal(once, other)


def test_drawings_beyond_a_chunk_are_others() -> None:
    drawings = no_digit_drawings(1010, seed=4)
    assert len(drawings) == 1010
    assert not np.array_equal(drawings[0].strokes[0].points, drawings[500].strokes[0].points)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
def test_each_family_draws_figures_that_can_be_inked(family: Family) -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        figure = Drawing(tuple(Stroke(path) for path in family(rng)))
        assert frame_from_drawing(figure).any()


@pytest.mark.parametrize("spoil", SPOILED, ids=lambda spoil: spoil.__name__)
def test_each_way_to_spoil_a_digit_gives_another_frame(spoil: Spoiling) -> None:
    rng = np.random.default_rng(0)
    digits = synthetic_drawings(100, seed=0)
    frames = {frame_from_drawing(digit).tobytes() for digit in digits}
    for _ in range(20):
        figure = Drawing(tuple(Stroke(path) for path in spoil(digits, rng)))
        assert frame_from_drawing(figure).tobytes() not in frames


def test_nothing_can_be_drawn_a_negative_number_of_times() -> None:
    with pytest.raises(ConfigurationError, match="-1 figures"):
        no_digit_drawings(-1, seed=0)
    assert no_digit_drawings(0, seed=0) == []


def test_each_family_can_be_asked_for_by_its_name() -> None:
    figures = no_digits_by_family(3, seed=5)
    assert list(figures) == [family.__name__ for family in (*FAMILIES, *SPOILED)]
    assert all(len(drawings) == 3 and not any(each.is_blank for each in drawings) for drawings in figures.values())

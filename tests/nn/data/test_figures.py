"""Figures stay clear of digits: each limit that a family tells of is kept, whatever chance decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from nn.data import curved_shapes, line_shapes, scribbles, spoiled_digits
from nn.data.synthetic import synthetic_drawings

if TYPE_CHECKING:
    from collections.abc import Callable

    from nn.arrays import Array

TIMES = 300


def drawn(family: Callable[[np.random.Generator], list[Array]]) -> list[list[Array]]:
    rng = np.random.default_rng(0)
    return [family(rng) for _ in range(TIMES)]


def heading(path: Array) -> float:
    """Return the angle from the first to the last point of a path."""
    across, down = path[-1] - path[0]
    return float(np.degrees(np.arctan2(down, across)))


def turning(path: Array) -> float:
    """Return by how many degrees a path turns in all; clockwise on paper is positive."""
    headings = np.unwrap(np.arctan2(*np.diff(path, axis=0).T[::-1]))
    return float(np.degrees(headings[-1] - headings[0]))


def test_two_lines_cross_and_are_never_nearly_one() -> None:
    for one, other in drawn(line_shapes.crossing):
        between = abs(heading(one) - heading(other)) % 180
        assert 30 < between < 150
        # Both run through the origin, and to either side of it.
        for path in (one, other):
            assert path[0] @ path[-1] < 0


def test_no_corner_is_a_one_with_its_flag_or_a_seven() -> None:
    for (path,) in drawn(line_shapes.corner):
        ends = path[[0, -1]]
        for stem, flag in (ends, ends[::-1]):
            # Of a stem that goes down from the corner, a flag or bar would lie to the left.
            is_stem = stem[1] > 0.5 * np.hypot(*stem) * 1.2
            assert not (is_stem and flag[0] < -0.3 and flag[1] < 0.3)


def test_a_peak_has_both_feet_on_the_ground() -> None:
    for (path,) in drawn(line_shapes.peak):
        left, right = sorted(path[[0, -1]].tolist())
        assert left[0] < 0 < right[0]
        assert min(left[1], right[1]) > 0


def test_a_line_ends_on_another_but_never_as_a_one_on_its_base() -> None:
    for bar, stem in drawn(line_shapes.junction):
        is_level = abs(np.sin(np.radians(heading(bar)))) < np.sin(np.radians(20))
        assert not (is_level and heading(stem) < -60 and heading(stem) > -120)


def test_a_comb_has_no_teeth_to_the_left_as_a_three_has() -> None:
    for _, *teeth in drawn(line_shapes.comb):
        assert abs(abs(heading(teeth[0])) - 180) > 30


def test_an_open_loop_turns_the_other_way_round_than_six_and_nine() -> None:
    for (path,) in drawn(curved_shapes.loop_with_tail):
        assert turning(path[::-1]) > 180


def test_a_hook_turns_back_before_its_tail_as_no_seven_does() -> None:
    for path, *_ in drawn(curved_shapes.hook_with_tail):
        headings = np.unwrap(np.arctan2(*np.diff(path, axis=0).T[::-1]))
        assert np.degrees(headings.max() - headings[0]) > 135


def test_dots_are_few_and_small() -> None:
    for places in drawn(scribbles.dots):
        assert 1 <= len(places) <= 7
        assert all(np.ptp(place, axis=0).max() < 0.2 for place in places)


@pytest.mark.parametrize("family", [scribbles.spiral, scribbles.coil], ids=lambda family: family.__name__)
def test_a_scribble_goes_round_more_often_than_any_digit(
    family: Callable[[np.random.Generator], list[Array]],
) -> None:
    for (path,) in drawn(family)[:50]:
        assert abs(turning(path)) > 540


def test_several_digits_do_not_touch() -> None:
    rng = np.random.default_rng(0)
    digits = synthetic_drawings(100, seed=0)
    for _ in range(50):
        strokes = spoiled_digits.several(digits, rng)
        width, height = np.ptp(np.concatenate(strokes), axis=0)
        assert height > 2 or width > 0.25


def test_a_mirrored_digit_is_the_digit_in_the_mirror() -> None:
    digits = [digit for digit in synthetic_drawings(100, seed=0) if digit.label == 3][:1]
    (stroke,) = spoiled_digits.mirrored(digits, np.random.default_rng(0))
    points = digits[0].strokes[0].points
    size = np.ptp(points[:, 1])
    np.testing.assert_allclose(np.diff(stroke, axis=0) * size, np.diff(points, axis=0) * [-1, 1], atol=1e-5)

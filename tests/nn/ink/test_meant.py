"""A drawing is read as it was meant: what a hand left beside the digit is no part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from nn.data.no_digits import no_digits_by_family
from nn.data.numberpad import NUMBER_PAD, digits_of, read_numberpad
from nn.data.pen_digits import PEN_DIGITS, read_pendigits
from nn.data.synthetic import synthetic_drawings
from nn.ink.frame import frame_from_drawing
from nn.ink.meant import as_meant, frame_as_meant
from nn.ink.strokes import Drawing, Stroke

if TYPE_CHECKING:
    from pathlib import Path

Points = list[list[float]]

SEVEN: Points = [[20, 0], [70, 0], [40, 100]]
FIVE: tuple[Points, Points] = ([[10, 10], [5, 45], [45, 50], [45, 95], [0, 95]], [[22, 0], [60, -4]])


def drawn(*strokes: Points) -> Drawing:
    return Drawing(tuple(Stroke(np.array(points, np.float32)) for points in strokes), label=7)


def real_drawings(data_folder: Path) -> list[Drawing]:
    pen = [digit.drawing for digit in read_pendigits(data_folder / PEN_DIGITS)]
    return pen + digits_of(read_numberpad(data_folder / NUMBER_PAD))


@pytest.mark.parametrize(
    "touch", [[[130, 60]], [[-30, 10]], [[45, 160]], [[45, -60]], [[90, 40], [94, 43], [92, 40]]]
)
@pytest.mark.parametrize("is_first", [False, True])
def test_a_touch_beside_the_digit_is_left_out(touch: Points, *, is_first: bool) -> None:
    meant = as_meant(drawn(touch, SEVEN) if is_first else drawn(SEVEN, touch))
    assert [stroke.points.tolist() for stroke in meant.strokes] == [SEVEN]
    assert meant.label == 7


def test_touches_in_two_corners_are_left_out_and_the_frame_is_that_of_the_digit() -> None:
    frame = frame_as_meant(drawn([[-200, -300]], SEVEN, [[700, 600]]))
    np.testing.assert_array_equal(frame, frame_from_drawing(drawn(SEVEN)))


@pytest.mark.parametrize("line", [[[5, 110], [80, 112]], [[-20, 104], [110, 107]], [[90, 160], [10, 150]]])
def test_a_line_under_the_digit_is_left_out(line: Points) -> None:
    wide: Points = [[10, 0], [80, 0], [40, 100]]
    for drawing in (drawn(wide, line), drawn(line, wide), drawn(wide, line, [[400, 20]])):
        assert [stroke.points.tolist() for stroke in as_meant(drawing).strokes] == [wide]


def test_a_line_under_a_narrow_digit_is_left_out_where_it_is_no_foot_of_a_1() -> None:
    one: Points = [[0, 20], [25, 0], [25, 100]]
    foot, underline = drawn(one, [[0, 108], [50, 108]]), drawn(one, [[0, 120], [50, 120]])
    assert as_meant(foot) is foot
    assert [stroke.points.tolist() for stroke in as_meant(underline).strokes] == [one]


@pytest.mark.parametrize(
    "strokes",
    [
        ([[10, 0], [80, 0], [40, 100]], [[10, 102], [80, 102]]),  # the line touches it
        ([[10, 0], [80, 0], [40, 100]], [[10, 110], [30, 110]]),  # and is short
        ([[10, 0], [80, 0], [40, 100]], [[10, 110], [80, 140]]),  # or steep
        ([[0, 0], [80, 0]], [[0, 30], [80, 30]]),  # an equals sign
        ([[0, 0], [80, 2]], [[0, 30], [80, 30]], [[0, 60], [80, 60]]),
        ([[30, 0], [0, 60], [80, 60]], [[60, 20], [60, 100]]),  # a 4 of two strokes
        ([[10, 20], [40, 0], [70, 20], [10, 100]], [[10, 100], [80, 100]]),  # a 2 with a base of its own
    ],
)
def test_a_line_that_belongs_to_the_figure_stays(strokes: tuple[Points, ...]) -> None:
    drawing = drawn(*strokes)
    assert as_meant(drawing) is drawing


@pytest.mark.parametrize(
    "strokes",
    [
        (SEVEN,),
        FIVE,
        (SEVEN, [[40, 45], [65, 42]]),  # its bar
        ([[0, 0], [60, 0], [60, 100], [0, 100], [0, 0]], [[30, 50]]),  # a 0 with a dot in it
        ([[0, 30], [0, 100]], [[0, 5]]),  # an i
        ([[5, 5]], [[90, 5]]),  # nothing but touches
        ([[5, 5], [5, 7]], [[90, 5]], [[40, 70]]),  # nothing but touches, one of which slipped
        ([[0, 0], [0, 30]], [[20, 0]], [[20, 10]], [[20, 20]], [[20, 30]]),  # dotted in part
    ],
)
def test_what_belongs_to_a_drawing_stays(strokes: tuple[Points, ...]) -> None:
    drawing = drawn(*strokes)
    assert as_meant(drawing) is drawing


def test_nothing_drawn_stays_nothing() -> None:
    assert as_meant(Drawing()).is_blank
    assert not frame_as_meant(Drawing()).any()


def test_every_digit_of_the_built_in_hands_stays_whole() -> None:
    for drawing in synthetic_drawings(500, seed=5):
        assert as_meant(drawing) is drawing


def test_every_digit_that_people_drew_stays_whole(data_folder: Path) -> None:
    changed = [drawing for drawing in real_drawings(data_folder) if as_meant(drawing) is not drawing]
    assert changed == []


def test_figures_that_are_no_digit_keep_some_of_their_ink() -> None:
    for drawings in no_digits_by_family(5, seed=5).values():
        assert all(as_meant(drawing).strokes for drawing in drawings)

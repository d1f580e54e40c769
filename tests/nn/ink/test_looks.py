"""What a frame tells without a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from nn.data.mnist import load_mnist
from nn.data.numberpad import NUMBER_PAD, digits_of, read_numberpad
from nn.data.pen_digits import PEN_DIGITS, read_pendigits
from nn.data.synthetic import synthetic_drawings
from nn.ink.frame import frame_from_drawing
from nn.ink.looks import drawn_side_by_side, figures_side_by_side, is_dot, is_spot
from nn.ink.pictures import frame_from_picture
from nn.ink.strokes import Drawing, Stroke

if TYPE_CHECKING:
    from pathlib import Path

    from nn.arrays import Bytes


def drawn(*strokes: list[list[float]]) -> Drawing:
    return Drawing(tuple(Stroke(np.array(points, np.float32)) for points in strokes))


def inked(*strokes: list[list[float]], pen: float = 2.5) -> Bytes:
    return frame_from_drawing(drawn(*strokes), pen)


@pytest.mark.parametrize("pen", [0.5, 2.5, 5.0, 8.0])
def test_a_touch_of_any_pen_is_a_dot(pen: float) -> None:
    assert is_dot(inked([[100, 100]], pen=pen))
    assert is_dot(inked([[100, 100], [100, 100]], pen=pen))


@pytest.mark.parametrize("radius", [2, 3, 4, 20, 60])
def test_a_spot_on_paper_is_a_dot_however_large_it_comes_out(radius: int) -> None:
    rows, columns = np.mgrid[:200, :200]
    paper = np.full((200, 200), 255, np.uint8)
    paper[np.hypot(rows - 90, columns - 110) < radius] = 20
    assert is_dot(frame_from_picture(paper))


def test_nothing_is_no_dot() -> None:
    assert not is_dot(np.zeros((28, 28), np.uint8))


@pytest.mark.parametrize("pen", [1.25, 2.5, 5.0])
def test_no_digit_is_a_dot(pen: float) -> None:
    assert not any(is_dot(frame_from_drawing(drawing, pen)) for drawing in synthetic_drawings(200, seed=5))


def test_no_digit_of_mnist_is_a_dot(data_folder: Path) -> None:
    training, test = load_mnist(data_folder / "mnist")
    assert not any(is_dot(frame) for frame in (*training.images[::10], *test.images))


@pytest.mark.parametrize(
    ("strokes", "count"),
    [
        ([[[0, 0], [0, 40]]], 1),
        ([[[0, 0], [0, 40]], [[20, 0], [20, 40]]], 2),
        ([[[0, 0], [0, 40]], [[20, 0], [20, 40]], [[40, 0], [40, 40]]], 3),
        ([[[0, 0], [0, 40]], [[20, 40], [20, 39]]], 1),  # a line and a dot
        ([[[0, 0], [40, 0]], [[0, 20], [40, 20]]], 0),  # one below the other
        ([[[0, 0], [0, 20], [30, 20]], [[20, 0], [20, 40]]], 1),  # a 4 in two strokes
    ],
)
def test_things_that_stand_beside_each_other_are_counted(strokes: list[list[list[float]]], count: int) -> None:
    assert figures_side_by_side(inked(*strokes)) == count


def test_an_empty_frame_has_nothing_beside_anything() -> None:
    assert figures_side_by_side(np.zeros((28, 28), np.uint8)) == 0


@pytest.mark.parametrize("gap", [2, 5, 20, 60])
def test_digits_drawn_beside_each_other_are_counted_however_near_they_stand(gap: float) -> None:
    seven: list[list[float]] = [[0, 0], [50, 0], [20, 100]]
    bar: list[list[float]] = [[10, 50], [45, 48]]
    right = 50 + gap
    drawing = drawn(seven, bar, [[right, 5], [right, 97]], *[[[x + right + gap, y] for x, y in seven]])
    assert drawn_side_by_side(drawing) == 3


def test_digits_of_different_heights_are_counted_where_they_stand_apart() -> None:
    assert drawn_side_by_side(drawn([[0, 0], [0, 100]], [[30, 40], [30, 95]])) == 2


@pytest.mark.parametrize(
    ("strokes", "count"),
    [
        ([[[0, 0], [0, 40]]], 1),
        ([[[0, 0], [0, 40]], [[20, 40], [20, 39]]], 1),  # a line and a dot
        ([[[0, 0], [40, 0]], [[0, 20], [40, 20]]], 1),  # one below the other
        ([[[20, 0], [0, 60], [50, 60]], [[54, 25], [52, 100]]], 1),  # an open 4, its stem on the right
        ([[[7, 7]]], 1),
    ],
)
def test_the_strokes_of_one_figure_count_as_one(strokes: list[list[list[float]]], count: int) -> None:
    assert drawn_side_by_side(drawn(*strokes)) == count


def test_nothing_drawn_has_nothing_beside_anything_and_is_no_spot() -> None:
    assert drawn_side_by_side(Drawing()) == 0
    assert not is_spot(Drawing())


def test_no_digit_that_people_drew_counts_as_several(data_folder: Path) -> None:
    pen = [digit.drawing for digit in read_pendigits(data_folder / PEN_DIGITS)]
    number_pad = digits_of(read_numberpad(data_folder / NUMBER_PAD))
    assert [drawing for drawing in (*pen, *number_pad) if drawn_side_by_side(drawing) > 1] == []


def test_touches_of_one_spot_are_a_spot_and_two_spots_are_none() -> None:
    assert is_spot(drawn([[7, 7], [7, 7]], [[7, 7]]))
    assert not is_spot(drawn([[7, 7]], [[9, 7]]))

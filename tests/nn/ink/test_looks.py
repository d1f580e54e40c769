"""What a frame tells without a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from nn.data.mnist import load_mnist
from nn.data.synthetic import synthetic_drawings
from nn.ink.frame import frame_from_drawing
from nn.ink.looks import figures_side_by_side, is_dot
from nn.ink.pictures import frame_from_picture
from nn.ink.strokes import Drawing, Stroke

if TYPE_CHECKING:
    from pathlib import Path

    from nn.arrays import Bytes


def inked(*strokes: list[list[float]], pen: float = 2.5) -> Bytes:
    return frame_from_drawing(Drawing(tuple(Stroke(np.array(points, np.float32)) for points in strokes)), pen)


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

"""The vector recipe: where the ink lies, how thick it is, and what makes no difference to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nn.errors import InkError
from nn.ink import BOX, FRAME, Drawing, Stroke, centre_of_mass, frame_from_drawing

if TYPE_CHECKING:
    from nn.arrays import Bytes

whole = st.integers(-100, 100)
strokes_of_whole_numbers = st.lists(
    st.lists(st.tuples(whole, whole), min_size=1, max_size=12), min_size=1, max_size=5
)


def _drawing(*strokes: object, pressure: list[float] | None = None) -> Drawing:
    pressed = None if pressure is None else np.array(pressure, dtype=np.float32)
    return Drawing(tuple(Stroke(np.array(points, dtype=np.float32), pressed) for points in strokes))


def _ascii(frame: Bytes) -> list[str]:
    """Return the inked part of a frame in four greys: space, then '.', '+' and '#' for the darkest."""
    rows, columns = np.flatnonzero(frame.any(axis=1)), np.flatnonzero(frame.any(axis=0))
    inked = frame[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return ["".join(" .+#"[(int(value) + 63) // 85] for value in row) for row in inked]


def _longest_side(frame: Bytes) -> int:
    return max(int(np.ptp(np.flatnonzero(frame.any(axis=axis)))) + 1 for axis in (0, 1))


def _is_centred(frame: Bytes) -> bool:
    return all(13.5 <= balance <= 14.5 for balance in centre_of_mass(frame))


def test_a_blank_drawing_gives_a_blank_frame() -> None:
    frame = frame_from_drawing(Drawing())
    assert frame.shape == (FRAME, FRAME)
    assert frame.dtype == np.uint8
    assert not frame.any()


@pytest.mark.parametrize(
    "points", [[[5, 5]], [[5, 5], [5, 5]], [[1e30, -1e30]], [[3, 3]] * 500], ids=["one", "two", "far", "many"]
)
def test_a_point_is_a_round_dot(points: list[list[float]]) -> None:
    frame = frame_from_drawing(_drawing(points))
    assert _ascii(frame) == [
        " .. ",
        ".##.",
        ".##.",
        " .. ",
    ]
    assert _is_centred(frame)


def test_a_seven_is_drawn_as_expected() -> None:
    frame = frame_from_drawing(_drawing([[0, 0], [10, 0], [4, 20]]))
    assert _ascii(frame) == SEVEN


SEVEN = [
    ".##########.",
    "+##########+",
    " ++++++++##.",
    "        +## ",
    "        ##+ ",
    "       .##. ",
    "       +##. ",
    "       ###  ",
    "      .##+  ",
    "      .##.  ",
    "      +##   ",
    "      ##+   ",
    "     .##.   ",
    "     +##    ",
    "     ##+    ",
    "    .##.    ",
    "    +##.    ",
    "    ###     ",
    "   .##+     ",
    "    ##.     ",
]


def test_ink_with_its_pen_fills_the_box_exactly() -> None:
    frame = frame_from_drawing(_drawing([[0, 0], [0, 100]]))
    rows = np.flatnonzero(frame.any(axis=1))
    assert len(rows) == BOX
    assert frame[rows[0]].max() > 127
    assert frame[rows[-1]].max() > 127


@given(strokes_of_whole_numbers)
@settings(max_examples=150, deadline=None)
@example([[(0, 0)], [(100, 0), (100, 100)]])
@example([[(-100, -100)], [(100, 100), (99, 100), (100, 99), (98, 98)]])
def test_the_centre_of_mass_is_that_of_mnist_and_no_ink_is_lost(strokes: list[list[tuple[int, int]]]) -> None:
    frame = frame_from_drawing(_drawing(*strokes))
    assert _is_centred(frame)
    assert frame.max() == 255
    points = np.concatenate([np.array(points, dtype=np.float64) for points in strokes])
    extents = np.ptp(points, axis=0)
    if extents.max() > 0:
        assert 14 <= _longest_side(frame) <= BOX
        # Both ends of both axes are there: the inked part has the proportions of the drawing.
        inked = [np.ptp(np.flatnonzero(frame.any(axis=axis))) + 1 for axis in (0, 1)]
        length = max(inked)
        for got, extent in zip(inked, extents, strict=True):
            assert got == pytest.approx(2.5 + (length - 2.5) * extent / extents.max(), abs=2)


@given(strokes_of_whole_numbers, st.integers(-1000, 1000), st.integers(-1000, 1000), st.integers(-20, 20))
@settings(max_examples=100, deadline=None)
def test_position_and_size_make_no_difference(
    strokes: list[list[tuple[int, int]]], right: int, down: int, doublings: int
) -> None:
    moved = [
        [((x + right) * 2.0**doublings, (y + down) * 2.0**doublings) for x, y in points] for points in strokes
    ]
    np.testing.assert_array_equal(frame_from_drawing(_drawing(*strokes)), frame_from_drawing(_drawing(*moved)))


@pytest.mark.parametrize("unit", [1e-30, 1e-9, 0.37, 1e9, 1e30])
def test_any_unit_will_do(unit: float) -> None:
    seven = np.array([[0, 0], [10, 0], [4, 20]])
    frame = frame_from_drawing(_drawing(seven * unit)).astype(int)
    assert np.abs(frame - frame_from_drawing(_drawing(seven))).max() <= 1


def test_the_direction_and_the_order_of_strokes_make_no_difference() -> None:
    one, other = [[0, 0], [9, 3], [4, 20]], [[2, 8], [12, 9]]
    there = frame_from_drawing(_drawing(one, other)).astype(int)
    back = frame_from_drawing(_drawing(other[::-1], one[::-1])).astype(int)
    assert np.abs(there - back).max() <= 1


def test_mass_far_to_one_side_makes_the_drawing_smaller_in_place_of_cutting_it_off() -> None:
    frame = frame_from_drawing(_drawing([[0, 50]], [[100, 0], [100, 100]]))
    assert _is_centred(frame)
    assert 14 <= _longest_side(frame) < BOX
    assert frame[:, :6].any(), "the dot on the left is still there"


def test_a_stroke_of_many_points_gives_the_frame_of_a_few() -> None:
    turn = np.linspace(0, 2 * np.pi, 40_001)
    many = np.stack([np.cos(turn) * (3 + turn / 4), (1 + turn) * np.sin(2 * turn)], axis=1)
    difference = frame_from_drawing(_drawing(many)).astype(int) - frame_from_drawing(_drawing(many[::200]))
    assert np.abs(difference).max() <= 12
    assert np.abs(difference).mean() < 0.5


def test_a_hundred_thousand_strokes_and_points_are_drawn() -> None:
    rng = np.random.default_rng(5)
    assert _is_centred(frame_from_drawing(_drawing(*rng.random((2_000, 1, 2)))))
    assert _is_centred(frame_from_drawing(_drawing(rng.random((100_000, 2)))))


def test_even_pressure_is_no_pressure() -> None:
    zigzag = [[0, 0], [10, 5], [0, 10], [10, 20]]
    for level in (0.0, 0.2, 1.0):
        pressed = frame_from_drawing(_drawing(zigzag, pressure=[level] * 4)).astype(int)
        assert np.abs(pressed - frame_from_drawing(_drawing(zigzag))).max() <= 1


def test_pressure_makes_the_line_thicker_where_the_pen_pressed() -> None:
    frame = frame_from_drawing(_drawing([[0, 0], [0, 100]], pressure=[0.1, 0.9])).astype(int)
    rows = np.flatnonzero(frame.any(axis=1))
    assert len(rows) == BOX
    assert frame[rows[-6]].sum() > 1.3 * frame[rows[5]].sum()
    assert _is_centred(frame.astype(np.uint8))


def test_a_thicker_pen_leaves_more_ink_in_the_same_box() -> None:
    drawing = _drawing([[0, 0], [10, 5], [0, 10], [10, 20]])
    thin, thick = frame_from_drawing(drawing, pen=1.5), frame_from_drawing(drawing, pen=4.0)
    assert thick.sum() > 1.7 * thin.sum()
    assert _longest_side(thin) == _longest_side(thick) == BOX


@pytest.mark.parametrize("pen", [0.0, -1.0, 9.0, float("nan"), float("inf")])
def test_a_pen_that_draws_no_digit_is_refused(pen: float) -> None:
    with pytest.raises(InkError, match="pen"):
        frame_from_drawing(_drawing([[0, 0], [1, 1]]), pen=pen)

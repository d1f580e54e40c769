"""Bent strokes: turned, leaning, shaken, sparse, and anywhere on the pad."""

from __future__ import annotations

import numpy as np
import pytest

from nn.data.synthetic import synthetic_drawings
from nn.ink.strokes import Drawing, Stroke
from nn.report.bending import every_nth, in_whole_units, on_pad, shaken, slanted, turned

SEVEN = Drawing(
    (Stroke(np.array([[0, 0], [10, 0], [4, 20]], np.float32), np.array([0.1, 0.5, 0.9], np.float32)),), 7
)


def points(drawing: Drawing) -> np.typing.NDArray[np.float32]:
    return np.concatenate([stroke.points for stroke in drawing.strokes])


def test_a_quarter_turn_goes_clockwise_around_the_middle() -> None:
    np.testing.assert_allclose(points(turned(SEVEN, 90)), [[15, 5], [15, 15], [-5, 9]], atol=1e-5)


def test_a_slant_leans_to_the_right_like_italics() -> None:
    leaning = points(slanted(SEVEN, 45))
    np.testing.assert_allclose(leaning, [[10, 0], [20, 0], [-6, 20]], atol=1e-5)


def test_labels_and_pressure_stay() -> None:
    bent = every_nth(on_pad(slanted(turned(SEVEN, 10), 5), 0.5, (0, 1)), 2)
    assert bent.label == 7
    pressure = bent.strokes[0].pressure
    assert pressure is not None
    assert pressure.tolist() == pytest.approx([0.1, 0.9])


@pytest.mark.parametrize(("step", "kept"), [(1, 10), (2, 6), (3, 4), (4, 4), (9, 2), (50, 2)])
def test_every_nth_point_is_kept_and_always_the_last(step: int, kept: int) -> None:
    line = np.stack([np.arange(10), np.arange(10)], axis=1).astype(np.float32)
    thin = points(every_nth(Drawing((Stroke(line),)), step))
    assert len(thin) == kept
    assert thin[0].tolist() == [0, 0]
    assert thin[-1].tolist() == [9, 9]


def test_a_dot_stays_a_dot() -> None:
    dot = Drawing((Stroke(np.array([[3, 4]], np.float32)),))
    for bent in (turned(dot, 30), slanted(dot, 30), every_nth(dot, 3), on_pad(dot, 0.5, (0, 0))):
        assert points(bent).shape == (1, 2)


@pytest.mark.parametrize("place", [(0.0, 0.0), (1.0, 1.0), (0.3, 0.9)])
@pytest.mark.parametrize("size", [0.05, 0.5, 0.95])
def test_a_drawing_on_the_pad_has_its_size_and_stays_on_it(size: float, place: tuple[float, float]) -> None:
    for drawing in synthetic_drawings(10, seed=3):
        there = points(on_pad(drawing, size, place, 400))
        assert np.ptp(there, axis=0).max() == pytest.approx(size * 400, rel=1e-4)
        assert there.min() >= -1e-3
        assert there.max() <= 400 + 1e-3


def test_whole_units_are_whole() -> None:
    there = points(in_whole_units(on_pad(SEVEN, 0.33, (0.5, 0.5), 400)))
    np.testing.assert_array_equal(there, np.rint(there))


def test_shaking_is_in_sizes_of_the_drawing() -> None:
    line = np.stack([np.linspace(0, 100, 5000), np.zeros(5000)], axis=1).astype(np.float32)
    drawing = Drawing((Stroke(line),))
    moved = points(shaken(drawing, 0.02, np.random.default_rng(0))) - line
    assert moved.std() == pytest.approx(2, rel=0.05)
    np.testing.assert_array_equal(points(shaken(drawing, 0, np.random.default_rng(0))), line)

"""Another hand draws the same digit."""

from __future__ import annotations

import numpy as np
import pytest

from nn.data.pen_variation import ENDS, LONGEST_JOIN, SHIFT, SWAY, varied
from nn.data.synthetic import synthetic_drawings
from nn.ink import Drawing, Stroke

LINE = Stroke(np.stack([np.linspace(0, 100, 61), np.zeros(61)], axis=1))


def moved(right: float, down: float) -> Stroke:
    return Stroke(LINE.points + np.array([right, down], np.float32))


def variations(drawing: Drawing, count: int = 200) -> list[Drawing]:
    return [varied(drawing, np.random.default_rng(seed)) for seed in range(count)]


def test_a_varied_drawing_keeps_label_size_and_nearly_its_place() -> None:
    rng = np.random.default_rng(0)
    for drawing in synthetic_drawings(50, seed=2):
        other = varied(drawing, rng)
        assert other.label == drawing.label
        points, again = (np.concatenate([stroke.points for stroke in some.strokes]) for some in (drawing, other))
        assert 0.6 < np.ptp(again, axis=0).max() / np.ptp(points, axis=0).max() < 1.7
        assert np.abs(again.mean(axis=0) - points.mean(axis=0)).max() < 0.25


def test_no_two_hands_are_the_same_and_the_same_seed_is() -> None:
    drawing = synthetic_drawings(1, seed=2)[0]
    one, other, again = (varied(drawing, np.random.default_rng(seed)).strokes[0].points for seed in (1, 2, 1))
    assert np.array_equal(one, again)
    assert one.shape != other.shape or not np.allclose(one, other)


def test_the_size_of_the_drawing_makes_no_difference() -> None:
    drawing = synthetic_drawings(1, seed=2)[0]
    larger = Drawing(tuple(Stroke(stroke.points * 64) for stroke in drawing.strokes), drawing.label)
    for seed in range(20):
        one, other = (varied(some, np.random.default_rng(seed)) for some in (drawing, larger))
        for stroke, large in zip(one.strokes, other.strokes, strict=True):
            np.testing.assert_allclose(stroke.points * 64, large.points, atol=1e-3)


def test_a_stroke_ends_where_it_ended_but_for_the_lean_and_a_little_more_or_less() -> None:
    lengths = np.array(
        [np.hypot(*np.ptp(other.strokes[0].points, axis=0)) for other in variations(Drawing((LINE,)))]
    )
    assert lengths.mean() == pytest.approx(100, abs=4)
    assert lengths.min() > 100 * (1 - 3 * (2 * ENDS + 2 * SWAY + 0.12))


def test_a_hurried_mouse_reports_down_to_every_fourth_point_unevenly() -> None:
    others = [other.strokes[0].points for other in variations(Drawing((LINE,)))]
    counts = [len(points) for points in others]
    assert min(counts) < 20
    assert max(counts) > 60
    sparse = min(others, key=len)
    steps = np.hypot(*np.diff(sparse, axis=0).T)
    assert steps[1:-1].max() > 1.3 * steps[1:-1].min()


def test_a_stroke_of_few_points_keeps_them() -> None:
    corner = Drawing((Stroke(np.array([[0.0, 0], [0, 1], [1, 1]])),))
    assert min(len(other.strokes[0].points) for other in variations(corner)) == 3


def test_a_pen_is_forgotten_in_the_air_only_where_the_way_is_short() -> None:
    near = moved(100 + 100 * LONGEST_JOIN / 4, 0)
    far = moved(1000, 0)
    assert {len(other.strokes) for other in variations(Drawing((LINE, near)))} == {1, 2}
    assert {len(other.strokes) for other in variations(Drawing((LINE, far)))} == {2}


def test_strokes_move_apart_or_together_a_little() -> None:
    below = moved(0, 50)
    gaps = np.array(
        [
            other.strokes[1].points[:, 1].mean() - other.strokes[0].points[:, 1].mean()
            for other in variations(Drawing((LINE, below)))
            if len(other.strokes) == 2
        ]
    )
    assert gaps.mean() == pytest.approx(50, abs=2)
    assert gaps.std() > 100 * SHIFT


def test_nothing_and_a_dot_stay_what_they_are() -> None:
    rng = np.random.default_rng(0)
    assert varied(Drawing(), rng).is_blank
    dot = varied(Drawing((Stroke(np.array([[3.0, 4.0]])),)), rng)
    np.testing.assert_array_equal(dot.strokes[0].points, [[3, 4]])
    pair = varied(Drawing((Stroke(np.array([[3.0, 4.0]])), Stroke(np.array([[3.0, 9.0]])))), rng)
    assert all(len(stroke.points) == 1 for stroke in pair.strokes)

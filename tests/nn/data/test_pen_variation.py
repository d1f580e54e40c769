"""Another hand draws the same digit."""

from __future__ import annotations

import numpy as np
import pytest

from nn.data.pen_variation import SHAKE, varied
from nn.data.synthetic import synthetic_drawings
from nn.ink import Drawing, Stroke


def test_a_varied_drawing_keeps_label_strokes_and_nearly_its_place() -> None:
    rng = np.random.default_rng(0)
    for drawing in synthetic_drawings(50, seed=2):
        other = varied(drawing, rng)
        assert other.label == drawing.label
        assert len(other.strokes) == len(drawing.strokes)
        for stroke, again in zip(drawing.strokes, other.strokes, strict=True):
            assert 1 <= len(again.points) <= len(stroke.points)


def test_no_two_hands_are_the_same_and_the_same_seed_is() -> None:
    drawing = synthetic_drawings(1, seed=2)[0]
    one, other, again = (varied(drawing, np.random.default_rng(seed)).strokes[0].points for seed in (1, 2, 1))
    assert np.array_equal(one, again)
    assert one.shape != other.shape or not np.allclose(one, other)


def test_a_stroke_ends_where_it_ended_but_for_the_lean_and_a_shake() -> None:
    line = Stroke(np.stack([np.linspace(0, 1, 40), np.zeros(40)], axis=1))
    ends = np.array(
        [varied(Drawing((line,)), np.random.default_rng(seed)).strokes[0].points[-1] for seed in range(60)]
    )
    assert np.hypot(*ends.T).mean() == pytest.approx(1, abs=0.1)
    assert np.hypot(*ends.T).min() > 1 - 5 * (SHAKE + 0.12)


def test_nothing_and_a_dot_stay_what_they_are() -> None:
    rng = np.random.default_rng(0)
    assert varied(Drawing(), rng).is_blank
    dot = varied(Drawing((Stroke(np.array([[3.0, 4.0]])),)), rng)
    assert dot.strokes[0].points.shape == (1, 2)

"""Strokes refuse what no pen can draw, and nobody can change them afterwards."""

from __future__ import annotations

import numpy as np
import pytest

from nn.errors import InkError
from nn.ink import Drawing, Stroke


def test_a_stroke_keeps_its_own_copy_of_the_points() -> None:
    points = np.array([[1, 2], [3, 4]], dtype=np.float32)
    stroke = Stroke(points)
    points[0] = 9
    assert stroke.points.tolist() == [[1, 2], [3, 4]]
    with pytest.raises(ValueError, match="read-only"):
        stroke.points[0] = 0


@pytest.mark.parametrize("points", [[], [[1]], [[1, 2, 3]], [1, 2], [[[1, 2]]]])
def test_points_of_another_shape_are_refused(points: object) -> None:
    with pytest.raises(InkError, match="stroke"):
        Stroke(np.array(points, dtype=np.float32))


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf"), 1e300])
def test_coordinates_that_are_not_finite_in_float32_are_refused(number: float) -> None:
    with pytest.raises(InkError, match="finite"):
        Stroke(np.array([[0.0, number]]))


@pytest.mark.parametrize("pressure", [[0.5], [0.5, 0.5, 0.5], [0.5, float("nan")], [0.5, 1.5], [-0.1, 0.5]])
def test_pressure_must_be_one_number_from_0_to_1_a_point(pressure: list[float]) -> None:
    with pytest.raises(InkError, match="Pressures"):
        Stroke(np.zeros((2, 2), dtype=np.float32), np.array(pressure, dtype=np.float32))


def test_a_drawing_without_strokes_is_blank() -> None:
    assert Drawing().is_blank
    assert not Drawing((Stroke(np.zeros((1, 2), dtype=np.float32)),)).is_blank

"""Pictures of drawings."""

from __future__ import annotations

import numpy as np
import pytest

from nn.errors import InkError
from nn.ink import Drawing, Stroke, picture_of_drawing


def _drawing(*strokes: object, pressure: list[float] | None = None) -> Drawing:
    pressed = None if pressure is None else np.array(pressure, dtype=np.float32)
    return Drawing(tuple(Stroke(np.array(points, dtype=np.float32), pressed) for points in strokes))


def test_a_blank_drawing_is_white_paper() -> None:
    picture = picture_of_drawing(Drawing(), (30, 40))
    assert picture.shape == (30, 40)
    assert picture.dtype == np.uint8
    assert (picture == 255).all()


@pytest.mark.parametrize("shape", [(200, 200), (100, 300), (300, 100)])
def test_ink_is_dark_in_the_middle_and_leaves_a_margin(shape: tuple[int, int]) -> None:
    picture = picture_of_drawing(_drawing([[0, 0], [10, 0], [4, 20]]), shape)
    assert picture.min() == 0
    inked = picture < 255
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    assert rows[0] == pytest.approx(shape[0] - 1 - rows[-1], abs=1)
    assert columns[0] == pytest.approx(shape[1] - 1 - columns[-1], abs=1)
    margin = 0.1 * min(shape)
    assert min(rows[0], columns[0]) == pytest.approx(margin, abs=2)


def test_edges_are_antialiased() -> None:
    picture = picture_of_drawing(_drawing([[0, 0], [7, 20]]), 300)
    assert len(np.unique(picture)) > 30


def test_a_point_is_a_dot_and_a_scribble_is_soon_drawn() -> None:
    dot = picture_of_drawing(_drawing([[3, 3]]), 100) < 128
    assert dot.any()
    assert np.ptp(np.flatnonzero(dot.any(axis=0))) == np.ptp(np.flatnonzero(dot.any(axis=1)))
    scribble = picture_of_drawing(_drawing(np.random.default_rng(0).random((1000, 2))), 200)
    assert (scribble[60:140, 60:140] == 0).mean() > 0.99


def test_pressure_shows() -> None:
    inked = picture_of_drawing(_drawing([[0, 0], [0, 100]], pressure=[0.1, 0.9]), 200) < 128
    assert inked[150].sum() > 1.3 * inked[50].sum()


@pytest.mark.parametrize("size", [0, -5, (10, 0), 100_000, (10, 9000)])
def test_a_size_that_no_picture_has_is_refused(size: int | tuple[int, int]) -> None:
    with pytest.raises(InkError, match="pixels"):
        picture_of_drawing(Drawing(), size)

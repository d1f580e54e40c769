"""Ruler, compasses and an unsteady hand: exact figures, and what becomes of them."""

from __future__ import annotations

import numpy as np
import pytest

from nn.data.freehand import SPACING, arc, direction, lines, sampled, smooth, turned, unsteady


def test_angles_run_from_right_to_down_as_the_page_does() -> None:
    np.testing.assert_allclose(direction(0), [1, 0], atol=1e-12)
    np.testing.assert_allclose(direction(90), [0, 1], atol=1e-12)
    np.testing.assert_allclose(turned(np.array([[1.0, 0.0]]), 90), [[0, 1]], atol=1e-12)


def test_lines_keep_their_corners_and_have_no_step_longer_than_the_spacing() -> None:
    path = lines((0, 0), (1, 0), (1, 0.5))
    assert any(np.allclose(point, [1, 0]) for point in path)
    np.testing.assert_allclose(path[[0, -1]], np.array([[0, 0], [1, 0.5]]))
    assert np.hypot(*np.diff(path, axis=0).T).max() <= SPACING + 1e-9


def test_a_dot_has_nothing_to_sample() -> None:
    assert sampled(np.zeros((1, 2))).shape == (1, 2)


def test_an_arc_lies_on_its_ellipse() -> None:
    points = arc(30, -200, radii=(2.0, 1.0))
    np.testing.assert_allclose((points[:, 0] / 2) ** 2 + points[:, 1] ** 2, 1.0)
    np.testing.assert_allclose(points[0], np.array([np.sqrt(3), 0.5]))


def test_a_smooth_path_keeps_its_ends_and_turns_less_sharply() -> None:
    corner = np.array([[0.0, 0], [1, 0], [1, 1]])
    path = smooth(corner)
    np.testing.assert_allclose(path[[0, -1]], corner[[0, -1]])
    headings = np.unwrap(np.arctan2(*np.diff(path, axis=0).T[::-1]))
    assert np.abs(np.diff(headings)).max() < np.pi / 4


def test_an_unsteady_hand_draws_each_stroke_again_but_never_the_same_way() -> None:
    square = [lines((0, 0), (70, 0)), lines((0, 70), (70, 70))]
    once, again = (unsteady(square, np.random.default_rng(seed)) for seed in (0, 1))
    assert [path.shape for path in once] == [path.shape for path in square]
    assert not np.allclose(once[0], again[0])
    for paths in (once, again):
        assert np.ptp(np.concatenate(paths), axis=0).max() == pytest.approx(1, abs=0.4)

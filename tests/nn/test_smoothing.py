"""Smoothing: the book's window, and what it may not do to a curve."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn.smoothing import smoothed

curves = st.lists(st.floats(-1e6, 1e6), min_size=0, max_size=40)


@given(curves)
def test_length_stays_and_no_value_leaves_the_curves_range(values: list[float]) -> None:
    result = smoothed(values)
    assert len(result) == len(values)
    if values:
        slack = 1e-9 * (1 + max(abs(value) for value in values))
        assert min(values) - slack <= result.min()
        assert result.max() <= max(values) + slack


def test_a_value_far_from_the_ends_is_the_kaiser_weighted_mean_of_eleven() -> None:
    values = np.random.default_rng(0).random(40)
    weights = np.kaiser(11, 2)
    by_hand = sum(weight * values[20 + away] for away, weight in zip(range(-5, 6), weights, strict=True))
    assert smoothed(values)[20] == pytest.approx(by_hand / weights.sum())


def test_ends_go_on_as_in_a_mirror() -> None:
    values = np.random.default_rng(1).random(30)
    mirrored = np.concatenate([values[5:0:-1], values])
    assert smoothed(values)[0] == pytest.approx(smoothed(mirrored)[5])

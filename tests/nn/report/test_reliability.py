"""Reliability: bins, the calibration error, and how often it is sure and wrong."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn.report.answers import Answers
from nn.report.reliability import BINS, reliability


def answers(confidences: list[float], right: list[bool], refused: list[bool] | None = None) -> Answers:
    labels = np.ones(len(right), np.int64)
    readings = np.where(right, 1, 2)
    is_refused = np.array(refused if refused is not None else [False] * len(right), np.bool_)
    return Answers(labels, readings, np.array(confidences, np.float64), is_refused)


def test_nine_in_ten_right_at_ninety_percent_is_well_calibrated() -> None:
    judged = reliability(answers([0.9] * 10, [True] * 9 + [False]))
    assert judged.calibration_error == pytest.approx(0, abs=1e-9)
    (only,) = judged.bins
    assert (only.count, only.right) == (10, 0.9)
    assert only.low <= 0.9 < only.high


def test_always_sure_and_half_right_is_wrong_by_a_half() -> None:
    judged = reliability(answers([1.0] * 4, [True, False, True, False]))
    assert judged.calibration_error == pytest.approx(0.5)
    assert (judged.sure, judged.sure_and_wrong, judged.wrong_though_sure) == (4, 2, 0.5)
    assert judged.bins[0].high == 1


def test_what_is_refused_is_not_shown_and_does_not_count() -> None:
    judged = reliability(answers([0.999, 0.999], [True, False], [False, True]))
    assert (judged.sure, judged.sure_and_wrong) == (1, 0)


def test_nothing_shown_has_no_bins() -> None:
    judged = reliability(answers([], []))
    assert (judged.bins, judged.calibration_error, judged.wrong_though_sure) == ((), 0, 0)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60))
@settings(max_examples=50, deadline=None)
def test_every_answer_is_in_one_bin_and_the_bins_tell_the_error(given_answers: list[tuple[float, bool]]) -> None:
    confidences, right = zip(*given_answers, strict=True)
    judged = reliability(answers(list(confidences), list(right)))
    assert sum(each.count for each in judged.bins) == len(given_answers)
    assert all(each.low - 1e-9 <= each.confidence <= each.high + 1e-9 for each in judged.bins)
    assert len(judged.bins) <= BINS
    error = sum(each.count * abs(each.right - each.confidence) for each in judged.bins) / len(given_answers)
    assert judged.calibration_error == pytest.approx(error, abs=1e-9)

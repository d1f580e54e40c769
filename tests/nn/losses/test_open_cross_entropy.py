"""A loss that knows "none of these", beside the closed one that it is made from."""

from __future__ import annotations

import numpy as np
import pytest

from nn.losses import CrossEntropy, OpenCrossEntropy

OUTPUTS = np.random.default_rng(0).standard_normal((6, 4)) * 3
LABELS = np.array([0, 1, 2, 3, 4, 4])
NONE = 4


def test_it_is_the_closed_loss_of_one_more_logit_that_is_always_zero() -> None:
    closed, opened = CrossEntropy(), OpenCrossEntropy()
    wider = np.column_stack([OUTPUTS, np.zeros(len(OUTPUTS))])
    assert opened.forward(OUTPUTS, LABELS) == pytest.approx(closed.forward(wider, LABELS))
    np.testing.assert_allclose(opened.backward(6), closed.backward(6)[:, :NONE])
    np.testing.assert_allclose(opened.none(OUTPUTS), closed.probabilities(wider)[:, NONE])
    assert np.array_equal(opened.readings(OUTPUTS), closed.readings(wider))


def test_its_probabilities_are_those_given_that_it_is_a_digit() -> None:
    np.testing.assert_allclose(
        OpenCrossEntropy().probabilities(OUTPUTS), CrossEntropy().probabilities(OUTPUTS), rtol=1e-12
    )


def test_none_of_these_is_a_row_of_zeros_too() -> None:
    loss = OpenCrossEntropy(smoothing=0.2)
    by_label = loss.forward(OUTPUTS[4:], LABELS[4:])
    assert loss.forward(OUTPUTS[4:], np.zeros((2, 4))) == by_label


def test_smoothing_spreads_a_share_over_the_digits_and_never_doubts_that_something_is_none() -> None:
    smooth, plain = OpenCrossEntropy(smoothing=0.4), OpenCrossEntropy()
    assert smooth.forward(OUTPUTS[:1], LABELS[:1]) == pytest.approx(
        plain.forward(OUTPUTS[:1], np.array([[0.7, 0.1, 0.1, 0.1]]))
    )
    assert smooth.forward(OUTPUTS[4:], LABELS[4:]) == plain.forward(OUTPUTS[4:], LABELS[4:])


def test_low_logits_read_nothing_and_the_highest_of_the_others_is_read() -> None:
    loss = OpenCrossEntropy()
    outputs = np.array([[-1.0, -2.0, -3.0], [-1.0, 0.5, 0.2]])
    assert loss.readings(outputs).tolist() == [3, 1]
    assert loss.none(np.array([[0.0, 0.0, 0.0]])) == pytest.approx(1 / 4)


def test_logits_of_any_size_say_none_with_a_finite_loss_and_slope() -> None:
    loss, outputs = OpenCrossEntropy(), np.array([[1e4, -1e4], [-1e4, -2e4]], np.float32)
    assert loss.forward(outputs, np.array([2, 2])) == pytest.approx(1e4)
    assert np.isfinite(loss.backward(1)).all()
    assert loss.none(outputs).tolist() == [0.0, 1.0]

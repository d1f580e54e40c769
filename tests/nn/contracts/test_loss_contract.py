"""What every loss keeps to."""

from __future__ import annotations

import json

import numpy as np
import pytest

from nn.errors import ConfigurationError, ShapeError
from nn.gradient_cases import Case, loss_cases, loss_examples
from nn.gradients import gradient_error, parameter_error
from nn.losses import LOSSES, CrossEntropy, Loss, SigmoidCrossEntropy, SquaredError
from nn.network import Network, mlp

LABELS = np.array([0, 2, 1, 2])
OUTPUTS = np.random.default_rng(0).standard_normal((4, 3)).astype(np.float32)
every_loss = pytest.mark.parametrize("loss", loss_examples(), ids=repr)


def test_no_loss_is_left_out() -> None:
    assert {type(loss) for loss in loss_examples()} == set(LOSSES.values())


@pytest.mark.parametrize("case", list(loss_cases()), ids=lambda case: case.name)
def test_it_tells_its_own_slope(case: Case) -> None:
    assert gradient_error(case.network, case.x, case.targets) < 1e-6
    assert parameter_error(case.network, case.x, case.targets) < 1e-7


@every_loss
def test_labels_and_their_rows_are_the_same_targets(loss: Loss) -> None:
    low, high = (loss.low, loss.high) if isinstance(loss, SquaredError) else (0, 1)
    rows = np.where(np.eye(3)[LABELS] == 1, high, low)
    by_label = loss.forward(OUTPUTS, LABELS)
    slope = loss.backward(4).copy()
    assert loss.forward(OUTPUTS, rows) == pytest.approx(by_label, rel=1e-5)
    np.testing.assert_allclose(loss.backward(4), slope, atol=1e-6)


@every_loss
def test_float32_stays_float32_and_the_outputs_stay_as_they_are(loss: Loss) -> None:
    kept = OUTPUTS.copy()
    assert type(loss.forward(OUTPUTS, LABELS)) is float
    assert loss.backward(4).dtype == np.float32
    read = loss.probabilities(OUTPUTS)
    assert read.dtype == np.float32
    assert read.shape == OUTPUTS.shape
    assert np.array_equal(OUTPUTS, kept)


@every_loss
def test_its_slope_may_be_asked_for_again_and_for_another_number_of_samples(loss: Loss) -> None:
    loss.forward(OUTPUTS, LABELS)
    first = loss.backward(4)
    kept = first.copy()
    np.testing.assert_allclose(loss.backward(1), 4 * kept, rtol=1e-6)
    assert np.array_equal(loss.backward(4), kept)
    assert np.array_equal(first, kept)


@every_loss
def test_probabilities_add_to_one_and_keep_the_order(loss: Loss) -> None:
    outputs = np.clip(OUTPUTS, 0.05, 0.95) if isinstance(loss, SquaredError) else OUTPUTS
    read = loss.probabilities(outputs)
    np.testing.assert_allclose(read.sum(axis=1), 1, rtol=1e-5)
    assert np.array_equal(read.argmax(axis=1), outputs.argmax(axis=1))


@every_loss
def test_a_batch_is_the_sum_of_its_samples(loss: Loss) -> None:
    alone = [loss.forward(OUTPUTS[i : i + 1], LABELS[i : i + 1]) for i in range(4)]
    assert loss.forward(OUTPUTS, LABELS) == pytest.approx(sum(alone), rel=1e-5)


@every_loss
def test_its_settings_go_through_a_description(loss: Loss) -> None:
    network = mlp([6, 4, 3], loss=loss)
    twin = Network.from_description(json.loads(json.dumps(network.describe())))
    assert (repr(twin.loss), twin.loss.settings()) == (repr(loss), loss.settings())
    assert loss.replica().forward(OUTPUTS, LABELS) == loss.forward(OUTPUTS, LABELS)


@every_loss
@pytest.mark.parametrize(
    "targets", [LABELS[:3], np.zeros((4, 2)), np.zeros((3, 3))], ids=["few", "narrow", "short"]
)
def test_targets_of_another_shape_are_refused(loss: Loss, targets: np.typing.NDArray[np.generic]) -> None:
    with pytest.raises(ShapeError, match="wanted a label or a row each"):
        loss.forward(OUTPUTS, targets)


@every_loss
def test_logits_of_any_size_have_a_finite_loss_and_slope(loss: Loss) -> None:
    outputs = np.array([[1e4, -1e4, 0.0]], np.float32)
    for label in range(3):
        assert np.isfinite(loss.forward(outputs, np.array([label])))
        assert np.isfinite(loss.backward(1)).all()
    assert np.isfinite(loss.probabilities(outputs)).all()


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("cross_entropy", {"smoothing": 1.0}),
        ("cross_entropy", {"smoothing": float("nan")}),
        ("sigmoid_cross_entropy", {"smoothing": -0.1}),
        ("squared_error", {"low": 1.0, "high": 0.0}),
        ("squared_error", {"high": float("inf")}),
        ("squared_error", {"reduction": "product"}),
    ],
    ids=str,
)
def test_settings_out_of_range_are_refused_in_a_sentence(kind: str, settings: dict[str, float]) -> None:
    with pytest.raises(ConfigurationError, match="wanted"):
        LOSSES[kind](**settings)


def test_squared_error_by_hand() -> None:
    # (0.5 - 1)^2 + (0.25 - 0)^2 = 0.3125
    outputs, labels = np.array([[0.5, 0.25]]), np.array([0])
    for reduction, loss_by_hand, slope in (
        ("sum", 0.3125, -1.0),
        ("half", 0.15625, -0.5),
        ("mean", 0.15625, -0.5),
    ):
        loss = SquaredError(reduction=reduction)
        assert loss.forward(outputs, labels) == pytest.approx(loss_by_hand)
        assert loss.backward(1)[0, 0] == pytest.approx(slope)


def test_sigmoid_cross_entropy_by_hand() -> None:
    # p = (3/4, 1/4) for logits (log 3, -log 3); label 0: -log(3/4) twice.
    loss, logits = SigmoidCrossEntropy(), np.log([[3.0, 1 / 3]])
    assert loss.forward(logits, np.array([0])) == pytest.approx(2 * np.log(4 / 3))
    np.testing.assert_allclose(loss.backward(1), [[-0.25, 0.25]])


def test_smoothing_spreads_a_share_of_the_target_over_all_classes() -> None:
    smooth, plain = CrossEntropy(smoothing=0.3), CrossEntropy()
    rows = np.array([[0.8, 0.1, 0.1]])
    assert smooth.forward(OUTPUTS[:1], np.array([0])) == pytest.approx(plain.forward(OUTPUTS[:1], rows), rel=1e-5)


def test_a_smoothed_loss_is_least_short_of_certainty() -> None:
    loss = CrossEntropy(smoothing=0.1)
    losses = [loss.forward(np.array([[z, 0.0]]), np.array([0])) for z in (0.0, np.log(19), 10.0)]
    assert losses[1] == min(losses)  # p = 0.95, which is 0.9 + 0.1 / 2


@every_loss
def test_a_label_that_is_read_is_one_that_can_be_trained(loss: Loss) -> None:
    readings, none = loss.readings(OUTPUTS), loss.none(OUTPUTS)
    assert readings.shape == none.shape == (4,)
    assert readings.max() < loss.labels(3)
    assert none.dtype == np.float32
    assert ((none >= 0) & (none < 1)).all()

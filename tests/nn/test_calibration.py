"""Sure of no more than it knows, and refusing what is none: on answers made up, so that right is known."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn.calibration import (
    COLDEST,
    HOTTEST,
    Calibration,
    expected_calibration_error,
    fit_calibration,
    temperature_for,
    threshold_for,
    wrong_though_sure,
)
from nn.data.dataset import NO_DIGIT, Dataset
from nn.errors import ConfigurationError
from nn.layers.activations import softmax
from nn.losses import LOSSES
from nn.network import mlp

if TYPE_CHECKING:
    from nn.arrays import Array, Integers
    from nn.losses import Loss
    from nn.network import Network


def claims(count: int, exaggeration: float) -> tuple[Array, Integers]:
    """Return probabilities that claim too much, and labels drawn from what would have been right."""
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, (count, 10))
    honest = softmax(logits)
    labels: Integers = (honest.cumsum(axis=1) > rng.random((count, 1))).argmax(axis=1)
    return softmax(logits * exaggeration), labels


@pytest.mark.parametrize("exaggeration", [0.5, 1.0, 3.0])
def test_the_temperature_undoes_an_exaggeration(exaggeration: float) -> None:
    claimed, labels = claims(20_000, exaggeration)
    temperature = temperature_for(claimed, labels)
    assert temperature == pytest.approx(exaggeration, rel=0.03)
    honest = Calibration(temperature).tempered(claimed)
    is_right = honest.argmax(axis=1) == labels
    assert expected_calibration_error(honest.max(axis=1), is_right) < 0.01
    if exaggeration != 1:
        assert expected_calibration_error(claimed.max(axis=1), is_right) > 0.05


@given(st.floats(COLDEST, HOTTEST), st.integers(0, 1000))
def test_a_temperature_changes_no_order_and_rows_still_add_to_one(temperature: float, seed: int) -> None:
    p = np.random.default_rng(seed).dirichlet(np.ones(10), 3).astype(np.float32)
    tempered = Calibration(temperature).tempered(p)
    np.testing.assert_allclose(tempered.sum(axis=1), 1, rtol=1e-5)
    assert np.array_equal(tempered.argmax(axis=1), p.argmax(axis=1))
    assert tempered.dtype == np.float32


@pytest.mark.parametrize("loss", [made() for made in LOSSES.values()], ids=repr)
def test_a_temperature_is_found_for_outputs_of_every_loss(loss: Loss) -> None:
    network = mlp([784, 10], loss=loss, seed=1)
    images = np.random.default_rng(1).integers(0, 256, (50, 28, 28), np.uint8)
    digits = Dataset(images, np.random.default_rng(2).integers(0, 10, 50).astype(np.uint8))
    fitted = fit_calibration(network, digits)
    assert COLDEST <= fitted.temperature <= HOTTEST
    assert fitted.threshold == 1

    def mean_loss(calibration: Calibration) -> float:
        p = calibration.tempered(network.predict(images).astype(np.float64))
        return -float(np.log(p[np.arange(50), digits.labels]).mean())

    assert mean_loss(fitted) <= mean_loss(Calibration())


def test_twenty_right_answers_are_no_reason_to_be_certain() -> None:
    p = np.repeat([[0.9, 0.1]], 20, axis=0)
    temperature = temperature_for(p, np.zeros(20, np.int64))
    assert Calibration(temperature).tempered(p)[0, 1] == pytest.approx(1 / 21 / 2)
    assert temperature_for(p, np.ones(20, np.int64)) == pytest.approx(HOTTEST)
    assert temperature_for(p[:0], np.zeros(0, np.int64)) == 1


def test_between_digits_and_strangers_that_lie_apart_nothing_is_mistaken() -> None:
    digits, strangers = np.linspace(0, 0.3, 500), np.linspace(0.7, 1, 100)
    threshold = threshold_for(digits, strangers)
    assert (digits <= threshold).all()
    assert (strangers > threshold).all()


def test_where_they_overlap_enough_digits_are_accepted_all_the_same() -> None:
    rng = np.random.default_rng(0)
    digits, strangers = rng.beta(1, 4, 5000), rng.beta(4, 2, 5000)
    threshold = threshold_for(digits, strangers, accepted=0.99)
    assert 0.99 <= (digits <= threshold).mean() < 0.992


def test_a_network_that_knows_none_of_these_gets_a_threshold_from_frames_that_are_none(
    line_reader: Network,
) -> None:
    images = np.zeros((60, 28, 28), np.uint8)
    images[:30, 4:24, 13:15] = 255  # lines
    images[30:, 13:15, 4:24] = 255
    labels = np.repeat([1, NO_DIGIT], 30).astype(np.uint8)
    fitted = fit_calibration(line_reader, Dataset(images, labels))
    none = line_reader.read(images).none
    assert fitted.refuses(none).tolist() == [False] * 30 + [True] * 30
    assert fit_calibration(line_reader, Dataset(images[:30], labels[:30])).threshold == 1
    assert fit_calibration(line_reader, Dataset(images[30:], labels[30:])) == Calibration()


def test_by_default_nothing_changes_and_nothing_is_refused() -> None:
    p = np.random.default_rng(0).dirichlet(np.ones(10), 5)
    assert Calibration().tempered(p) is p
    assert not Calibration().refuses(np.ones(3)).any()


def test_a_calibration_survives_json() -> None:
    calibration = Calibration(1.37, 0.42)
    assert Calibration(**json.loads(json.dumps(calibration.settings()))) == calibration


@pytest.mark.parametrize(
    ("temperature", "threshold"),
    [
        (0.0, 1.0),
        (-1.0, 1.0),
        (float("nan"), 1.0),
        (float("inf"), 1.0),
        (1.0, 1.1),
        (1.0, -0.1),
        (1.0, float("nan")),
    ],
)
def test_what_is_no_calibration_is_refused_in_a_sentence(temperature: float, threshold: float) -> None:
    with pytest.raises(ConfigurationError, match="wanted"):
        Calibration(temperature, threshold)


def test_measures_of_no_answers_are_nought() -> None:
    nothing, none = np.zeros(0), np.zeros(0, np.bool_)
    assert expected_calibration_error(nothing, none) == 0
    assert wrong_though_sure(np.array([0.5]), np.array([False])) == 0


def test_a_confidence_of_one_falls_into_the_last_bin() -> None:
    assert expected_calibration_error(np.ones(4), np.ones(4, np.bool_)) == 0
    assert expected_calibration_error(np.ones(4), np.zeros(4, np.bool_)) == 1

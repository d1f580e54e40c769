"""Training with frames that are no digit: they are learned, watched and told apart from mistakes in the data."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nn.calibration import Calibration, fit_calibration
from nn.data.dataset import NO_DIGIT, Dataset, DigitData
from nn.errors import ConfigurationError, DivergedError
from nn.evaluation import evaluate
from nn.losses import Loss, OpenCrossEntropy, SquaredError
from nn.network import mlp
from nn.training import EpochEnded, StepTaken, TrainingConfig, TrainingEnded, train


def bars(count: int, seed: int) -> Dataset:
    """Frames with one bright row each, whose height is the label; a bright column is no digit."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, NO_DIGIT + 1, count).astype(np.uint8)
    images = rng.integers(0, 120, (count, 28, 28), np.uint8)
    for image, label in zip(images, labels, strict=True):
        if label == NO_DIGIT:
            image[:, rng.integers(4, 24)] = 255
        else:
            image[4 + 2 * label] = 255
    return Dataset(images, labels, "bars and columns")


DATA = DigitData(bars(600, 1), bars(200, 2), None, "bars and columns")
CONFIG = TrainingConfig(epochs=40, batch_size=16, optimizer="adam", rate=0.003)


def test_a_network_learns_what_is_a_digit_and_what_is_none() -> None:
    network = mlp([784, 32, 10], loss=OpenCrossEntropy(smoothing=0.05), seed=0)
    *_, last = (event for event in train(network, DATA, CONFIG) if isinstance(event, EpochEnded))
    assert last.validation_accuracy > 0.9
    assert last.training_accuracy > 0.9
    measured = evaluate(network, DATA.validation)
    assert measured.agreement == last.validation_accuracy
    assert measured.samples == np.count_nonzero(DATA.validation.labels != NO_DIGIT)
    assert measured.accuracy > 0.9


@pytest.mark.parametrize("loss", [None, SquaredError()], ids=["cross entropy", "squared error"])
def test_a_loss_that_knows_digits_alone_refuses_frames_that_are_none(loss: Loss | None) -> None:
    with pytest.raises(ConfigurationError, match="label 10; give it the loss open_cross_entropy"):
        train(mlp([784, 10], loss=loss), DATA, CONFIG)


def test_digits_alone_train_a_network_that_could_say_none() -> None:
    digits = DATA.training.labels != NO_DIGIT
    only = DigitData(DATA.training.subset(digits), DATA.training.subset(digits), None, "bars")
    network = mlp([784, 16, 10], loss=OpenCrossEntropy(), seed=0)
    *_, last = (event for event in train(network, only, CONFIG) if isinstance(event, EpochEnded))
    assert last.validation_accuracy > 0.9


def test_at_its_end_a_training_calibrates_by_digits_it_has_not_learned_from() -> None:
    network = mlp([784, 32, 10], loss=OpenCrossEntropy(), seed=0)
    network.calibration = Calibration(2.0, 0.9)
    for event in train(network, DATA, CONFIG):
        if not isinstance(event, TrainingEnded):
            assert network.calibration == Calibration()
    assert network.calibration == fit_calibration(network, DATA.validation) != Calibration()
    measured = evaluate(network, DATA.validation)
    assert measured.digits_refused.sum() <= 0.01 * measured.samples
    assert measured.strangers_refused > 0.9 * measured.strangers
    assert measured.strangers == len(DATA.validation) - measured.samples


@pytest.mark.parametrize(
    "data",
    [replace(DATA, is_apart=False), replace(DATA, validation=DATA.training)],
    ids=["not apart", "the same digits"],
)
def test_digits_it_learns_from_calibrate_nothing(data: DigitData) -> None:
    network = mlp([784, 10], loss=OpenCrossEntropy(), seed=0)
    list(train(network, data, replace(CONFIG, epochs=1)))
    assert network.calibration == Calibration()


def test_a_training_that_is_stopped_calibrates_too_and_one_that_took_no_step_changes_nothing() -> None:
    network = mlp([784, 10], loss=OpenCrossEntropy(), seed=0)
    network.calibration = kept = Calibration(2.0, 0.9)
    training = train(network, DATA, CONFIG)
    training.stop()
    list(training)
    assert network.calibration == kept
    training = train(network, DATA, CONFIG)
    for event in training:
        if isinstance(event, StepTaken):
            training.stop()
    assert network.calibration == fit_calibration(network, DATA.validation)


def test_a_training_that_diverges_at_once_leaves_the_calibration_as_it_was() -> None:
    network = mlp([784, 10], loss=OpenCrossEntropy(), seed=0)
    network.calibration = kept = Calibration(2.0, 0.9)
    with pytest.raises(DivergedError):
        list(train(network, DATA, replace(CONFIG, optimizer="sgd", rate=3e38)))
    assert network.calibration == kept


def test_a_calibrated_network_is_resumed_from_its_checkpoint() -> None:
    network = mlp([784, 10], loss=OpenCrossEntropy(), seed=0)
    training = train(network, DATA, replace(CONFIG, epochs=2))
    list(training)
    again = train(network.copy(), DATA, replace(CONFIG, epochs=2), checkpoint=training.checkpoint())
    list(again)
    assert again.network.describe() == network.describe()


def test_frames_that_are_no_digit_are_counted_apart_by_a_network_that_knows_digits_alone() -> None:
    measured = evaluate(mlp([784, 10], seed=0), DATA.validation)
    assert measured.strangers_refused == measured.digits_refused.sum() == 0
    assert measured.samples + measured.strangers == len(DATA.validation)
    assert np.isfinite(measured.loss)

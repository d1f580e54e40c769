"""The mean of the last epochs' weights is what is watched, kept, and found again by a resumed training."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import pytest

from nn.averaging import WeightAverage, gather_statistics
from nn.data.dataset import Dataset, DigitData
from nn.errors import WeightsError
from nn.evaluation import evaluate
from nn.files.checkpoints import load_checkpoint, save_checkpoint
from nn.layers import BatchNormalization, Convolution, Dense, Dropout, Flatten, MaxPooling, ReLU
from nn.network import Network, mlp
from nn.training import Checkpoint, EpochEnded, StepTaken, TrainingConfig, TrainingEnded, train

if TYPE_CHECKING:
    from pathlib import Path

    from nn.arrays import Array


def bars(count: int, seed: int) -> Dataset:
    """Frames with one bright row each, whose height is the label, in noise."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 10, count).astype(np.uint8)
    images = rng.integers(0, 250, (count, 28, 28), np.uint8)
    images[np.arange(count), 4 + 2 * labels] = 255
    return Dataset(images, labels, f"bars {seed}")


DATA = DigitData(bars(230, 1), bars(400, 2), None, "bars")
CONFIG = TrainingConfig(epochs=5, batch_size=32, rate=0.3, seed=5, averaged_epochs=3)


def normalized(dropout: float = 0.2) -> Network:
    rng = np.random.default_rng(4)
    layers = [
        *(Convolution(1, 4, 5, stride=2, rng=rng), MaxPooling(2), BatchNormalization(4), ReLU()),
        *(Flatten(), Dense(144, 16, rng=rng), Dropout(dropout), BatchNormalization(16), ReLU()),
        Dense(16, 10, rng=rng),
    ]
    return Network(layers, input_shape=(28, 28, 1))


def ends_of_epochs(network: Network, config: TrainingConfig) -> list[Array]:
    """Train without averaging, and return the weights at the end of each epoch."""
    training = train(network, DATA, replace(config, averaged_epochs=0))
    return [network.values.copy() for event in training if isinstance(event, EpochEnded)]


def test_what_is_kept_is_the_mean_of_the_weights_at_the_ends_of_the_last_epochs() -> None:
    network = mlp([784, 16, 10], seed=3)
    list(train(network, DATA, CONFIG))
    wanted = np.mean(ends_of_epochs(mlp([784, 16, 10], seed=3), CONFIG)[2:], axis=0)
    np.testing.assert_allclose(network.values, wanted, rtol=1e-5, atol=1e-6)


def test_one_averaged_epoch_keeps_the_last_weights_as_they_are() -> None:
    network = mlp([784, 16, 10], seed=3)
    list(train(network, DATA, replace(CONFIG, averaged_epochs=1)))
    assert (network.values == ends_of_epochs(mlp([784, 16, 10], seed=3), CONFIG)[-1]).all()


def test_more_averaged_epochs_than_there_are_average_all_of_them() -> None:
    network = mlp([784, 16, 10], seed=3)
    list(train(network, DATA, replace(CONFIG, averaged_epochs=99)))
    wanted = np.mean(ends_of_epochs(mlp([784, 16, 10], seed=3), CONFIG), axis=0)
    np.testing.assert_allclose(network.values, wanted, rtol=1e-5, atol=1e-6)


def test_validation_watches_the_mean() -> None:
    network = normalized()
    events = [event for event in train(network, DATA, CONFIG) if isinstance(event, EpochEnded)]
    plain = [
        event
        for event in train(normalized(), DATA, replace(CONFIG, averaged_epochs=0))
        if isinstance(event, EpochEnded)
    ]
    assert [event.validation_loss for event in events[:2]] == [event.validation_loss for event in plain[:2]]
    assert [event.training_loss for event in events] == [event.training_loss for event in plain]
    assert events[-1].validation_loss == evaluate(network, DATA.validation).loss
    assert events[-1].validation_loss != plain[-1].validation_loss


def test_the_mean_has_statistics_of_its_own() -> None:
    network = normalized(dropout=0)
    list(train(network, DATA, CONFIG))
    first = network.layers[2]
    assert isinstance(first, BatchNormalization)
    x = network.inputs(DATA.training.images)
    for layer in network.layers[:2]:
        x = layer.forward(x)
    np.testing.assert_allclose(first.running_mean, x.mean(axis=(0, 1, 2)), rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(first.running_variance, x.var(axis=(0, 1, 2)), rtol=0.05)


def test_statistics_are_gathered_from_few_digits_too_and_without_any_nothing_is_done() -> None:
    network = normalized()
    gather_statistics(network, DATA.training.images[:5])
    assert np.isfinite(network.values).all()
    plain = mlp([784, 16, 10], seed=3)
    before = plain.values.copy()
    gather_statistics(plain, DATA.training.images[:5])
    assert (plain.values == before).all()


@pytest.mark.parametrize("threads", [2, 7])
def test_the_mean_is_the_same_on_any_number_of_threads(threads: int) -> None:
    results = []
    for number in (1, threads):
        network = normalized()
        list(train(network, DATA, replace(CONFIG, threads=number)))
        results.append(network.values.tobytes())
    assert results[0] == results[1]


@pytest.mark.parametrize("after", [12, 19, 27, 28, 29, 40, 45])
def test_a_training_resumed_while_weights_are_averaged_ends_with_the_same_bits(after: int, tmp_path: Path) -> None:
    whole = normalized()
    events = list(train(whole, DATA, CONFIG))
    training = train(normalized(), DATA, CONFIG)
    begun = list(islice(training, after))
    save_checkpoint(training.checkpoint(), tmp_path / "on ice")
    training.close()
    other = normalized()
    rest = list(train(other, DATA, CONFIG, checkpoint=load_checkpoint(tmp_path / "on ice")))
    assert begun + rest[1:] == events
    assert other.values.tobytes() == whole.values.tobytes()


def test_a_checkpoint_without_the_mean_that_it_should_have_is_refused() -> None:
    training = train(mlp([784, 16, 10], seed=3), DATA, CONFIG)
    for event in training:
        if isinstance(event, EpochEnded) and event.epoch == 3:
            break
    tensors, metadata = training.checkpoint().to_tensors()
    del tensors["mean"]
    with pytest.raises(WeightsError, match=r"wanted .*'mean'"):
        Checkpoint.from_tensors(tensors, metadata)
    training.close()


def test_a_training_that_is_stopped_leaves_the_weights_of_its_last_step() -> None:
    network = mlp([784, 16, 10], seed=3)
    training = train(network, DATA, CONFIG)
    last = network.values.copy()
    for event in training:
        if isinstance(event, StepTaken) and event.step == 4 * 8 + 3:
            last = network.values.copy()
            training.stop()
        if isinstance(event, TrainingEnded):
            assert event.reason == "stopped"
    assert (network.values == last).all()


def test_patience_keeps_the_best_of_what_was_watched() -> None:
    network = normalized()
    *_, last = (
        event
        for event in train(network, DATA, replace(CONFIG, patience=5))
        if isinstance(event, EpochEnded) and event.is_best
    )
    assert evaluate(network, DATA.validation).loss == last.validation_loss


def test_an_average_goes_on_from_where_it_was() -> None:
    network = mlp([784, 16, 10], seed=3)
    average = WeightAverage(network, DATA.training, seed=0)
    average.add(network.values, 1)
    other = WeightAverage(network, DATA.training, seed=0)
    other.restore(average.mean)
    for one in (average, other):
        one.add(network.values * 3, 2)
    np.testing.assert_allclose(other.network.values, network.values * 2, rtol=1e-6)
    assert (other.network.values == average.network.values).all()

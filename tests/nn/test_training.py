"""Training tells what happens, stops when asked, and resumes as if nothing had been."""

from __future__ import annotations

from itertools import islice, takewhile
from typing import TYPE_CHECKING

import numpy as np
import pytest

from nn.data.dataset import Dataset, DigitData
from nn.errors import ConfigurationError, DivergedError
from nn.losses import SquaredError
from nn.network import Network, mlp
from nn.training import (
    Checkpoint,
    EpochEnded,
    Event,
    StepTaken,
    TrainingConfig,
    TrainingEnded,
    TrainingStarted,
    train,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


def bars(count: int, seed: int) -> Dataset:
    """Frames with one bright row each, whose height is the label, in noise: learnt in a few epochs."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 10, count).astype(np.uint8)
    images = rng.integers(0, 120, (count, 28, 28), np.uint8)
    images[np.arange(count), 4 + 2 * labels] = 255
    return Dataset(images, labels, f"bars {seed}")


DATA = DigitData(bars(230, 1), bars(60, 2), None, "bars")
CONFIG = TrainingConfig(epochs=3, batch_size=32, rate=0.1, seed=5)


def network(dropout: float = 0.0) -> Network:
    return mlp([784, 16, 10], seed=3, dropout=dropout)


def epochs(events: Iterator[Event]) -> list[EpochEnded]:
    return [event for event in events if isinstance(event, EpochEnded)]


def test_events_tell_the_whole_story_in_order() -> None:
    events = list(train(network(), DATA, CONFIG))
    assert events[0] == TrainingStarted(epochs=3, steps_per_epoch=8, step=0)
    steps = [event for event in events if isinstance(event, StepTaken)]
    assert [event.step for event in steps] == list(range(1, 25))
    assert [event.epoch for event in steps] == [1] * 8 + [2] * 8 + [3] * 8
    assert [event.epoch for event in epochs(iter(events))] == [1, 2, 3]
    assert isinstance(events[9], EpochEnded)
    assert events[-1] == TrainingEnded("finished", 24, 3, best_epoch=3)


@pytest.mark.parametrize(
    ("optimizer", "rate"), [("sgd", 0.1), ("momentum", 0.02), ("adam", 0.003)], ids=["sgd", "momentum", "adam"]
)
def test_a_network_learns_digits_it_has_not_seen(optimizer: str, rate: float) -> None:
    config = TrainingConfig(epochs=20, batch_size=16, optimizer=optimizer, rate=rate)
    last = epochs(train(network(), DATA, config))[-1]
    assert last.validation_accuracy > 0.9
    assert last.training_loss < 0.3


def test_sigmoid_and_squared_error_learn_too() -> None:
    old = mlp([784, 30, 10], activation="sigmoid", initial="xavier", loss=SquaredError(0.01, 0.99))
    config = TrainingConfig(epochs=40, batch_size=10, rate=1.0)
    assert epochs(train(old, DATA, config))[-1].validation_accuracy > 0.9


def test_the_mean_over_an_epoch_counts_every_digit_once() -> None:
    events = list(train(network(), DATA, TrainingConfig(epochs=1, batch_size=100)))
    sizes = [100, 100, 30]
    steps = [event for event in events if isinstance(event, StepTaken)]
    ended = epochs(iter(events))[0]
    assert ended.training_loss == pytest.approx(
        sum(event.loss * size for event, size in zip(steps, sizes, strict=True)) / 230
    )


@pytest.mark.parametrize("threads", [2, 7])
@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_the_number_of_threads_changes_no_bit(threads: int, dropout: float) -> None:
    # 784 x 128 weights and 200 samples are enough work to be cut into shards.
    results = []
    for count in (1, threads):
        wide = mlp([784, 128, 10], seed=1, dropout=dropout)
        list(train(wide, DATA, TrainingConfig(epochs=2, batch_size=200, rate=0.1, threads=count)))
        results.append(wide.parameters.tobytes())
    assert results[0] == results[1]


def test_the_same_seed_trains_the_same_bits_and_another_seed_does_not() -> None:
    trained = []
    for seed in (1, 1, 2):
        learner = network(dropout=0.2)
        list(train(learner, DATA, TrainingConfig(epochs=1, seed=seed)))
        trained.append(learner.parameters.tobytes())
    assert trained[0] == trained[1] != trained[2]


def test_stop_ends_within_one_step() -> None:
    training = train(network(), DATA, CONFIG)
    list(islice(training, 4))
    training.stop()
    assert next(training) == TrainingEnded("stopped", step=3, epoch=0, best_epoch=0)
    assert list(training) == []


def test_not_asking_is_a_pause() -> None:
    learner = network()
    training = train(learner, DATA, CONFIG)
    list(islice(training, 5))
    paused = learner.parameters.copy()
    assert training.step == 4
    assert np.array_equal(learner.parameters, paused)
    next(training)
    assert not np.array_equal(learner.parameters, paused)


def test_the_rate_may_change_while_it_runs() -> None:
    training = train(network(), DATA, CONFIG)
    list(islice(training, 3))
    training.rate = 0.025
    event = next(training)
    assert isinstance(event, StepTaken)
    assert event.rate == 0.025
    with pytest.raises(ConfigurationError, match="rate"):
        training.rate = -1
    assert training.rate == 0.025


def test_a_schedule_lowers_the_rate_to_the_end() -> None:
    events = train(network(), DATA, TrainingConfig(epochs=2, rate=0.1, schedule="cosine"))
    rates = [event.rate for event in events if isinstance(event, StepTaken)]
    assert rates[0] == 0.1
    assert rates == sorted(rates, reverse=True)
    assert rates[-1] < 0.002


def interrupted(config: TrainingConfig, after: int, dropout: float) -> tuple[list[Event], Network]:
    """Train `after` events, go through a checkpoint into a new network, and train the rest."""
    training = train(network(dropout), DATA, config)
    events = list(islice(training, after))
    checkpoint = Checkpoint.from_tensors(*training.checkpoint().to_tensors())
    training.close()
    other = mlp([784, 16, 10], seed=99, dropout=dropout)
    resumed = list(train(other, DATA, config, checkpoint=checkpoint))
    assert isinstance(resumed[0], TrainingStarted)
    return events + resumed[1:], other


@pytest.mark.parametrize("after", [1, 5, 9, 10, 11, 27])
@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_resumed_equals_uninterrupted_bit_for_bit(optimizer: str, after: int) -> None:
    # 1: before the first step; 9: all steps of an epoch taken but its end not told; 10: just after it.
    config = TrainingConfig(
        epochs=3, batch_size=32, optimizer=optimizer, rate=0.01, schedule="cosine", weight_decay=1e-4, seed=5
    )
    straight = network(dropout=0.2)
    events = list(train(straight, DATA, config))
    again, resumed = interrupted(config, after, dropout=0.2)
    assert again == events
    assert resumed.parameters.tobytes() == straight.parameters.tobytes()
    assert resumed.record == straight.record


def test_a_rate_set_by_hand_survives_the_checkpoint() -> None:
    training = train(network(), DATA, CONFIG)
    next(training)
    training.rate = 0.5
    checkpoint = training.checkpoint()
    assert train(network(), DATA, CONFIG, checkpoint=checkpoint).rate == 0.5


def test_a_checkpoint_is_not_changed_by_training_on() -> None:
    training = train(network(), DATA, CONFIG)
    list(islice(training, 12))
    checkpoint = training.checkpoint()
    kept = checkpoint.network.parameters.copy(), len(checkpoint.progress.history), checkpoint.progress.step
    list(training)
    assert np.array_equal(checkpoint.network.parameters, kept[0])
    assert (len(checkpoint.progress.history), checkpoint.progress.step) == kept[1:]


def test_a_checkpoint_of_another_training_is_refused() -> None:
    training = train(network(), DATA, CONFIG)
    next(training)
    checkpoint = training.checkpoint()
    other_config = TrainingConfig(epochs=3, batch_size=16, rate=0.1, seed=5)
    with pytest.raises(ConfigurationError, match="batch_size = 32, not 16"):
        train(network(), DATA, other_config, checkpoint=checkpoint)
    with pytest.raises(ConfigurationError, match="another architecture"):
        train(mlp([784, 10]), DATA, CONFIG, checkpoint=checkpoint)
    others = DigitData(bars(230, 9), bars(60, 2), None, "others")
    with pytest.raises(ConfigurationError, match="bars 1"):
        train(network(), others, CONFIG, checkpoint=checkpoint)


def test_patience_stops_early_and_keeps_the_best() -> None:
    # With labels that mean nothing, validation has no reason to get better for long.
    noise = np.random.default_rng(0).integers(0, 256, (300, 28, 28), np.uint8)
    labels = np.random.default_rng(1).integers(0, 10, 300).astype(np.uint8)
    data = DigitData(Dataset(noise[:200], labels[:200]), Dataset(noise[200:], labels[200:]), None, "noise")
    learner = network()
    training = train(learner, data, TrainingConfig(epochs=100, batch_size=20, rate=0.05, patience=3))
    best = learner.parameters.copy()
    for event in training:
        if isinstance(event, EpochEnded) and event.is_best:
            best = learner.parameters.copy()
    assert isinstance(event, TrainingEnded)
    assert event.reason == "early"
    assert event.epoch == event.best_epoch + 3
    assert np.array_equal(learner.parameters, best)


def test_divergence_names_step_and_rate_and_leaves_the_network_as_it_was() -> None:
    learner = network()
    before = learner.parameters.copy()
    with pytest.raises(DivergedError, match=r"step \d+: with the learning rate 1e\+30"):
        list(train(learner, DATA, TrainingConfig(epochs=3, rate=1e30)))
    assert np.array_equal(learner.parameters, before)


def test_divergence_later_falls_back_to_the_last_sound_epoch() -> None:
    learner = network()
    training = train(learner, DATA, CONFIG)
    after_first = list(takewhile(lambda event: not isinstance(event, EpochEnded), training))
    assert len(after_first) == 9
    sound = learner.parameters.copy()
    training.rate = 1e30
    with pytest.raises(DivergedError, match="after epoch 1"):
        list(training)
    assert np.array_equal(learner.parameters, sound)


def test_a_diverging_last_step_is_noticed_at_the_stop() -> None:
    learner = network()
    before = learner.parameters.copy()
    training = train(learner, DATA, TrainingConfig(epochs=1, rate=3e38))
    next(training)
    next(training)
    learner.parameters[0] = np.inf
    training.stop()
    with pytest.raises(DivergedError):
        list(training)
    assert np.array_equal(learner.parameters, before)


def test_weight_decay_shrinks_weights_and_leaves_biases() -> None:
    plain, decayed = network(), network()
    config = TrainingConfig(epochs=1, batch_size=230, rate=0.1)
    list(train(plain, DATA, config))
    list(train(decayed, DATA, TrainingConfig(epochs=1, batch_size=230, rate=0.1, weight_decay=0.5)))
    start = network()
    for name, array in start.tensors().items():
        difference = decayed.tensors()[name] - plain.tensors()[name]
        expected = -0.1 * 0.5 * array if name.endswith("weight") else np.zeros_like(array)
        np.testing.assert_allclose(difference, expected, atol=1e-6)


def test_the_record_says_how_the_network_was_made() -> None:
    learner = network()
    list(train(learner, DATA, CONFIG))
    assert learner.record["data"] == "bars"
    assert isinstance(learner.record["epochs"], list)
    assert len(learner.record["epochs"]) == 3
    assert learner.record["config"] == {
        "epochs": 3,
        "batch_size": 32,
        "optimizer": "sgd",
        "rate": 0.1,
        "schedule": "constant",
        "weight_decay": 0.0,
        "seed": 5,
        "patience": None,
        "augmentation": "none",
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("epochs", 0),
        ("batch_size", 0),
        ("rate", 0.0),
        ("rate", float("nan")),
        ("weight_decay", -1.0),
        ("seed", -1),
        ("patience", 0),
        ("threads", 0),
        ("optimizer", "magic"),
        ("schedule", "magic"),
        ("augmentation", "magic"),
    ],
)
def test_a_setting_out_of_range_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(ConfigurationError, match=str(value) if value == "magic" else name):
        TrainingConfig(**{name: value})  # type: ignore[arg-type]


def test_no_digits_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="no digit to validate"):
        train(network(), DigitData(DATA.training, DATA.training.subset(slice(0)), None, "half a set"), CONFIG)


@pytest.mark.parametrize(
    "damage",
    [
        {"progress": {"steps": 3}},
        {"config": {"epochs": "x"}},
        {"architecture": {}},
        {"config": {"rate": 0}},
    ],
    ids=str,
)
def test_a_checkpoint_of_nonsense_is_refused(damage: dict[str, object]) -> None:
    tensors, metadata = train(network(), DATA, CONFIG).checkpoint().to_tensors()
    with pytest.raises(ConfigurationError):
        Checkpoint.from_tensors(tensors, {**metadata, **damage})

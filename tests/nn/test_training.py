"""Training tells what happens, stops when asked, and resumes as if nothing had been."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from nn.calibration import Calibration
from nn.data.augmentation import AUGMENTATIONS
from nn.data.dataset import Dataset, DigitData
from nn.errors import ConfigurationError, DivergedError
from nn.layers import BatchNormalization, Convolution, Dense, Flatten, LeakyReLU, Step
from nn.losses import SquaredError
from nn.network import Network, mlp
from nn.optimizers import OPTIMIZERS
from nn.schedules import SCHEDULES
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

    from nn.arrays import Array


def bars(count: int, seed: int) -> Dataset:
    """Frames with one bright row each, whose height is the label, in noise: learnt in a few epochs."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 10, count).astype(np.uint8)
    images = rng.integers(0, 120, (count, 28, 28), np.uint8)
    images[np.arange(count), 4 + 2 * labels] = 255
    return Dataset(images, labels, f"bars {seed}")


DATA = DigitData(bars(230, 1), bars(60, 2), None, "bars")
RATES = {
    "sgd": 0.1,
    "momentum": 0.02,
    "nesterov": 0.02,
    "adagrad": 0.02,
    "rmsprop": 0.001,
    "adam": 0.003,
    "adamw": 0.003,
}
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


@pytest.mark.parametrize(("optimizer", "rate"), RATES.items(), ids=RATES)
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
    # 784 x 300 weights and 200 samples are enough work to be cut into lanes, and to be updated in parts.
    results = []
    for count in (1, threads):
        wide = mlp([784, 300, 10], seed=1, dropout=dropout)
        list(
            train(wide, DATA, TrainingConfig(epochs=2, batch_size=200, optimizer="adam", rate=0.01, threads=count))
        )
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


RESUMED = TrainingConfig(
    epochs=3, batch_size=32, optimizer="adam", rate=0.01, schedule="cosine", weight_decay=1e-4, seed=5
)


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
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_resumed_equals_uninterrupted_bit_for_bit(optimizer: str, after: int) -> None:
    # 1: before the first step; 9: all steps of an epoch taken but its end not told; 10: just after it.
    assert_resumes(replace(RESUMED, optimizer=optimizer), after)


@pytest.mark.parametrize("warm_up", [0.0, 0.5])
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_every_schedule_resumes_bit_for_bit(schedule: str, warm_up: float) -> None:
    assert_resumes(replace(RESUMED, schedule=schedule, warm_up=warm_up), 12)


@pytest.mark.parametrize(
    "settings",
    [{"l1": 1e-4}, {"largest_gradient": 0.1}, {"optimizer": "momentum", "optimizer_settings": {"mu": 0.5}}],
    ids=str,
)
def test_whatever_shapes_a_step_resumes_bit_for_bit(settings: dict[str, Any]) -> None:
    assert_resumes(replace(RESUMED, **settings), 12)


@pytest.mark.parametrize("after", [10, 15, 19, 20, 30])
def test_a_rate_that_was_halved_resumes_bit_for_bit(after: int) -> None:
    config = replace(RESUMED, epochs=4, rate=1e-6, halve_after=1)
    events = list(train(network(0.2), DATA, config))
    steps = [event.rate for event in events if isinstance(event, StepTaken)]
    assert steps[-1] < steps[0]
    assert_resumes(config, after)


def assert_resumes(config: TrainingConfig, after: int) -> None:
    straight = network(dropout=0.2)
    events = list(train(straight, DATA, config))
    again, resumed = interrupted(config, after, dropout=0.2)
    assert again == events
    assert resumed.parameters.tobytes() == straight.parameters.tobytes()
    assert resumed.record == straight.record


def test_a_plateau_halves_the_rate() -> None:
    # A rate too small to change anything: only the first epoch is better than the one before.
    config = TrainingConfig(epochs=6, batch_size=100, rate=1e-12, halve_after=2)
    events = train(network(), DATA, config)
    rates = [event.rate / 1e-12 for event in events if isinstance(event, StepTaken)]
    assert rates == pytest.approx([1] * 9 + [0.5] * 6 + [0.25] * 3)


def test_an_epoch_that_is_only_as_good_as_the_best_is_not_the_best() -> None:
    config = TrainingConfig(epochs=3, batch_size=100, rate=1e-30)
    assert [ended.is_best for ended in epochs(train(network(), DATA, config))] == [True, False, False]


def test_a_warm_up_begins_with_small_steps() -> None:
    config = TrainingConfig(epochs=2, batch_size=23, rate=0.1, warm_up=0.5)
    rates = [event.rate for event in train(network(), DATA, config) if isinstance(event, StepTaken)]
    assert rates == pytest.approx([0.0001, *(0.01 * step for step in range(1, 10)), *[0.1] * 10])


def test_the_state_of_the_optimiser_is_shown_and_cannot_be_changed_from_outside() -> None:
    training = train(network(), DATA, replace(CONFIG, optimizer="rmsprop", optimizer_settings={"decay": 0.9}))
    list(islice(training, 3))
    state = training.optimizer_state
    assert repr(training.optimizer) == "RMSprop(decay=0.9, epsilon=1e-07)"
    assert (state["square"] > 0).any()
    assert state["square"].shape == training.network.parameters.shape
    state["square"][:] = 0
    assert training.optimizer_state["square"].any()


def test_a_rate_set_by_hand_survives_the_checkpoint() -> None:
    training = train(network(), DATA, CONFIG)
    next(training)
    training.rate = 0.5
    checkpoint = training.checkpoint()
    assert train(network(), DATA, CONFIG, checkpoint=checkpoint).rate == 0.5


def test_a_training_resumed_with_another_rate_goes_on_with_that() -> None:
    training = train(network(), DATA, CONFIG)
    next(training)
    training.rate = 0.5
    resumed = train(network(), DATA, replace(CONFIG, rate=0.001), checkpoint=training.checkpoint())
    steps = [event.rate for event in islice(resumed, 3) if isinstance(event, StepTaken)]
    assert steps == [0.001, 0.001]
    assert resumed.checkpoint().config.rate == 0.001


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
    watched_by_others = DigitData(bars(230, 1), bars(60, 9), None, "bars")
    with pytest.raises(ConfigurationError, match="is validated by other digits"):
        train(network(), watched_by_others, CONFIG, checkpoint=checkpoint)


def test_a_checkpoint_that_does_not_say_what_validates_it_goes_on() -> None:
    training = train(network(), DATA, CONFIG)
    next(training)
    checkpoint = training.checkpoint()
    del checkpoint.data["validation"]
    assert list(train(network(), DATA, CONFIG, checkpoint=checkpoint))


CALIBRATION = Calibration(temperature=2.0)


def calibrated() -> Network:
    learner = network()
    learner.calibration = CALIBRATION
    return learner


def test_a_refused_checkpoint_leaves_the_network_as_it_was() -> None:
    checkpoint = train(network(), DATA, CONFIG).checkpoint()
    learner = calibrated()
    before = learner.values.copy()
    with pytest.raises(ConfigurationError):
        train(learner, DATA, replace(CONFIG, batch_size=16), checkpoint=checkpoint)
    assert learner.calibration == CALIBRATION
    assert np.array_equal(learner.values, before)


@pytest.mark.parametrize("events", [0, 1])
def test_a_training_closed_before_its_first_step_leaves_the_network_as_it_was(events: int) -> None:
    learner = calibrated()
    training = train(learner, DATA, CONFIG)
    list(islice(training, events))
    training.close()
    assert learner.calibration == CALIBRATION


def test_a_calibration_is_forgotten_with_the_weights_that_it_was_of() -> None:
    learner = calibrated()
    training = train(learner, DATA, CONFIG)
    list(islice(training, 2))
    assert learner.calibration == Calibration()
    resumed = calibrated()
    train(resumed, DATA, CONFIG, checkpoint=training.checkpoint())
    assert resumed.calibration == Calibration()


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


def test_divergence_names_the_rate_that_was_set_and_not_what_a_warm_up_made_of_it() -> None:
    with pytest.raises(DivergedError, match=r"the learning rate 1e\+36 .* try a rate of 1e\+35\."):
        list(train(network(), DATA, TrainingConfig(epochs=3, rate=1e36, warm_up=0.9, schedule="cosine")))


def test_what_numpy_is_quiet_about_stays_inside_of_a_training() -> None:
    before = np.geterr()
    training = train(network(), DATA, CONFIG)
    assert all(np.geterr() == before for _ in training)


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


def pictures() -> Network:
    rng = np.random.default_rng(0)
    layers = [Convolution(1, 2, 5, stride=3, rng=rng, initial_bias=1.0), BatchNormalization(2), LeakyReLU()]
    layers += [Flatten(), Dense(8 * 8 * 2, 10, rng=rng, initial_bias=1.0)]
    return Network(layers, input_shape=(28, 28, 1))


def one_step(**settings: Any) -> dict[str, Array]:
    """Return how much further each tensor moves in one step at rate 0.1 with these settings than without."""
    plain, other = pictures(), pictures()
    config = TrainingConfig(epochs=1, batch_size=230, rate=0.1, optimizer=settings.pop("optimizer", "sgd"))
    list(train(plain, DATA, config))
    list(train(other, DATA, replace(config, **settings)))
    return {name: tensor - plain.tensors()[name] for name, tensor in other.tensors().items()}


@pytest.mark.parametrize("optimizer", ["sgd", "adamw"])
def test_l2_shrinks_every_layers_weights_and_nothing_else(optimizer: str) -> None:
    # By gradient or directly, one step of plain descent takes off rate times decay; AdamW does so beside Adam.
    start = pictures().tensors()
    for name, moved in one_step(optimizer=optimizer, weight_decay=0.5).items():
        expected = -0.1 * 0.5 * start[name] if name.endswith("weight") else np.zeros_like(moved)
        np.testing.assert_allclose(moved, expected, atol=1e-6)


def test_l1_moves_every_weight_the_same_way_towards_zero() -> None:
    start = pictures().tensors()
    for name, moved in one_step(l1=0.01).items():
        expected = -0.1 * 0.01 * np.sign(start[name]) if name.endswith("weight") else np.zeros_like(moved)
        np.testing.assert_allclose(moved, expected, atol=1e-6)


def test_penalties_stay_out_of_the_loss_that_is_told() -> None:
    penalised = replace(CONFIG, weight_decay=0.5, l1=0.5)
    first, second = (list(islice(train(network(), DATA, config), 2)) for config in (CONFIG, penalised))
    assert first == second


def test_a_long_gradient_is_cut_and_a_short_one_left() -> None:
    config = TrainingConfig(epochs=1, batch_size=230, rate=0.1)
    lengths = {}
    for longest in (None, 0.25, 1e6):
        learner, start = network(), network().parameters
        list(train(learner, DATA, replace(config, largest_gradient=longest)))
        lengths[longest] = float(np.linalg.norm(learner.parameters - start))
    assert lengths[0.25] == pytest.approx(0.1 * 0.25, rel=1e-4)
    assert lengths[1e6] == lengths[None] > lengths[0.25]


@pytest.mark.parametrize("settings", [{"l1": 1e-4}, {"largest_gradient": 0.5}, {"optimizer": "adamw"}], ids=str)
def test_the_number_of_threads_changes_no_bit_of_a_regularised_step(settings: dict[str, Any]) -> None:
    results = []
    for threads in (1, 2):
        wide = mlp([784, 128, 10], seed=1, batch_normalization=True)
        config = TrainingConfig(epochs=2, batch_size=200, rate=0.01, weight_decay=1e-3, threads=threads)
        list(train(wide, DATA, replace(config, **settings)))
        results.append(wide.values.tobytes())
    assert results[0] == results[1]


def test_labels_that_are_none_of_the_networks_classes_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="tells 5 classes apart, and bars has the label 9"):
        train(mlp([784, 5]), DATA, CONFIG)


@pytest.mark.parametrize("unlabelled", ["training", "validation"])
def test_labels_below_zero_are_refused(unlabelled: str) -> None:
    digits = bars(60, 3)
    labels = digits.labels.astype(np.int8)
    labels[7] = -1
    data = replace(DATA, **{unlabelled: Dataset(digits.images, labels)})  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="bars has the label -1; wanted labels from 0"):
        train(network(), data, CONFIG)


def test_a_network_with_a_step_says_that_it_cannot_learn() -> None:
    stepped = Network([Dense(784, 8, rng=np.random.default_rng(0)), Step(), Dense(8, 10)])
    with pytest.raises(ConfigurationError, match="no slope to follow"):
        list(train(stepped, DATA, CONFIG))


def test_a_network_made_ready_to_read_does_not_learn() -> None:
    ready = network().ready()
    before = ready.outputs(DATA.validation.images[:2])
    with pytest.raises(ConfigurationError, match="Train the one that it was made from"):
        train(ready, DATA, CONFIG)
    assert np.array_equal(ready.outputs(DATA.validation.images[:2]), before)


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
        "calm_epochs": 0,
        "optimizer_settings": {},
        "l1": 0.0,
        "largest_gradient": None,
        "warm_up": 0.0,
        "halve_after": None,
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
        ("l1", float("inf")),
        ("largest_gradient", 0.0),
        ("largest_gradient", float("nan")),
        ("warm_up", 1.0),
        ("halve_after", 0),
        ("calm_epochs", -1),
        ("epochs", 2.5),
        ("epochs", "3"),
        ("epochs", None),
        ("batch_size", 2.5),
        ("batch_size", True),
        ("seed", 0.5),
        ("patience", 2.5),
        ("halve_after", 1.5),
        ("threads", "2"),
        ("rate", "0.1"),
        ("rate", True),
        ("rate", None),
        ("rate", 10**400),
        ("l1", [0.1]),
        ("warm_up", "0.5"),
        ("largest_gradient", "1"),
        ("largest_gradient", float("inf")),
        ("optimizer", ["sgd"]),
        ("schedule", None),
        ("augmentation", ["none"]),
        ("optimizer_settings", "mu"),
    ],
)
def test_a_setting_out_of_range_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(ConfigurationError, match=str(value) if value == "magic" else name):
        TrainingConfig(**{name: value})  # type: ignore[arg-type]


def test_numbers_of_numpy_are_settings_and_become_plain() -> None:
    config = TrainingConfig(epochs=np.int64(3), seed=np.uint8(7), threads=np.int32(1), rate=np.float32(0.5))  # type: ignore[arg-type]
    assert config == TrainingConfig(epochs=3, seed=7, threads=1, rate=0.5)
    assert json.loads(json.dumps(asdict(config))) == asdict(config)


def test_in_the_last_epochs_digits_are_varied_half_as_much() -> None:
    config = TrainingConfig(epochs=5, augmentation="strong", calm_epochs=2)
    strong = AUGMENTATIONS["strong"]
    assert [config.augmentation_in(epoch) for epoch in range(5)] == [strong] * 3 + [strong.scaled(0.5)] * 2
    assert TrainingConfig(epochs=5, calm_epochs=2).augmentation_in(4) is None


@pytest.mark.parametrize("settings", [{"mu": 0.5}, {"beta1": 1.0}, {"epsilon": 0.0}])
def test_settings_that_the_optimiser_does_not_take_are_refused(settings: dict[str, float]) -> None:
    with pytest.raises(ConfigurationError, match=next(iter(settings))):
        TrainingConfig(optimizer="adam", optimizer_settings=settings)


def test_a_config_keeps_its_own_copy_of_the_settings() -> None:
    given = {"mu": 0.5}
    config = TrainingConfig(optimizer="momentum", optimizer_settings=given)
    given["mu"] = 3.0
    assert config.optimizer_settings == {"mu": 0.5}
    assert hash(config) == hash(replace(config))


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

"""The experiments of the second book: what each of them is there to show, on little."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn.experiments
from nn.data.dataset import Dataset, DigitData
from nn.errors import ConfigurationError
from nn.experiments import EXPERIMENTS, perform
from nn.experiments.activations import activations
from nn.experiments.experiment import Plan, follow
from nn.experiments.optimizers import IN_THE_VALLEY, path
from nn.network import mlp
from nn.optimizers import OPTIMIZERS
from nn.training import TrainingConfig


def digits(count: int, seed: int) -> Dataset:
    """Noisy pictures with a bar at a place of its own for each digit."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 10, count).astype(np.uint8)
    images = rng.integers(0, 30, (count, 28, 28)).astype(np.uint8)
    for image, label in zip(images, labels, strict=True):
        row, column = 5 + 10 * (label // 5), 4 + 4 * (label % 5)
        image[row : row + 8, column : column + 3] = 255
    return Dataset(images, labels)


@pytest.fixture(scope="module")
def data() -> DigitData:
    return DigitData(digits(600, 0), digits(100, 1), None, "bars")


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_each_finds_rows_and_panels_and_says_what_it_is_doing(name: str, data: DigitData) -> None:
    told: list[str] = []
    finding = perform(name, data, Plan(is_quick=True, tell=told.append))
    assert finding.title
    assert finding.panels
    assert len({tuple(row) for row in finding.rows}) == 1
    assert len(told) >= 2


def test_the_same_seed_finds_the_same(data: DigitData) -> None:
    first, again, other = (
        perform("random-search", data, Plan(is_quick=True, epochs=1, seed=seed)).rows for seed in (3, 3, 4)
    )
    assert first == again
    assert first != other


def test_none_is_missing_from_the_list() -> None:
    files = {file.stem for file in Path(nn.experiments.__path__[0]).glob("*.py")} - {"__init__", "experiment"}
    assert files == {name.replace("-", "_") for name in EXPERIMENTS}


def test_a_name_that_is_none_is_told_with_those_that_are(data: DigitData) -> None:
    with pytest.raises(ConfigurationError, match=r"no experiment 'dropout'.*overfitting"):
        perform("dropout", data, Plan())


def test_sgd_zigzags_down_the_valley_and_adagrad_does_not() -> None:
    def turns(name: str) -> int:
        y = path(name, IN_THE_VALLEY[name])[:, 1]
        return int((np.sign(y[1:]) != np.sign(y[:-1])).sum())

    assert turns("sgd") == 30
    assert turns("adagrad") <= 1
    for name, rate in IN_THE_VALLEY.items():
        end = path(name, rate)[-1]
        assert abs(end[0]) < 3
        assert abs(end[1]) < 1


def test_every_optimizer_but_adams_twin_is_compared() -> None:
    assert set(IN_THE_VALLEY) == set(OPTIMIZERS) - {"adamw"}


def test_signals_fade_saturate_or_stay_by_the_size_of_the_weights() -> None:
    def last(activation: str, initial: Any) -> np.ndarray[Any, Any]:
        return activations(activation, initial, 500, seed=0)[-1]

    saturated = last("sigmoid", 1.0)
    assert ((saturated < 0.1) | (saturated > 0.9)).mean() > 0.6
    assert last("sigmoid", 0.01).std() < 0.02
    assert last("relu", 0.01).std() < 1e-4
    assert 0.4 < last("relu", "he").std() < 2
    assert last("relu", "xavier").std() < 0.5 * last("relu", "he").std()


def test_batch_normalisation_learns_where_the_plain_network_does_not(data: DigitData) -> None:
    rows: Any = perform("batch-normalization", data, Plan(is_quick=True, epochs=150)).rows
    smallest = rows[-1]
    assert smallest["deviation"] == pytest.approx(1e-4)
    assert smallest["normalized"] > smallest["plain"] + 0.1


def test_a_course_has_a_loss_a_step_and_accuracies_an_epoch(data: DigitData) -> None:
    config = TrainingConfig(epochs=3, batch_size=100)
    course = follow(mlp([784, 10]), data, config)
    assert (len(course.losses), len(course.training), len(course.validation)) == (18, 3, 3)
    assert len(follow(mlp([784, 10]), data, config, steps=7).losses) == 7

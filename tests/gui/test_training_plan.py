from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import pytest

from gui.pace import Pace, in_words
from gui.training_plan import (
    NetworkPlan,
    RecipeDigits,
    RecipePlan,
    TrainingRequest,
    count_parameters,
    layers_text,
    parse_layers,
    plan_of,
)
from nn.errors import ConfigurationError
from nn.files.header import HEADER_LIMIT, SIZE_LIMIT
from nn.files.weights import MOST_PARAMETERS
from nn.losses import SquaredError
from nn.network import Network, mlp
from nn.recipes import RECIPES, recipe
from nn.training import TrainingConfig

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("50 50", (50, 50)),
        ("128, 64", (128, 64)),
        (" 30;20 ", (30, 20)),
        ("50-100", (50, 100)),
        ("512 x 512", (512, 512)),
        ("", ()),
        ("7", (7,)),
    ],
)
def test_layers_are_read_the_way_people_write_them(text: str, sizes: tuple[int, ...]) -> None:
    assert parse_layers(text) == sizes
    assert parse_layers(layers_text(sizes)) == sizes


@pytest.mark.parametrize("text", ["bananas", "50 0", "1.5", "5000", "²", "٣", "50 50 fifty", "9" * 5000])
def test_layers_that_are_none_are_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"Write whole numbers from 1 to 4096"):
        parse_layers(text)


def test_too_many_layers_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="at most 10"):
        parse_layers("5 " * 11)


def test_a_network_that_no_file_could_hold_is_refused_before_it_is_built() -> None:
    with pytest.raises(
        ConfigurationError, match=r"70,381,578 parameters could never be saved.*\. Write fewer or smaller"
    ):
        parse_layers("4096 4096 4096 4096 4096")
    assert count_parameters(parse_layers("4096 4096 4096 4096")) <= MOST_PARAMETERS
    assert 4 * MOST_PARAMETERS + HEADER_LIMIT <= SIZE_LIMIT


def test_parameters_are_counted_as_the_network_has_them() -> None:
    for hidden in ((), (7,), (50, 20)):
        assert count_parameters(hidden) == NetworkPlan(hidden, "relu").build(0).parameters.size


@pytest.mark.parametrize(
    "plan", [NetworkPlan((50, 50), "relu"), NetworkPlan((), "relu"), NetworkPlan((9,), "tanh")]
)
def test_the_plan_of_a_built_network_is_the_plan(plan: NetworkPlan) -> None:
    assert plan_of(plan.build(3)) == plan


@pytest.mark.parametrize(
    "plan", [NetworkPlan((20,), "relu", dropout=0.5), NetworkPlan((20,), "tanh", loss="squared_error")]
)
def test_dropout_and_loss_are_part_of_the_plan(plan: NetworkPlan) -> None:
    assert plan_of(plan.build(0)) == plan


def test_the_sigmoid_behind_the_last_layer_is_part_of_the_loss() -> None:
    network = mlp([784, 20, 10], activation="tanh", loss=SquaredError())
    assert plan_of(network) == NetworkPlan((20,), "tanh", "squared_error")


@pytest.mark.parametrize(
    "network",
    [
        mlp([784, 8, 10], bias=False),
        mlp([784, 8, 10], loss=SquaredError(0.01, 0.99)),
        mlp([784, 8, 10], batch_normalization=True),
        recipe("simple-conv-net").build(0),
    ],
)
def test_what_the_fields_cannot_say_has_no_plan(network: Network) -> None:
    assert plan_of(network) is None


def test_the_rule_of_initial_weights_is_used_and_never_compared() -> None:
    plan = NetworkPlan((20,), "relu", initial="xavier")
    assert plan == NetworkPlan((20,), "relu")
    assert plan.build(0).parameters.std() < NetworkPlan((20,), "relu").build(0).parameters.std()


@pytest.mark.parametrize("name", RECIPES)
def test_the_plan_of_a_recipe_builds_its_network(name: str) -> None:
    plan = RecipePlan(name)
    network = plan.build(3)
    assert (network.parameters == recipe(name).build(3).parameters).all()


def test_the_digits_of_a_recipe_load_themselves(data_folder: Path) -> None:
    source = RecipeDigits("nielsen-30", 0)
    first, last = source.loading()
    assert first.message == "Preparing the digits of nielsen-30"
    assert last.data is not None
    assert len(last.data.training) == 50_000
    assert source.wants_mnist
    assert not RecipeDigits("synthetic-mlp", 0).wants_mnist


@pytest.mark.parametrize("name", ["house", "house-mlp"])
def test_digits_of_a_recipe_that_take_long_come_in_steps(data_folder: Path, name: str) -> None:
    steps = [(step.done, step.message) for step in islice(RecipeDigits(name, 0).loading(), 5)]
    assert [message for _, message in steps] == [
        f"Preparing the digits of {name}",
        "Reading MNIST and pen digits",
        *["Inking pen digits"] * 3,
    ]
    assert 0 < steps[3][0] < steps[4][0]


def test_a_request_without_a_plan_trains_a_copy_of_the_current_network() -> None:
    current = mlp([784, 6, 10], seed=4)
    copied = TrainingRequest(None, TrainingConfig(), "synthetic").network_from(current)
    assert copied is not current
    assert (copied.parameters == current.parameters).all()
    copied.parameters[:] = 0
    assert current.parameters.any()


def test_a_request_with_a_plan_makes_new_weights_from_the_seed() -> None:
    request = TrainingRequest(NetworkPlan((6,), "relu"), TrainingConfig(seed=9), "synthetic")
    made = request.network_from(mlp([784, 6, 10]))
    assert (made.parameters == NetworkPlan((6,), "relu").build(9).parameters).all()


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_time_left_follows_the_speed_and_not_the_rests() -> None:
    clock = Clock()
    pace = Pace(1000, clock=clock)
    pace.note(0)
    assert pace.seconds_left is None
    for done in range(10, 110, 10):
        clock.now += 1
        pace.note(done)
    assert pace.seconds_left == pytest.approx(90)
    pace.rest()
    clock.now += 3600
    pace.note(100)
    assert pace.seconds_left == pytest.approx(90)


def test_the_time_left_forgets_an_old_speed() -> None:
    clock = Clock()
    pace = Pace(10_000, clock=clock)
    pace.note(0)
    clock.now += 10
    pace.note(5000)
    for done in range(5001, 5121):
        clock.now += 1
        pace.note(done)
    assert pace.seconds_left == pytest.approx(4880, rel=0.1)


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "1 s"), (7.2, "8 s"), (59.2, "60 s"), (95, "2 min"), (4000, "1 h 7 min")]
)
def test_times_are_told_in_few_words(seconds: float, words: str) -> None:
    assert in_words(seconds) == words

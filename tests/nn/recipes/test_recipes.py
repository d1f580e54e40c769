"""Recipes: every seed's and every book's network, with its own initial values, scaling, targets and numbers."""

from __future__ import annotations

import json

import numpy as np
import pytest

from nn.errors import ConfigurationError
from nn.layers import Convolution, Dense
from nn.losses import SquaredError
from nn.network import Network
from nn.recipes import RECIPES, recipe

PROMISED = {
    "make-your-own": 0.970,
    "make-your-own-rotations": 0.974,
    "mnist-recognition": 0.927,
    "nn-with-numpy-sigmoid": 0.962,
    "nn-with-numpy-relu": 0.970,
    "nielsen-30": 0.952,
    "nielsen-100": 0.965,
    "nielsen-100-cross-entropy": 0.979,
    "multi-layer-net": 0.980,
    "simple-conv-net": 0.989,
    "deep-conv-net": 0.9935,
}


def built(name: str) -> Network:
    return recipe(name).build(recipe(name).config.seed)


def dense(network: Network) -> list[Dense]:
    return [layer for layer in network.layers if isinstance(layer, Dense)]


@pytest.mark.parametrize("name", RECIPES)
def test_each_builds_the_same_network_from_the_same_seed_and_another_from_another(name: str) -> None:
    first, again, other = (recipe(name).build(seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first.values, again.values)
    assert (first.values != other.values).any()
    assert first.name
    assert first.predict(np.zeros((2, 28, 28), np.uint8)).shape == (2, 10)


@pytest.mark.parametrize("name", RECIPES)
def test_each_can_be_described_and_built_from_its_description(name: str) -> None:
    network = built(name)
    described = json.loads(json.dumps(network.describe()))
    assert Network.from_description(described).describe() == network.describe()


@pytest.mark.parametrize("name", [name for name in RECIPES if name not in ("house", "house-mlp", "synthetic-mlp")])
def test_each_that_somebody_else_made_first_tells_its_story(name: str) -> None:
    made = recipe(name)
    assert len(made.story) > 60
    assert made.story != made.summary
    assert made.published is None or (0.9 < made.published.accuracy < 1 and made.published.where)


@pytest.mark.parametrize(("name", "share"), PROMISED.items())
def test_each_promises_at_least_what_was_asked_of_it(name: str, share: float) -> None:
    at_least = recipe(name).at_least
    assert at_least is not None
    assert at_least >= share


def test_a_name_that_is_none_is_told_with_those_that_are() -> None:
    with pytest.raises(ConfigurationError, match=r"no recipe 'lenet'.*deep-conv-net"):
        recipe("lenet")


def test_the_first_book_has_no_biases_small_normal_weights_and_targets_inside_the_sigmoid() -> None:
    network = built("make-your-own")
    assert [layer.bias.size for layer in dense(network)] == [0, 0]
    for layer in dense(network):
        assert layer.weight.std() == pytest.approx(layer.inputs**-0.5, rel=0.05)
    assert network.inputs(np.array([[0, 255]], np.uint8).repeat(392, axis=1)).min() == pytest.approx(0.01)
    assert isinstance(network.loss, SquaredError)
    assert (network.loss.low, network.loss.high) == (0.01, 0.99)
    config = recipe("make-your-own").config
    assert (config.batch_size, config.rate, config.epochs) == (1, 0.1, 5)


def test_nielsen_begins_chapter_1_with_large_weights_and_mends_them_in_chapter_3() -> None:
    for layer in dense(built("nielsen-100-large-weights")):
        assert layer.weight.std() == pytest.approx(1, rel=0.1)
    biases = np.concatenate([layer.bias for layer in dense(built("nielsen-100-large-weights"))])
    assert biases.std() == pytest.approx(1, rel=0.2)
    for name in ("nielsen-100", "nielsen-100-cross-entropy"):
        hidden = dense(built(name))[0]
        assert hidden.weight.std() == pytest.approx(784**-0.5, rel=0.05)
        assert hidden.bias.std() == pytest.approx(1, rel=0.3)


def test_the_third_seed_adds_its_errors_up() -> None:
    network = built("mnist-recognition")
    outputs, labels = np.zeros((1, 10)), np.array([3])
    assert network.loss.forward(outputs, labels) == pytest.approx(1)
    assert all(layer.bias.size == 0 for layer in dense(network))
    assert all(layer.bias.size for layer in dense(built("mnist-recognition-biases")))


def test_deep_conv_net_is_the_books_layer_by_layer() -> None:
    network = built("deep-conv-net")
    convolutions = [layer for layer in network.layers if isinstance(layer, Convolution)]
    assert [layer.filters for layer in convolutions] == [16, 16, 32, 32, 64, 64]
    assert [layer.padding for layer in convolutions] == [1, 1, 1, 2, 1, 1]
    assert [layer.inputs for layer in dense(network)] == [4 * 4 * 64, 50]
    for layer in convolutions[2:]:
        assert layer.weight.std() == pytest.approx((2 / len(layer.weight)) ** 0.5, rel=0.1)


def test_simple_conv_net_is_the_books() -> None:
    network = built("simple-conv-net")
    assert network.shapes[:4] == ((24, 24, 30), (24, 24, 30), (12, 12, 30), (4320,))
    assert [layer.outputs for layer in dense(network)] == [100, 10]

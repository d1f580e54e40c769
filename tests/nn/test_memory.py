"""What layers write over, and what they must not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from nn.compat import override
from nn.layers import AveragePooling, BatchNormalization, Convolution, Dense, Flatten, MaxPooling, ReLU, Tanh
from nn.network import Network
from nn.recipes import RECIPES

if TYPE_CHECKING:
    from nn.arrays import Array
    from nn.layers import Layer

RNG = np.random.default_rng(3)
FRAMES = RNG.integers(0, 256, (8, 28, 28), np.uint8)
LABELS = RNG.integers(0, 10, 8)


def learned_from(network: Network) -> tuple[Array, Array]:
    """Return the outputs and gradients of one batch."""
    outputs = network.forward(network.inputs(FRAMES), training=True).copy()
    network.loss.forward(outputs, LABELS)
    network.parameter_gradients(network.loss.backward(len(LABELS)))
    return outputs, network.gradients.copy()


def demand_the_same_without_writing_over(network: Network) -> None:
    outputs, gradients = learned_from(network)
    for layer in network.layers:
        layer.may_overwrite = layer.is_brief = False
    again, again_gradients = learned_from(network)
    assert (again == outputs).all()
    assert (again_gradients == gradients).all()
    assert gradients.any()


@pytest.mark.parametrize("pooling", [MaxPooling, AveragePooling])
def test_a_batch_teaches_the_same_whether_layers_write_over_what_they_are_given_or_not(
    pooling: type[Layer],
) -> None:
    rng = np.random.default_rng(0)
    layers = [
        *(Convolution(1, 16, 5, rng=rng), pooling(), BatchNormalization(16), ReLU()),
        *(Convolution(16, 16, 3, padding=1, rng=rng), BatchNormalization(16), ReLU()),
        *(Convolution(16, 16, 3, rng=rng), ReLU(), pooling(), Flatten()),
        *(Dense(400, 20, rng=rng), ReLU(), Dense(20, 20, rng=rng), BatchNormalization(20), Tanh()),
        Dense(20, 10, rng=rng),
    ]
    network = Network(layers, input_shape=(28, 28, 1))
    assert [layer for layer in network.layers if layer.may_overwrite and isinstance(layer, ReLU)]
    assert [layer.is_brief for layer in network.layers if isinstance(layer, Convolution)] == [True, False, False]
    demand_the_same_without_writing_over(network)


@pytest.mark.parametrize("recipe", ["house", "house-mlp"])
def test_so_it_does_for_the_networks_that_ship(recipe: str) -> None:
    network = RECIPES[recipe].build(0)
    layers = [layer.replica() for layer in network.layers if not layer.is_random]
    demand_the_same_without_writing_over(Network(layers, network.loss, input_shape=network.input_shape))


@pytest.mark.parametrize("first", [ReLU(), BatchNormalization(784)])
def test_what_a_network_is_given_stays_as_it_was(first: Layer) -> None:
    network = Network([first, Dense(784, 10, rng=np.random.default_rng(0))])
    x = np.random.default_rng(1).normal(size=(8, 784)).astype(np.float32)
    before = x.copy()
    network.forward(x, training=True)
    network.ready().forward(x)
    assert (x == before).all()


def test_a_layer_that_was_behind_another_writes_over_nothing_where_it_comes_first() -> None:
    rectifier = ReLU()
    Network([Dense(784, 784), rectifier])
    network = Network([rectifier, Dense(784, 10)])
    x = -np.ones((2, 784), np.float32)
    network.forward(x, training=True)
    assert (x == -1).all()


@pytest.mark.parametrize("window", [1, 2, 3])
def test_pooling_gives_an_array_of_its_own(window: int) -> None:
    network = Network(
        [Tanh(), MaxPooling(window), ReLU(), Flatten(), Dense((28 // window) ** 2, 10, rng=RNG)],
        input_shape=(28, 28, 1),
    )
    demand_the_same_without_writing_over(network)


class Remembering(Dense):
    """An affine layer of a program's own, which looks at what it gave once more."""

    @override
    def forward(self, x: Array, *, training: bool = False) -> Array:
        self.given = super().forward(x, training=training)
        return self.given


def test_what_a_layer_of_a_programs_own_gave_stays_as_it_was() -> None:
    layer = Remembering(784, 10, rng=np.random.default_rng(0))
    network = Network([layer, ReLU()])
    network.forward(network.inputs(FRAMES), training=True)
    assert (layer.given < 0).any()


def test_without_training_every_layer_can_be_asked_what_it_gave() -> None:
    layer = Dense(784, 10, rng=np.random.default_rng(0))
    network = Network([layer, ReLU()])
    x = network.inputs(FRAMES)
    given = layer.forward(x)
    network.layers[1].forward(given)
    assert (given < 0).any()

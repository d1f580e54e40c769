"""Back-propagation is held against central differences, and the judge is itself judged."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from nn.gradients import gradient_error, numerical_gradient
from nn.layers import (
    LAYERS,
    AveragePooling,
    BatchNormalization,
    Convolution,
    Dense,
    Dropout,
    Flatten,
    Layer,
    MaxPooling,
    ReLU,
    Sigmoid,
    Softmax,
    Tanh,
)
from nn.losses import LOSSES, CrossEntropy, Loss, SquaredError
from nn.network import Network, mlp

if TYPE_CHECKING:
    from nn.arrays import Array

RNG = np.random.default_rng(5)
X = RNG.standard_normal((4, 6))
LABELS = np.array([0, 2, 1, 2])
ONE_HOT = np.eye(3)[LABELS]
SOFT = np.array([[0.2, 0.3, 0.5], [1.0, 0.0, 0.0], [0.0, 0.9, 0.1], [0.4, 0.4, 0.2]])


def with_layer(layer: Layer) -> Network:
    rng = np.random.default_rng(1)
    return Network([Dense(6, 5, rng=rng), layer, Dense(5, 3, rng=rng)], input_shape=(6,))


FLAT: list[Layer] = [
    Sigmoid(),
    Tanh(),
    ReLU(),
    Softmax(),
    Dropout(0.5),
    BatchNormalization(5),
    Flatten(),
    Dense(5, 5),
]
PICTURES: list[Layer] = [
    Convolution(2, 3, 3, rng=np.random.default_rng(0)),
    Convolution(2, 3, 3, padding=1, rng=np.random.default_rng(0)),
    Convolution(2, 4, 2, stride=2, padding=1, rng=np.random.default_rng(0)),
    MaxPooling(2),
    MaxPooling(3),
    AveragePooling(2),
    BatchNormalization(2),
    Dropout(0.4),
    Flatten(),
]


@pytest.mark.parametrize("layer", FLAT, ids=repr)
def test_every_layer_passes_back_what_central_differences_find(layer: Layer) -> None:
    assert gradient_error(with_layer(layer), X, LABELS) < 1e-6


@pytest.mark.parametrize("layer", PICTURES, ids=repr)
def test_layers_that_see_pictures_do_too(layer: Layer) -> None:
    rng = np.random.default_rng(1)
    first = Convolution(1, 2, 3, padding=1, rng=rng)
    shape = layer.output_shape((6, 7, 2))
    layers: list[Layer] = [first, layer, Flatten(), Dense(math.prod(shape), 3, rng=rng)]
    x = rng.standard_normal((4, 6, 7, 1))
    assert gradient_error(Network(layers, input_shape=(6, 7, 1)), x, LABELS) < 1e-6


def test_no_layer_is_left_unchecked() -> None:
    assert {type(layer) for layer in (*FLAT, *PICTURES)} == set(LAYERS.values())


@pytest.mark.parametrize("targets", [LABELS, ONE_HOT, SOFT], ids=["labels", "one-hot", "soft"])
@pytest.mark.parametrize("loss", [CrossEntropy(), SquaredError(), SquaredError(0.01, 0.99)], ids=repr)
def test_every_loss_tells_its_own_slope(loss: Loss, targets: Array) -> None:
    network = Network([Dense(6, 3, rng=np.random.default_rng(2))], loss, input_shape=(6,))
    assert gradient_error(network, X, targets) < 1e-6


def test_no_loss_is_left_unchecked() -> None:
    assert {type(loss) for loss in (CrossEntropy(), SquaredError())} == set(LOSSES.values())


@pytest.mark.parametrize("activation", ["relu", "sigmoid", "tanh"])
@pytest.mark.parametrize("loss", [CrossEntropy(), SquaredError()], ids=repr)
def test_whole_networks_agree_with_central_differences(activation: str, loss: Loss) -> None:
    network = mlp([6, 7, 5, 3], activation=activation, loss=loss, initial="xavier", dropout=0.3, seed=4)
    assert gradient_error(network, X, LABELS) < 1e-5


def test_single_parameters_agree_one_by_one() -> None:
    network = Network([Dense(6, 3, rng=np.random.default_rng(3)), Tanh()], SquaredError(), input_shape=(6,))
    network = network.astype(np.float64)

    def loss_at(parameters: Array) -> float:
        network.parameters[:] = parameters
        return network.loss.forward(network.forward(X), LABELS) / len(X)

    here = network.parameters.copy()
    numerical = numerical_gradient(loss_at, here)
    loss_at(here)
    network.parameter_gradients(network.loss.backward(len(X)))
    np.testing.assert_allclose(network.gradients, numerical, atol=1e-8)


class Wrong(Sigmoid):
    """A sigmoid that forgets the factor y."""

    def backward(self, d_y: Array) -> Array:  # type: ignore[explicit-override]
        return d_y * (1 - self.y)


class WrongDropout(Dropout):
    """A dropout that passes back what it had dropped."""

    def backward(self, d_y: Array) -> Array:  # type: ignore[explicit-override]
        return d_y


@pytest.mark.parametrize("wrong", [Wrong(), WrongDropout(0.5)], ids=["sigmoid", "dropout"])
def test_a_wrong_gradient_is_found_out(wrong: Layer) -> None:
    assert gradient_error(with_layer(wrong), X, LABELS) > 1e-2


def test_softmax_as_a_layer_with_squared_error_is_right_too() -> None:
    layers = [Dense(6, 3, rng=np.random.default_rng(2)), Softmax()]
    assert gradient_error(Network(layers, SquaredError(), input_shape=(6,)), X, LABELS) < 1e-6

"""Back-propagation is held against central differences, and the judge is itself judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from nn.gradient_cases import network_cases, whole_networks
from nn.gradients import gradient_error, numerical_gradient, numerical_network_gradient, parameter_error
from nn.layers import ACTIVATIONS, Dense, Dropout, Flatten, Layer, Sigmoid, Softmax, Tanh
from nn.losses import CrossEntropy, Loss, SigmoidCrossEntropy, SquaredError
from nn.network import Network, mlp
from nn.parallel import one_blas_thread
from nn.recipes import RECIPES

if TYPE_CHECKING:
    from nn.arrays import Array

RNG = np.random.default_rng(5)
X = RNG.standard_normal((4, 6))
LABELS = np.array([0, 2, 1, 2])


def with_layer(layer: Layer) -> Network:
    rng = np.random.default_rng(1)
    return Network([Dense(6, 5, rng=rng), layer, Dense(5, 3, rng=rng)], input_shape=(6,))


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("loss", [CrossEntropy(), SigmoidCrossEntropy(), SquaredError()], ids=repr)
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


@pytest.mark.parametrize("kind", [np.int64, np.uint8, np.float32, np.float64])
def test_a_numerical_gradient_is_exact_whatever_numbers_x_comes_in(kind: type[np.number]) -> None:
    x = np.array([[3, 4], [5, 250]], kind)
    x.flags.writeable = False
    gradient = numerical_gradient(lambda at: float((at**2).sum()), x)
    assert gradient.dtype == np.float64
    np.testing.assert_allclose(gradient, 2.0 * x, rtol=1e-6)
    assert x.tolist() == [[3, 4], [5, 250]]


def test_a_numerical_gradient_moves_float64_where_it_lies() -> None:
    # As the books write it: the function looks at weights that it is not given.
    weights = {"W1": np.array([3.0, 4.0])}
    gradient = numerical_gradient(lambda _: float((weights["W1"] ** 2).sum()), weights["W1"])
    np.testing.assert_allclose(gradient, [6, 8], rtol=1e-6)
    assert weights["W1"].tolist() == [3, 4]


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
    assert parameter_error(with_layer(wrong), X, LABELS) > 1e-2


def test_every_recipe_is_checked() -> None:
    assert set(RECIPES) < set(whole_networks())


def test_networks_as_they_are_trained_agree() -> None:
    one_blas_thread()
    for case in network_cases():
        assert gradient_error(case.network, case.x, case.targets) < 1e-5, case.name
        assert parameter_error(case.network, case.x, case.targets) < 1e-5, case.name


def test_the_numerical_gradient_of_a_network_is_that_of_back_propagation() -> None:
    network = mlp([6, 5, 3], activation="tanh", dropout=0.3, seed=2)
    kept = network.parameters.copy()
    numerical = numerical_network_gradient(network, X.astype(np.float32), LABELS)
    assert numerical.shape == kept.shape
    assert np.array_equal(network.parameters, kept)
    for layer in network.layers:
        layer.reseed(np.random.default_rng(0))
    network.loss.forward(network.forward(X.astype(np.float32), training=True), LABELS)
    network.parameter_gradients(network.loss.backward(len(X)))
    np.testing.assert_allclose(network.gradients, numerical, atol=1e-5)
    chosen = [7, 0, 40]
    assert np.array_equal(
        numerical_network_gradient(network, X.astype(np.float32), LABELS, at=chosen), numerical[chosen]
    )


def test_softmax_of_pictures_adds_to_one_at_each_pixel() -> None:
    rng = np.random.default_rng(2)
    pictures = rng.normal(size=(5, 3, 3, 4)).astype(np.float32)
    np.testing.assert_allclose(Softmax().forward(pictures).sum(axis=-1), 1, rtol=1e-6)
    network = Network([Softmax(), Flatten(), Dense(36, 3, rng=rng)], input_shape=(3, 3, 4))
    assert gradient_error(network, pictures, np.array([0, 1, 2, 0, 1])) < 1e-6


def test_softmax_as_a_layer_with_squared_error_is_right_too() -> None:
    layers = [Dense(6, 3, rng=np.random.default_rng(2)), Softmax()]
    assert gradient_error(Network(layers, SquaredError(), input_shape=(6,)), X, LABELS) < 1e-6

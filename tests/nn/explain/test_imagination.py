"""Each way back from a label to a picture: by hand, held to its laws, and judged by a trained network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from nn.data.dataset import Dataset
from nn.errors import ConfigurationError
from nn.explain.ascent import Handwriting, ascending
from nn.explain.backquery import backquery_evidence, stretched
from nn.explain.imagination import CLIMBS, METHOD_NAMES, METHODS, imagine, imagine_all
from nn.explain.transposed import inked, transposed_evidence
from nn.explain.uphill import Uphill
from nn.gradients import numerical_gradient
from nn.layers import Dense, ReLU, Sigmoid
from nn.losses import SquaredError
from nn.network import Network, mlp
from nn.scaling import SCALINGS, Scaling

if TYPE_CHECKING:
    from nn.arrays import Array
    from nn.layers.base import Layer


def ten_blots() -> Dataset:
    """Return ten classes that anyone tells apart: a bar for each digit, at a place of its own, with noise."""
    rng = np.random.default_rng(5)
    labels = np.tile(np.arange(10, dtype=np.uint8), 40)
    images = rng.integers(0, 30, (len(labels), 28, 28)).astype(np.uint8)
    for image, label in zip(images, labels, strict=True):
        row, column = 5 + 10 * (label // 5), 4 + 4 * (label % 5)
        image[row : row + 8, column : column + 3] = 255
    return Dataset(images, labels)


def taught(network: Network, data: Dataset, steps: int = 150, rate: float = 0.2) -> Network:
    """Train by plain gradient descent on the whole set at once."""
    x = network.inputs(data.images)
    for _ in range(steps):
        network.loss.forward(network.forward(x, training=True), data.labels)
        network.backward(network.loss.backward(len(x)))
        network.parameters -= rate * network.gradients
    return network


@pytest.fixture(scope="module")
def trained() -> Network:
    return taught(mlp([784, 40, 30, 10], seed=1), ten_blots())


@pytest.mark.parametrize("scaling", [*SCALINGS.values(), Scaling(-1 / 255, 1.0)], ids=[*SCALINGS, "inverse"])
def test_uphill_is_the_slope_of_the_loss_by_ink(scaling: Scaling) -> None:
    network = mlp([784, 8, 10], activation="tanh", seed=2).astype(np.float64)
    network.scaling = scaling
    ink = np.random.default_rng(0).random((1, 28, 28))

    def gain(ink: Array) -> float:
        outputs = network.forward(ink.reshape(1, 784) * (scaling.factor * 255) + scaling.offset)
        return -network.loss.forward(outputs, np.array([3]))

    uphill = Uphill(network, [3]).of(ink)
    np.testing.assert_allclose(uphill, numerical_gradient(gain, ink), rtol=1e-4, atol=1e-6)


def small_steps(sizes: list[int]) -> Network:
    """Return a network whose weights are small whole numbers, for arithmetic by hand."""
    network = mlp(sizes, activation="sigmoid")
    for position, layer in enumerate(network.layers):
        if isinstance(layer, Dense):
            layer.weight[:] = (np.arange(layer.weight.size).reshape(layer.weight.shape) + position) % 5 - 2
            layer.bias[:] = 7
    return network


def test_transposed_evidence_is_the_weights_multiplied_from_the_output_back() -> None:
    network = small_steps([784, 6, 4, 10])
    first, second, third = (layer.weight for layer in network.layers if isinstance(layer, Dense))
    for digit in range(10):
        by_hand = np.array(
            [
                sum(first[pixel, i] * second[i, j] * third[j, digit] for i in range(6) for j in range(4))
                for pixel in (0, 100, 783)
            ]
        )
        evidence = transposed_evidence(network, [digit])[0].ravel()
        np.testing.assert_allclose(evidence[[0, 100, 783]], by_hand)


def test_one_affine_layer_imagines_its_own_column_of_weights() -> None:
    network = mlp([784, 10], seed=4)
    layer = network.layers[0]
    assert isinstance(layer, Dense)
    evidence = transposed_evidence(network, range(10))
    np.testing.assert_array_equal(evidence.reshape(10, 784).T, layer.weight)


def test_where_ink_is_small_numbers_evidence_for_a_pixel_is_evidence_for_paper() -> None:
    bright = mlp([784, 10], seed=4)
    dark = bright.copy()
    dark.scaling = Scaling(-1 / 255, 1.0)
    np.testing.assert_array_equal(transposed_evidence(dark, [3]), -transposed_evidence(bright, [3]))


def test_the_strongest_evidence_is_fully_inked_and_what_speaks_against_is_paper() -> None:
    evidence = np.zeros((2, 28, 28), np.float32)
    evidence[0, 3, :3] = -4, 1, 2
    picture = inked(evidence)
    assert picture[0, 3, :3].tolist() == [0, 0.5, 1]
    assert not picture[1].any()


def test_nine_is_not_empty_and_the_last_pixel_takes_part() -> None:
    nine = imagine(mlp([784, 30, 10], seed=2), 9)
    assert nine.picture.any()
    assert nine.evidence[27, 27] != 0


def test_backquery_of_one_affine_layer_is_the_logit_of_the_targets_through_its_weights() -> None:
    network = mlp([784, 10], seed=4, loss=SquaredError(0.01, 0.99))
    layer = network.layers[0]
    assert isinstance(layer, Dense)
    targets = np.full(10, 0.01)
    targets[7] = 0.99
    by_hand = layer.weight @ np.log(targets / (1 - targets))
    np.testing.assert_allclose(backquery_evidence(network, [7])[0].ravel(), by_hand, rtol=1e-4, atol=1e-4)


def test_backquery_rescales_what_comes_out_of_the_weights_before_undoing_the_sigmoid() -> None:
    # One hidden layer of two: the book's own steps, in its own order.
    layers: list[Layer] = [Dense(784, 2), Sigmoid(), Dense(2, 10), Sigmoid()]
    network = Network(layers, SquaredError(0.01, 0.99), scaling=SCALINGS["0.01..1"])
    hidden, output = network.layers[0], network.layers[2]
    assert isinstance(hidden, Dense)
    assert isinstance(output, Dense)
    hidden.weight[0], hidden.weight[1] = (1, 0), (0, 2)
    output.weight[0, 4], output.weight[1, 5] = 1, 1
    # Logits +4.6 at digit 4 and -4.6 elsewhere go back to (4.6, -4.6), rescaled (0.99, 0.01), undone (4.6, -4.6).
    logit = np.log(0.99 / 0.01)
    evidence = backquery_evidence(network, [4])[0].ravel()
    np.testing.assert_allclose(evidence[:3], [logit, -2 * logit, 0], rtol=1e-4)
    picture = stretched(evidence.reshape(1, 28, 28)).ravel()
    np.testing.assert_allclose(picture[:3], [0.99, 0.01, 0.01 + 0.98 * 2 / 3], rtol=1e-4)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "leaky_relu", "softplus"])
@pytest.mark.parametrize("hidden", [[], [20], [20, 15, 10]])
@pytest.mark.parametrize("method", METHODS)
def test_every_method_asks_dense_networks_of_any_depth_and_activation(
    method: str, hidden: list[int], activation: str
) -> None:
    network = mlp([784, *hidden, 10], activation=activation, seed=3, dropout=0.1 if hidden else 0)
    before = network.parameters.copy()
    imaginations = imagine_all(network, method)
    assert [imagination.digit for imagination in imaginations] == list(range(10))
    for imagination in imaginations:
        assert imagination.picture.shape == imagination.evidence.shape == (28, 28)
        assert imagination.picture.dtype == imagination.evidence.dtype == np.float32
        assert imagination.picture.min() >= 0
        assert imagination.picture.max() <= 1
        assert np.isfinite(imagination.evidence).all()
    np.testing.assert_array_equal(network.parameters, before)
    assert not network.gradients.any()


@pytest.mark.parametrize("method", ["transposed", "ascent", "ascent-plain"])
def test_a_trained_network_recognises_what_it_imagines(trained: Network, method: str) -> None:
    for imagination in imagine_all(trained, method):
        assert imagination.is_recognized
        assert imagination.verdict.confidence > 0.8


def test_backquery_of_a_trained_network_is_recognised_more_often_than_by_chance(trained: Network) -> None:
    assert sum(imagination.is_recognized for imagination in imagine_all(trained, "backquery")) >= 3


def test_the_verdict_is_what_the_network_reads_in_the_picture_drawn_in_bytes(trained: Network) -> None:
    three = imagine(trained, 3)
    np.testing.assert_allclose(three.verdict.probabilities, trained.predict(three.frame[np.newaxis])[0], rtol=1e-5)
    assert three.frame.max() == 255


def test_one_digit_alone_is_imagined_as_it_is_among_ten(trained: Network) -> None:
    for method in ("transposed", "backquery"):
        alone, among = imagine(trained, 6, method), imagine_all(trained, method)[6]
        np.testing.assert_allclose(alone.picture, among.picture, atol=1e-5)


def test_the_same_seed_climbs_to_the_same_picture_and_another_to_another(trained: Network) -> None:
    for method in CLIMBS:
        first, again, other = (imagine(trained, 2, method, seed=seed).picture for seed in (1, 1, 2))
        np.testing.assert_array_equal(first, again)
        assert (first != other).any()


def test_a_climb_can_be_watched_step_by_step_and_earlier_pictures_stay(trained: Network) -> None:
    climb = ascending(trained, [1, 8], prior=Handwriting(steps=5))
    first = next(climb)
    kept = first.pictures.copy()
    assert [step.step for step in climb] == [2, 3, 4, 5]
    np.testing.assert_array_equal(first.pictures, kept)
    assert first.pictures.shape == (2, 28, 28)


def test_a_climb_between_two_steps_of_training_does_not_disturb_them(trained: Network) -> None:
    network = trained.copy()
    x = network.inputs(ten_blots().images[:8])
    outputs = network.forward(x, training=True)
    held = outputs.copy()
    next(ascending(network, range(10)))
    np.testing.assert_array_equal(outputs, held)


def test_a_climb_asks_the_network_as_it_was_when_it_began(trained: Network) -> None:
    network, prior = trained.copy(), Handwriting(steps=4)
    *_, alone = ascending(network, range(10), prior=prior)
    climb = ascending(network, range(10), prior=prior)
    next(climb)
    network.values[:] = 0
    *_, last = climb
    np.testing.assert_array_equal(last.pictures, alone.pictures)


def test_ink_stays_on_the_paper_where_digits_are_drawn(trained: Network) -> None:
    for imagination in imagine_all(trained, "ascent"):
        margin = imagination.picture.copy()
        margin[3:25, 3:25] = 0
        assert not margin.any()


def test_a_network_that_knows_nothing_has_nothing_drawn_to_be_read() -> None:
    network = Network([Dense(784, 10)])
    imagination = imagine(network, 5)
    assert not imagination.picture.any()
    assert imagination.verdict.digit is None
    assert imagination.verdict.reason


def test_squared_error_and_a_scaling_with_an_offset_are_climbed_too() -> None:
    network = mlp([784, 20, 10], activation="sigmoid", loss=SquaredError(0.01, 0.99), seed=1, initial="xavier")
    network.scaling = SCALINGS["0.01..1"]
    taught(network, ten_blots(), steps=300, rate=3.0)
    assert sum(imagination.is_recognized for imagination in imagine_all(network, "ascent")) == 10


@pytest.mark.parametrize("digit", [-1, 10, 99])
def test_a_digit_that_does_not_exist_is_refused(digit: int) -> None:
    with pytest.raises(ConfigurationError, match="wanted one of 0 to 9"):
        imagine(mlp([784, 10]), digit)


def test_a_method_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(ConfigurationError, match="transposed, backquery, ascent, ascent-plain, principal"):
        imagine(mlp([784, 10]), 1, "dreaming")
    assert set(METHOD_NAMES) == set(METHODS)


class Mirror(ReLU):
    """A layer that no way back knows."""

    kind = "mirror"


@pytest.mark.parametrize("method", ["transposed", "backquery"])
def test_a_network_with_no_way_back_is_told_to_climb_instead(method: str) -> None:
    network = Network([Dense(784, 20, rng=np.random.default_rng(0)), Mirror(), Dense(20, 10)])
    with pytest.raises(ConfigurationError, match=r"Mirror.*gradient ascent"):
        imagine(network, 1, method)
    assert imagine(network, 1, "ascent").picture.shape == (28, 28)


def test_a_climb_of_no_steps_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="at least 1"):
        Handwriting(steps=0)

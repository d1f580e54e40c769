"""The way back through layers: a transpose where there is one, and activations undone exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from nn.errors import ConfigurationError
from nn.explain.backquery import backquery_evidence
from nn.explain.transposed import transposed_evidence
from nn.explain.way_back import WayBack
from nn.layers import (
    AveragePooling,
    BatchNormalization,
    Convolution,
    Dense,
    Flatten,
    LeakyReLU,
    MaxPooling,
    ReLU,
    Softplus,
)
from nn.network import Network

if TYPE_CHECKING:
    from nn.layers.base import Layer


def convolutional(pooling: Layer, *, padding: int = 1, stride: int = 1) -> Network:
    rng = np.random.default_rng(2)
    normalization = BatchNormalization(4)
    normalization.gamma[:] = 1, 2, 3, 4
    normalization.running_variance[:] = 4, 3, 2, 1
    side = ((28 + 2 * padding - 3) // stride + 1) // 2
    return Network(
        [
            Convolution(1, 4, 3, padding=padding, stride=stride, rng=rng),
            normalization,
            ReLU(),
            pooling,
            Flatten(),
            Dense(side * side * 4, 10, rng=rng),
        ],
        input_shape=(28, 28, 1),
    )


@pytest.mark.parametrize(("padding", "stride"), [(1, 1), (0, 2), (0, 1)])
def test_evidence_is_what_each_pixel_adds_where_all_is_affine(padding: int, stride: int) -> None:
    network = convolutional(AveragePooling(2), padding=padding, stride=stride)
    layers = [layer.replica() for layer in network.layers if layer.kind != "relu"]
    affine = Network(layers, input_shape=(28, 28, 1))
    x = np.random.default_rng(0).random((1, 28, 28, 1)).astype(np.float32)
    added = affine.forward(x)[0].copy() - affine.forward(np.zeros_like(x))[0]
    evidence = transposed_evidence(network, range(10))
    np.testing.assert_allclose((evidence * x[..., 0]).sum(axis=(1, 2)), added, rtol=1e-3, atol=1e-3)


def test_max_pooling_shares_out_evenly_which_is_the_transpose_of_average_pooling() -> None:
    np.testing.assert_allclose(
        transposed_evidence(convolutional(MaxPooling(2), padding=0, stride=1), range(10)),
        transposed_evidence(convolutional(AveragePooling(2), padding=0, stride=1), range(10)),
        rtol=1e-4,
        atol=1e-6,
    )
    rows_that_fill_no_square = WayBack(
        Network([MaxPooling(3), Flatten(), Dense(81, 10)], input_shape=(28, 28, 1)), 1
    )
    back = rows_that_fill_no_square.transposed(0, np.ones((1, 9, 9, 1), np.float32))
    assert back.shape == (1, 28, 28, 1)
    np.testing.assert_allclose(back[0, :27, :27], 1 / 9)
    assert not back[0, 27].any()


@pytest.mark.parametrize("pooling", [MaxPooling(2), AveragePooling(2)])
def test_backquery_goes_back_through_convolutions_too(pooling: Layer) -> None:
    network = convolutional(pooling)
    before = network.values.copy()
    evidence = backquery_evidence(network, range(10))
    assert evidence.shape == (10, 28, 28)
    assert np.isfinite(evidence).all()
    assert all((a != b).any() for a, b in zip(evidence[1:], evidence[:-1], strict=True))
    np.testing.assert_array_equal(network.values, before)


@pytest.mark.parametrize("activation", [LeakyReLU(0.1), Softplus()])
def test_leaky_relu_and_softplus_are_undone_exactly(activation: Layer) -> None:
    rng = np.random.default_rng(3)
    network = Network([Dense(784, 30, rng=rng), activation, Dense(30, 10, rng=rng)])
    first, last = network.layers[0], network.layers[2]
    assert isinstance(first, Dense)
    assert isinstance(last, Dense)
    targets = np.full((1, 10), 0.01)
    targets[0, 4] = 0.99
    values = np.log(targets / (1 - targets)) @ last.weight.T
    if isinstance(activation, Softplus):
        values = (values - values.min()) / (values.max() - values.min()) * 0.98 + 0.01
    # The activation itself says what its inverse is.
    wanted = backquery_evidence(network, [4]).reshape(1, 784)
    before = np.linalg.lstsq(first.weight, wanted[0], rcond=None)[0]
    np.testing.assert_allclose(activation.forward(before[np.newaxis]), values, rtol=1e-3, atol=1e-3)


def test_a_leaky_relu_without_a_slope_is_a_relu() -> None:
    rng = np.random.default_rng(3)
    layers = Dense(784, 30, rng=rng), LeakyReLU(0.0), Dense(30, 10, rng=rng)
    silent = backquery_evidence(Network(list(layers)), [1])
    np.testing.assert_array_equal(silent, backquery_evidence(Network([layers[0], ReLU(), layers[2]]), [1]))


def test_a_network_that_sees_no_frames_is_told_so() -> None:
    with pytest.raises(ConfigurationError, match="28 x 28"):
        transposed_evidence(Network([Dense(20, 10)], input_shape=(20,)), [1])

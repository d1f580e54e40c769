"""A single frame, read by calls that were prepared beforehand, is read as by the layers themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from nn.compat import override
from nn.errors import ShapeError
from nn.layers import Dense, Dropout, Flatten, Identity, LeakyReLU, ReLU, Sigmoid, Tanh
from nn.network import Network, mlp
from nn.network.one_frame import OneFrame
from nn.scaling import SCALINGS

if TYPE_CHECKING:
    from nn.arrays import Array
    from nn.layers import Layer

FRAMES = np.random.default_rng(5).integers(0, 256, (6, 28, 28), np.uint8)


def demand_the_same(network: Network) -> None:
    ready = network.ready()
    assert ready.one_frame is not None
    outputs = network.outputs(FRAMES)
    for position in (3, 0, 5, 0):
        frame = FRAMES[position : position + 1]
        np.testing.assert_allclose(ready.outputs(frame), outputs[position : position + 1], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("scaling", SCALINGS)
@pytest.mark.parametrize("activation", [ReLU, Sigmoid, Tanh, Identity])
def test_a_frame_is_read_as_by_the_layers_themselves(activation: type[Layer], scaling: str) -> None:
    rng = np.random.default_rng(0)
    layers = [
        *(Flatten(), Dense(784, 30, rng=rng, initial_bias=0.3), activation(), Dropout(0.5)),
        *(Dense(30, 20, rng=rng, bias=False), activation(), Dense(20, 10, rng=rng, initial_bias=0.3)),
    ]
    demand_the_same(Network(layers, input_shape=(28, 28, 1), scaling=SCALINGS[scaling]))


def test_one_layer_is_a_network_too() -> None:
    demand_the_same(Network([Dense(784, 10, rng=np.random.default_rng(0), bias=False)]))


def test_what_is_read_next_leaves_alone_what_was_given() -> None:
    ready = mlp([784, 10], seed=0).ready()
    first = ready.outputs(FRAMES[:1])
    before = first.copy()
    ready.outputs(FRAMES[1:2])
    assert (first == before).all()


def test_a_network_in_double_precision_reads_in_double_precision() -> None:
    network = mlp([784, 20, 10], seed=0).astype(np.float64)
    outputs = network.ready().outputs(FRAMES[:1])
    assert outputs.dtype == np.float64
    # Pixels are scaled in single precision, whatever comes behind.
    np.testing.assert_allclose(outputs, network.outputs(FRAMES[:1]), rtol=1e-6)


def test_a_twin_for_another_thread_has_no_arrays_in_common() -> None:
    ready = mlp([784, 20, 10], seed=0).ready()
    assert ready.replica().one_frame is None
    assert ready.copy().one_frame is None


class Doubled(Dense):
    """An affine layer of a program's own, which does more than its base."""

    @override
    def forward(self, x: Array, *, training: bool = False) -> Array:
        return super().forward(x, training=training) * 2


@pytest.mark.parametrize(
    "layers",
    [[Doubled(784, 10)], [ReLU(), Dense(784, 10)], [Dense(784, 20), LeakyReLU(), Dense(20, 10)], [Flatten()]],
    ids=["of its own", "activation first", "leaky", "no layer"],
)
def test_what_there_are_no_calls_for_is_read_by_the_layers(layers: list[Layer]) -> None:
    network = Network(layers)
    network.parameters[:] = np.random.default_rng(0).normal(0, 0.1, network.parameters.size)
    assert OneFrame.of(network) is None
    np.testing.assert_allclose(network.ready().outputs(FRAMES[:1]), network.outputs(FRAMES[:1]), rtol=1e-6)


def test_a_frame_of_another_size_is_refused() -> None:
    with pytest.raises(ShapeError, match=r"uint8 \(1, 27, 28\); wanted uint8, n frames of 784 pixels"):
        mlp([784, 10], seed=0).ready().outputs(np.zeros((1, 27, 28), np.uint8))

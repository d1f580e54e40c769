"""A network made ready to read says what the one it was made from says, and leaves that one as it was."""

from __future__ import annotations

from copy import deepcopy
from itertools import product
from pickle import dumps, loads
from typing import TYPE_CHECKING

import numpy as np
import pytest

from nn.compat import override
from nn.errors import ConfigurationError
from nn.gradients import gradient_error
from nn.layers import AveragePooling, BatchNormalization, Convolution, Dense, Flatten, Layer, MaxPooling, ReLU
from nn.layers.reading_kernel import ReadingTileKernel
from nn.network import Network, mlp
from nn.parallel import reading
from nn.recipes import RECIPES

if TYPE_CHECKING:
    from collections.abc import Callable

    from nn.arrays import Array

FRAMES = np.random.default_rng(5).integers(0, 256, (6, 28, 28), np.uint8)


def lived(network: Network, seed: int = 3) -> Network:
    """Return a network as after a training: nothing in it is still zero or one."""
    rng = np.random.default_rng(seed)
    for layer in network.layers:
        if isinstance(layer, BatchNormalization):
            layer.gamma[:], layer.beta[:] = (
                rng.uniform(0.5, 1.5, layer.features),
                rng.normal(0, 0.3, layer.features),
            )
            layer.running_mean[:] = rng.normal(0, 0.3, layer.features)
            layer.running_variance[:] = rng.uniform(0.5, 2, layer.features)
    return network


def behind_a_convolution(*layers: Layer, padding: int = 1, filters: int = 16) -> Network:
    rng = np.random.default_rng(0)
    first = Convolution(1, 16, 5, rng=rng)
    tiles = Convolution(16, filters, 3, padding=padding, rng=rng)
    return Network([first, tiles, *layers, ReLU(), Flatten()], input_shape=(28, 28, 1))


def demand_the_same(network: Network) -> None:
    outputs = network.outputs(FRAMES)
    np.testing.assert_allclose(network.ready().outputs(FRAMES), outputs, rtol=0, atol=2e-5 * abs(outputs).max())


@pytest.mark.parametrize("name", sorted({"house", "house-mlp", "deep-conv-net"} & RECIPES.keys()))
def test_the_networks_of_the_house_read_the_same_when_made_ready(name: str) -> None:
    demand_the_same(lived(RECIPES[name].build(1)))


@pytest.mark.parametrize(("padding", "frames"), [*product((0, 1, 2), (1, 3, 6))])
def test_tiles_made_ready_give_the_same_whatever_the_padding_and_the_number_of_frames(
    padding: int, frames: int
) -> None:
    network = behind_a_convolution(padding=padding)
    outputs = network.outputs(FRAMES[:frames])
    np.testing.assert_allclose(network.ready().outputs(FRAMES[:frames]), outputs, rtol=0, atol=1e-4)


@pytest.mark.parametrize("filters", [16, 200])
@pytest.mark.parametrize("side", [4, 6, 12])
def test_a_small_picture_alone_is_convolved_as_among_others(side: int, filters: int) -> None:
    rng = np.random.default_rng(0)
    pictures = rng.normal(size=(3, side, side, 16)).astype(np.float32)
    layer = Convolution(16, filters, 3, padding=1, rng=rng, initial_bias=0.3)
    expected = layer.forward(pictures)
    ready = layer.replica()
    ready.only_read((side, side, 16))
    for chosen in (slice(0, 1), slice(0, 3), slice(1, 2), slice(0, 0)):
        np.testing.assert_allclose(ready.forward(pictures[chosen]), expected[chosen], atol=1e-4)


def pickled(network: Network) -> Network:
    twin: Network = loads(dumps(network))  # noqa: S301 - our own
    return twin


@pytest.mark.parametrize("twin_of", [Network.ready, Network.copy, deepcopy, pickled])
def test_frames_are_read_alone_and_among_others_by_turns(twin_of: Callable[[Network], Network]) -> None:
    network = behind_a_convolution()
    outputs = network.outputs(FRAMES)
    ready = network.ready()
    for reader in (ready, twin_of(ready), ready):
        for chosen in (slice(0, 1), slice(1, 2), slice(0, 3), slice(2, 3), slice(0, 6), slice(5, 6)):
            np.testing.assert_allclose(reader.outputs(FRAMES[chosen]), outputs[chosen], rtol=0, atol=1e-4)


def test_outputs_of_odd_size_are_laid_out_whole() -> None:
    rng = np.random.default_rng(0)
    layers = [Convolution(1, 16, 4, rng=rng), Convolution(16, 16, 3, padding=1, rng=rng), ReLU(), Flatten()]
    network = Network(layers, input_shape=(28, 28, 1))
    assert network.shapes[1][:2] == (25, 25)
    demand_the_same(network)
    np.testing.assert_allclose(network.ready().outputs(FRAMES[:1]), network.outputs(FRAMES[:1]), atol=1e-4)


@pytest.mark.parametrize("pooling", [MaxPooling(2), AveragePooling(2), ReLU()])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_normalisation_is_folded_only_where_it_may_be_done_earlier(pooling: Layer, sign: int) -> None:
    network = lived(behind_a_convolution(pooling, BatchNormalization(16)))
    network.layers[3].parameters()["gamma"][:] *= sign
    demand_the_same(network)
    left = [layer for layer in network.ready().layers if isinstance(layer, BatchNormalization)]
    may_be_folded = isinstance(pooling, AveragePooling) or (isinstance(pooling, MaxPooling) and sign > 0)
    assert len(left) == (0 if may_be_folded else 1)


def test_a_normalisation_behind_an_affine_layer_is_folded_with_or_without_a_bias() -> None:
    rng = np.random.default_rng(0)
    for bias in (True, False):
        layers = [Dense(784, 20, bias=bias, rng=rng, initial_bias=0.3), BatchNormalization(20), ReLU()]
        network = lived(Network(layers))
        demand_the_same(network)
        assert [layer.kind for layer in network.ready().layers] == ["dense", "relu"]


def test_a_normalisation_with_nothing_in_front_stays() -> None:
    network = lived(Network([BatchNormalization(784), Dense(784, 10, rng=np.random.default_rng(0))]))
    demand_the_same(network)
    assert len(network.ready().layers) == 2


def test_reading_in_double_precision_stays_so() -> None:
    network = lived(behind_a_convolution(BatchNormalization(16))).astype(np.float64)
    ready = network.ready()
    assert ready.parameters.dtype == np.float64
    np.testing.assert_allclose(ready.outputs(FRAMES), network.outputs(FRAMES), rtol=1e-9, atol=1e-9)


def test_what_is_ready_keeps_saying_what_the_network_said_though_that_learns_on() -> None:
    network = lived(behind_a_convolution(BatchNormalization(16)))
    ready = network.ready()
    before = ready.outputs(FRAMES)
    network.values *= 2
    assert (ready.outputs(FRAMES) == before).all()
    assert (ready.replica().outputs(FRAMES) == before).all()
    assert not (network.ready().outputs(FRAMES) == before).all()


def test_making_a_network_ready_leaves_it_as_it_was() -> None:
    network = lived(mlp([784, 30, 10], seed=2))
    values, layers = network.values.copy(), network.layers
    network.ready().outputs(FRAMES)
    assert (network.values == values).all()
    assert network.layers is layers
    assert not network.is_ready
    outputs = network.forward(network.inputs(FRAMES))
    network.backward(np.ones_like(outputs))
    assert np.any(network.gradients)


def test_calibration_name_and_record_go_along() -> None:
    network = mlp([784, 10], name="three")
    network.record["steps"] = 5
    ready = network.ready()
    assert (ready.name, ready.record, ready.calibration) == ("three", {"steps": 5}, network.calibration)
    assert ready.ready() is ready


def test_who_asks_what_is_ready_for_a_way_back_is_told_whom_to_ask() -> None:
    network = behind_a_convolution()
    ready = network.ready()
    outputs = ready.forward(ready.inputs(FRAMES))
    with pytest.raises(ConfigurationError, match="the one that it was made from"):
        ready.backward(np.ones_like(outputs))
    with pytest.raises(ConfigurationError, match="the one that it was made from"):
        ready.layers[1].backward(np.zeros((6, *ready.shapes[1]), np.float32))


def test_what_is_ready_keeps_its_weights_and_so_do_its_copies() -> None:
    network = lived(behind_a_convolution(BatchNormalization(16)))
    ready = network.ready()
    before = ready.outputs(FRAMES)
    for kept in (ready, ready.copy(), ready.replica(), ready.astype(np.float64)):
        for array in (kept.values, kept.parameters, *kept.tensors().values()):
            with pytest.raises(ValueError, match="read-only"):
                array[...] = 0
        with pytest.raises(ConfigurationError, match=r"keeps its weights.* the one that it was made from"):
            kept.load_tensors({name: np.zeros_like(array) for name, array in kept.tensors().items()})
        np.testing.assert_allclose(kept.outputs(FRAMES), before, atol=1e-4)
    network.load_tensors({name: np.zeros_like(array) for name, array in network.tensors().items()})
    assert (ready.outputs(FRAMES) == before).all()


def test_who_checks_the_gradient_of_what_is_ready_is_told_whom_to_ask() -> None:
    with pytest.raises(ConfigurationError, match="the one that it was made from"):
        gradient_error(mlp([784, 10]).ready(), np.zeros((1, 784)), np.array([3]))


def test_many_frames_are_read_as_by_the_network_made_ready_on_any_number_of_threads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "WORTH_HELPERS", 0)
    monkeypatch.setattr(reading, "CHUNK", 2**16)
    network = lived(behind_a_convolution(BatchNormalization(16)))
    frames = np.tile(FRAMES, (10, 1, 1))
    outputs = network.outputs(frames, threads=1)
    assert (network.outputs(frames, threads=2) == outputs).all()
    assert (network.ready().outputs(frames, threads=1) == outputs).all()


def test_a_twin_of_a_layer_made_ready_is_ready_too() -> None:
    layer = behind_a_convolution().ready().layers[1]
    assert isinstance(layer, Convolution)
    assert isinstance(layer.replica()._for_few, ReadingTileKernel)


class Doubled(Dense):
    """An affine layer of a program's own, which does more than its base."""

    @override
    def forward(self, x: Array, *, training: bool = False) -> Array:
        return super().forward(x, training=training) ** 2


class Shy(BatchNormalization):
    """A normalisation of a program's own."""

    @override
    def forward(self, x: Array, *, training: bool = False) -> Array:
        return super().forward(x, training=training) / 2


def test_nothing_is_folded_into_or_out_of_layers_of_a_programs_own() -> None:
    rng = np.random.default_rng(0)
    demand_the_same(lived(Network([Doubled(784, 10, rng=rng), BatchNormalization(10)])))
    demand_the_same(lived(Network([Dense(784, 10, rng=rng), Shy(10)])))

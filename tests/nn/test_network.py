"""A network: one point in a space of p dimensions, and what may be asked of it."""

from __future__ import annotations

import copy
import json
import pickle
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from nn.errors import ConfigurationError, ShapeError, WeightsError
from nn.initializers import INITIAL_NAMES, Initial, Uniform
from nn.layers import (
    ACTIVATIONS,
    BatchNormalization,
    Convolution,
    Dense,
    Flatten,
    Layer,
    LeakyReLU,
    ReLU,
    Sigmoid,
    softmax,
)
from nn.losses import CrossEntropy, Loss, SigmoidCrossEntropy, SquaredError
from nn.network import Network, hidden_sizes, mlp
from nn.scaling import SCALINGS, Scaling

if TYPE_CHECKING:
    from collections.abc import Callable

FRAMES = np.random.default_rng(0).integers(0, 256, (7, 28, 28), np.uint8)


def test_a_network_worked_out_by_hand() -> None:
    # 3 inputs - 2 hidden (sigmoid) - 2 outputs, softmax and cross-entropy, one sample x = (1, 2, 3) of class 1.
    hidden, output = Dense(3, 2), Dense(2, 2)
    network = Network([hidden, Sigmoid(), output], input_shape=(3,))
    hidden.weight[:] = [[0.1, 0.4], [0.2, -0.5], [0.3, 0.2]]
    hidden.bias[:] = [-1.4, 0.0]
    output.weight[:] = [[1.0, -1.0], [2.0, 0.0]]
    output.bias[:] = [0.0, 1.0]
    # Hidden: 0.1 + 0.4 + 0.9 - 1.4 = 0 and 0.4 - 1.0 + 0.6 = 0; the sigmoid of both is 0.5.
    # Logits: 0.5 + 1.0 = 1.5 and -0.5 + 1 = 0.5; they differ by 1, so p = (e / (1 + e), 1 / (1 + e)).
    x = np.array([[1, 2, 3]], np.float32)
    logits = network.forward(x)
    np.testing.assert_allclose(logits, [[1.5, 0.5]], rtol=1e-6)
    p = np.e / (1 + np.e)  # 0.731...
    loss = network.loss.forward(logits, np.array([1]))
    assert loss == pytest.approx(1 + np.log1p(np.exp(-1)))  # -log(1 - p) = 1 + log(1 + 1 / e)
    d_x = network.backward(network.loss.backward(1))
    # d logits = p - t = (p, -p). Output weights: each hidden 0.5 times that; its bias: that itself.
    np.testing.assert_allclose(output.d_weight, [[0.5 * p, -0.5 * p]] * 2, rtol=1e-6)
    np.testing.assert_allclose(output.d_bias, [p, -p], rtol=1e-6)
    # d hidden = (1 * p + -1 * -p, 2 * p + 0) = (2 p, 2 p); through the sigmoid times 0.5 * 0.5: p / 2 each.
    np.testing.assert_allclose(hidden.d_bias, [p / 2, p / 2], rtol=1e-6)
    np.testing.assert_allclose(hidden.d_weight, [[p / 2] * 2, [p] * 2, [1.5 * p] * 2], rtol=1e-6)
    # d x = p / 2 * (0.1 + 0.4, 0.2 - 0.5, 0.3 + 0.2).
    np.testing.assert_allclose(d_x, [[0.25 * p, -0.15 * p, 0.25 * p]], rtol=1e-6)


def test_parameters_are_one_vector_that_the_layers_look_through() -> None:
    network = mlp([784, 30, 10])
    assert network.parameters.shape == (784 * 30 + 30 + 30 * 10 + 10,)
    network.parameters[:] = 3
    first = network.layers[0]
    assert isinstance(first, Dense)
    assert (first.weight == 3).all()
    first.bias[:] = 5
    assert np.count_nonzero(network.parameters == 5) == 30


def test_the_same_seed_gives_the_same_weights_and_another_seed_others() -> None:
    assert np.array_equal(mlp([784, 20, 10], seed=7).parameters, mlp([784, 20, 10], seed=7).parameters)
    assert not np.array_equal(mlp([784, 20, 10], seed=7).parameters, mlp([784, 20, 10], seed=8).parameters)


@pytest.mark.parametrize(("initial", "deviation"), [("he", (2 / 784) ** 0.5), ("xavier", 784**-0.5), (0.01, 0.01)])
def test_initial_weights_have_the_deviation_of_their_rule(initial: str | float, deviation: float) -> None:
    layer = Dense(784, 300, rng=np.random.default_rng(0), initial=initial)
    assert layer.weight.std() == pytest.approx(deviation, rel=0.01)
    assert not layer.bias.any()


@pytest.mark.parametrize(
    ("initial", "deviation"),
    [("he", (2 / 25) ** 0.5), ("xavier", 1 / 5), ("glorot", (2 / (25 + 25 * 32)) ** 0.5), (0.01, 0.01)],
)
def test_filters_begin_with_the_deviation_of_their_rule(initial: str | float, deviation: float) -> None:
    # A window of 5 x 5 joins each output with 25 pixels, and each pixel with 25 outputs of each filter.
    layers = [Convolution(1, 32, 5, rng=np.random.default_rng(seed), initial=initial) for seed in range(20)]
    assert np.std([layer.weight for layer in layers]) == pytest.approx(deviation, rel=0.02)


@pytest.mark.parametrize(
    ("initial", "low", "high"),
    [(Uniform(-0.5, 0.25), -0.5, 0.25), (Uniform(0, 1, scaled=True), 0, 784**-0.5), ("positive", 0, 784**-0.5)],
)
def test_uniform_weights_fill_their_range_evenly(initial: Initial, low: float, high: float) -> None:
    weight = Dense(784, 300, rng=np.random.default_rng(0), initial=initial).weight
    assert weight.dtype == np.float32
    assert (weight.min(), weight.max()) == pytest.approx((low, high), abs=1e-4)
    assert weight.mean() == pytest.approx((low + high) / 2, abs=1e-3)
    assert weight.std() == pytest.approx((high - low) / 12**0.5, rel=0.01)


@pytest.mark.parametrize("initial", [*INITIAL_NAMES, 0.01, Uniform(-1, 1)], ids=str)
def test_the_same_generator_draws_the_same_initial_values(initial: Initial) -> None:
    one, two = (
        Convolution(2, 40, 5, rng=np.random.default_rng(4), initial=initial, initial_bias=1.0) for _ in range(2)
    )
    assert one.weight.tobytes() == two.weight.tobytes()
    assert one.bias.tobytes() == two.bias.tobytes()
    assert one.bias.std() == pytest.approx(1, rel=0.3)


def test_biases_may_be_drawn_too_or_not_be_there() -> None:
    # Nielsen's networks: biases N(0, 1), weights N(0, 1/n).
    drawn = mlp([784, 300, 10], activation="sigmoid", initial="xavier", initial_bias=1.0)
    assert drawn.tensors()["0.bias"].std() == pytest.approx(1, rel=0.1)
    assert mlp([784, 30, 10], bias=False).parameters.size == 784 * 30 + 30 * 10


@pytest.mark.parametrize("bounds", [(1, 0), (0, 0), (0, float("inf")), (float("nan"), 1)])
def test_a_range_that_is_none_is_refused(bounds: tuple[float, float]) -> None:
    with pytest.raises(ConfigurationError, match="low below high"):
        Uniform(*bounds)


def test_weights_are_named_by_their_layers() -> None:
    network = Network(
        [Convolution(1, 2, 3), BatchNormalization(2), LeakyReLU(), Flatten(), Dense(26 * 26 * 2, 10)],
        input_shape=(28, 28, 1),
    )
    weights = network.weights()
    assert [weight.size for weight, _ in weights] == [9 * 2, 26 * 26 * 2 * 10]
    for weight, gradient in weights:
        weight[:], gradient[:] = 3, 5
    assert np.count_nonzero(network.parameters == 3) == np.count_nonzero(network.gradients == 5) == 18 + 13520


def test_batch_normalisation_stands_between_affine_layer_and_activation() -> None:
    network = mlp([784, 8, 10], batch_normalization=True, dropout=0.1)
    assert [layer.kind for layer in network.layers] == ["dense", "batch_normalization", "relu", "dropout", "dense"]


@pytest.mark.parametrize("initial", ["xaver", -1.0, float("nan")])
def test_unknown_initial_weights_are_refused_with_the_known_ones(initial: str | float) -> None:
    with pytest.raises(ConfigurationError, match="xavier"):
        Dense(3, 2, rng=np.random.default_rng(0), initial=initial)


@pytest.mark.parametrize("activation", ["dense", "dropout", "flatten", "step", "magic"])
def test_a_layer_that_is_no_activation_is_refused_as_one(activation: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{activation!r} is not known here; wanted one of relu, sigmoid"):
        mlp([784, 5, 10], activation=activation)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("loss", [CrossEntropy(), SigmoidCrossEntropy(), SquaredError()], ids=repr)
def test_probabilities_add_to_one(activation: str, loss: Loss) -> None:
    read = mlp([784, 12, 10], activation=activation, loss=loss).predict(FRAMES)
    assert read.shape == (7, 10)
    assert read.dtype == np.float32
    np.testing.assert_allclose(read.sum(axis=1), 1, rtol=1e-5)


@pytest.mark.parametrize("shape", [(3, 10), (1, 10), (2, 1), (2, 70)], ids=str)
@given(data=st.data())
def test_softmax_of_any_logits_adds_to_one(shape: tuple[int, int], data: st.DataObject) -> None:
    logits = data.draw(arrays.arrays(np.float32, shape, elements=st.floats(-(2.0**100), 2.0**100, width=32)))
    p = softmax(logits)
    assert (p >= 0).all()
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-5)


@pytest.mark.parametrize("classes", [10, 64, 65])
def test_softmax_of_a_row_alone_is_that_of_the_row_among_others(classes: int) -> None:
    logits = np.random.default_rng(0).normal(0, 9, (5, classes))
    expected = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(softmax(logits), expected, rtol=1e-12)
    for row, wanted in zip(logits, expected, strict=True):
        np.testing.assert_allclose(softmax(row[np.newaxis]), wanted[np.newaxis], rtol=1e-12)
        np.testing.assert_allclose(softmax(row), wanted, rtol=1e-12)


def test_reading_many_frames_is_reading_each() -> None:
    network = mlp([784, 16, 10], seed=1)
    many = np.random.default_rng(1).integers(0, 256, (600, 28, 28), np.uint8)
    together = network.predict(many)
    alone = np.concatenate([network.predict(frame[np.newaxis]) for frame in many[::97]])
    np.testing.assert_allclose(together[::97], alone, atol=1e-6)


READERS: list[Callable[[Network], Network]] = [Network.copy, Network.ready]


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("seen", [(784,), (28, 28, 1)])
@pytest.mark.parametrize(
    ("frames", "remedy"),
    [
        (FRAMES[0], r"as frame\[np.newaxis\]"),
        (FRAMES[:, :27], r"wanted uint8, n frames of 784 pixels"),
        (FRAMES[:1] / 255, r"np.rint\(255 \* ink\)"),
        (FRAMES / np.float32(255), r"np.rint\(255 \* ink\)"),
        (FRAMES > 127, r"np.rint\(255 \* ink\)"),
        (FRAMES[:1].astype(np.int64), "wanted uint8"),
    ],
    ids=["one alone", "cut", "one of floats", "floats", "masks", "whole numbers"],
)
def test_what_are_no_frames_is_refused_with_what_to_do(
    reader: Callable[[Network], Network], seen: tuple[int, ...], frames: Any, remedy: str
) -> None:
    network = reader(Network([Flatten(), Dense(784, 10)], input_shape=seen))
    for read in (network.inputs, network.outputs, network.read, network.predict):
        with pytest.raises(ShapeError, match=remedy):
            read(frames)


@pytest.mark.parametrize("reader", READERS)
def test_no_frames_are_no_rows(reader: Callable[[Network], Network]) -> None:
    assert reader(mlp([784, 10])).predict(FRAMES[:0]).shape == (0, 10)


def test_what_was_read_is_not_overwritten_by_the_next_reading() -> None:
    network = mlp([784, 16, 10], seed=1)
    first = network.predict(FRAMES)
    kept = first.copy()
    network.predict(255 - FRAMES)
    assert np.array_equal(first, kept)


@pytest.mark.parametrize("shared", [ReLU(), Dense(8, 8)], ids=repr)
def test_a_network_that_has_a_layer_in_two_places_is_refused(shared: Layer) -> None:
    with pytest.raises(ConfigurationError, match=r"Layer 3 is layer 1 once more, the same \w+\(.*make another"):
        Network([Dense(784, 8), shared, Dense(8, 8), shared, Dense(8, 10)])


def test_a_layer_of_another_network_is_refused_as_long_as_that_lives() -> None:
    body: list[Layer] = [Dense(784, 8, rng=np.random.default_rng(0)), ReLU()]
    first = Network([*body, Dense(8, 10)])
    twins = [first, first.copy(), first.replica(), first.ready(), first.astype(np.float64)]
    for network in twins:
        with pytest.raises(ConfigurationError, match=r"Layer 0, Dense\(784 -> 8\), belongs to another network"):
            Network([*network.layers[:2], Dense(8, 5)])
    del first, twins, network
    assert Network([*body, Dense(8, 5)]).layers[0] is body[0]


def test_a_network_that_could_not_be_built_takes_no_layer_over() -> None:
    layers: list[Layer] = [Dense(784, 8), ReLU()]
    with pytest.raises(ShapeError):
        Network([*layers, Dense(9, 10)])
    Network([*layers, Dense(8, 10)])


def test_replicas_of_layers_begin_another_network_with_the_same_weights() -> None:
    first = mlp([784, 8, 10], batch_normalization=True, seed=3)
    kept = first.predict(FRAMES)
    second = Network([*(layer.replica() for layer in first.layers[:-1]), Dense(8, 5)])
    assert np.array_equal(second.tensors()["0.weight"], first.tensors()["0.weight"])
    second.values[:] = 0
    assert np.array_equal(first.predict(FRAMES), kept)


def pickled_and_back(network: Network) -> Network:
    back: Network = pickle.loads(pickle.dumps(network))  # noqa: S301 - written a moment ago
    return back


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, pickled_and_back])
def test_a_copy_by_other_means_is_whole_and_its_own(copied: Callable[[Network], Network]) -> None:
    network = mlp([784, 8, 10], batch_normalization=True, seed=3)
    before = network.predict(FRAMES)
    twin = copied(network)
    assert np.array_equal(twin.predict(FRAMES), before)
    assert np.array_equal(copied(network.ready()).predict(FRAMES), network.ready().predict(FRAMES))
    with pytest.raises(ConfigurationError, match="belongs to another network"):
        Network(twin.layers)
    twin.parameters[:] = 0
    assert np.allclose(twin.predict(FRAMES), 0.1), "its layers look elsewhere"
    assert np.array_equal(network.predict(FRAMES), before)


def test_a_copy_learns_for_itself() -> None:
    network = mlp([784, 16, 10], name="original", seed=3)
    twin = network.copy()
    assert np.array_equal(twin.parameters, network.parameters)
    assert (twin.name, twin.seed) == ("original", 3)
    twin.parameters += 1
    assert not np.array_equal(twin.parameters, network.parameters)


def test_a_replica_shares_weights_and_nothing_else() -> None:
    network = mlp([784, 16, 10])
    twin = network.replica()
    network.parameters[:] = 0.01
    assert np.array_equal(twin.predict(FRAMES), network.predict(FRAMES))
    twin.loss.forward(twin.forward(twin.inputs(FRAMES)), np.zeros(7, np.int64))
    twin.parameter_gradients(twin.loss.backward(7))
    assert twin.gradients.any()
    assert not network.gradients.any()


def test_a_network_is_built_again_from_what_json_keeps() -> None:
    network = Network(
        [Dense(784, 5, rng=np.random.default_rng(0), bias=False), Sigmoid(), Dense(5, 10)],
        SquaredError(0.01, 0.99),
        scaling=SCALINGS["0.01..1"],
    )
    twin = Network.from_description(json.loads(json.dumps(network.describe())))
    twin.load_tensors(network.tensors())
    assert twin.describe() == network.describe()
    assert np.array_equal(twin.predict(FRAMES), network.predict(FRAMES))
    assert "0.bias" not in network.tensors()


@pytest.mark.parametrize(
    "damage",
    [
        {"layers": []},
        {"layers": [{"kind": "dense", "inputs": 784, "outputs": -3}]},
        {"layers": [{"kind": "dense", "inputs": 784, "outputs": 10.5}]},
        {"layers": [{"kind": "dense", "inputs": 784, "outputs": 10**9}]},
        {"layers": [{"kind": "wormhole"}]},
        {"layers": [{"kind": ["relu"]}]},
        {"layers": [3]},
        {"layers": [{"kind": "relu", "slope": 3}]},
        {"layers": [{"kind": "dropout", "rate": 1.0}]},
        {"layers": [{"kind": "dropout", "rate": "x"}]},
        {"loss": {"kind": "cross_entropy", "extra": 1}},
        {"loss": None},
        {"scaling": {"factor": 0}},
        {"scaling": {"factor": "x"}},
        {"input_shape": "x"},
    ],
    ids=str,
)
def test_a_description_of_nonsense_is_refused(damage: dict[str, object]) -> None:
    with pytest.raises((ConfigurationError, ShapeError)):
        Network.from_description({**mlp([784, 10]).describe(), **damage})


@pytest.mark.parametrize(
    "layers",
    [
        [BatchNormalization(6), ReLU(), Dense(6, 3)],
        [BatchNormalization(6)],
        [Convolution(16, 16, 3), ReLU(), Flatten(), Dense(64, 3)],  # in tiles
    ],
    ids=["normalised first", "normalised alone", "tiles first"],
)
def test_the_gradient_of_the_input_is_that_of_what_was_asked_and_not_of_what_was_asked_before(
    layers: list[Layer],
) -> None:
    rng = np.random.default_rng(2)
    shape = (4, 4, 16) if isinstance(layers[0], Convolution) else (6,)
    network = Network([layer.replica() for layer in layers], input_shape=shape)
    network.parameters[:] = rng.standard_normal(network.parameters.size)
    x = rng.standard_normal((5, *shape), np.float32)
    before, asked = (rng.standard_normal((5, *network.shapes[-1]), np.float32) for _ in range(2))
    network.forward(x, training=True)
    wanted = network.input_gradient(asked).copy()
    network.parameter_gradients(before)
    assert np.array_equal(network.input_gradient(asked), wanted)
    network.parameter_gradients(before)
    before[:] = asked
    assert np.array_equal(network.input_gradient(before), wanted)


def test_layers_that_do_not_fit_are_refused_by_name() -> None:
    with pytest.raises(ShapeError, match=r"Layer 2 .*Dense\(40 -> 10\) got input of shape \(n, 50\)"):
        Network([Dense(784, 50), ReLU(), Dense(40, 10)])


@pytest.mark.parametrize("shape", [(), (-784,), (0,), (784.0,), (True, 784), ("784",)], ids=repr)
def test_an_input_shape_is_of_whole_numbers_from_1(shape: Any) -> None:
    with pytest.raises(ConfigurationError, match="wanted whole numbers from 1"):
        Network([Flatten(), Dense(784, 10)], input_shape=shape)


def test_an_input_shape_in_numbers_of_numpy_becomes_plain() -> None:
    network = Network([Flatten(), Dense(784, 10)], input_shape=(np.int64(28), np.int64(28), np.int64(1)))  # type: ignore[arg-type]
    assert json.loads(json.dumps(network.describe()))["input_shape"] == [28, 28, 1]


def test_input_of_another_shape_is_refused() -> None:
    with pytest.raises(ShapeError, match=r"got input of shape \(3, 100\); wanted \(n, 784\)\."):
        mlp([784, 10]).forward(np.zeros((3, 100), np.float32))


def test_weights_that_do_not_fit_change_nothing() -> None:
    network = mlp([784, 8, 10], seed=2)
    kept = network.parameters.copy()
    good = {name: array.copy() for name, array in network.tensors().items()}
    broken = [
        {**good, "0.bias": np.zeros(9)},
        {**good, "0.bias": np.full(8, np.nan)},
        {name: array for name, array in good.items() if name != "2.bias"},
        {**good, "9.weight": np.zeros(3)},
    ]
    for tensors in broken:
        tensors["0.weight"] = np.zeros((784, 8))
        with pytest.raises(WeightsError):
            network.load_tensors(tensors)
        assert np.array_equal(network.parameters, kept)


def test_scaling_there_and_back_is_the_same_bytes() -> None:
    every_byte = np.arange(256, dtype=np.uint8)
    for scaling in (*SCALINGS.values(), Scaling(-0.5, 3)):
        assert np.array_equal(scaling.undo(scaling.apply(every_byte)), every_byte)


def test_the_summary_counts_every_parameter() -> None:
    assert "23,860 parameters" in mlp([784, 30, 10]).summary()
    assert hidden_sizes(mlp([784, 30, 20, 10])) == (30, 20)


@pytest.mark.parametrize(("weights", "inputs"), [(np.float64, np.float32), (np.float32, np.float64)])
def test_inputs_of_another_precision_than_the_weights_go_there_and_back(
    weights: type[np.floating], inputs: type[np.floating]
) -> None:
    network = mlp([784, 30, 10], seed=0)
    expected = network.forward(network.inputs(FRAMES)).copy()
    d_x = network.backward(np.ones_like(expected)).copy()
    other = network.astype(weights)
    x = network.inputs(FRAMES).astype(inputs)
    np.testing.assert_allclose(other.forward(x), expected, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(other.backward(np.ones(expected.shape, inputs)), d_x, rtol=1e-4, atol=1e-5)

"""What every layer keeps to, whatever it computes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from nn.errors import ConfigurationError, InklingError
from nn.gradient_cases import Case, layer_cases, layer_examples
from nn.gradients import gradient_error, parameter_error
from nn.layers import ACTIVATIONS, LAYERS, Layer, Step

if TYPE_CHECKING:
    from nn.arrays import Float32

EXAMPLES = [pytest.param(number, id=repr(layer)) for number, (layer, _) in enumerate(layer_examples())]
every_layer = pytest.mark.parametrize("number", EXAMPLES)


def example(number: int) -> tuple[Layer, Float32]:
    """Return a layer of its own and a batch of five for it."""
    layer, shape = layer_examples()[number]
    layer.reseed(np.random.default_rng(7))
    return layer, np.random.default_rng(1).standard_normal((5, *shape), np.float32)


def test_no_layer_is_left_out() -> None:
    assert {type(layer) for layer, _ in layer_examples()} == set(LAYERS.values())
    assert set(ACTIVATIONS) < set(LAYERS)


@every_layer
def test_the_shape_is_the_one_it_says(number: int) -> None:
    layer, x = example(number)
    for training in (False, True):
        assert layer.forward(x, training=training).shape == (5, *layer.output_shape(x.shape[1:]))


@every_layer
@pytest.mark.parametrize("samples", [0, 1, 3])
def test_a_batch_may_be_of_any_size(number: int, samples: int) -> None:
    layer, x = example(number)
    assert len(layer.forward(x)) == 5
    assert len(layer.forward(x[:samples])) == samples


@every_layer
def test_float32_stays_float32(number: int) -> None:
    layer, x = example(number)
    y = layer.forward(x, training=True)
    assert y.dtype == np.float32
    if not isinstance(layer, Step):
        layer.parameter_gradients(np.ones_like(y))
        assert layer.backward(np.ones_like(y)).dtype == np.float32
        assert all(getattr(layer, f"d_{name}").dtype == np.float32 for name in layer.parameter_names)


@every_layer
def test_what_it_is_given_is_left_as_it_is(number: int) -> None:
    layer, x = example(number)
    kept = x.copy()
    y = layer.forward(x, training=True)
    if not isinstance(layer, Step):
        d_y = np.random.default_rng(2).standard_normal(y.shape).astype(np.float32)
        kept_d_y = d_y.copy()
        layer.parameter_gradients(d_y)
        assert layer.backward(d_y).shape == x.shape
        assert np.array_equal(d_y, kept_d_y)
    assert np.array_equal(x, kept)


@every_layer
def test_the_same_input_gives_the_same_bits(number: int) -> None:
    results = []
    for _ in range(2):
        layer, x = example(number)
        y = layer.forward(x, training=True).copy()
        if not isinstance(layer, Step):
            layer.parameter_gradients(y)
            y = np.concatenate([y.ravel(), layer.backward(y).ravel()])
        results.append(
            y.tobytes() + b"".join(getattr(layer, f"d_{name}").tobytes() for name in layer.parameters())
        )
    assert results[0] == results[1]


@every_layer
def test_it_is_built_again_from_its_own_words(number: int) -> None:
    layer, x = example(number)
    words = json.loads(json.dumps(layer.settings()))
    twin = LAYERS[layer.kind](**words)
    assert (repr(twin), twin.settings()) == (repr(layer), layer.settings())
    for name, array in {**layer.parameters(), **layer.statistics()}.items():
        getattr(twin, name)[...] = array
    assert np.array_equal(twin.forward(x), layer.forward(x))


@every_layer
def test_it_describes_itself_in_a_line(number: int) -> None:
    layer, _ = example(number)
    assert repr(layer).startswith(f"{type(layer).__name__}(")
    assert "\n" not in repr(layer)


@every_layer
def test_weights_are_among_its_parameters(number: int) -> None:
    layer, _ = example(number)
    assert set(layer.weight_names) <= set(layer.parameter_names)
    assert not {"bias", "gamma", "beta"} & set(layer.weight_names)


@every_layer
def test_a_replica_shares_parameters_and_no_buffers(number: int) -> None:
    layer, x = example(number)
    twin = layer.replica()
    first = layer.forward(x).copy()
    twin.forward(2 * x)
    assert np.array_equal(layer.forward(x), first)
    assert all(getattr(twin, name) is array for name, array in layer.parameters().items())


@every_layer
def test_a_setting_it_does_not_know_is_refused(number: int) -> None:
    layer, _ = example(number)
    kind: Any = type(layer)
    with pytest.raises(TypeError, match="wormhole"):
        kind(**layer.settings(), wormhole=1)


@pytest.mark.parametrize("case", list(layer_cases()), ids=lambda case: case.name)
def test_it_passes_back_what_central_differences_find(case: Case) -> None:
    assert gradient_error(case.network, case.x, case.targets) < 1e-6
    assert parameter_error(case.network, case.x, case.targets) < 1e-7


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("dense", {"inputs": 0, "outputs": 3}),
        ("dense", {"inputs": 2.5, "outputs": 3}),
        ("convolution", {"channels": 1, "filters": 2, "window": 0}),
        ("convolution", {"channels": 1, "filters": 2, "stride": 0}),
        ("max_pooling", {"window": 0}),
        ("average_pooling", {"window": True}),
        ("batch_normalization", {"features": -1}),
        ("batch_normalization", {"features": 3, "momentum": 1.0}),
        ("dropout", {"rate": 1.0}),
        ("dropout", {"rate": float("nan")}),
        ("leaky_relu", {"slope": 1.0}),
        ("leaky_relu", {"slope": float("nan")}),
    ],
    ids=str,
)
def test_settings_out_of_range_are_refused_in_a_sentence(kind: str, settings: dict[str, float]) -> None:
    with pytest.raises(ConfigurationError, match="wanted"):
        LAYERS[kind](**settings)


@pytest.mark.parametrize(
    ("kind", "settings", "limits"),
    [
        ("convolution", {"channels": 5000, "filters": 1}, "from 1 to 4096"),
        ("convolution", {"channels": 1, "filters": 1, "padding": -1}, "from 0 to 4096"),
        ("max_pooling", {"window": 5000}, "from 1 to 4096"),
        ("average_pooling", {"window": 5000}, "from 1 to 4096"),
        ("batch_normalization", {"features": 2 * 10**7}, "from 1 to 10,000,000"),
    ],
    ids=str,
)
def test_numbers_that_are_too_large_are_refused_with_the_limits(
    kind: str, settings: dict[str, int], limits: str
) -> None:
    with pytest.raises(ConfigurationError, match=f"wanted a whole number {limits}"):
        LAYERS[kind](**settings)


@pytest.mark.parametrize(
    ("kind", "settings", "shape"),
    [
        ("dense", {"inputs": 4, "outputs": 3}, (5,)),
        ("convolution", {"channels": 2, "filters": 3}, (6, 6, 1)),
        ("max_pooling", {"window": 3}, (2, 8, 1)),
        ("average_pooling", {"window": 3}, (9,)),
        ("batch_normalization", {"features": 3}, (4,)),
    ],
)
def test_input_that_does_not_fit_is_refused_by_name(
    kind: str, settings: dict[str, float], shape: tuple[int, ...]
) -> None:
    layer = LAYERS[kind](**settings)
    with pytest.raises(InklingError, match=f"{type(layer).__name__}.* got input of shape"):
        layer.output_shape(shape)


def test_a_step_says_that_it_has_no_slope() -> None:
    layer = Step()
    y = layer.forward(np.array([[-1, 0, 2]], np.float32))
    assert y.tolist() == [[0, 0, 1]]
    with pytest.raises(ConfigurationError, match="no slope to follow"):
        layer.backward(y)

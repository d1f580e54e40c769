"""Convolution and pooling are what naive loops say they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn.errors import ConfigurationError, ShapeError
from nn.layers import AveragePooling, BatchNormalization, Convolution, MaxPooling, col2im, conv_output_size, im2col
from nn.layers.tile_kernel import CHANNELS

if TYPE_CHECKING:
    from nn.arrays import Array

RNG = np.random.default_rng(3)


def naive_columns(x: Array, window: int, stride: int, padding: int) -> Array:
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    n, h, w, _ = x.shape
    return np.array(
        [
            x[image, i : i + window, j : j + window].ravel()
            for image in range(n)
            for i in range(0, h - window + 1, stride)
            for j in range(0, w - window + 1, stride)
        ]
    )


sizes = st.tuples(st.integers(1, 3), st.integers(3, 8), st.integers(3, 8), st.integers(1, 3))


@settings(max_examples=60, deadline=None)
@given(shape=sizes, window=st.integers(1, 3), stride=st.integers(1, 3), padding=st.integers(0, 2))
def test_im2col_is_a_loop_over_patches(shape: tuple[int, ...], window: int, stride: int, padding: int) -> None:
    x = RNG.standard_normal(shape)
    assert np.array_equal(im2col(x, (window, window), stride, padding), naive_columns(x, window, stride, padding))


@settings(max_examples=60, deadline=None)
@given(shape=sizes, window=st.integers(1, 3), stride=st.integers(1, 3), padding=st.integers(0, 2))
def test_col2im_is_the_transpose_of_im2col(shape: tuple[int, ...], window: int, stride: int, padding: int) -> None:
    # <im2col(x), c> = <x, col2im(c)> for all x and c is what being the transpose means.
    x = RNG.standard_normal(shape)
    columns = im2col(x, (window, window), stride, padding)
    c = RNG.standard_normal(columns.shape)
    back = col2im(c, shape, (window, window), stride, padding)
    assert (columns * c).sum() == pytest.approx((x * back).sum())


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (1, 1), (2, 0), (2, 2)])
def test_a_convolution_is_an_affine_layer_over_patches(stride: int, padding: int) -> None:
    layer = Convolution(3, 5, 3, stride=stride, padding=padding, rng=np.random.default_rng(0))
    layer.bias[:] = np.arange(5)
    x = RNG.standard_normal((2, 7, 6, 3)).astype(np.float32)
    y = layer.forward(x)
    expected = naive_columns(x, 3, stride, padding) @ layer.weight + layer.bias
    assert y.shape == (2, *layer.output_shape((7, 6, 3)))
    np.testing.assert_allclose(y.reshape(-1, 5), expected, rtol=1e-4, atol=1e-5)


@settings(max_examples=40, deadline=None)
@given(samples=st.integers(0, 9), h=st.integers(3, 9), w=st.integers(3, 9), padding=st.integers(0, 2))
def test_tiles_find_what_patches_find(samples: int, h: int, w: int, padding: int) -> None:
    layer = Convolution(CHANNELS, CHANNELS + 1, 3, padding=padding).replica()
    layer.weight, layer.bias = RNG.standard_normal(layer.weight.shape), RNG.standard_normal(layer.bias.shape)
    layer.d_weight, layer.d_bias = np.zeros_like(layer.weight), np.zeros_like(layer.bias)
    x = RNG.standard_normal((samples, h, w, CHANNELS))
    y = layer.forward(x)
    columns = im2col(x, (3, 3), padding=padding)
    np.testing.assert_allclose(y.reshape(-1, CHANNELS + 1), columns @ layer.weight + layer.bias, atol=1e-9)
    d_y = RNG.standard_normal(y.shape)
    layer.parameter_gradients(d_y)
    d_flat = d_y.reshape(-1, CHANNELS + 1)
    np.testing.assert_allclose(layer.d_weight, columns.T @ d_flat, atol=1e-9)
    expected = col2im(d_flat @ layer.weight.T, x.shape, (3, 3), padding=padding)
    np.testing.assert_allclose(layer.backward(d_y), expected, atol=1e-9)


def test_pooling_by_hand() -> None:
    x = np.array([[1, 5, 0], [2, 3, 9], [7, 8, 9]], np.float32).reshape(1, 3, 3, 1)
    assert MaxPooling(2).forward(x).ravel().tolist() == [5]
    assert AveragePooling(2).forward(x).ravel().tolist() == [2.75]


def test_the_gradient_of_a_maximum_goes_to_one_pixel_even_where_several_are_largest() -> None:
    layer = MaxPooling(2)
    layer.forward(np.full((1, 4, 5, 1), 7, np.float32))
    d_x = layer.backward(np.ones((1, 2, 2, 1), np.float32))
    assert d_x[0, :, :, 0].tolist() == [[1, 0, 1, 0, 0], [0, 0, 0, 0, 0], [1, 0, 1, 0, 0], [0, 0, 0, 0, 0]]


def test_batch_normalization_brings_each_channel_to_mean_0_and_deviation_1() -> None:
    layer = BatchNormalization(3)
    x = (RNG.standard_normal((8, 5, 4, 3)) * [1, 10, 100] + [5, -3, 40]).astype(np.float32)
    y = layer.forward(x, training=True)
    np.testing.assert_allclose(y.mean(axis=(0, 1, 2)), 0, atol=1e-4)
    np.testing.assert_allclose(y.std(axis=(0, 1, 2)), 1, rtol=1e-3)


def test_running_means_stand_in_for_the_batch_in_use() -> None:
    layer = BatchNormalization(3)
    x = (RNG.standard_normal((400, 3)) * 4 + 2).astype(np.float32)
    for _ in range(100):
        layer.forward(x, training=True)
        layer.settle(*(found[np.newaxis] for found in layer.observed()))
    np.testing.assert_allclose(layer.forward(x[:7]), layer.forward(x, training=True)[:7], atol=2e-3)


@pytest.mark.parametrize(("size", "window", "stride", "padding", "places"), [(28, 5, 1, 0, 24), (7, 3, 2, 1, 4)])
def test_places_of_a_window(size: int, window: int, stride: int, padding: int, places: int) -> None:
    assert conv_output_size(size, window, stride, padding) == places


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ShapeError, match="does not fit"):
        conv_output_size(2, 5)
    with pytest.raises(ShapeError, match=r"\(n, h, w, 3\)"):
        Convolution(3, 4).output_shape((28, 28, 1))
    with pytest.raises(ConfigurationError, match="stride"):
        Convolution(1, 4, stride=0)
    with pytest.raises(ConfigurationError, match="features"):
        BatchNormalization(0)
    with pytest.raises(ShapeError):
        MaxPooling(4).output_shape((3, 3, 1))

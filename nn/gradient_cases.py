"""What the gradient check goes through: every layer, every loss, and whole networks.

One list serves the command and the tests, and a test fails if something new is not in it. Inputs are noise: on
real pictures much is exactly zero, where ReLU has its kink and no difference agrees with any slope.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from nn.layers import (
    AveragePooling,
    BatchNormalization,
    Convolution,
    Dense,
    Dropout,
    Flatten,
    Identity,
    LeakyReLU,
    MaxPooling,
    ReLU,
    Sigmoid,
    Softmax,
    Softplus,
    Step,
    Tanh,
)
from nn.losses import CrossEntropy, OpenCrossEntropy, SigmoidCrossEntropy, SquaredError
from nn.network import Network, mlp
from nn.recipes import RECIPES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from nn.arrays import Array, Shape
    from nn.layers import Layer
    from nn.losses import Loss

CLASSES = 3


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A network, a batch and its targets; `group` is "layer", "loss" or "network"."""

    group: str
    name: str
    network: Network
    x: Array
    targets: NDArray[np.generic]


def layer_examples() -> list[tuple[Layer, Shape]]:
    """Return at least one layer of every kind, with a shape of input that it takes."""
    rng = np.random.default_rng(0)
    flat, pictures = (5,), (6, 7, 2)
    return [
        (Dense(5, 4, rng=rng, initial_bias=1.0), flat),
        (Dense(5, 4, rng=rng, bias=False), flat),
        (Convolution(2, 3, 3, rng=rng, initial_bias=1.0), pictures),
        (Convolution(2, 3, 3, padding=1, rng=rng), pictures),
        (Convolution(2, 4, 2, stride=2, padding=1, rng=rng, bias=False), pictures),
        (Convolution(16, 16, 3, padding=1, rng=rng), (3, 4, 16)),  # in tiles
        (MaxPooling(2), pictures),
        (MaxPooling(3), pictures),
        (AveragePooling(2), pictures),
        (BatchNormalization(5), flat),
        (BatchNormalization(2), pictures),
        (Dropout(0.5), flat),
        (Dropout(0.4), pictures),
        (Flatten(), pictures),
        (ReLU(), flat),
        (LeakyReLU(0.2), flat),
        (Softplus(), flat),
        (Sigmoid(), flat),
        (Tanh(), flat),
        (Softmax(), flat),
        (Identity(), flat),
        (Step(), flat),
    ]


def loss_examples() -> list[Loss]:
    """Return at least one loss of every kind, with each of its settings."""
    return [
        CrossEntropy(),
        CrossEntropy(smoothing=0.1),
        OpenCrossEntropy(),
        OpenCrossEntropy(smoothing=0.1),
        SigmoidCrossEntropy(),
        SigmoidCrossEntropy(smoothing=0.1),
        SquaredError(),
        SquaredError(0.01, 0.99),
        SquaredError(reduction="sum"),
        SquaredError(reduction="mean"),
    ]


def whole_networks() -> dict[str, Callable[[], Network]]:
    """Return every recipe's network and what none of them joins, by name: each built only when it is asked for."""
    networks: dict[str, Callable[[], Network]] = {name: partial(made.build, 0) for name, made in RECIPES.items()}
    networks["batch normalisation and dropout"] = lambda: mlp(
        [784, 100, 100, 10], activation="leaky_relu", batch_normalization=True, dropout=0.2
    )
    return networks


def layer_cases() -> Iterator[Case]:
    """Give a small network around each layer that has a slope."""
    for layer, shape in layer_examples():
        if not isinstance(layer, Step):
            name, network = repr(layer), _around(layer, shape)
            yield Case("layer", name, network, *_batch(network, 4))


def loss_cases() -> Iterator[Case]:
    """Give a small network in front of each loss, with labels and with rows for targets."""
    for loss in loss_examples():
        network = Network([Dense(6, CLASSES, rng=np.random.default_rng(2))], loss, input_shape=(6,))
        x, labels = _batch(network, 4)
        # Where a loss knows "none of these", a row's share of that is what it lacks to one.
        rows = np.random.default_rng(3).dirichlet(np.ones(loss.labels(CLASSES)), len(x))[:, :CLASSES]
        yield Case("loss", f"{loss!r}, labels", network, x, labels)
        yield Case("loss", f"{loss!r}, rows", network, x, rows)


def network_cases() -> Iterator[Case]:
    """Give whole networks."""
    for name, build in whole_networks().items():
        network = build()
        yield Case("network", name, network, *_batch(network, 6))


def _around(layer: Layer, shape: Shape) -> Network:
    rng = np.random.default_rng(1)
    outputs = math.prod(layer.output_shape(shape))
    if len(shape) == 1:
        layers = [Dense(6, shape[0], rng=rng), layer, Dense(outputs, CLASSES, rng=rng)]
        return Network(layers, input_shape=(6,))
    first = Convolution(1, shape[2], 3, padding=1, rng=rng)
    layers = [first, layer, Flatten(), Dense(outputs, CLASSES, rng=rng)]
    return Network(layers, input_shape=(*shape[:2], 1))


def _batch(network: Network, samples: int) -> tuple[Array, NDArray[np.generic]]:
    rng = np.random.default_rng(5)
    labels = network.loss.labels(network.classes)
    return rng.standard_normal((samples, *network.input_shape)), rng.integers(0, labels, samples)

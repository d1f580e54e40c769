"""Our own recipes: the networks that ship."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nn.layers import BatchNormalization, Convolution, Dense, Dropout, Flatten, MaxPooling, ReLU
from nn.losses import OpenCrossEntropy
from nn.network import Network, mlp
from nn.recipes.recipe import Recipe
from nn.training_config import TrainingConfig

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nn.data.dataset import DigitData
    from nn.data.sources import LoadingProgress
    from nn.layers import Layer

FILTERS = (40, 80, 80, 160, 160, 160)
"""Of the six convolutions, from input to output."""


def house_cnn(seed: int) -> Network:
    """Build the convolutional network that ships.

    A window of 5, then five of 3, between them three poolings: 28 x 28 pixels become 12 x 12, 6 x 6 and at last
    2 x 2. The first convolution has no padding, for there is nothing at the edge of a frame to be seen. Pooling
    comes before batch normalisation and ReLU, which then have a quarter of the pixels to go through.
    """
    rng = np.random.default_rng(seed)

    def block(
        channels: int, filters: int, window: int = 3, *, padding: int = 0, pooled: bool = False
    ) -> list[Layer]:
        # A bias would be taken away again by the normalisation behind it.
        convolution = Convolution(channels, filters, window, padding=padding, bias=False, rng=rng)
        pooling = [MaxPooling(2)] if pooled else []
        return [convolution, *pooling, BatchNormalization(filters), ReLU()]

    a, b, c, d, e, f = FILTERS
    layers = [
        *block(1, a, 5, pooled=True),
        *block(a, b, padding=1),
        *block(b, c, padding=1, pooled=True),
        *block(c, d, padding=1),
        *block(d, e, padding=1),
        *block(e, f, pooled=True),
        Flatten(),
        Dropout(0.3),
        Dense(2 * 2 * f, 10, rng=rng),
    ]
    return Network(layers, OpenCrossEntropy(), input_shape=(28, 28, 1), seed=seed, name="Inkling CNN")


def _house_digits(seed: int) -> DigitData:
    from nn.data.house import HouseMixture, house_digits  # noqa: PLC0415 -- a list of recipes needs no digits

    return house_digits(HouseMixture(), seed=seed)


def _house_digits_in_steps(seed: int) -> Iterator[LoadingProgress]:
    from nn.data.house import HouseMixture, loading_house_digits  # noqa: PLC0415 -- as above

    return loading_house_digits(HouseMixture(), seed=seed)


def _synthetic_digits(seed: int) -> DigitData:
    from nn.data.sources import load_digits  # noqa: PLC0415 -- a list of recipes needs no digits

    return load_digits("synthetic", seed=seed)


RECIPES: tuple[Recipe, ...] = (
    Recipe(
        "house",
        "The convolutional network that ships: MNIST, pen digits, synthetic digits and drawings that are none.",
        house_cnn,
        _house_digits,
        TrainingConfig(
            epochs=45,
            batch_size=128,
            optimizer="adamw",
            rate=2e-3,
            weight_decay=0.05,
            schedule="one_cycle",
            augmentation="strong",
            calm_epochs=8,
        ),
        digits_in_steps=_house_digits_in_steps,
    ),
    Recipe(
        "house-mlp",
        "The multilayer perceptron that ships: the same digits and drawings, without convolution.",
        lambda seed: mlp([784, 800, 400, 10], loss=OpenCrossEntropy(), dropout=0.2, seed=seed, name="Inkling MLP"),
        _house_digits,
        TrainingConfig(
            epochs=50,
            batch_size=128,
            optimizer="adam",
            rate=1e-3,
            schedule="one_cycle",
            augmentation="strong",
        ),
        digits_in_steps=_house_digits_in_steps,
    ),
    Recipe(
        "synthetic-mlp",
        "A small perceptron that has seen nothing but the built-in synthetic digits.",
        lambda seed: mlp([784, 128, 10], seed=seed, name="Synthetic MLP"),
        _synthetic_digits,
        TrainingConfig(
            epochs=20, batch_size=64, optimizer="adam", rate=1e-3, schedule="cosine", augmentation="gentle"
        ),
    ),
)

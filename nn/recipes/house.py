"""Our own recipes: the networks that ship."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn.network import mlp
from nn.recipes.recipe import Recipe
from nn.training_config import TrainingConfig

if TYPE_CHECKING:
    from nn.data.dataset import DigitData


def _house_digits(seed: int) -> DigitData:
    from nn.data.house import HouseMixture, house_digits  # noqa: PLC0415 -- a list of recipes needs no digits

    return house_digits(HouseMixture(), seed=seed)


def _synthetic_digits(seed: int) -> DigitData:
    from nn.data.sources import load_digits  # noqa: PLC0415 -- a list of recipes needs no digits

    return load_digits("synthetic", seed=seed)


RECIPES = (
    Recipe(
        "house-mlp",
        "The multilayer perceptron that ships: MNIST, pen digits and synthetic digits, augmented.",
        lambda seed: mlp([784, 800, 400, 10], dropout=0.2, seed=seed, name="Inkling MLP"),
        _house_digits,
        TrainingConfig(
            epochs=60,
            batch_size=128,
            optimizer="adam",
            rate=1e-3,
            schedule="one_cycle",
            augmentation="strong",
            patience=60,
        ),
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

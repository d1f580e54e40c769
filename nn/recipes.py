"""Recipes: networks with their data and training, by name, so that one command makes them again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nn.data.house import HouseMixture, house_digits
from nn.data.sources import load_digits
from nn.errors import ConfigurationError
from nn.network import mlp
from nn.training_config import TrainingConfig

if TYPE_CHECKING:
    from collections.abc import Callable

    from nn.data.dataset import DigitData
    from nn.network import Network


@dataclass(frozen=True, slots=True)
class Recipe:
    """A network, what it learns from and how."""

    name: str
    summary: str
    build: Callable[[int], Network]
    """From a seed to the untrained network."""
    digits: Callable[[int], DigitData]
    """From a seed to the digits."""
    config: TrainingConfig

    def seeded(self, seed: int) -> TrainingConfig:
        """Return the training's configuration with another seed."""
        return replace(self.config, seed=seed)


RECIPES = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            "house-mlp",
            "The multilayer perceptron that ships: MNIST, pen digits and synthetic digits, augmented.",
            lambda seed: mlp([784, 800, 400, 10], dropout=0.2, seed=seed, name="Inkling MLP"),
            lambda seed: house_digits(HouseMixture(), seed=seed),
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
            lambda seed: load_digits("synthetic", seed=seed),
            TrainingConfig(
                epochs=20, batch_size=64, optimizer="adam", rate=1e-3, schedule="cosine", augmentation="gentle"
            ),
        ),
    )
}
"""Every recipe by the name that commands use."""


def recipe(name: str) -> Recipe:
    """Return the recipe called `name`.

    Raises
    ------
    ConfigurationError
        If there is none.
    """
    if name not in RECIPES:
        raise ConfigurationError(f"There is no recipe {name!r}; wanted one of {', '.join(RECIPES)}.")
    return RECIPES[name]

"""What a recipe is: a network, what it learns from, how, and what is to come of it."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nn.data.dataset import DigitData
    from nn.data.sources import LoadingProgress
    from nn.network import Network
    from nn.training_config import TrainingConfig


@dataclass(frozen=True, slots=True)
class Published:
    """What somebody else reached, and where it is written."""

    accuracy: float
    """Share of digits read right, 0..1."""
    where: str


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
    published: Published | None = None
    """What the original reached; None where it says nothing."""
    at_least: float | None = None
    """The share of MNIST's test digits that must be read right, or this recipe is broken."""
    digits_in_steps: Callable[[int], Iterator[LoadingProgress]] | None = None
    """The same as `digits` in steps, of which the last has them, where drawing them takes long."""

    @property
    def story(self) -> str:
        """What the original does and where this differs, as its builder tells it."""
        return inspect.getdoc(self.build) or self.summary

"""How a network is trained: one dataclass, with a reason beside each number."""

from __future__ import annotations

import math
from dataclasses import dataclass

from nn.data.augmentation import AUGMENTATIONS
from nn.errors import ConfigurationError
from nn.optimizers import optimizer
from nn.schedules import schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingConfig:
    """How a network is trained.

    Raises
    ------
    ConfigurationError
        If a number is out of its range or a name is not known.
    """

    epochs: int = 10  # passes over all digits
    batch_size: int = 32  # samples a step
    optimizer: str = "sgd"  # a name in `optimizers.OPTIMIZERS`
    rate: float = 0.1  # learning rate
    schedule: str = "constant"  # a name in `schedules.SCHEDULES`
    weight_decay: float = 0.0  # L2: lambda of lambda / 2 * |W|^2, on weights only, not on biases
    seed: int = 0  # of order, augmentation and dropout
    patience: int | None = None  # epochs without a better one before it stops early and keeps the best
    augmentation: str = "none"  # a name in `augmentation.AUGMENTATIONS`
    threads: int | None = None  # at most; None for one a core

    def __post_init__(self) -> None:
        for name in ("epochs", "batch_size"):
            self._demand(name, getattr(self, name) >= 1, "a whole number from 1")
        self._demand("rate", math.isfinite(self.rate) and self.rate > 0, "a finite number above 0")
        self._demand(
            "weight_decay", math.isfinite(self.weight_decay) and self.weight_decay >= 0, "a finite number from 0"
        )
        self._demand("seed", self.seed >= 0, "a whole number from 0")
        self._demand("patience", self.patience is None or self.patience >= 1, "a whole number from 1, or None")
        self._demand("threads", self.threads is None or self.threads >= 1, "a whole number from 1, or None")
        self._demand("augmentation", self.augmentation in AUGMENTATIONS, f"one of {', '.join(AUGMENTATIONS)}")
        optimizer(self.optimizer)
        schedule(self.schedule)

    def _demand(self, name: str, fits: bool, wanted: str) -> None:  # noqa: FBT001
        if not fits:
            raise ConfigurationError(f"Training got {name} = {getattr(self, name)!r}; wanted {wanted}.")

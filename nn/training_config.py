"""How a network is trained: one dataclass, with a reason beside each number."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nn.data.augmentation import AUGMENTATIONS
from nn.errors import ConfigurationError
from nn.optimizers import optimizer
from nn.schedules import schedule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nn.data.augmentation import Augmentation


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
    weight_decay: float = (
        0.0  # L2: lambda of lambda / 2 * |W|^2, on weights only, not on biases; AdamW decouples it
    )
    seed: int = 0  # of order, augmentation and dropout
    patience: int | None = None  # epochs without a better one before it stops early and keeps the best
    augmentation: str = "none"  # a name in `augmentation.AUGMENTATIONS`
    calm_epochs: int = 0  # the last ones, in which digits are varied half as much: nearer to what will be read
    threads: int | None = None  # at most; None for one a core
    optimizer_settings: Mapping[str, float] = field(default_factory=dict, hash=False)  # {"mu": 0.8}; else defaults
    l1: float = 0.0  # L1: lambda of lambda * |W|, on weights only
    largest_gradient: float | None = None  # a longer gradient, over all parameters, is cut to this length
    warm_up: float = 0.0  # share of the steps over which the rate rises to where the schedule begins
    halve_after: int | None = None  # epochs without a better one before the rate is halved

    def __post_init__(self) -> None:
        # A copy, and a plain one: what was given may change, and files hold plain ones.
        object.__setattr__(self, "optimizer_settings", dict(self.optimizer_settings))
        for name in ("epochs", "batch_size"):
            self._demand(name, getattr(self, name) >= 1, "a whole number from 1")
        for name in ("patience", "threads", "halve_after"):
            value = getattr(self, name)
            self._demand(name, value is None or value >= 1, "a whole number from 1, or None")
        for name in ("weight_decay", "l1"):
            value = getattr(self, name)
            self._demand(name, math.isfinite(value) and value >= 0, "a finite number from 0")
        self._demand("rate", math.isfinite(self.rate) and self.rate > 0, "a finite number above 0")
        for name in ("seed", "calm_epochs"):
            self._demand(name, getattr(self, name) >= 0, "a whole number from 0")
        longest = self.largest_gradient
        self._demand("largest_gradient", longest is None or longest > 0, "a number above 0, or None")
        self._demand("warm_up", 0 <= self.warm_up < 1, "a share from 0 to below 1")
        self._demand("augmentation", self.augmentation in AUGMENTATIONS, f"one of {', '.join(AUGMENTATIONS)}")
        optimizer(self.optimizer, self.optimizer_settings)
        schedule(self.schedule)

    def augmentation_in(self, epoch: int) -> Augmentation | None:
        """Return how digits are varied in an epoch, counted from 0; None for not at all."""
        if self.augmentation == "none":
            return None
        strength = AUGMENTATIONS[self.augmentation]
        return strength.scaled(0.5) if epoch >= self.epochs - self.calm_epochs else strength

    def _demand(self, name: str, fits: bool, wanted: str) -> None:  # noqa: FBT001
        if not fits:
            raise ConfigurationError(f"Training got {name} = {getattr(self, name)!r}; wanted {wanted}.")

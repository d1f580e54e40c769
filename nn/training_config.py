"""How a network is trained: one dataclass, with a reason beside each number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from nn.data.augmentation import AUGMENTATIONS
from nn.errors import ConfigurationError
from nn.optimizers import optimizer
from nn.scalars import is_finite, is_whole
from nn.schedules import schedule

if TYPE_CHECKING:
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
        for name, rule in _RULES.items():
            value = getattr(self, name)
            if value is None and name in _OPTIONAL:
                continue
            if not rule.fits(value):
                wanted = f"{rule.wanted}, or None" if name in _OPTIONAL else rule.wanted
                raise ConfigurationError(f"Training got {name} = {value!r}; wanted {wanted}.")
            # Numbers of numpy become plain ones, for files; and a dictionary a copy: what was given may change.
            object.__setattr__(self, name, rule.kind(value))
        optimizer(self.optimizer, self.optimizer_settings)
        schedule(self.schedule)

    def augmentation_in(self, epoch: int) -> Augmentation | None:
        """Return how digits are varied in an epoch, counted from 0; None for not at all."""
        if self.augmentation == "none":
            return None
        strength = AUGMENTATIONS[self.augmentation]
        return strength.scaled(0.5) if epoch >= self.epochs - self.calm_epochs else strength


class _Rule(NamedTuple):
    """What a setting has to be."""

    fits: Callable[[Any], bool]
    kind: type
    wanted: str


def _whole(least: int) -> _Rule:
    return _Rule(lambda value: is_whole(value) and value >= least, int, f"a whole number from {least}")


def _number(fits: Callable[[float], bool], wanted: str) -> _Rule:
    return _Rule(lambda value: is_finite(value) and fits(value), float, wanted)


def _is_name(value: object) -> bool:
    return isinstance(value, str)


_RULES = {
    "epochs": _whole(1),
    "batch_size": _whole(1),
    "optimizer": _Rule(_is_name, str, "a name"),
    "rate": _number(lambda value: value > 0, "a finite number above 0"),
    "schedule": _Rule(_is_name, str, "a name"),
    "weight_decay": _number(lambda value: value >= 0, "a finite number from 0"),
    "seed": _whole(0),
    "patience": _whole(1),
    "augmentation": _Rule(
        lambda value: _is_name(value) and value in AUGMENTATIONS, str, f"one of {', '.join(AUGMENTATIONS)}"
    ),
    "calm_epochs": _whole(0),
    "threads": _whole(1),
    "optimizer_settings": _Rule(lambda value: isinstance(value, Mapping), dict, "numbers by name"),
    "l1": _number(lambda value: value >= 0, "a finite number from 0"),
    "largest_gradient": _number(lambda value: value > 0, "a finite number above 0"),
    "warm_up": _number(lambda value: 0 <= value < 1, "a share from 0 to below 1"),
    "halve_after": _whole(1),
}
_OPTIONAL = ("patience", "threads", "largest_gradient", "halve_after")

"""Optimisers: rules that turn gradients into steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn.errors import ConfigurationError
from nn.optimizers.adaptive import AdaGrad, Adam, AdamW, RMSprop
from nn.optimizers.base import Optimizer, State
from nn.optimizers.momentum import SGD, Momentum, Nesterov

if TYPE_CHECKING:
    from collections.abc import Mapping

OPTIMIZERS: dict[str, type[Optimizer]] = {
    rule.kind: rule for rule in (SGD, Momentum, Nesterov, AdaGrad, RMSprop, Adam, AdamW)
}
"""Every optimiser by the name that files and commands use."""


def optimizer(name: str, settings: Mapping[str, float] | None = None) -> Optimizer:
    """Build the optimiser called `name`, with the defaults of its paper where `settings` says nothing else.

    Raises
    ------
    ConfigurationError
        If there is none, it has no such setting, or the value is out of its range.

    Examples
    --------
    >>> optimizer("momentum", {"mu": 0.5})
    Momentum(mu=0.5)
    """
    if name not in OPTIMIZERS:
        raise ConfigurationError(f"There is no optimiser {name!r}; wanted one of {', '.join(OPTIMIZERS)}.")
    rule, given = OPTIMIZERS[name], dict(settings or {})
    for setting, value in given.items():
        if setting not in rule.setting_names:
            known = ", ".join(rule.setting_names) or "none"
            raise ConfigurationError(f"The optimiser {name} has no setting {setting!r}; its settings: {known}.")
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ConfigurationError(f"The optimiser {name} got {setting} = {value!r}; wanted a number.")
    return rule(**given)


__all__ = [
    "OPTIMIZERS",
    "SGD",
    "AdaGrad",
    "Adam",
    "AdamW",
    "Momentum",
    "Nesterov",
    "Optimizer",
    "RMSprop",
    "State",
    "optimizer",
]

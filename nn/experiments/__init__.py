"""The experiments of *Deep Learning from Scratch*, chapter 6: each a file that trains, compares and draws.

A file has one function `perform`, from digits and a plan to a `Finding`: panels to draw and rows to print. The
book judges on test digits; here it is validation digits throughout, since choices follow from these pictures.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from nn.errors import ConfigurationError

if TYPE_CHECKING:
    from nn.data.dataset import DigitData
    from nn.experiments.experiment import Finding, Plan

EXPERIMENTS = {
    "optimizers": "how fast each optimiser brings the loss down",
    "initial-values": "how the size of the initial weights decides whether a network learns",
    "activations": "what five layers make of a signal, for several initial values",
    "batch-normalization": "how it makes learning independent of 16 sizes of initial weights",
    "overfitting": "300 digits learned by heart, and what weight decay and dropout do about it",
    "random-search": "rate and weight decay by chance: which of 100 pairs learns best",
}
"""Every experiment by the name that the command uses, and what it shows."""


def perform(name: str, digits: DigitData, plan: Plan) -> Finding:
    """Perform the experiment called `name`.

    Raises
    ------
    ConfigurationError
        If there is none.
    """
    if name not in EXPERIMENTS:
        raise ConfigurationError(f"There is no experiment {name!r}; wanted one of {', '.join(EXPERIMENTS)}.")
    module = import_module(f"nn.experiments.{name.replace('-', '_')}")
    finding: Finding = module.perform(digits, plan)
    return finding

"""What a training asks of its digits: some to learn, with labels it knows, and some apart to calibrate by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn.calibration import Calibration, fit_calibration
from nn.data.dataset import NO_DIGIT
from nn.errors import ConfigurationError
from nn.losses import OpenCrossEntropy

if TYPE_CHECKING:
    from nn.data.dataset import DigitData
    from nn.network import Network

FEW = 2_000
"""Frames that are enough to calibrate a network whose training somebody stopped, and waits for."""


def demand_digits(data: DigitData, network: Network) -> None:
    """Refuse digits that cannot train or watch this network: ConfigurationError says why."""
    for what, digits in (("train", data.training), ("validate", data.validation)):
        if len(digits) == 0:
            raise ConfigurationError(f"There is no digit to {what} with in {data.source}.")
        lowest, highest = int(digits.labels.min()), int(digits.labels.max())
        if lowest < 0:
            raise ConfigurationError(
                f"{data.source} has the label {lowest}; wanted labels from 0. Leave out digits that have none."
            )
        if highest >= network.loss.labels(network.classes):
            raise ConfigurationError(
                f"The network tells {network.classes} classes apart, and {data.source} has the label {highest}; "
                f"give it {_remedy(highest, network)}."
            )


def calibrated_by(data: DigitData, network: Network, *, in_haste: bool, threads: int | None = None) -> Calibration:
    """Return the calibration that validation suggests, or the default where it is not apart from training."""
    watched = data.validation
    if not data.is_apart or watched is data.training:
        return Calibration()
    if in_haste:
        watched = watched.subset(slice(None, None, -(-len(watched) // FEW)))
    return fit_calibration(network, watched, threads=threads)


def _remedy(label: int, network: Network) -> str:
    if label == NO_DIGIT == network.classes:
        return f"the loss {OpenCrossEntropy.kind}, for which {label} is no digit"
    return f"{label + 1} outputs"

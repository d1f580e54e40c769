"""The curves of one training, as a picture: loss step by step and smoothed, accuracy epoch by epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nn.plots import Curve, Panel, save_plot
from nn.training import StepTaken, TrainingStarted

if TYPE_CHECKING:
    from pathlib import Path

    from nn.events import Event
    from nn.network import Network

POINTS = 2_000
"""Of a curve; where there were more steps, a point is the mean of several."""


class TrainingPlot:
    """Collects events and draws what they tell.

    Parameters
    ----------
    path
        The picture, .png or .svg.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._first_step, self._steps_per_epoch = 0, 1
        self._losses: list[float] = []

    def hear(self, event: Event) -> None:
        """Note what an event tells of the loss."""
        if isinstance(event, TrainingStarted):
            self._first_step, self._steps_per_epoch = event.step, event.steps_per_epoch
        elif isinstance(event, StepTaken):
            self._losses.append(event.loss)

    def save(self, network: Network) -> Path:
        """Draw the noted losses, and from the network's record the epochs, with those before a checkpoint."""
        epochs: Any = network.record.get("epochs", [])
        save_plot(self._path, [self._loss(epochs), _accuracy(epochs)], title=network.name or "Training", columns=2)
        return self._path

    def _loss(self, epochs: list[dict[str, float]]) -> Panel:
        size = max(1, -(-len(self._losses) // POINTS))
        whole = len(self._losses) // size * size
        means = np.array(self._losses[:whole]).reshape(-1, size).mean(axis=1)
        steps = self._first_step + size * (np.arange(len(means)) + 0.5)
        curves = (
            Curve("training", means, steps / self._steps_per_epoch, is_noisy=True),
            _by_epoch("validation", epochs, "validation_loss"),
        )
        return Panel("Loss", "epoch", "mean loss of a digit", curves)


def _accuracy(epochs: list[dict[str, float]]) -> Panel:
    curves = tuple(_by_epoch(what, epochs, f"{what}_accuracy") for what in ("training", "validation"))
    return Panel("Accuracy", "epoch", "share read right", curves)


def _by_epoch(label: str, epochs: list[dict[str, float]], what: str) -> Curve:
    return Curve(label, [epoch[what] for epoch in epochs], [epoch["epoch"] for epoch in epochs])

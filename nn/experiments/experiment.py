"""What all experiments share: how large they are, how a training is followed, what is found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nn.data.dataset import DigitData
from nn.evaluation import evaluate
from nn.training import EpochEnded, StepTaken, train
from nn.training_config import TrainingConfig

if TYPE_CHECKING:
    from collections.abc import Callable

    from nn.layers.base import JSON
    from nn.network import Network
    from nn.plots import Panel


def _nobody_listens(message: str) -> None:
    """Say nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How large an experiment is.

    Parameters
    ----------
    epochs
        In place of the book's number; None for that.
    is_quick
        A tenth or less of everything: to see that it works.
    seed
        Of weights, order and whatever else is drawn.
    tell
        Is told in a few words what is being done.
    """

    epochs: int | None = None
    is_quick: bool = False
    seed: int = 0
    tell: Callable[[str], None] = _nobody_listens

    def sized(self, whole: int, quick: int) -> int:
        """Return one of two sizes."""
        return quick if self.is_quick else whole

    def epochs_or(self, whole: int, quick: int) -> int:
        """Return the epochs that were asked for, or one of two numbers."""
        return self.epochs or self.sized(whole, quick)


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """What an experiment found: a picture and the numbers in it."""

    title: str
    panels: tuple[Panel, ...]
    columns: int
    """Panels in a row."""
    rows: tuple[dict[str, JSON], ...]
    """One result each, all with the same keys."""


@dataclass(slots=True)
class Course:
    """What was seen of one training."""

    losses: list[float] = field(default_factory=list)
    """After each step, of its batch."""
    training: list[float] = field(default_factory=list)
    """After each epoch: share of the training digits that is read right, as the network is in use."""
    validation: list[float] = field(default_factory=list)


def follow(
    network: Network, data: DigitData, config: TrainingConfig, *, steps: int | None = None, look: bool = True
) -> Course:
    """Train, at most `steps` steps, and note losses and accuracies; `look` at the training digits each epoch."""
    course = Course()
    training = train(network, data, config)
    try:
        for event in training:
            if isinstance(event, StepTaken):
                course.losses.append(event.loss)
                if event.step == steps:
                    break
            elif isinstance(event, EpochEnded):
                course.validation.append(event.validation_accuracy)
                # Once more, because the event's figure is of a network that changed and dropped on the way.
                course.training.append(
                    evaluate(network, data.training).accuracy if look else event.training_accuracy
                )
    finally:
        training.close()
    return course


def losses_of_2000_steps(
    network: Network, digits: DigitData, plan: Plan, *, rate: float, optimizer: str = "sgd"
) -> list[float]:
    """Train by 2,000 batches of 128, or as many as the plan has time for, and return the loss of each."""
    steps = plan.sized(2_000, 60)
    epochs = plan.epochs_or(-(-steps * 128 // len(digits.training)), 1)
    config = TrainingConfig(epochs=epochs, batch_size=128, optimizer=optimizer, rate=rate, seed=plan.seed)
    return follow(network, digits, config, steps=None if plan.epochs else steps, look=False).losses


def first(data: DigitData, training: int, validation: int = 1_000) -> DigitData:
    """Return the first digits of training and validation alone."""
    return DigitData(
        data.training.subset(slice(training)), data.validation.subset(slice(validation)), None, data.source
    )

"""What can happen in a training, in the past tense: what `training.train` gives to whoever watches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias


@dataclass(frozen=True, slots=True)
class TrainingStarted:
    """Training began, or went on from `step`."""

    epochs: int
    steps_per_epoch: int
    step: int


class StepTaken(NamedTuple):
    """One batch was learned; steps and epochs count from 1, loss and accuracy are the batch's, before the step.

    The loss is that of the data: penalties on weights (L1, L2) act on the gradient and are not counted in. There
    may be ten thousand of these a second, and a tuple is made in a third of the time.
    """

    step: int
    epoch: int
    loss: float
    accuracy: float
    rate: float


@dataclass(frozen=True, slots=True)
class EpochEnded:
    """All digits were seen once more.

    Training loss and accuracy are means over the epoch's batches, validation's are measured at its end.
    `is_best` says whether validation is better than after every epoch before, by accuracy and, where that is the
    same, by loss; an epoch that is only as good as the best is not.
    """

    epoch: int
    step: int
    rate: float
    training_loss: float
    training_accuracy: float
    validation_loss: float
    validation_accuracy: float
    is_best: bool


@dataclass(frozen=True, slots=True)
class TrainingEnded:
    """Training is over: "finished", "stopped" by somebody, or "early" because nothing got better."""

    reason: str
    step: int
    epoch: int
    best_epoch: int


Event: TypeAlias = TrainingStarted | StepTaken | EpochEnded | TrainingEnded

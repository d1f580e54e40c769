"""Where a training stands: its counters, and what each epoch has come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING

from nn.errors import ConfigurationError
from nn.events import EpochEnded, StepTaken
from nn.scalars import is_finite, is_whole

if TYPE_CHECKING:
    from nn.evaluation import Evaluation
    from nn.layers import JSON
    from nn.parallel import BatchResult


@dataclass(slots=True)
class Progress:
    """Where a training stands, apart from its vectors: what a checkpoint writes as JSON.

    Parameters
    ----------
    step, epochs_done
        How many of each are over.
    rate
        The learning rate, before the schedule.
    loss_sum, correct, samples
        Of the epoch that is under way: the losses and right readings of so many samples.
    best_epoch
        Counted from 1; 0 before there is one.
    history
        The epochs, each as the fields of its `EpochEnded`.
    """

    step: int = 0
    epochs_done: int = 0
    rate: float = 0.0
    loss_sum: float = 0.0
    correct: int = 0
    samples: int = 0
    best_epoch: int = 0
    history: list[dict[str, JSON]] = field(default_factory=list)

    @property
    def best(self) -> dict[str, JSON] | None:
        """The history's best epoch."""
        return self.history[self.best_epoch - 1] if self.best_epoch else None

    def take_step(self, result: BatchResult, samples: int, rate: float) -> StepTaken:
        """Count a batch of so many samples, whose step went as far as `rate` says."""
        self.step += 1
        self.loss_sum += result.loss
        self.correct += result.correct
        self.samples += samples
        epoch = self.epochs_done + 1
        return StepTaken(self.step, epoch, result.loss / samples, result.correct / samples, rate)

    def end_epoch(self, validation: Evaluation) -> EpochEnded:
        """Count an epoch, at the end of which validation said this."""
        self.epochs_done += 1
        ended = EpochEnded(
            self.epochs_done,
            self.step,
            self.rate,
            self.loss_sum / self.samples,
            self.correct / self.samples,
            validation.loss,
            validation.agreement,
            self._is_better(validation),
        )
        self.history.append(asdict(ended))
        if ended.is_best:
            self.best_epoch = self.epochs_done
        self.loss_sum, self.correct, self.samples = 0.0, 0, 0
        return ended

    def _is_better(self, validation: Evaluation) -> bool:
        best = self.best
        if best is None:
            return True
        before = best["validation_accuracy"], -float(str(best["validation_loss"]))
        return (validation.agreement, -validation.loss) > before


def progress_from(told: object, *, batch_size: int, samples: int) -> Progress:
    """Return where a training stands, as a checkpoint has told.

    Parameters
    ----------
    told
        The fields of a `Progress` by name, as JSON keeps them.
    batch_size, samples
        Of a step, and of an epoch: what its counters are held against.

    Raises
    ------
    ConfigurationError
        If that is not told, or its numbers contradict each other.
    """
    kinds = {entry.name: entry.type for entry in fields(Progress) if entry.name != "history"}
    if not isinstance(told, Mapping) or told.keys() != {*kinds, "history"}:
        raise ConfigurationError("It does not say where the training stands.")
    if not all(_is_of(kind, told[name]) and told[name] >= 0 for name, kind in kinds.items()) or not told["rate"]:
        raise ConfigurationError("Where the training stands is not told in numbers from 0, the rate above it.")
    if not _is_history(told["history"]):
        raise ConfigurationError("Its history of epochs is damaged.")
    progress = Progress(**{**told, "history": list(told["history"])})
    _demand_agreement(progress, batch_size, samples)
    return progress


def _is_of(kind: object, value: object) -> bool:
    """Say whether a value is of the type that a field is annotated with."""
    if kind == "bool":
        return isinstance(value, bool)
    # A rate that somebody gave as 1 is as good as 1.0.
    return is_whole(value) if kind == "int" else is_finite(value)


def _is_history(told: object) -> bool:
    kinds = {entry.name: entry.type for entry in fields(EpochEnded)}
    return isinstance(told, list) and all(
        isinstance(epoch, Mapping)
        and epoch.keys() == kinds.keys()
        and all(_is_of(kind, epoch[name]) for name, kind in kinds.items())
        for epoch in told
    )


def _demand_agreement(progress: Progress, batch_size: int, samples: int) -> None:
    """Hold the counters against each other: how many steps an epoch has is known."""
    history, done = progress.history, progress.epochs_done
    best = max((number for number, epoch in enumerate(history, 1) if epoch["is_best"]), default=0)
    if len(history) != done or progress.best_epoch != best:
        raise ConfigurationError("Its history is not as long as its epochs, or another of them is the best.")
    steps = -(-samples // batch_size)
    ends = [(number, number * steps) for number in range(1, done + 1)]
    if [(epoch["epoch"], epoch["step"]) for epoch in history] != ends:
        raise ConfigurationError(f"In its history an epoch does not have {steps} steps.")
    under_way = progress.step - done * steps
    seen = min(under_way * batch_size, samples)
    if not 0 <= under_way <= steps or progress.samples != seen or progress.correct > seen:
        raise ConfigurationError(
            f"After step {progress.step} it tells of {done} epochs, and {progress.correct} right readings of "
            f"{progress.samples} samples in the one under way; that cannot be with {steps} steps an epoch."
        )

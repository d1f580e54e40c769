"""Where a training stands: its counters, and what each epoch has come to."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from nn.events import EpochEnded, StepTaken

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

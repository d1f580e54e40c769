"""Training is an iterator of events: it goes on while somebody asks what happened next.

Not asking is pausing; asking once is one step; `Training.stop` ends it. Nothing is printed and no window is
known here: a command line, a window and a test all read the same events.

All that is random comes from the seed and from counters, epoch and step; so a checkpoint is weights, the
optimiser's state and a few numbers, and a training resumed from it ends with the same bits as one that was
never interrupted.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextvars import copy_context
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import numpy as np

from nn.calibration import Calibration
from nn.checkpoint import Checkpoint, demand_same_training, fingerprint
from nn.compat import override
from nn.data.batches import Batches
from nn.errors import DivergedError
from nn.evaluation import evaluate
from nn.events import EpochEnded, Event, StepTaken, TrainingEnded, TrainingStarted
from nn.optimizers import optimizer
from nn.parallel import GradientWorkers, ignore_overflow, parts_worth
from nn.progress import Progress
from nn.regularization import Regularization
from nn.schedules import halvings, schedule, warmed_up
from nn.training_config import TrainingConfig
from nn.training_data import calibrated_by, demand_digits

if TYPE_CHECKING:
    from collections.abc import Generator

    from nn.arrays import Array, Integers
    from nn.data.dataset import DigitData
    from nn.network import Network

__all__ = [
    "Checkpoint",
    "EpochEnded",
    "Event",
    "Progress",
    "StepTaken",
    "Training",
    "TrainingConfig",
    "TrainingEnded",
    "TrainingStarted",
    "train",
]


class Training(Iterator[Event]):
    """A training in progress: iterate over it for its events.

    Attributes
    ----------
    network
        The one that learns, in place. Where its weights lie changes while several cores work: hold on to the
        network, not to its arrays or a replica; a `copy` between two events is good for ever.
    rate
        The learning rate before the schedule; may be set at any time and holds from the next step.
    optimizer
        The rule that turns gradients into steps.

    Raises
    ------
    DivergedError
        From the iteration, when the loss is no longer a number; the network is put back to where it was after
        its last sound epoch, or before the training.
    ConfigurationError
        If there is no digit to train or validate with, a label is none of the network's classes, the network is
        one made ready to read, or a checkpoint belongs to another training.
    """

    def __init__(
        self, network: Network, data: DigitData, config: TrainingConfig, checkpoint: Checkpoint | None = None
    ) -> None:
        network.demand_changeable()
        demand_digits(data, network)
        self.network, self.config, self._data = network, config, data
        self._fingerprint = fingerprint(data)
        if checkpoint is not None:
            demand_same_training(checkpoint, network, config, self._fingerprint)
        self.optimizer = optimizer(config.optimizer, config.optimizer_settings)
        self._regularization = Regularization.of(config, self.optimizer)
        self._schedule = warmed_up(schedule(config.schedule), config.warm_up)
        self._batches = Batches(
            data.training,
            config.batch_size,
            network,
            seed=config.seed,
            augmentation=config.augmentation_in,
            threads=config.threads,
        )
        self._steps = config.epochs * len(self._batches)
        self._state = self.optimizer.initial_state(network.parameters)
        self._progress = Progress(rate=config.rate)
        self._best = self._safe = network.values.copy()
        self._calibration = network.calibration
        if checkpoint is not None:
            self._restore(checkpoint)
        self._plateau_share = self._share_after_plateaus()
        self._is_stopping = False
        self._events: Generator[Event, None, None] = self._run()
        # What numpy is to be quiet about goes for what happens in here, not for whoever asks between two events.
        self._context = copy_context()
        self._context.run(ignore_overflow)

    @override
    def __next__(self) -> Event:
        return self._context.run(next, self._events)

    @property
    def step(self) -> int:
        """Steps taken so far."""
        return self._progress.step

    @property
    def epoch(self) -> int:
        """Epochs ended so far."""
        return self._progress.epochs_done

    @property
    def rate(self) -> float:
        """The learning rate, before the schedule."""
        return self._progress.rate

    @rate.setter
    def rate(self, rate: float) -> None:
        self._progress.rate = replace(self.config, rate=rate).rate  # says what is wrong with a rate that is none

    @property
    def optimizer_state(self) -> dict[str, Array]:
        """What the optimiser remembers: a copy of each of its vectors, as long as `network.parameters`."""
        return {name: vector.copy() for name, vector in self._state.items()}

    def stop(self) -> None:
        """Ask for the end: the next event is `TrainingEnded`. May be called from any thread."""
        self._is_stopping = True

    def close(self) -> None:
        """Let go of the threads of a training that is not iterated to its end."""
        self._events.close()

    def checkpoint(self) -> Checkpoint:
        """Return all that is needed to go on from here; to be called between two events."""
        vectors = {f"optimizer.{name}": vector for name, vector in self.optimizer_state.items()}
        vectors |= {"best": self._best.copy(), "safe": self._safe.copy()}
        progress = replace(self._progress, history=list(self._progress.history))
        network = self.network.copy()
        network.calibration = Calibration()
        return Checkpoint(network, self.config, progress, vectors, self._fingerprint)

    def _run(self) -> Generator[Event, None, None]:
        workers = GradientWorkers(self.network, threads=self.config.threads, seed=self.config.seed)
        try:
            # While its weights change, a calibration of theirs says nothing.
            self.network.calibration = Calibration()
            yield TrainingStarted(self.config.epochs, len(self._batches), self.step)
            while not self._reason_to_end():
                yield from self._steps_of_epoch(workers)
                if not self._is_stopping:
                    workers.rest()
                    yield self._end_epoch()
            yield self._end()
        finally:
            workers.close()
            if not self.step:
                self.network.calibration = self._calibration

    def _reason_to_end(self) -> str:
        progress, patience = self._progress, self.config.patience
        if self._is_stopping:
            return "stopped"
        if progress.epochs_done >= self.config.epochs:
            return "finished"
        if patience is not None and progress.epochs_done - progress.best_epoch >= patience:
            return "early"
        return ""

    def _steps_of_epoch(self, workers: GradientWorkers) -> Iterator[StepTaken]:
        done = self._progress.epochs_done
        position = self.step - done * len(self._batches)
        for x, labels in self._batches.epoch(done, position):
            if self._is_stopping:
                return
            yield self._take_step(workers, x, labels)

    def _take_step(self, workers: GradientWorkers, x: Array, labels: Integers) -> StepTaken:
        progress = self._progress
        share = self._schedule(progress.step / self._steps)
        rate = progress.rate * share * self._plateau_share
        result = workers.gradient(x, labels, progress.step)
        if not math.isfinite(result.loss):
            raise self._diverged()
        self._regularization.apply(self.network, rate)
        self._update(workers, rate)
        return progress.take_step(result, len(x), rate)

    def _update(self, workers: GradientWorkers, rate: float) -> None:
        network, step = self.network, self.step + 1
        if parts_worth(network.parameters.size) < 2:  # thousands of times a second: as few calls as can be
            self.optimizer.update(network.parameters, network.gradients, self._state, rate, step)
            return

        def update(part: slice) -> None:
            state = {name: vector[part] for name, vector in self._state.items()}
            self.optimizer.update(network.parameters[part], network.gradients[part], state, rate, step)

        workers.in_parts(network.parameters.size, update)

    def _share_after_plateaus(self) -> float:
        patience = self.config.halve_after
        return 1.0 if patience is None else 0.5 ** halvings(self._progress.history, patience)

    def _end_epoch(self) -> EpochEnded:
        progress = self._progress
        validation = evaluate(self.network, self._data.validation, threads=self.config.threads)
        if not (math.isfinite(validation.loss) and np.isfinite(self.network.values).all()):
            raise self._diverged()
        ended = progress.end_epoch(validation)
        self._plateau_share = self._share_after_plateaus()
        self._safe = self.network.values.copy()
        if ended.is_best:
            self._best = self._safe
        self._write_record()
        return ended

    def _end(self) -> TrainingEnded:
        if not np.isfinite(self.network.values).all():
            raise self._diverged()
        reason = self._reason_to_end()
        if self.config.patience is not None and reason != "stopped" and self._progress.best_epoch:
            self.network.values[:] = self._best
        self._write_record()
        self.network.calibration = (
            calibrated_by(self._data, self.network, in_haste=reason == "stopped", threads=self.config.threads)
            if self.step
            else self._calibration
        )
        return TrainingEnded(reason, self.step, self.epoch, self._progress.best_epoch)

    def _diverged(self) -> DivergedError:
        # The one that somebody set: what a schedule and a warm-up made of it is not for anyone to choose.
        rate = self.rate
        self.network.values[:] = self._safe
        if not self.epoch:
            self.network.calibration = self._calibration
        kept = f"as it was after epoch {self.epoch}" if self.epoch else "as it was before"
        return DivergedError(
            f"Training diverged at step {self.step + 1}: with the learning rate {rate:g} the loss is no longer a "
            f"number. The network is {kept}; try a rate of {rate / 10:g}."
        )

    def _write_record(self) -> None:
        self.network.record = {
            "data": self._data.source,
            "config": {name: value for name, value in asdict(self.config).items() if name != "threads"},
            "steps": self.step,
            "best_epoch": self._progress.best_epoch,
            "epochs": list(self._progress.history),
        }

    def _restore(self, checkpoint: Checkpoint) -> None:
        self.network.values[:] = checkpoint.network.values
        self._calibration = self.network.calibration = Calibration()
        self.network.record = dict(checkpoint.network.record)
        self._state = {name: checkpoint.vectors[f"optimizer.{name}"].copy() for name in self._state}
        self._best, self._safe = checkpoint.vectors["best"].copy(), checkpoint.vectors["safe"].copy()
        self._progress = replace(checkpoint.progress, history=list(checkpoint.progress.history))
        # One that was changed by hand goes on, unless another is asked for now.
        if self.config.rate != checkpoint.config.rate:
            self._progress.rate = self.config.rate


def train(
    network: Network, data: DigitData, config: TrainingConfig, *, checkpoint: Checkpoint | None = None
) -> Training:
    """Train `network` in place; return the iterator of its events.

    Parameters
    ----------
    checkpoint
        Where to go on from; `network` takes over its weights. All of `config` but its threads and its rate must be
        as it was, and so must the digits; a rate other than that of the checkpoint's config holds from here on.

    Examples
    --------
    >>> from nn.data.dataset import Dataset, DigitData
    >>> from nn.network import mlp
    >>> frames = np.zeros((40, 28, 28), np.uint8)
    >>> frames[20:, 14] = 255
    >>> digits = Dataset(frames, np.repeat([0, 1], 20).astype(np.uint8))
    >>> data = DigitData(digits, digits, None, "a line or nothing")
    >>> for event in train(mlp([784, 10]), data, TrainingConfig(epochs=2, batch_size=10)):
    ...     if isinstance(event, EpochEnded):
    ...         print(event.epoch, event.validation_accuracy)
    1 1.0
    2 1.0
    """
    return Training(network, data, config, checkpoint)

"""Train a network from the command line: a line an epoch, the network saved at the end or at Ctrl-C."""

from __future__ import annotations

import time
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from nn.commands.interruption import interruption
from nn.commands.outcomes import DONE, FAILED
from nn.commands.output import Output, in_percent
from nn.commands.training_digits import digits_of, source_of
from nn.commands.training_options import check, config_from, configure, network_from, take_recipe
from nn.commands.training_plot import TrainingPlot
from nn.errors import DivergedError, FileError, WeightsError
from nn.evaluation import evaluate
from nn.files.checkpoints import load_checkpoint, save_checkpoint
from nn.files.container import check_size
from nn.files.weights import save_network
from nn.recipes import RECIPES
from nn.training import EpochEnded, StepTaken, TrainingEnded, TrainingStarted, train

if TYPE_CHECKING:
    import argparse

    from rich.progress import Progress

    from nn.calibration import Calibration
    from nn.data.dataset import DigitData
    from nn.layers.base import JSON
    from nn.training import Event, Training

__all__ = ["configure", "run"]

_REFRESH_SECONDS = 0.1  # a step may take a tenth of a millisecond; nobody reads that fast


def run(options: argparse.Namespace) -> int:
    """Train, save, and measure on the test set where the data has one."""
    check(options)
    output = Output(as_json=options.json)
    training, data = _prepared(options, output)
    command = _Command(options, output, training, data)
    with interruption(training.stop) as interrupted:
        code = command.follow()
    return interrupted.exit_code or code


def _prepared(options: argparse.Namespace, output: Output) -> tuple[Training, DigitData]:
    """Load the checkpoint, if there is one, and the digits; build the network."""
    if options.resume is None:
        config = config_from(options)
        data = digits_of(options, options.data or "auto", config.seed, output)
        made = RECIPES.get(options.recipe)
        network = made.build(config.seed) if made else network_from(options, config.seed)
        return train(network, data, config), data
    checkpoint = load_checkpoint(options.resume)
    take_recipe(options, checkpoint.recipe)
    config = replace(checkpoint.config, threads=options.threads)
    source = options.data or ("" if options.recipe else source_of(checkpoint))
    data = digits_of(options, source, config.seed, output)
    return train(checkpoint.network.copy(), data, config, checkpoint=checkpoint), data


class _Command:
    """One training that somebody follows: what is told at which event, and what is saved."""

    def __init__(self, options: argparse.Namespace, output: Output, training: Training, data: DigitData) -> None:
        self._out, self._checkpoint = options.out, options.checkpoint
        self._recipe = options.recipe or ""
        self._output, self._training, self._data = output, training, data
        self._plot = TrainingPlot(options.plot) if options.plot else None
        self._code = DONE
        self._epoch_began = self._refreshed = 0.0
        self._check_sizes()

    def follow(self) -> int:
        """Train to the end and return the exit code."""
        try:
            with self._output.progress() as bar:
                for event in self._training:
                    self._tell(event, bar)
                    if self._plot:
                        self._plot.hear(event)
        except (DivergedError, OSError):
            # Whatever happened to who is watching, and to what they are told by, what was learned is not lost.
            if self._training.epoch:
                self._save()
            raise
        finally:
            self._training.close()
        if self._plot:
            self._output.note(f"The curves are in {self._plot.save(self._training.network)}.")
        return self._code

    def _tell(self, event: Event, bar: Progress) -> None:
        match event:
            case TrainingStarted():
                self._started(event, bar)
            case StepTaken():
                self._refresh(event, bar)
            case EpochEnded():
                self._write_checkpoint()
                bar.stop()  # the line goes above the bar, which may be on the same screen
                self._epoch_ended(event)
                bar.start()
            case TrainingEnded():
                bar.stop()
                self._ended(event)

    def _started(self, event: TrainingStarted, bar: Progress) -> None:
        network, data, config = self._training.network, self._data, self._training.config
        self._output.note(
            f"Training {network.name or 'the network'} ({network.parameters.size:,} parameters) on "
            f"{len(data.training):,} digits, watched by {len(data.validation):,} others: {data.source}."
        )
        if event.step:
            self._output.note(f"Going on after step {event.step} of {event.epochs * event.steps_per_epoch}.")
        if self._out is None and self._checkpoint is None:
            self._output.note("Nothing will be saved; --out FILE would.")
        self._output.record(
            {
                "event": "started",
                "data": data.source,
                "training": len(data.training),
                "validation": len(data.validation),
                "parameters": network.parameters.size,
                "epochs": config.epochs,
                "steps_per_epoch": event.steps_per_epoch,
                "step": event.step,
            }
        )
        self._output.flush()
        total = event.epochs * event.steps_per_epoch
        bar.add_task(self._epoch_in_words(self._training.epoch + 1), total=total, completed=event.step, detail="")
        self._epoch_began = time.monotonic()

    def _refresh(self, event: StepTaken, bar: Progress) -> None:
        now = time.monotonic()
        if bar.disable or now - self._refreshed < _REFRESH_SECONDS:
            return
        self._refreshed = now
        description, detail = self._epoch_in_words(event.epoch), f"loss {event.loss:.4f}"
        bar.update(bar.task_ids[0], completed=event.step, description=description, detail=detail)

    def _epoch_ended(self, event: EpochEnded) -> None:
        seconds = time.monotonic() - self._epoch_began
        self._epoch_began = time.monotonic()
        self._output.line(
            f"{self._epoch_in_words(event.epoch)}: training loss {event.training_loss:.4f}, "
            f"error {in_percent(1 - event.training_accuracy)}; validation loss {event.validation_loss:.4f}, "
            f"error {in_percent(1 - event.validation_accuracy)}, accuracy {in_percent(event.validation_accuracy)}"
            f"{' (best)' if event.is_best else ''}; {seconds:.1f} s"
        )
        self._output.record({"event": "epoch", **asdict(event), "seconds": round(seconds, 3)})
        self._output.flush()

    def _ended(self, event: TrainingEnded) -> None:
        if event.reason == "stopped":
            self._write_checkpoint()
            self._output.note(f"Stopped after step {event.step}, in epoch {event.epoch + 1}.")
        elif event.reason == "early":
            self._output.note(f"Stopped early: no epoch after {event.best_epoch} was better; that one is kept.")
        calibration = self._training.network.calibration
        self._output.note(_in_words(calibration))
        test = None if event.reason == "stopped" else self._tested()
        saved = self._save() if event.step else False
        self._output.record(
            {
                "event": "ended",
                **asdict(event),
                "test": test,
                "calibration": calibration.settings(),
                "out": str(self._out) if saved else None,
            }
        )
        self._output.flush()

    def _tested(self) -> dict[str, JSON] | None:
        """Measure on the test set, where there is one, and put it on the network's record."""
        test = self._data.test
        if test is None:
            self._output.note(
                "These digits have no test set; `python -m nn evaluate --mnist` measures on MNIST's."
            )
            return None
        measured = evaluate(self._training.network, test, threads=self._training.config.threads)
        result: dict[str, JSON] = {
            "data": test.name,
            "samples": measured.samples,
            "correct": measured.correct,
            "accuracy": measured.accuracy,
        }
        self._training.network.record["test"] = result
        self._output.line(
            f"{test.name}: {measured.correct:,} of {measured.samples:,} read rightly, "
            f"{in_percent(measured.accuracy)}"
        )
        return result

    def _save(self) -> bool:
        if self._out is None:
            return False
        save_network(self._training.network, self._out)
        self._output.note(f"The network is in {self._out}.")
        return True

    def _write_checkpoint(self) -> None:
        if self._checkpoint is None:
            return
        try:
            save_checkpoint(replace(self._training.checkpoint(), recipe=self._recipe), self._checkpoint)
        except (FileError, WeightsError) as error:
            # Hours of training are worth more than one checkpoint; the exit code tells of it.
            self._code = FAILED
            self._output.note(f"The training goes on without a new checkpoint. {error}")

    def _check_sizes(self) -> None:
        """Find out now what could not be written for its size: a network not at all, a checkpoint could be spared.

        Raises
        ------
        WeightsError
            If the network would be too large.
        """
        if self._out is not None:
            check_size(self._out, self._training.network.values.nbytes)
        if self._checkpoint is None:
            return
        tensors, _ = self._training.checkpoint().to_tensors()
        try:
            check_size(self._checkpoint, sum(tensor.nbytes for tensor in tensors.values()))
        except WeightsError as error:
            self._code, self._checkpoint = FAILED, None
            self._output.note(f"The training does without a checkpoint. {error}")

    def _epoch_in_words(self, epoch: int) -> str:
        epochs = self._training.config.epochs
        return f"Epoch {min(epoch, epochs):{len(str(epochs))}} of {epochs}"


def _in_words(calibration: Calibration) -> str:
    told = f"Calibrated: temperature {calibration.temperature:.2f}"
    if calibration.threshold == 1:
        return f"{told}; nothing is refused."
    return f"{told}; refused is what is no digit with more than {in_percent(calibration.threshold)}."

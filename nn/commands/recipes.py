"""List the recipes, or tell one of them whole: its network, its training, its story."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from nn.commands.arguments import add_json
from nn.commands.outcomes import DONE
from nn.commands.output import Output, in_percent
from nn.recipes import RECIPES, recipe
from nn.training_config import TrainingConfig

if TYPE_CHECKING:
    import argparse

    from nn.layers.base import JSON
    from nn.recipes import Recipe

_PLAIN = asdict(TrainingConfig())


def configure(parser: argparse.ArgumentParser) -> None:
    """Say which arguments the command takes."""
    parser.add_argument("name", metavar="NAME", nargs="?", help="tell this one whole")
    add_json(
        parser, "`name`, `summary`, `parameters`, `network`, `config`, `published`, `where`, `at_least`, `story`"
    )


def run(options: argparse.Namespace) -> int:
    """Tell."""
    output = Output(as_json=options.json)
    chosen = list(RECIPES.values()) if options.name is None else [recipe(options.name)]
    for each in chosen:
        output.record(_record(each))
    if options.name is None:
        columns = ["recipe", "parameters", "published", "at least", "what it is"]
        output.table(columns, [_cells(each) for each in chosen], text=(0, 4))
    else:
        _tell(chosen[0], output)
    return DONE


def _cells(recipe: Recipe) -> list[str]:
    return [
        recipe.name,
        f"{recipe.build(recipe.config.seed).parameters.size:,}",
        in_percent(recipe.published.accuracy) if recipe.published else "",
        in_percent(recipe.at_least) if recipe.at_least is not None else "",
        recipe.summary,
    ]


def _tell(recipe: Recipe, output: Output) -> None:
    output.line(f"{recipe.name}: {recipe.summary}\n")
    output.line(f"{recipe.story}\n")
    output.line(f"{recipe.build(recipe.config.seed).summary()}\n")
    config = asdict(recipe.config)
    shown = ("epochs", "batch_size", "optimizer", "rate")
    told = [name for name in config if name in shown or config[name] != _PLAIN[name]]
    output.line(f"Training: {', '.join(f'{name} {config[name]}' for name in told)}.")
    if recipe.published:
        output.line(f"Published: {in_percent(recipe.published.accuracy)} ({recipe.published.where}).")
    if recipe.at_least is not None:
        output.line(f"At least {in_percent(recipe.at_least)} of MNIST's test digits here.")


def _record(recipe: Recipe) -> dict[str, JSON]:
    network = recipe.build(recipe.config.seed)
    return {
        "name": recipe.name,
        "summary": recipe.summary,
        "parameters": network.parameters.size,
        "network": network.describe(),
        "config": asdict(recipe.config),
        "published": recipe.published.accuracy if recipe.published else None,
        "where": recipe.published.where if recipe.published else None,
        "at_least": recipe.at_least,
        "story": recipe.story,
    }

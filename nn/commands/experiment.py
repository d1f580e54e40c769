"""Perform an experiment of *Deep Learning from Scratch* and draw its curves to a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nn.commands.arguments import add_json, from_zero, whole_number
from nn.commands.outcomes import DONE
from nn.commands.output import Output
from nn.data.sources import SOURCES, load_digits
from nn.experiments import EXPERIMENTS, perform
from nn.experiments.experiment import Plan
from nn.files.atomic import check_writable
from nn.plots import check_plot_name, save_plot

if TYPE_CHECKING:
    import argparse

    from nn.experiments.experiment import Finding
    from nn.layers.base import JSON


def configure(parser: argparse.ArgumentParser) -> None:
    """Say which arguments the command takes."""
    what = "; ".join(f"{name}: {purpose}" for name, purpose in EXPERIMENTS.items())
    parser.add_argument("name", metavar="NAME", choices=tuple(EXPERIMENTS), help=what)
    parser.add_argument(
        "--out", metavar="FILE", type=Path, required=True, help="the picture, .png or .svg by its name"
    )
    parser.add_argument("--epochs", metavar="N", type=whole_number, help="in place of the book's number")
    parser.add_argument("--quick", action="store_true", help="a tenth or less of everything: to see that it works")
    parser.add_argument("--seed", metavar="N", type=from_zero, default=0, help="(default: 0)")
    parser.add_argument(
        "--data",
        choices=SOURCES,
        default="auto",
        help="digits to learn from; auto (default): MNIST where it is found, else synthetic digits",
    )
    add_json(parser, "one object a result, its keys are the experiment's")


def run(options: argparse.Namespace) -> int:
    """Train, compare, draw, and tell the numbers."""
    output = Output(as_json=options.json)
    check_plot_name(options.out)
    check_writable(options.out)
    with output.progress() as bar:
        task = bar.add_task(options.name, total=None, detail="digits")
        digits = load_digits(options.data, seed=options.seed)
        plan = Plan(
            epochs=options.epochs,
            is_quick=options.quick,
            seed=options.seed,
            tell=lambda message: bar.update(task, detail=message),
        )
        finding = perform(options.name, digits, plan)
    save_plot(options.out, finding.panels, title=finding.title, columns=finding.columns)
    _show(finding, output)
    output.note(f"The picture is in {options.out}.")
    return DONE


def _show(finding: Finding, output: Output) -> None:
    for row in finding.rows:
        output.record(row)
    columns = list(finding.rows[0])
    output.table(columns, [[_in_words(row[column]) for column in columns] for row in finding.rows])


def _in_words(value: JSON) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)

"""Tell where the time of a recipe's training goes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nn.commands.arguments import add_json, add_spelled, whole_number
from nn.commands.outcomes import DONE
from nn.commands.output import Output
from nn.profiling import Profile, profile
from nn.recipes import recipe

if TYPE_CHECKING:
    import argparse


def configure(parser: argparse.ArgumentParser) -> None:
    """Say which arguments the command takes."""
    parser.add_argument("recipe", metavar="RECIPE", help="a name that `recipes` lists")
    parser.add_argument(
        "--steps", type=whole_number, metavar="N", default=20, help="how many are timed (default: 20)"
    )
    add_spelled(
        parser, "batch_size", type=whole_number, metavar="N", help="digits a step (default: as the recipe has it)"
    )
    add_json(
        parser,
        "`part` (a layer, or what a step does beside them), `parameters`, `forward`, `backward` and `matmul` "
        "(seconds of a step), `share` (of the step)",
    )


def run(options: argparse.Namespace) -> int:
    """Take some steps with a clock, and tell."""
    chosen = recipe(options.recipe)
    config = chosen.config
    if options.batch_size is not None:
        config = replace(config, batch_size=options.batch_size)
    output = Output(as_json=options.json)
    found = profile(chosen.build(config.seed), config, steps=options.steps)
    _record(found, output)
    _tell(found, output)
    return DONE


def _record(found: Profile, output: Output) -> None:
    for part in found.parts:
        output.record(
            {
                "part": part.name,
                "parameters": part.parameters,
                "forward": part.forward,
                "backward": part.backward,
                "matmul": part.matmul,
                "share": part.seconds / found.seconds,
            }
        )


def _tell(found: Profile, output: Output) -> None:
    rows = [
        [
            part.name,
            f"{part.parameters:,}" if part.parameters else "",
            _milliseconds(part.forward),
            _milliseconds(part.backward),
            f"{part.seconds / found.seconds:.0%}",
            f"{part.matmul / part.seconds:.0%}" if part.matmul else "",
        ]
        for part in found.parts
    ]
    output.table(["", "parameters", "forward, ms", "backward, ms", "of a step", "of it matmul"], rows)
    shares = ", ".join(f"{phase} {seconds / found.seconds:.0%}" for phase, seconds in found.by_phase.items())
    output.line(
        f"A step of {found.batch_size} digits: {found.seconds * 1000:.3g} ms on one thread, in {found.lanes} "
        f"lane{'s' * (found.lanes > 1)}, the mean of {found.steps}."
    )
    output.line(f"{shares}; {found.matmul / found.seconds:.0%} of it is matrix products.")


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.3f}" if seconds else ""

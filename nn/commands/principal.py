"""Find the principal components of MNIST's training digits: how the file that ships with Inkling was made."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nn.commands.arguments import add_json, whole_number
from nn.commands.outcomes import DONE
from nn.commands.output import Output, in_percent
from nn.data.mnist import load_mnist_training
from nn.explain.principal import COUNT, principal_components
from nn.files.atomic import check_writable
from nn.files.priors import save_components

if TYPE_CHECKING:
    import argparse


def configure(parser: argparse.ArgumentParser) -> None:
    """Say which arguments the command takes."""
    parser.add_argument("--out", metavar="FILE", type=Path, required=True, help="where to write them")
    parser.add_argument(
        "--count", metavar="N", type=whole_number, default=COUNT, help=f"how many to keep (default: {COUNT})"
    )
    add_json(parser, "`digits`, `count`, `share`, `out`")


def run(options: argparse.Namespace) -> int:
    """Compute, write, tell."""
    output = Output(as_json=options.json)
    check_writable(options.out)
    digits = load_mnist_training()
    components = principal_components(digits.images, options.count)
    save_components(components, options.out, origin=f"{len(digits):,} {digits.name} digits; CC BY-SA 3.0")
    record = {"digits": len(digits), "count": options.count, "share": components.share, "out": str(options.out)}
    output.record(record)
    output.line(
        f"{options.count} directions hold {in_percent(components.share)} of what varies in "
        f"{len(digits):,} digits. Written to {options.out}."
    )
    return DONE

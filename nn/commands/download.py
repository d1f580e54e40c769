"""Fetch MNIST into the user's cache folder, where every training finds it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from nn.commands.arguments import add_json
from nn.commands.outcomes import DONE
from nn.commands.output import Output
from nn.data.download import download_mnist
from nn.data.locations import cache_folder

if TYPE_CHECKING:
    import argparse


def configure(parser: argparse.ArgumentParser) -> None:
    """Say which arguments the command takes."""
    parser.add_argument(
        "--folder", metavar="FOLDER", type=Path, help="another place; name it in INKLING_DATA to have it found"
    )
    add_json(parser, "`folder`, `bytes`")


def run(options: argparse.Namespace) -> int:
    """Download what is not there yet; stopped and started again, it goes on where it was."""
    output = Output(as_json=options.json)
    folder = options.folder or cache_folder() / "mnist"
    done = 0
    # Closed at once when something goes wrong: what has arrived is then safely on the disk.
    with output.progress() as bar, closing(download_mnist(folder)) as events:
        task = bar.add_task("MNIST", total=None, detail="")
        for event in events:
            done = event.done
            bar.update(task, completed=event.done, total=event.total, detail=event.message)
    output.record({"folder": str(folder), "bytes": done})
    output.line(f"MNIST is in {folder}.")
    return DONE

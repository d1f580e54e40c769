"""How well the networks that ship read: MNIST's test set, pens and fingers, and people nobody learned from.

Run with INKLING_DATA set: ``python tests/benchmarks/shipped_network.py [--synthetic]``. With ``--synthetic`` a
small network is first trained on the built-in synthetic digits alone, and reads MNIST's test set as well.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console
from rich.table import Table

from nn.data.dataset import Dataset
from nn.data.house import inked
from nn.data.locations import data_folders
from nn.data.mnist import load_mnist
from nn.data.numberpad import digits_of, read_numberpad
from nn.data.pen_digits import read_pendigits, split_by_writer
from nn.evaluation import evaluate
from nn.files.shipped import shipped_names, shipped_network
from nn.ink import frame_from_drawing
from nn.recipes import recipe
from nn.training import train

if TYPE_CHECKING:
    from nn.network import Network


@dataclass(frozen=True, slots=True)
class Row:
    """One network on one set; `at_least` is what was asked of it."""

    network: str
    digits: str
    samples: int
    accuracy: float
    at_least: float | None


def numberpad_digits() -> Dataset:
    """Ink the digits of the number pad: one writer, a finger or stylus."""
    symbols = read_numberpad(data_folders()[0] / "numberpad" / "numberpad.json")
    drawings = digits_of(symbols)
    frames = np.stack([frame_from_drawing(drawing) for drawing in drawings])
    return Dataset(frames, np.array([drawing.label for drawing in drawings], np.uint8), "numberpad, digits")


def pen_digits_kept_apart() -> Dataset:
    """Ink the digits of the six writers that nothing learned from."""
    _, kept_apart = split_by_writer(read_pendigits(data_folders()[0] / "pendigits" / "pendigits-orig.tra"))
    return Dataset(inked(kept_apart).images, inked(kept_apart).labels, "pen digits, six writers")


def rows() -> list[Row]:
    """Measure every shipped network on every set."""
    sets = ((load_mnist()[1], 0.988), (pen_digits_kept_apart(), 0.97), (numberpad_digits(), 0.98))
    return [
        Row(name, digits.name, len(digits), evaluate(shipped_network(name), digits).accuracy, at_least)
        for name in shipped_names()
        for digits, at_least in sets
    ]


def synthetic_row() -> Row:
    """Train on synthetic digits alone and read MNIST's test set."""
    made = recipe("synthetic-mlp")
    network: Network = made.build(0)
    for _ in train(network, made.digits(0), made.seeded(0)):
        pass
    test = load_mnist()[1]
    return Row("synthetic-mlp", test.name, len(test), evaluate(network, test).accuracy, 0.93)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--synthetic", action="store_true", help="train on synthetic digits alone, too")
    measured = rows() + ([synthetic_row()] if parser.parse_args().synthetic else [])
    table = Table("network", "digits", "samples", "accuracy", "at least")
    for row in measured:
        bar = "" if row.at_least is None else f"{row.at_least:.1%}"
        table.add_row(row.network, row.digits, f"{row.samples:,}", f"{row.accuracy:.2%}", bar)
    Console().print(table)


if __name__ == "__main__":
    main()

"""Count how many labelled digits a network reads rightly, and which it takes for which."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nn.commands.arguments import add_json, add_weights, chosen_network
from nn.commands.outcomes import DONE
from nn.commands.output import Output, in_percent
from nn.data.dataset import Dataset
from nn.data.mnist import load_mnist_test
from nn.data.reading import read_digits
from nn.errors import DataError
from nn.evaluation import Evaluation, evaluate
from nn.ink.ink_files import read_drawings
from nn.ink.meant import frame_as_meant

if TYPE_CHECKING:
    import argparse


def configure(parser: argparse.ArgumentParser) -> None:
    """Say which arguments the command takes."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--mnist", action="store_true", help="MNIST's test set, 10,000 digits, where MNIST is found")
    what.add_argument(
        "--data",
        metavar="PATH",
        type=Path,
        help="labelled digits in a file or folder (CSV, npz, pickle, IDX, pictures); of its parts, the test part",
    )
    what.add_argument(
        "--ink",
        metavar="FILE",
        type=Path,
        help="drawings as JSON lines; those without a label are not counted, a labelled one without strokes is "
        "counted as misread",
    )
    add_weights(parser)
    add_json(
        parser, "`samples`, `correct`, `accuracy`, `confusion` (a row a digit, a column a reading), `refused`"
    )


def run(options: argparse.Namespace) -> int:
    """Read all digits, compare with their labels, tell."""
    output = Output(as_json=options.json)
    network = chosen_network(options)
    dataset, unreadable = _digits(options, output)
    measured = evaluate(network, dataset)
    samples = measured.samples + unreadable
    accuracy = measured.correct / samples
    refused = int(measured.digits_refused.sum())
    output.record(
        {
            "samples": samples,
            "correct": measured.correct,
            "accuracy": accuracy,
            "confusion": measured.confusion.tolist(),
            "refused": refused,
        }
    )
    _show_confusion(output, measured)
    output.line(f"{dataset.name}: {measured.correct:,} of {samples:,} read rightly, {in_percent(accuracy)}")
    if refused:
        output.line(f"Of these digits {refused:,} would be refused as none, {in_percent(refused / samples)}.")
    return DONE


def _digits(options: argparse.Namespace, output: Output) -> tuple[Dataset, int]:
    """Return the digits that were asked for, and how many more had no strokes to read."""
    if options.ink is not None:
        return _labelled(options.ink, output)
    if options.mnist:
        return load_mnist_test(), 0
    found = read_digits(options.data)
    dataset = found.test or found.training
    if not len(dataset):
        raise DataError(f"{options.data} holds no digits. Choose another file.")
    return dataset, 0


def _labelled(path: Path, output: Output) -> tuple[Dataset, int]:
    """Return the frames of a file's labelled drawings, and how many of those had no strokes to read."""
    frames, labels = [], []
    unlabelled = blank = 0
    with output.progress() as bar:
        task = bar.add_task(path.name, total=None, detail="")
        for drawing in read_drawings(path):
            bar.advance(task)
            if drawing.label is None:
                unlabelled += 1
            elif drawing.is_blank:
                blank += 1
            else:
                frames.append(frame_as_meant(drawing))
                labels.append(drawing.label)
    if unlabelled:
        output.note(f"Not counted for want of a label: {unlabelled:,}.")
    if blank:
        output.note(f"Counted as misread, being without strokes, and in no column: {blank:,}.")
    if not labels and not blank:
        raise DataError(f'{path} holds no drawing with a label; each line needs one, such as {{"label": 7, ...}}.')
    images = np.array(frames, np.uint8).reshape(-1, 28, 28)
    return Dataset(images, np.array(labels, np.uint8), path.name), blank


def _show_confusion(output: Output, measured: Evaluation) -> None:
    columns = ["digit", *(f"read {reading}" for reading in range(10)), "rightly"]
    rows = []
    for digit, row in enumerate(measured.confusion):
        rightly = in_percent(row[digit] / row.sum()) if row.any() else ""
        rows.append([str(digit), *(str(count) if count else "." for count in row), rightly])
    output.table(columns, rows)

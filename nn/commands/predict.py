"""Read digits from pictures and drawings: one answer for each, in the order in which they were given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn.commands.arguments import add_json, add_weights, chosen_network
from nn.commands.inputs import drawings_of
from nn.commands.outcomes import DONE, FAILED
from nn.commands.output import Output, complain, in_percent
from nn.errors import InklingError
from nn.ink.pictures import frame_from_picture_file
from nn.recognition import NO_DIGIT_FOUND, NOTHING_DRAWN, recognize, recognize_drawings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from nn.layers.base import JSON
    from nn.network import Network
    from nn.recognition import Prediction

CHUNK = 250
"""Drawings read together: enough for the matrix products, soon enough for whoever waits."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Say which arguments the command takes."""
    parser.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="a picture (PNG, JPEG, BMP), drawings as JSON lines, or - for JSON lines from the standard input. An "
        "input that cannot be read is told on the error output and does not keep the others from being answered",
    )
    add_weights(parser)
    add_json(
        parser,
        "`source`, `index`, `digit` (null where it is none), `confidence`, `probabilities`, `reason` (why none)",
    )


def run(options: argparse.Namespace) -> int:
    """Read every input, tell every answer."""
    output = Output(as_json=options.json)
    network = chosen_network(options).ready()
    rows: list[list[str]] = []
    code = DONE
    with output.progress() as bar:
        task = bar.add_task("Reading", total=None, detail="")
        for source in options.paths:
            try:
                for index, prediction in enumerate(_readings(network, source)):
                    bar.advance(task)
                    output.record(_record(source, index, prediction))
                    if not options.json:
                        rows.append(_row(source, index, prediction))
            except InklingError as error:
                bar.stop()
                complain(error)
                bar.start()
                code = FAILED
    if rows:
        output.table(["source", "index", "digit", "confidence", "second guess, or why none"], rows)
    return code


def _readings(network: Network, source: str) -> Iterator[Prediction]:
    drawings = drawings_of(source)
    if drawings is None:
        read = recognize(network, frame_from_picture_file(source))
        yield NO_DIGIT_FOUND if read == NOTHING_DRAWN else read
        return
    for start in range(0, len(drawings), CHUNK):
        yield from recognize_drawings(network, drawings[start : start + CHUNK])[0]


def _record(source: str, index: int, prediction: Prediction) -> dict[str, JSON]:
    return {
        "source": source,
        "index": index,
        "digit": prediction.digit,
        "confidence": prediction.confidence,
        "probabilities": list(prediction.probabilities),
        "reason": prediction.reason or None,
    }


def _row(source: str, index: int, prediction: Prediction) -> list[str]:
    if prediction.digit is None:
        return [source, str(index), "none", "", prediction.reason]
    second = f"{prediction.second} ({in_percent(prediction.probabilities[prediction.second])})"
    return [source, str(index), str(prediction.digit), in_percent(prediction.confidence), second]

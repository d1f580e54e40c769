"""Draw a digit as a network imagines it, and tell what the network reads in its own drawing."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nn.commands.arguments import add_json, add_weights, check_writable, chosen_network, from_zero, whole_number
from nn.commands.outcomes import DONE
from nn.commands.output import Output, in_percent
from nn.explain.imagination import METHOD_NAMES, METHODS, Imagination, imagine, imagine_all
from nn.ink.picture_files import save_picture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nn.arrays import Bytes
    from nn.layers.base import JSON

_LARGEST = 4096
_COLUMNS = 5


def configure(parser: argparse.ArgumentParser) -> None:
    """Say which arguments the command takes."""
    parser.add_argument("digit", metavar="DIGIT", type=_digits, help="0 to 9, or `all` for a sheet of ten")
    ways = "; ".join(f"{method}: {name[0].lower()}{name[1:]}" for method, name in METHOD_NAMES.items())
    parser.add_argument(
        "--method", choices=METHODS, default=METHODS[0], help=f"the way back to a picture ({ways}; default: first)"
    )
    parser.add_argument(
        "--out",
        metavar="FILE.png",
        type=_png,
        help="write the picture, dark on white; without it, show it in text",
    )
    parser.add_argument(
        "--size", metavar="PIXELS", type=_side, default=280, help="side of a digit's picture (default: 280)"
    )
    parser.add_argument("--seed", metavar="N", type=from_zero, default=0, help="where gradient ascent starts")
    add_weights(parser)
    add_json(parser, "`digit`, `method`, `read`, `confidence`, `second`, `lead`, `probabilities`, `out`")


def run(options: argparse.Namespace) -> int:
    """Imagine, write the picture, tell the verdict."""
    output = Output(as_json=options.json)
    if options.out:
        check_writable(options.out)
    network = chosen_network(options)
    imagined = (
        imagine_all(network, options.method, seed=options.seed)
        if options.digit is None
        else (imagine(network, options.digit, options.method, seed=options.seed),)
    )
    if options.out:
        save_picture(options.out, _sheet(imagined, options.size))
    elif not options.json:
        for imagination in imagined:
            output.line(_in_text(imagination.frame))
    for imagination in imagined:
        output.record({**_record(imagination), "out": str(options.out) if options.out else None})
        output.line(_verdict(imagination))
    if options.out:
        output.line(f"Written to {options.out}.")
    return DONE


def _record(imagination: Imagination) -> dict[str, JSON]:
    verdict = imagination.verdict
    is_blank = verdict.digit is None
    return {
        "digit": imagination.digit,
        "method": imagination.method,
        "read": verdict.digit,
        "confidence": verdict.confidence,
        "second": None if is_blank else verdict.second,
        "lead": None if is_blank else verdict.lead,
        "probabilities": list(verdict.probabilities),
    }


def _verdict(imagination: Imagination) -> str:
    verdict = imagination.verdict
    if verdict.digit is None:
        return (
            f"{imagination.digit}: the picture is empty; the network has not learned what this digit looks like."
        )
    return (
        f"{imagination.digit}: read as {verdict.digit} ({in_percent(verdict.confidence)}), second guess "
        f"{verdict.second}, ahead by {in_percent(verdict.lead)}."
    )


def _sheet(imagined: Sequence[Imagination], size: int) -> Bytes:
    """Return one picture, or rows of five with white between them; ink is dark, and pixels are squares."""
    gap = max(1, size // 28)
    columns = min(_COLUMNS, len(imagined))
    rows = -(-len(imagined) // columns)
    sheet = np.full((rows * (size + gap) - gap, columns * (size + gap) - gap), 255, np.uint8)
    blown_up = np.arange(size) * 28 // size
    for number, imagination in enumerate(imagined):
        top, left = ((size + gap) * place for place in divmod(number, columns))
        sheet[top : top + size, left : left + size] = 255 - imagination.frame[np.ix_(blown_up, blown_up)]
    return sheet


def _in_text(frame: Bytes) -> str:
    """Draw a frame in characters, two a pixel, which is about square on a terminal."""
    shades = np.array(list(" .:-=+*#%@"))
    drawn = shades[frame.astype(np.intp) * len(shades) // 256]
    return "\n".join("".join(np.repeat(row, 2)).rstrip() for row in drawn)


def _digits(text: str) -> int | None:
    """Read the digit; None stands for all ten."""
    if text == "all":
        return None
    if text not in set("0123456789"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a digit from 0 to 9, nor `all`")
    return int(text)


def _png(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() != ".png":
        raise argparse.ArgumentTypeError(f"{text!r} does not end in .png, the only format that is written")
    return path


def _side(text: str) -> int:
    side = whole_number(text, least=28)
    if side > _LARGEST:
        raise argparse.ArgumentTypeError(f"{text!r} is more than {_LARGEST} pixels")
    return side

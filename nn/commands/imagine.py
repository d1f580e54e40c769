"""Draw a digit as a network imagines it, and tell what the network reads in its own drawing."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nn.commands.arguments import add_json, add_weights, check_files, chosen_network, from_zero, whole_number
from nn.commands.imagination_table import LEGEND, in_markdown, judged_rows, sheet, table
from nn.commands.outcomes import DONE
from nn.commands.output import Output, in_percent
from nn.errors import ConfigurationError
from nn.explain.imagination import METHOD_NAMES, METHODS, Imagination, imagine, imagine_all
from nn.files.opening import open_network
from nn.ink.picture_files import save_picture

if TYPE_CHECKING:
    from nn.arrays import Bytes
    from nn.layers.base import JSON
    from nn.recognition import Prediction

_LARGEST = 4096
ALL = -1


def configure(parser: argparse.ArgumentParser) -> None:
    """Say which arguments the command takes."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "digit", metavar="DIGIT", nargs="?", type=_digits, help="0 to 9, or `all` for a sheet of ten"
    )
    what.add_argument(
        "--table",
        action="store_true",
        help="all ten digits by every method: how often, and how surely, it reads them",
    )
    ways = "; ".join(f"{method}: {name[0].lower()}{name[1:]}" for method, name in METHOD_NAMES.items())
    parser.add_argument(
        "--method", choices=METHODS, default=METHODS[0], help=f"the way back to a picture ({ways}; default: first)"
    )
    parser.add_argument(
        "--judge",
        metavar="FILE",
        type=Path,
        help="with --table: another network that is shown the pictures too, for what only one network takes for a "
        "digit is none",
    )
    parser.add_argument("--markdown", action="store_true", help="with --table: write it as Markdown")
    parser.add_argument(
        "--out",
        metavar="FILE.png",
        type=_png,
        help="write the picture, dark on white; without it, show it in text",
    )
    parser.add_argument(
        "--size", metavar="PIXELS", type=_side, help="side of a digit's picture (default: 280; in a table 84)"
    )
    parser.add_argument("--seed", metavar="N", type=from_zero, default=0, help="of the noise in gradient ascent")
    add_weights(parser)
    add_json(
        parser,
        "`digit`, `method`, `read`, `confidence`, `second`, `lead`, `probabilities`, `refused`, `out`, "
        "with --judge `judged`",
    )


def run(options: argparse.Namespace) -> int:
    """Imagine, write the picture, tell the verdict."""
    output = Output(as_json=options.json)
    read = {"--weights": options.weights, "--biases": options.biases, "--judge": options.judge}
    check_files({"--out": options.out}, read)
    if options.table:
        return _run_table(options, output)
    imagined = _imagined(options)
    if options.out:
        save_picture(options.out, sheet(imagined, options.size or 280))
    elif not options.json:
        for imagination in imagined:
            output.line(_in_text(imagination.frame))
    for imagination in imagined:
        output.record(_record(imagination, options.out))
        output.line(_verdict(imagination))
    if options.out:
        output.line(f"Written to {options.out}.")
    return DONE


def _imagined(options: argparse.Namespace) -> tuple[Imagination, ...]:
    if options.judge or options.markdown:
        raise ConfigurationError("--judge and --markdown belong to a table; add --table, or leave them out.")
    network = chosen_network(options)
    if options.digit == ALL:
        return imagine_all(network, options.method, seed=options.seed)
    return (imagine(network, options.digit, options.method, seed=options.seed),)


def _run_table(options: argparse.Namespace, output: Output) -> int:
    network = chosen_network(options)
    judge = open_network(options.judge) if options.judge else None
    rows = judged_rows(network, judge, seed=options.seed)
    if options.out:
        save_picture(
            options.out, sheet([imagined for row in rows for imagined in row.imagined], options.size or 84, 10)
        )
    for row in rows:
        for imagination, judged in zip(row.imagined, row.judged or (None,) * 10, strict=True):
            output.record({**_record(imagination, options.out), **({"judged": judged} if judge else {})})
    if options.markdown:
        output.line(in_markdown(rows))
    else:
        output.table(*table(rows))
        output.line(LEGEND)
    if options.out:
        output.line(f"Written to {options.out}.")
    return DONE


def _record(imagination: Imagination, out: Path | None) -> dict[str, JSON]:
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
        "refused": bool(verdict.reason),
        "out": str(out) if out else None,
    }


def _verdict(imagination: Imagination) -> str:
    verdict = imagination.verdict
    if verdict.digit is None:
        return (
            f"{imagination.digit}: the picture is empty; the network has not learned what this digit looks like."
        )
    return (
        f"{imagination.digit}: read as {verdict.digit} ({in_percent(verdict.confidence)}), second guess "
        f"{verdict.second}, ahead by {in_percent(verdict.lead)}.{_but(verdict)}"
    )


def _but(verdict: Prediction) -> str:
    return f" {verdict.reason}" if verdict.reason else ""


def _in_text(frame: Bytes) -> str:
    """Draw a frame in characters, two a pixel, which is about square on a terminal."""
    shades = np.array(list(" .:-=+*#%@"))
    drawn = shades[frame.astype(np.intp) * len(shades) // 256]
    return "\n".join("".join(np.repeat(row, 2)).rstrip() for row in drawn)


def _digits(text: str) -> int:
    """Read the digit; `ALL` stands for all ten."""
    if text == "all":
        return ALL
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

"""Arguments that several commands take, and the types of their values: what is wrong is told before any work."""

from __future__ import annotations

import argparse
import math
import os
from pathlib import Path
from typing import TYPE_CHECKING

from nn.errors import ConfigurationError
from nn.files.architecture import OUTPUTS
from nn.files.atomic import check_writable
from nn.files.opening import open_network
from nn.files.shipped import shipped_network
from nn.layers import ACTIVATIONS
from nn.scaling import SCALINGS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nn.network import Network

_UNSAID = ("activation", "outputs", "scaling", "biases", "no_biases")
"""Options that say what files of other programs do not."""


def add_weights(parser: argparse.ArgumentParser) -> None:
    """Add ``--weights``, and what files of other programs leave unsaid."""
    parser.add_argument(
        "--weights",
        metavar="FILE",
        type=Path,
        help="the network to use, as saved by Inkling or another program (pickled arrays, npz, Nielsen's JSON); "
        "without it, the one that comes with Inkling",
    )
    group = parser.add_argument_group("weights of other programs", "what their files do not say")
    group.add_argument("--activation", choices=tuple(ACTIVATIONS), help="of the hidden layers")
    group.add_argument("--outputs", choices=OUTPUTS, help="how the last layer's outputs are read")
    group.add_argument("--scaling", choices=tuple(SCALINGS), help="of the input (default: /255)")
    biases = group.add_mutually_exclusive_group()
    biases.add_argument("--biases", metavar="FILE", type=Path, help="where they are in a file of their own")
    biases.add_argument("--no-biases", action="store_true", help="leave out the biases that the weights have")


def add_json(parser: argparse._ActionsContainer, keys: str) -> None:
    """Add ``--json``; `keys` says what an object holds."""
    parser.add_argument(
        "--json", action="store_true", default=False, help=f"for machines: one object a line, nothing else; {keys}"
    )


def add_spelled(parser: argparse._ActionsContainer, name: str, **settings: object) -> None:
    """Add an option of several words that may be written with ``-`` and with ``_`` between them."""
    dashes = "--" + name.replace("_", "-")
    parser.add_argument(dashes, "--" + name, dest=name, **settings)  # type: ignore[arg-type]


def chosen_network(options: argparse.Namespace) -> Network:
    """Return the network of ``--weights``, or the one that comes with Inkling.

    Raises
    ------
    ConfigurationError
        If something was said of weights of another program, and there are none.
    InklingError
        If the file cannot be opened.
    """
    if options.weights is None:
        told = [name for name in _UNSAID if getattr(options, name)]
        if told:
            option = told[0].replace("_", "-")
            raise ConfigurationError(
                f"--{option} is for weights of another program; name them by --weights, or leave it out."
            )
        return shipped_network()
    return open_network(
        options.weights,
        activation=options.activation,
        outputs=options.outputs,
        scaling=options.scaling,
        biases=options.biases or not options.no_biases,
    )


def whole_number(text: str, *, least: int = 1) -> int:
    """Read a whole number from `least`."""
    try:
        number = int(text)
    except ValueError:
        number = least - 1
    if number < least:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least}")
    return number


def from_zero(text: str) -> int:
    """Read a whole number from 0."""
    return whole_number(text, least=0)


def positive(text: str) -> float:
    """Read a number above 0."""
    number = _number(text)
    if not number > 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    return number


def share(text: str) -> float:
    """Read a number from 0 to below 1."""
    number = _number(text)
    if not 0 <= number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to below 1")
    return number


def not_negative(text: str) -> float:
    """Read a number from 0."""
    number = _number(text)
    if not number >= 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0")
    return number


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    return number if math.isfinite(number) else math.nan


def check_files(written: Mapping[str, Path | None], read: Mapping[str, Path | None]) -> None:
    """Find out before any work whether its outputs can be written, and whether one would overwrite another file.

    Parameters
    ----------
    written, read
        The files of a command by the options that name them; None where there is none.

    Raises
    ------
    ConfigurationError
        If two options name one file, however it is spelled, and it would be written.
    FileError
        If a file cannot be written.
    """
    options = {place_of(path): option for option, path in read.items() if path is not None}
    outputs = {option: path for option, path in written.items() if path is not None}
    for option, path in outputs.items():
        other = options.setdefault(place_of(path), option)
        if other != option:
            raise ConfigurationError(f"{other} and {option} are both the file {path}; choose two names.")
    for path in outputs.values():
        check_writable(path)


def place_of(path: Path) -> str:
    """Return the one spelling of a file's path, by which files are told apart."""
    return os.path.normcase(os.path.realpath(path))

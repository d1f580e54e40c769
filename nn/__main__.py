"""``python -m nn``: the whole library without a window.

Each command is a file in ``nn/commands`` with two functions: ``configure(parser)`` says which arguments it takes,
``run(options)`` does it and returns an exit code. Only the one that was asked for is imported, so that help is
there at once.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import sys
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from nn.commands.outcomes import DONE, EXIT_CODES, FAILED, INTERRUPTED, READER_GONE, WRONG_ARGUMENTS
from nn.errors import ConfigurationError, InklingError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

COMMANDS = {
    "train": "train a network on digits and save it",
    "recipes": "list the networks that can be made again by name, or tell one of them whole",
    "reproduce": "train recipes and lay what they reach beside what was published",
    "experiment": "perform an experiment of Deep Learning from Scratch and draw its curves",
    "evaluate": "count how many labelled digits a network reads rightly",
    "report": "measure all that a network is worth, on all digits that are here, and write it as a page",
    "predict": "read digits from pictures and drawings",
    "imagine": "draw a digit as a network imagines it",
    "principal": "find the principal components of the training digits, among which digits are imagined",
    "check-gradients": "hold back-propagation against central differences, and measure what those cost",
    "profile": "tell where the time of a recipe's training goes: by layer, forward, backward and update",
    "download": "fetch MNIST, 11 MB, into the user's cache folder",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; expected failures are told in a sentence."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    _accept_any_name()
    try:
        return _ran(given)
    except BrokenPipeError:
        for stream in (sys.stdout, sys.stderr):
            _discard(stream)
        return READER_GONE
    except ConfigurationError as error:
        return _told(error, WRONG_ARGUMENTS)
    except InklingError as error:
        return _told(error, FAILED)
    except KeyboardInterrupt:
        return _told("stopped by Ctrl-C.", INTERRUPTED)
    except OSError as error:
        return _told(_in_words(error), FAILED)


def _ran(given: Sequence[str]) -> int:
    parser = _parser(given)
    try:
        options = parser.parse_args(given)
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else WRONG_ARGUMENTS
    else:
        code = _done(parser, options)
    # Here and not at exit, where a reader that went away could not be told apart from a fault.
    sys.stdout.flush()
    return code


def _done(parser: argparse.ArgumentParser, options: argparse.Namespace) -> int:
    if options.command is None:
        parser.print_help()
        return DONE
    code: int = options.run(options)
    return code


def _parser(given: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m nn",
        description="Train networks that read handwritten digits, use them, and see what they imagine.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"Inkling {_version()}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    asked = next((word for word in given if not word.startswith("-")), None)
    for name, purpose in COMMANDS.items():
        command = commands.add_parser(
            name,
            help=purpose,
            description=f"{purpose[0].upper()}{purpose[1:]}.",
            epilog=EXIT_CODES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        if name == asked:
            module = import_module(f"nn.commands.{name.replace('-', '_')}")
            module.configure(command)
            command.set_defaults(run=module.run)
    return parser


def _version() -> str:
    try:
        return version("inkling")
    except PackageNotFoundError:
        return "(a checkout, not installed)"


def _accept_any_name() -> None:
    # A file name may hold bytes that are no text; telling it must not fail.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _told(error: object, code: int) -> int:
    from nn.commands.output import complain  # noqa: PLC0415 - rich is loaded only where something is said

    try:
        sys.stdout.flush()
    except OSError:
        _discard(sys.stdout)
    try:
        complain(error)
    except OSError:
        _discard(sys.stderr)
    return code


def _in_words(error: OSError) -> str:
    """Tell what the system would not do. Only what was opened long ago has no name: the output."""
    what = error.strerror or type(error).__name__
    if error.filename is None:
        return f"the output could not be written: {what}. Send it to another place."
    return f"{os.fsdecode(error.filename)} could not be used: {what}. Choose another place."


def _discard(stream: TextIO) -> None:
    # Python flushes once more at exit; into a pipe without a reader that would be a second complaint.
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


if __name__ == "__main__":
    sys.exit(main())

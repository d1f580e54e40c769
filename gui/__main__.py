"""``inkling`` and ``python -m gui``: what was asked for, whether a window can open, and then the window.

The order is the point: arguments first, so that ``--help`` needs neither display nor Qt; then
``gui.startup``, so that a missing library is a sentence and not an abort; Qt only after both.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from gui.version import version
from nn.compat import override

if TYPE_CHECKING:
    from collections.abc import Sequence

NO_WINDOW, INTERRUPTED = 1, 130
"""Exit codes: no window can open; Ctrl-C before there was one. argparse ends with 2 for what it does not know."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code: 0 fine, 1 no window or no picture, 2 wrong arguments."""
    options = parse(sys.argv[1:] if arguments is None else arguments)
    try:
        return _run(options)
    except KeyboardInterrupt:
        return INTERRUPTED


def _run(options: argparse.Namespace) -> int:
    if options.screenshot is not None:
        _prepare_offscreen()
    from gui.startup import complaint  # noqa: PLC0415 -- nothing is loaded before it is needed

    if sentences := complaint():
        sys.stderr.write(f"inkling: {sentences}\n")
        return NO_WINDOW
    if options.screenshot is not None:
        from gui.screenshot import run  # noqa: PLC0415

        return run(options.screenshot, size=options.size, is_dark=options.dark, weights=options.weights)
    from gui.run import run_window  # noqa: PLC0415

    return run_window([options.weights] if options.weights else [])


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line; ends the program on --help, --version and what it does not know."""
    parser = argparse.ArgumentParser(
        prog="inkling",
        description="Draw a digit, watch a neural network learn it, and see what it imagines.",
        epilog="The same without a window: python -m nn --help",
    )
    parser.add_argument("weights", nargs="?", metavar="WEIGHTS", help="a network to open: a .safetensors file")
    parser.add_argument("--version", action=_Version, nargs=0, help="show program's version number and exit")
    picture = parser.add_argument_group("a picture of the window, also with no display")
    picture.add_argument("--screenshot", type=Path, metavar="FILE.png", help="write it to this file and end")
    picture.add_argument("--size", type=_size, default=(1280, 800), metavar="1280x800", help="of the window")
    picture.add_argument("--dark", action="store_true", help="in dark colours")
    return parser.parse_args(arguments)


class _Version(argparse.Action):
    """Tells the version, which is looked up only when somebody asks."""

    @override
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        parser.exit(message=f"inkling {version()}\n")


def _size(text: str) -> tuple[int, int]:
    width, cross, height = text.partition("x")
    if not (cross and width.isdigit() and height.isdigit() and int(width) and int(height)):
        raise argparse.ArgumentTypeError(f"{text!r} is no size; wanted width and height, as 1280x800")
    return int(width), int(height)


def _prepare_offscreen() -> None:
    # Read by Qt when the application object is made: no display, and two pixels for each of the layout's.
    if sys.platform.startswith("linux"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_SCALE_FACTOR"] = "2"


if __name__ == "__main__":
    sys.exit(main())

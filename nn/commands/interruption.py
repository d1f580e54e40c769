"""Ctrl-C as a wish and not as a blow: what is at work comes to a good end, then the command does.

Python's own answer to Ctrl-C is an exception at any instruction, also between two halves of one step of training.
Here the first Ctrl-C, or a request to end, only calls a function; a second one ends at once.
"""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@dataclass(slots=True)
class Interruption:
    """Whether somebody wished for the end, and the exit code that says so."""

    signal_number: int = 0

    @property
    def exit_code(self) -> int:
        """128 and the signal's number, as shells have it; 0 where nobody interrupted."""
        return 128 + self.signal_number if self.signal_number else 0


@contextmanager
def interruption(stop: Callable[[], None]) -> Iterator[Interruption]:
    """Call `stop` at the first Ctrl-C or request to end within the block; a second one acts as usual.

    A signal that was ignored before stays so: a shell's script has what it runs in the background ignore Ctrl-C,
    which is meant for what runs before it.
    """
    noticed = Interruption()
    if threading.current_thread() is not threading.main_thread():
        yield noticed  # only the main thread hears signals
        return

    def heard(number: int, _frame: FrameType | None) -> None:
        noticed.signal_number = number
        restore()
        stop()

    handlers = {number: signal.getsignal(number) for number in _SIGNALS}
    before = {number: handler for number, handler in handlers.items() if handler is not signal.SIG_IGN}

    def restore() -> None:
        for number, handler in before.items():
            # None: a handler that was not installed by Python, and cannot be by it.
            if handler is not None:
                signal.signal(number, handler)

    for number in before:
        signal.signal(number, heard)
    try:
        yield noticed
    finally:
        restore()

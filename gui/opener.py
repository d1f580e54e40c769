"""From a file to a network: a small file at once, a large one beside the window.

All of a file is read and checked here, before anybody is asked whether the network in hand may go for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gui.background import EMPTY_EVERY_MS, Background
from nn.errors import InklingError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from gui.background import Gate
    from nn.network import Network

QUICK_BYTES = 2**19
"""Up to this size a file of any kind is read in less than 50 ms, in which no window seems to stand still."""


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A network that was read.

    Parameters
    ----------
    path
        The file.
    network
        What it holds.
    is_own
        Whether Inkling may write to it; files of other programs are read and never written to.
    """

    path: Path
    network: Network
    is_own: bool


class Opener(QObject):
    """Reads one network at a time."""

    began = Signal(Path)
    """A large file is being read; another signal follows, unless another file is asked for first."""

    opened = Signal(object)
    """An `OpenedFile`."""

    failed = Signal(Path, object)
    """The file and the exception that says why it was refused, or what it leaves open."""

    def __init__(self, parent: QObject | None = None, *, interval_ms: int = EMPTY_EVERY_MS) -> None:
        super().__init__(parent)
        self._path = Path()
        self._background = Background(self, interval_ms=interval_ms)
        self._background.finished.connect(self._tell)

    def read(
        self, path: Path, activation: str | None = None, scaling: str | None = None, *, at_once: bool = False
    ) -> None:
        """Read a file; of two the later one counts.

        Parameters
        ----------
        path
            The file.
        activation, scaling
            What a file of another program may leave open; see `nn.files.opening.open_network`.
        at_once
            Wait for it, however large it is.
        """
        self._background.abandon()
        self._path = path
        read = partial(_read, path, activation, scaling)
        if at_once or _is_quick(path):
            try:
                self._tell(read())
            except InklingError as error:
                self._tell(error)
        else:
            self.began.emit(path)
            self._background.start(partial(_reading, read))

    def close(self, timeout_s: float = 1.0) -> bool:
        """End without a further signal; False if the worker was still reading after `timeout_s`."""
        return self._background.join(timeout_s)

    def _tell(self, outcome: object) -> None:
        if isinstance(outcome, OpenedFile):
            self.opened.emit(outcome)
        else:
            self.failed.emit(self._path, outcome)


def _is_quick(path: Path) -> bool:
    try:
        return path.stat().st_size <= QUICK_BYTES
    except OSError:  # which is told by whoever reads it
        return True


def _read(path: Path, activation: str | None, scaling: str | None) -> OpenedFile:
    from nn.files.opening import is_older, open_network  # noqa: PLC0415 -- no window needs them to appear

    network = open_network(path, activation=activation, scaling=scaling)
    return OpenedFile(path, network, is_own=not is_older(path))


def _reading(read: Callable[[], OpenedFile], _gate: Gate) -> Generator[object, None, OpenedFile]:
    yield from ()
    return read()

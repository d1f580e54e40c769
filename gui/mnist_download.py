"""Getting MNIST while the window lives on: the library's download, run beside it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gui.background import EMPTY_EVERY_MS, Background

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gui.background import Gate
    from nn.data.download import DownloadProgress


def download(folder: Path) -> Iterator[DownloadProgress]:
    """Fetch MNIST from its mirrors; the libraries for it are loaded now, and not whenever the window opens."""
    from nn.data.download import download_mnist  # noqa: PLC0415 -- a seventh of the time to start

    yield from download_mnist(folder)


class MnistDownload(QObject):
    """Runs one download at a time.

    Parameters
    ----------
    folder
        Where the files go.
    fetch
        Turns a folder into events of a download; closing it stops the download, and what has arrived is kept.
    """

    progressed = Signal(object)
    """The latest `DownloadProgress`."""

    finished = Signal(object)
    """True if MNIST is here now, False if it was stopped, or the exception that ended it."""

    def __init__(
        self,
        folder: Path,
        parent: QObject | None = None,
        *,
        fetch: Callable[[Path], Iterator[DownloadProgress]] = download,
        interval_ms: int = EMPTY_EVERY_MS,
    ) -> None:
        super().__init__(parent)
        self._fetch = partial(fetch, folder)
        self._background = Background(self, interval_ms=interval_ms)
        self._background.events.connect(self._tell_latest)
        self._background.finished.connect(self._end)
        self._is_stopping = False

    @property
    def is_running(self) -> bool:
        """Whether a download has begun and not ended."""
        return self._background.is_running

    def start(self) -> None:
        """Begin, or go on where the last one was stopped; nothing happens if one is running."""
        if not self.is_running:
            self._is_stopping = False
            self._background.start(self._events)

    def stop(self) -> None:
        """End after the piece in hand."""
        self._is_stopping = True
        self._background.stop()

    def close(self, timeout_s: float = 1.0) -> bool:
        """End without a further signal; False if the worker still waited for a server after `timeout_s`."""
        return self._background.join(timeout_s)

    def _events(self, _gate: Gate) -> Iterator[DownloadProgress]:
        return self._fetch()

    def _tell_latest(self, events: list[DownloadProgress]) -> None:
        self.progressed.emit(events[-1])

    def _end(self, outcome: object) -> None:
        self.finished.emit(outcome if isinstance(outcome, Exception) else not self._is_stopping)

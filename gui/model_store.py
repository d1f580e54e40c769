"""The one current network: whoever shows or uses a network asks here, and nowhere else is one kept.

What comes from a file has been read and checked before it is put in, so a bad file changes nothing. Training puts
its snapshots in through the same door as a file does. A network that was put in is never changed in place
afterwards: training works on a copy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal

from nn.errors import WeightsError
from nn.files.weights import save_network

if TYPE_CHECKING:
    from pathlib import Path

    from gui.opener import OpenedFile
    from nn.network import Network


class ModelStore(QObject):
    """Holds the current network, the file it belongs to, and whether it differs from that file.

    Parameters
    ----------
    network
        The network to begin with; it counts as unchanged.
    """

    changed = Signal()
    """The network is another one; `title_changed` has been emitted before where that changed as well."""

    another = Signal()
    """The network is not one more state of the one before, but another: opened or new; after `changed`."""

    title_changed = Signal()
    """The path, the title, or whether the network is modified, is another."""

    def __init__(self, network: Network, parent: QObject | None = None, *, is_example: bool = False) -> None:
        super().__init__(parent)
        self._network = self._kept = network
        self._reader: Network | None = None
        self._path: Path | None = None
        self._is_modified = False
        self._is_example = is_example

    @property
    def network(self) -> Network:
        """The current network; to be read, never to be trained."""
        return self._network

    @property
    def reader(self) -> Network:
        """The current network to read by: where it sees with convolutions, a twin that says the same sooner."""
        if self._reader is None:
            # Dense layers would save microseconds; and their weights may be so many that copying them takes long.
            self._reader = self._network.ready() if self._network.is_convolutional else self._network
        return self._reader

    @property
    def path(self) -> Path | None:
        """The file that the network was opened from or saved to; None as long as there is none."""
        return self._path

    @property
    def is_modified(self) -> bool:
        """Whether something would be lost if the network were dropped now."""
        return self._is_modified

    @property
    def is_example(self) -> bool:
        """Whether it is a network that came with the program, as it came."""
        return self._is_example and not self._is_modified

    @property
    def title(self) -> str:
        """What a window's title calls the network: its file, or else its name."""
        return self._path.name if self._path else self._network.name or self.tr("Untitled network")

    def new(self, network: Network, *, is_example: bool = False) -> None:
        """Begin with another network that belongs to no file; `is_example` if it came with the program."""
        self._kept, self._is_example = network, is_example
        self._swap(network, None, is_modified=False)
        self.another.emit()

    def replace(self, network: Network) -> None:
        """Put in another state of the network, such as a snapshot from training; the file stays the same.

        One that says the same as what the file holds is no change: a training that came to nothing leaves the
        network of before, with its record.
        """
        is_same = _are_same(network, self._kept)
        self._swap(self._kept if is_same else network, self._path, is_modified=not is_same)

    def open(self, file: OpenedFile) -> None:
        """Put in what was read from a file; another program's is never written to, so it stays nobody's."""
        self._kept, self._is_example = file.network, False
        self._swap(file.network, file.path if file.is_own else None, is_modified=False)
        self.another.emit()

    def save(self, path: Path | None = None) -> None:
        """Write the network to `path`, or to its own file.

        Raises
        ------
        InklingError
            If it could not be written, or has no file yet and `path` is None; the file of before stays.
        """
        target = path or self._path
        if target is None:
            raise WeightsError(self.tr("This network has no file yet. Choose one with “Save as”."))
        save_network(self._network, target)
        self._kept, self._is_example = self._network, False
        self._retitle(target, is_modified=False)

    def _swap(self, network: Network, path: Path | None, *, is_modified: bool) -> None:
        renamed = network.name != self._network.name
        self._network, self._reader = network, None
        self._retitle(path, is_modified=is_modified, renamed=renamed)
        self.changed.emit()

    def _retitle(self, path: Path | None, *, is_modified: bool, renamed: bool = False) -> None:
        if renamed or (path, is_modified) != (self._path, self._is_modified):
            self._path, self._is_modified = path, is_modified
            self.title_changed.emit()


def _are_same(network: Network, other: Network) -> bool:
    return np.array_equal(network.values, other.values) and network.describe() == other.describe()

"""Network changed -> wait a moment -> imagine ten digits beside the window -> tell.

While a network learns it changes about once a second; the imagined digits follow, always those of the latest
network that was there when the worker became free. What takes long is followed by a rest, so that the cores are
left to the training. Another method or wholly another network is wanted at once: what is on its way for the old
one is dropped. Gradient ascent shows its climb the first time, because watching it is half of what it tells.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from gui.background import EMPTY_EVERY_MS, Background
from nn.explain.imagination import CLIMBS, METHODS, climbing, imagine_all

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gui.background import Gate
    from gui.model_store import ModelStore
    from nn.explain.imagination import Imagination
    from nn.network import Network

COALESCE_MS = 500
"""After a change of the network, before it is asked: a snapshot a second leaves time for everything else."""

REST = 3
"""So many times as long as the last asking took, at least, between it and the next."""

STAGE = 5
"""Every so many steps of an ascent are shown."""


class Imaginer(QObject):
    """Keeps ten imagined digits up to date with the store's network.

    Parameters
    ----------
    store
        Whose network is asked.
    method
        How it is asked, until `set_method` says otherwise.
    coalesce_ms
        Milliseconds between a change and the asking; 0 in tests.
    """

    imagined = Signal(object)
    """Ten `Imagination`, digit by digit."""

    failed = Signal(object)
    """The exception that kept the network from imagining, such as a method that its layers do not allow."""

    def __init__(
        self,
        store: ModelStore,
        parent: QObject | None = None,
        *,
        method: str = METHODS[0],
        coalesce_ms: int = COALESCE_MS,
        interval_ms: int = EMPTY_EVERY_MS,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._method = method
        self._is_outdated = False
        self._shows_climb = True
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._coalesce_ms = coalesce_ms
        self._begun_at, self._rested_at = 0.0, 0.0
        self._timer.timeout.connect(self._ask)
        self._background = Background(self, interval_ms=interval_ms)
        self._background.events.connect(self._tell_latest)
        self._background.finished.connect(self._end)
        store.changed.connect(self.wake)

    @property
    def method(self) -> str:
        """One of `nn.explain.imagination.METHODS`."""
        return self._method

    @property
    def is_busy(self) -> bool:
        """Whether something is still to be told."""
        return self._background.is_running or self._timer.isActive()

    def set_method(self, method: str) -> None:
        """Imagine by another method from now on, and at once."""
        if method == self._method:
            return
        self._method = method
        self._begin_anew()
        self._ask()

    def wake(self) -> None:
        """Ask the network soon; asking again before that changes nothing."""
        if not self._store.is_modified:
            self._begin_anew()
        if self._background.is_running:
            self._is_outdated = True
        elif not self._timer.isActive():
            self._timer.start(self._ms_to_wait())

    def close(self, timeout_s: float = 5.0) -> bool:
        """End without a further signal and wait for the worker."""
        self._timer.stop()
        return self._background.join(timeout_s)

    def _begin_anew(self) -> None:
        self._timer.stop()
        self._background.abandon()
        self._shows_climb, self._rested_at = True, 0.0

    def _ask(self) -> None:
        from nn.parallel import one_blas_thread  # noqa: PLC0415 -- the first time comes after the first picture

        self._is_outdated = False
        # Neither this work nor reading the pad is large enough to be worth the cores that the other could use.
        one_blas_thread()
        # A copy, because asking a network uses its buffers, and the window reads the pad with the same one.
        work = _Work(self._store.network.copy(), self._method, shows_climb=self._shows_climb)
        self._shows_climb = False
        self._begun_at = monotonic()
        self._background.start(work.events)

    def _tell_latest(self, events: list[tuple[Imagination, ...]]) -> None:
        self.imagined.emit(events[-1])

    def _end(self, outcome: object) -> None:
        if isinstance(outcome, Exception):
            self.failed.emit(outcome)
        ended_at = monotonic()
        self._rested_at = ended_at + REST * (ended_at - self._begun_at)
        if self._is_outdated:
            self._timer.start(self._ms_to_wait())

    def _ms_to_wait(self) -> int:
        return max(self._coalesce_ms, int(1000 * (self._rested_at - monotonic())))


class _Work:
    """One asking, in the worker's thread."""

    def __init__(self, network: Network, method: str, *, shows_climb: bool) -> None:
        self._network, self._method, self._shows_climb = network, method, shows_climb

    def events(self, _gate: Gate) -> Iterator[tuple[Imagination, ...]]:
        # Weights on their way out of all bounds overflow; what they imagine then is what it is.
        with np.errstate(over="ignore", invalid="ignore"):
            if self._method in CLIMBS and self._shows_climb:
                yield from climbing(self._network, self._method, every=STAGE)
            else:
                yield imagine_all(self._network, self._method)

"""Threads, for work of few and large pieces.

A thread holds Python's interpreter lock between any two calls of numpy, and the other threads wait for it. Where
calls are long, reading a chunk of frames or adding long vectors, that is little. Where a step is thousands of
calls, it is most of what a second core could bring; such work goes to processes (`nn.parallel.helpers`).
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeVar, cast

from nn.parallel.cores import available_cores, one_blas_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future

    from nn.network import Network

Item = TypeVar("Item")
Result = TypeVar("Result")

WORTH_A_PART = 300_000
"""Numbers to add up or update from which a thread of its own is worth the hand-over."""


def deal(
    network: Network, pieces: Sequence[slice], work: Callable[[Network, slice], None], threads: int | None = None
) -> None:
    """Call `work` with every piece, dealt out to threads like cards; each thread has a network of its own.

    Parameters
    ----------
    network
        What `work` gets, or a twin of it.
    threads
        At most so many at a time; None for one a core.
    """
    one_blas_thread()
    hands = min(threads or available_cores(), len(pieces))

    def play(player: Network, hand: Sequence[slice]) -> None:
        for piece in hand:
            work(player, piece)

    if hands < 2:
        return play(network, pieces)
    with ThreadPoolExecutor(hands - 1, thread_name_prefix="reader") as pool:
        # numpy keeps what to ignore (np.errstate) in the context, which threads do not inherit.
        others = [
            pool.submit(copy_context().run, play, network.replica(), pieces[first::hands])
            for first in range(1, hands)
        ]
        play(network, pieces[::hands])
    for other in others:
        other.result()
    return None


def ahead(items: Iterator[Item]) -> Iterator[Item]:
    """Give what `items` gives, each made on a thread while the one before it is in use."""
    end = object()
    pool = _Pool(1, "ahead")
    try:
        coming = _begun_ahead(pool.submit(next, items, end))
        while (item := coming.result()) is not end:
            coming = _begun_ahead(pool.submit(next, items, end))
            yield cast("Item", item)
    finally:
        pool.close()


def _begun_ahead(item: Future[Result]) -> Future[Result]:
    _coming.add(item)
    item.add_done_callback(_coming.discard)
    return item


_coming: set[Future[Any]] = set()
"""What is being made ahead."""


def _await_coming() -> None:
    for item in tuple(_coming):
        item.exception()


if hasattr(os, "register_at_fork"):
    # Nobody could make in a copy of this process what was half made when it was copied.
    os.register_at_fork(before=_await_coming, after_in_child=_coming.clear)


def parts_worth(size: int) -> int:
    """Return how many threads so many numbers are worth."""
    return size // WORTH_A_PART


class Parts:
    """Threads that share work on long vectors.

    Parameters
    ----------
    threads
        At most so many at a time, the calling one among them.
    """

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._pool = _Pool(max(1, threads - 1), "part")

    def run(self, size: int, work: Callable[[slice], None]) -> None:
        """Call `work` for parts that make up 0 to `size`, side by side; it must treat every number by itself.

        Where parts begin does not matter to such work, so the result is the same for any number of threads.
        """
        threads = min(self._threads, parts_worth(size))
        if threads < 2:
            return work(slice(0, size))
        bounds = [size * part // threads for part in range(threads + 1)]
        parts = [slice(*ends) for ends in pairwise(bounds)]
        others = [self._pool.submit(copy_context().run, work, part) for part in parts[1:]]
        work(parts[0])
        for other in others:
            other.result()
        return None

    def close(self) -> None:
        """End the threads."""
        self._pool.close()


class _Pool:
    """Threads, begun when there is work for them, and anew in a copy of this process: a fork copies none."""

    def __init__(self, threads: int, name: str) -> None:
        self._threads, self._name = threads, name
        self._pool: ThreadPoolExecutor | None = None
        self._process = 0

    def submit(self, work: Callable[..., Result], *arguments: object) -> Future[Result]:
        """Let one of them call `work`."""
        if self._pool is None or self._process != os.getpid():
            self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix=self._name)
            self._process = os.getpid()
        return self._pool.submit(work, *arguments)

    def close(self) -> None:
        """End them."""
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None

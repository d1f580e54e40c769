"""What every test of the window gets: Qt, and a check that nothing goes on running after it."""

from __future__ import annotations

import gc
import threading
from time import monotonic, sleep
from typing import TYPE_CHECKING

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QTimer

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def nothing_left_running() -> Iterator[None]:
    """Fail a test that leaves a thread or a running timer behind."""
    threads_before = set(threading.enumerate())
    timers_before = {id(timer) for timer in _running_timers()}
    yield
    threads = _alive_after(1.0, threads_before)
    timers = _ticking_after(1.0, timers_before)
    assert not threads, f"threads left behind: {[thread.name for thread in threads]}"
    assert not timers, f"running timers left behind: {[_described(timer) for timer in timers]}"


def _alive_after(patience_s: float, known: set[threading.Thread]) -> list[threading.Thread]:
    # A worker that was told to stop may need a moment to come to the end of its event.
    deadline = monotonic() + patience_s
    while True:
        alive = [thread for thread in threading.enumerate() if thread not in known and thread.is_alive()]
        if not alive or monotonic() > deadline:
            return alive
        sleep(0.01)


def _ticking_after(patience_s: float, known: set[int]) -> list[QTimer]:
    # A single shot that is still due, such as the last reading of a drawing, is fired and then over.
    deadline = monotonic() + patience_s
    while True:
        ticking = [timer for timer in _running_timers() if id(timer) not in known]
        if not any(timer.isSingleShot() for timer in ticking) or monotonic() > deadline:
            return ticking
        QCoreApplication.processEvents()
        sleep(0.01)


def _running_timers() -> list[QTimer]:
    timers = (thing for thing in gc.get_objects() if isinstance(thing, QTimer))
    return [timer for timer in timers if shiboken6.isValid(timer) and timer.isActive()]


def _described(timer: QTimer) -> str:
    return f"every {timer.interval()} ms, child of {timer.parent()!r}"

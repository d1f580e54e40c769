"""Long work beside the window: one iterator, one thread, and a letterbox between the two.

The picture is a letterbox. The worker runs an iterator and drops each event into a queue; a timer on the window's
side empties the box about thirty times a second and hands over all that lay in it as one list, in one signal.
The worker itself never emits a signal and never touches a widget: a slot runs in the thread that emits, and
widgets live in one thread only.

This is the only file of the window with a thread in it. Training, downloads and imagination all run through it.
"""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass
from queue import SimpleQueue
from time import monotonic, perf_counter, sleep
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

EMPTY_EVERY_MS = 33
"""Between two visits to the letterbox: about thirty a second."""

SWITCH_INTERVAL_S = 0.001
"""How long the worker may hold Python's lock against the window; Python's own 5 ms would add up in one repaint."""

BREATHER_S = 0.005
"""How often the worker offers the lock of its own accord: seldom enough to cost a training nothing."""

STACK_BYTES = 8 * 2**20
"""macOS gives a thread 512 KB, which numpy's matrix products overflow."""


class Gate:
    """Where the worker may be held up: open, closed, or opened for one only.

    The worker passes through it between two steps, where everything it works on is whole.
    """

    def __init__(self, *, is_open: bool = True) -> None:
        self._condition = threading.Condition()
        self._is_open = is_open
        self._is_open_once = False

    @property
    def is_open(self) -> bool:
        """Whether the worker may go on as it likes."""
        return self._is_open

    def open(self) -> None:
        """Let the worker go on."""
        with self._condition:
            self._is_open = True
            self._is_open_once = False
            self._condition.notify_all()

    def close(self) -> None:
        """Hold the worker up the next time it comes by."""
        with self._condition:
            self._is_open = False

    def let_one_through(self) -> None:
        """Let the worker take one more step before the gate is closed to it again.

        Asking again before it has come by changes nothing: what was asked for quicker than it can be done must not
        go on for long after the last asking.
        """
        with self._condition:
            self._is_open_once = True
            self._condition.notify_all()

    def pass_through(self) -> None:
        """Wait until the gate lets the worker pass; called by the worker."""
        with self._condition:
            self._condition.wait_for(lambda: self._is_open or self._is_open_once)
            self._is_open_once = False


if TYPE_CHECKING:
    Work: TypeAlias = Callable[[Gate], Iterator[object]]


@dataclass(frozen=True, slots=True)
class _Ended:
    """The last thing in the letterbox: what the work returned, or the exception that ended it."""

    outcome: object


class _Job:
    """One run of one piece of work, with a letterbox and a gate of its own.

    Each run has its own, so that nothing of an abandoned run can turn up in the next.
    """

    def __init__(self, work: Work, *, is_open: bool) -> None:
        self.letterbox: SimpleQueue[object] = SimpleQueue()
        self.gate = Gate(is_open=is_open)
        self.is_stopping = False
        # A daemon, so that a worker stuck in a system call cannot keep a closed program alive.
        self.thread = threading.Thread(target=self._run, args=(work,), name="inkling-worker", daemon=True)

    def begin(self) -> None:
        before = threading.stack_size(STACK_BYTES)
        try:
            self.thread.start()
        finally:
            threading.stack_size(before)

    def stop(self) -> None:
        self.is_stopping = True
        self.gate.open()

    def take_all(self) -> list[object]:
        # As many as there are now: who takes until it is empty never comes to an end with one who writes quicker.
        return [self.letterbox.get() for _ in range(self.letterbox.qsize())]

    def _run(self, work: Work) -> None:
        try:
            outcome = self._deliver(work(self.gate))
        # Every failure goes to the window, which knows how to show it.
        except Exception as error:
            outcome = error
        self.letterbox.put(_Ended(outcome))

    def _deliver(self, events: Iterator[object]) -> object:
        breather = perf_counter() + BREATHER_S
        while not self.is_stopping:
            try:
                self.letterbox.put(next(events))
            except StopIteration as end:
                return end.value
            if perf_counter() > breather:
                sleep(0)
                breather = perf_counter() + BREATHER_S
        if close := getattr(events, "close", None):
            close()
        return None


class Background(QObject):
    """Runs one piece of work at a time beside the window.

    Parameters
    ----------
    interval_ms
        Milliseconds between two visits to the letterbox.
    """

    events = Signal(list)
    """What the work has yielded since the last time, in order; never empty."""

    finished = Signal(object)
    """What the work returned (None if it was stopped), or the exception that ended it; always the last signal."""

    def __init__(self, parent: QObject | None = None, *, interval_ms: int = EMPTY_EVERY_MS) -> None:
        super().__init__(parent)
        self._job: _Job | None = None
        self._abandoned: list[_Job] = []
        self._timer = QTimer(self)
        self._timer.setInterval(interval_ms)
        self._timer.timeout.connect(self._empty_letterbox)

    @property
    def is_running(self) -> bool:
        """Whether there is work whose end has not been announced yet."""
        return self._job is not None

    @property
    def is_paused(self) -> bool:
        """Whether the work is held up at its gate, or will be when it gets there."""
        return self._job is not None and not self._job.gate.is_open

    def start(self, work: Work, *, paused: bool = False) -> None:
        """Begin ``work(gate)``, an iterator of events that may pass through the gate between its steps.

        Parameters
        ----------
        work
            Called and iterated in the worker's thread; it must touch nothing that the window touches.
        paused
            Begin with the gate closed.

        Raises
        ------
        RuntimeError
            If there is work already; ask ``is_running`` first.
        """
        if self._job is not None:
            raise RuntimeError("Background work was started before the work in hand had finished.")
        sys.setswitchinterval(min(sys.getswitchinterval(), SWITCH_INTERVAL_S))
        self._job = _Job(work, is_open=not paused)
        self._job.begin()
        self._timer.start()

    def pause(self) -> None:
        """Hold the work up at its gate."""
        if self._job:
            self._job.gate.close()

    def resume(self) -> None:
        """Let held-up work go on."""
        if self._job:
            self._job.gate.open()

    def step(self) -> None:
        """Let held-up work take one step."""
        if self._job:
            self._job.gate.let_one_through()

    def stop(self) -> None:
        """Ask the work to end after the event it is busy with; ``finished`` follows."""
        if self._job:
            self._job.stop()

    def abandon(self) -> None:
        """Stop the work and forget it at once: none of its events, and no ``finished``, will follow."""
        if self._job:
            self._job.stop()
            self._abandoned = [job for job in (*self._abandoned, self._job) if job.thread.is_alive()]
            self._forget()

    def join(self, timeout_s: float = 5.0) -> bool:
        """Stop the work, wait for its thread, and forget it; for closing.

        Returns
        -------
        bool
            False if the worker was still busy when the time was over; it then dies with the program.
        """
        self.abandon()
        deadline = monotonic() + timeout_s
        for job in self._abandoned:
            job.thread.join(max(0.0, deadline - monotonic()))
        self._abandoned = [job for job in self._abandoned if job.thread.is_alive()]
        return not self._abandoned

    def _forget(self) -> None:
        self._timer.stop()
        self._job = None

    def _empty_letterbox(self) -> None:
        job = self._job
        if job is None:
            return
        events = job.take_all()
        ended = events.pop() if events and isinstance(events[-1], _Ended) else None
        if events:
            self.events.emit(events)
        # A slot may have abandoned the job, and even begun another, while it looked at the events.
        if isinstance(ended, _Ended) and self._job is job:
            job.thread.join()
            self._forget()
            self.finished.emit(ended.outcome)

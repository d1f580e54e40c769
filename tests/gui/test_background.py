from __future__ import annotations

import threading
from itertools import count
from typing import TYPE_CHECKING

import pytest

from gui.background import Background, Gate

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from pytestqt.qtbot import QtBot


class Heard:
    """Keeps what a background has said."""

    def __init__(self, background: Background) -> None:
        self.lists: list[list[object]] = []
        self.outcomes: list[object] = []
        background.events.connect(self.lists.append)
        background.finished.connect(self.outcomes.append)

    @property
    def events(self) -> list[object]:
        return [event for batch in self.lists for event in batch]


@pytest.fixture
def background(qapp: object) -> Iterator[Background]:
    background = Background(interval_ms=1)
    yield background
    assert background.join()


def counting_to(limit: int) -> Iterator[object]:
    yield from range(limit)


def steps(gate: Gate) -> Iterator[object]:
    for number in range(1_000_000):
        yield number
        gate.pass_through()


def test_events_arrive_in_order_and_before_the_end(qtbot: QtBot, background: Background) -> None:
    heard = Heard(background)

    def work(_gate: Gate) -> Generator[object, None, str]:
        yield from counting_to(100)
        return "done"

    background.start(work)
    qtbot.waitUntil(lambda: bool(heard.outcomes))
    assert heard.events == list(range(100))
    assert heard.outcomes == ["done"]
    assert not background.is_running


def test_many_events_come_as_few_lists(qtbot: QtBot, qapp: object) -> None:
    background = Background(interval_ms=30)
    heard = Heard(background)
    background.start(lambda _gate: counting_to(10_000))
    qtbot.waitUntil(lambda: bool(heard.outcomes))
    assert len(heard.events) == 10_000
    assert len(heard.lists) < 20
    assert all(heard.lists)


def test_an_exception_of_the_work_is_its_outcome(qtbot: QtBot, background: Background) -> None:
    heard = Heard(background)

    def work(_gate: Gate) -> Iterator[object]:
        yield 1
        raise ValueError("out of ink")

    background.start(work)
    qtbot.waitUntil(lambda: bool(heard.outcomes))
    assert heard.events == [1]
    assert isinstance(heard.outcomes[0], ValueError)


def test_work_runs_beside_the_window_and_signals_arrive_in_it(qtbot: QtBot, background: Background) -> None:
    arrived_in: list[threading.Thread] = []
    background.events.connect(lambda _events: arrived_in.append(threading.current_thread()))
    heard = Heard(background)

    def work(_gate: Gate) -> Iterator[object]:
        yield threading.current_thread()

    background.start(work)
    qtbot.waitUntil(lambda: bool(heard.outcomes))
    assert heard.events != [threading.main_thread()]
    assert arrived_in == [threading.main_thread()]


def test_a_pause_holds_the_work_up_and_resume_lets_it_go_on(qtbot: QtBot, background: Background) -> None:
    heard = Heard(background)
    background.start(steps)
    qtbot.waitUntil(lambda: len(heard.events) > 10)
    background.pause()
    qtbot.wait(30)
    held_at = len(heard.events)
    qtbot.wait(50)
    assert background.is_paused
    assert len(heard.events) == held_at
    background.resume()
    qtbot.waitUntil(lambda: len(heard.events) > held_at)


def test_a_step_lets_exactly_one_through(qtbot: QtBot, background: Background) -> None:
    heard = Heard(background)
    background.start(steps, paused=True)
    qtbot.waitUntil(lambda: heard.events == [0])
    for wanted in (1, 2, 3):
        background.step()
        qtbot.wait(30)
        assert heard.events == list(range(wanted + 1))


def test_steps_asked_for_while_one_is_taken_wait_as_one(qtbot: QtBot, background: Background) -> None:
    heard = Heard(background)
    is_asked, may_end = threading.Event(), threading.Event()

    def slow_steps(gate: Gate) -> Iterator[object]:
        for number in range(100):
            yield number
            gate.pass_through()
            is_asked.set()
            may_end.wait()

    background.start(slow_steps, paused=True)
    qtbot.waitUntil(lambda: heard.events == [0])
    background.step()
    is_asked.wait()
    for _ in range(30):
        background.step()
    may_end.set()
    qtbot.waitUntil(lambda: heard.events == [0, 1, 2])
    qtbot.wait(50)
    assert heard.events == [0, 1, 2]


def test_stop_ends_within_one_step_and_closes_the_work(qtbot: QtBot, background: Background) -> None:
    heard = Heard(background)
    closed = threading.Event()

    def work(gate: Gate) -> Iterator[object]:
        try:
            yield from steps(gate)
        finally:
            closed.set()

    background.start(work)
    qtbot.waitUntil(lambda: len(heard.events) > 3)
    background.stop()
    qtbot.waitUntil(lambda: bool(heard.outcomes))
    assert heard.outcomes == [None]
    assert closed.is_set()


def test_work_that_writes_without_end_leaves_the_window_time_for_others(
    qtbot: QtBot, background: Background
) -> None:
    lists: list[list[object]] = []
    background.events.connect(lists.append)
    background.start(lambda _gate: count())
    qtbot.waitUntil(lambda: len(lists) > 3)
    background.stop()
    qtbot.waitUntil(lambda: not background.is_running)
    assert [number for part in lists for number in part] == list(range(sum(map(len, lists))))


def test_stop_reaches_work_that_is_paused(qtbot: QtBot, background: Background) -> None:
    heard = Heard(background)
    background.start(steps, paused=True)
    qtbot.waitUntil(lambda: bool(heard.events))
    background.stop()
    qtbot.waitUntil(lambda: bool(heard.outcomes))
    assert len(heard.events) <= 2


def test_abandoned_work_is_never_heard_of_again(qtbot: QtBot, background: Background) -> None:
    heard = Heard(background)
    background.start(lambda _gate: counting_to(1_000_000))
    background.abandon()
    background.start(lambda _gate: iter(["fresh"]))
    qtbot.waitUntil(lambda: bool(heard.outcomes))
    assert heard.events == ["fresh"]
    assert heard.outcomes == [None]


def test_a_slot_may_abandon_the_work_it_hears_of(qtbot: QtBot, background: Background) -> None:
    heard = Heard(background)
    background.events.connect(lambda _events: background.abandon())
    background.start(lambda _gate: counting_to(3))
    qtbot.waitUntil(lambda: not background.is_running)
    qtbot.wait(20)
    assert heard.outcomes == []


def test_join_waits_for_the_thread_and_gives_up_in_time(background: Background) -> None:
    release = threading.Event()

    def stubborn(_gate: Gate) -> Iterator[object]:
        release.wait()
        yield None

    background.start(stubborn)
    assert not background.join(0.05)
    release.set()
    assert background.join()
    assert not background.is_running


def test_starting_twice_is_a_fault(background: Background) -> None:
    background.start(steps)
    with pytest.raises(RuntimeError, match="before the work in hand had finished"):
        background.start(steps)


def test_the_stack_size_of_other_threads_is_left_alone(background: Background) -> None:
    before = threading.stack_size()
    background.start(steps)
    assert threading.stack_size() == before

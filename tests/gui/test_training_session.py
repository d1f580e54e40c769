from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gui.training_session import SessionState, TrainingSession
from nn.calibration import Calibration
from nn.data.dataset import Dataset, DigitData
from nn.data.sources import LoadingProgress
from nn.errors import DataError, DivergedError
from nn.network import Network, mlp
from nn.training import EpochEnded, StepTaken, TrainingConfig, TrainingEnded, TrainingStarted, train

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


def stripes(count: int = 400) -> DigitData:
    """Digits that are easy to learn: each is a bar at its own height, on noise."""
    rng = np.random.default_rng(0)
    labels = np.arange(count, dtype=np.uint8) % 10
    images = rng.integers(0, 60, (count, 28, 28)).astype(np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[4 + 2 * int(label)] = 255
    digits = Dataset(images, labels, "stripes")
    return DigitData(digits, digits.subset(slice(0, 100)), None, "stripes")


class Loader:
    """Loads the stripes in three steps, and counts how often it was asked; slow ones when they may end."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.is_at_work, self.may_end = threading.Event(), threading.Event()

    def __call__(self, source: str) -> Iterator[LoadingProgress]:
        self.asked.append(source)
        if source == "missing":
            raise DataError("There are no digits of that name.")
        return self._load_slowly() if source == "slow" else self._load()

    def _load_slowly(self) -> Iterator[LoadingProgress]:
        self.is_at_work.set()
        self.may_end.wait()
        yield from self._load()

    def _load(self) -> Iterator[LoadingProgress]:
        yield LoadingProgress(0, 2, "Looking for stripes")
        yield LoadingProgress(1, 2, "Painting stripes")
        yield LoadingProgress(2, 2, "Stripes are ready", stripes())


class Heard:
    def __init__(self, session: TrainingSession) -> None:
        self.states: list[SessionState] = []
        self.loading: list[LoadingProgress] = []
        self.events: list[object] = []
        self.snapshots: list[Network] = []
        self.outcomes: list[object] = []
        session.state_changed.connect(self.states.append)
        session.loading.connect(self.loading.append)
        session.events.connect(self.events.extend)
        session.snapshot.connect(self.snapshots.append)
        session.finished.connect(self.outcomes.append)

    @property
    def steps(self) -> list[StepTaken]:
        return [event for event in self.events if isinstance(event, StepTaken)]


@pytest.fixture
def loader() -> Loader:
    return Loader()


@pytest.fixture
def session(qapp: object, loader: Loader) -> Iterator[TrainingSession]:
    session = TrainingSession(load=loader, interval_ms=2, snapshot_every_s=0.02)
    yield session
    loader.may_end.set()
    assert session.close()


@pytest.fixture
def heard(session: TrainingSession) -> Heard:
    return Heard(session)


SHORT = TrainingConfig(epochs=2, batch_size=20, rate=0.1)
LONG = TrainingConfig(epochs=100_000, batch_size=20, rate=0.01)


def small() -> Network:
    return mlp([784, 8, 10])


def test_a_training_runs_from_loading_to_its_last_snapshot(
    qtbot: QtBot, session: TrainingSession, heard: Heard
) -> None:
    session.start(small, SHORT, "stripes")
    qtbot.waitUntil(lambda: bool(heard.outcomes))
    assert heard.states == [SessionState.LOADING, SessionState.TRAINING, SessionState.IDLE]
    done = [progress.done for progress in heard.loading]
    assert done == sorted(done)
    assert done[-1] == 2
    assert heard.events[0] == TrainingStarted(epochs=2, steps_per_epoch=20, step=0)
    assert [step.step for step in heard.steps] == list(range(1, 41))
    assert sum(isinstance(event, EpochEnded) for event in heard.events) == 2
    assert heard.outcomes == [heard.events[-1]]
    assert isinstance(heard.outcomes[0], TrainingEnded)
    assert not session.is_running


def test_the_network_is_made_beside_the_window_when_its_digits_are_there(
    qtbot: QtBot, session: TrainingSession, heard: Heard
) -> None:
    makers: list[threading.Thread] = []
    begun: list[Network] = []

    def make() -> Network:
        makers.append(threading.current_thread())
        return small()

    session.started.connect(begun.append)
    session.start(make, SHORT, "stripes")
    qtbot.waitUntil(lambda: bool(heard.outcomes))
    assert len(makers) == len(begun) == 1
    assert makers[0] is not threading.current_thread()
    assert (begun[0].parameters == small().parameters).all(), "it is handed over as it was before its first step"
    session.start(make, SHORT, "missing")
    qtbot.waitUntil(lambda: len(heard.outcomes) == 2)
    assert len(makers) == len(begun) == 1


def test_training_beside_the_window_learns_the_same_bits_as_without_it(
    qtbot: QtBot, session: TrainingSession, heard: Heard
) -> None:
    alone = small()
    for _event in train(alone, stripes(), SHORT):
        pass
    session.start(small, SHORT, "stripes")
    qtbot.waitUntil(lambda: bool(heard.outcomes))
    assert (heard.snapshots[-1].parameters == alone.parameters).all()
    assert heard.snapshots[-1].calibration == alone.calibration != Calibration()


def test_snapshots_are_copies_that_nobody_trains(qtbot: QtBot, session: TrainingSession, heard: Heard) -> None:
    session.start(small, LONG, "stripes")
    qtbot.waitUntil(lambda: len(heard.snapshots) >= 3)
    first = heard.snapshots[0].parameters.copy()
    qtbot.wait(50)
    assert (heard.snapshots[0].parameters == first).all()
    assert (heard.snapshots[-1].parameters != first).any()


def test_a_pause_holds_after_the_step_in_hand_and_shows_the_network_as_it_is(
    qtbot: QtBot, session: TrainingSession, heard: Heard
) -> None:
    session.start(small, LONG, "stripes")
    qtbot.waitUntil(lambda: len(heard.steps) > 5)
    session.pause()
    assert session.is_paused
    qtbot.wait(50)
    held_at, shown = len(heard.steps), len(heard.snapshots)
    qtbot.wait(80)
    assert len(heard.steps) == held_at
    assert shown == len(heard.snapshots) >= 1
    session.resume()
    qtbot.waitUntil(lambda: len(heard.steps) > held_at)


def test_each_step_of_a_pause_is_exactly_one(qtbot: QtBot, session: TrainingSession, heard: Heard) -> None:
    session.start(small, LONG, "stripes", one_step=True)
    qtbot.waitUntil(lambda: len(heard.snapshots) == 1)
    assert session.is_paused
    for count in (2, 3):
        session.step()
        qtbot.waitUntil(lambda count=count: len(heard.snapshots) == count)  # type: ignore[misc]
        qtbot.wait(20)
        assert [step.step for step in heard.steps] == list(range(1, count + 1))


@pytest.mark.parametrize("paused", [False, True])
def test_stop_ends_with_what_was_learned(
    qtbot: QtBot, session: TrainingSession, heard: Heard, *, paused: bool
) -> None:
    session.start(small, LONG, "stripes")
    qtbot.waitUntil(lambda: len(heard.steps) > 5)
    if paused:
        session.pause()
    session.stop()
    assert session.state is SessionState.STOPPING
    qtbot.waitUntil(lambda: bool(heard.outcomes))
    (ended,) = heard.outcomes
    assert isinstance(ended, TrainingEnded)
    assert ended.reason == "stopped"
    assert (heard.snapshots[-1].parameters != small().parameters).any()


def test_stop_reaches_the_loading_at_once_however_long_a_piece_of_it_takes(
    qtbot: QtBot, heard: Heard, session: TrainingSession, loader: Loader
) -> None:
    session.start(small, SHORT, "slow")
    qtbot.waitUntil(loader.is_at_work.is_set)
    session.stop()
    assert not session.is_running
    assert heard.outcomes == [TrainingEnded("stopped", step=0, epoch=0, best_epoch=0)]
    session.start(small, SHORT, "stripes")
    qtbot.waitUntil(lambda: len(heard.outcomes) == 2)
    loader.may_end.set()
    assert len(heard.steps) == 40
    assert {progress.message for progress in heard.loading} == {"Stripes are ready"}


def test_a_pause_while_loading_holds_after_the_first_step(
    qtbot: QtBot, heard: Heard, session: TrainingSession, loader: Loader
) -> None:
    session.start(small, LONG, "slow")
    session.pause()
    assert session.state is SessionState.LOADING_TO_PAUSE
    loader.may_end.set()
    qtbot.waitUntil(lambda: session.is_paused)
    qtbot.waitUntil(lambda: len(heard.snapshots) == 1)
    assert len(heard.steps) == 1


def test_a_pause_while_loading_can_be_taken_back(
    qtbot: QtBot, heard: Heard, session: TrainingSession, loader: Loader
) -> None:
    session.start(small, SHORT, "slow")
    session.pause()
    session.resume()
    assert session.state is SessionState.LOADING
    loader.may_end.set()
    qtbot.waitUntil(lambda: bool(heard.outcomes))
    assert len(heard.steps) == 40


def test_the_rate_changes_while_it_runs(qtbot: QtBot, session: TrainingSession, heard: Heard) -> None:
    session.start(small, LONG, "stripes")
    session.set_rate(0.02)
    qtbot.waitUntil(lambda: len(heard.steps) > 5)
    session.set_rate(0.005)
    qtbot.waitUntil(lambda: heard.steps[-1].rate == 0.005)
    assert 0.02 in {step.rate for step in heard.steps}


def test_digits_that_are_missing_are_told_and_nothing_is_trained(
    qtbot: QtBot, session: TrainingSession, heard: Heard
) -> None:
    session.start(small, SHORT, "missing")
    qtbot.waitUntil(lambda: bool(heard.outcomes))
    assert isinstance(heard.outcomes[0], DataError)
    assert not heard.snapshots
    assert not session.is_running


def test_divergence_is_told_with_its_remedy_and_the_network_before_is_kept(
    qtbot: QtBot, session: TrainingSession, heard: Heard
) -> None:
    session.start(small, TrainingConfig(epochs=5, batch_size=20, rate=1e20), "stripes")
    qtbot.waitUntil(lambda: bool(heard.outcomes))
    assert isinstance(heard.outcomes[0], DivergedError)
    assert "try a rate of" in str(heard.outcomes[0])
    assert (heard.snapshots[-1].parameters == small().parameters).all()


def test_the_same_digits_are_loaded_once(
    qtbot: QtBot, session: TrainingSession, heard: Heard, loader: Loader
) -> None:
    for count in (1, 2):
        session.start(small, SHORT, "stripes")
        qtbot.waitUntil(lambda count=count: len(heard.outcomes) == count)  # type: ignore[misc]
    assert loader.asked == ["stripes"]
    session.forget_data()
    session.start(small, SHORT, "stripes")
    qtbot.waitUntil(lambda: len(heard.outcomes) == 3)
    assert loader.asked == ["stripes", "stripes"]


def test_closing_in_the_middle_leaves_no_thread(qtbot: QtBot, session: TrainingSession, heard: Heard) -> None:
    session.start(small, LONG, "stripes")
    qtbot.waitUntil(lambda: len(heard.steps) > 5)
    assert session.close()
    assert not heard.outcomes
    assert session.state is SessionState.IDLE

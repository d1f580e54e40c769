"""From the Train button to the last event: loads the digits, trains a copy of the network, and reports.

The training is an iterator that runs in the background; pausing is not asking for its next event. About once a
second, between two steps, the worker copies the network, and the copy goes out as a snapshot: so the pad and the
imagined digits follow, while the network in training is never seen by two threads at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal

from gui.background import EMPTY_EVERY_MS, Background
from nn.data.sources import LoadingProgress, loading_digits
from nn.errors import DivergedError
from nn.events import StepTaken, TrainingEnded, TrainingStarted
from nn.network import Network

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from gui.background import Gate
    from gui.training_plan import Source
    from nn.data.dataset import DigitData
    from nn.training import Training
    from nn.training_config import TrainingConfig

SNAPSHOT_EVERY_S = 1.0


class SessionState(Enum):
    """What a session is doing."""

    IDLE = "idle"
    LOADING = "loading"
    LOADING_TO_PAUSE = "loading, and to pause after the first step"
    TRAINING = "training"
    PAUSED = "paused"
    STOPPING = "stopping"


_PAUSED = {
    SessionState.LOADING: SessionState.LOADING_TO_PAUSE,
    SessionState.TRAINING: SessionState.PAUSED,
}
_RESUMED = {paused: going for going, paused in _PAUSED.items()}


class TrainingSession(QObject):
    """Runs one training at a time.

    Parameters
    ----------
    load
        Turns the name of a source into `LoadingProgress`, of which the last carries the digits.
    snapshot_every_s
        Seconds between two snapshots.
    """

    state_changed = Signal(object)
    """The new `SessionState`."""

    loading = Signal(object)
    """A `LoadingProgress` of the digits on their way."""

    started = Signal(object)
    """A copy of the `Network` as it was made; the digits are there and the first step is being taken."""

    events = Signal(list)
    """What has happened in the training since the last time, in order: events of `nn.training`."""

    snapshot = Signal(object)
    """A `Network` of its own: the state after the latest step, and at the end the one that is kept."""

    finished = Signal(object)
    """The training's `TrainingEnded`, or the exception that ended it; the last signal, after the state is idle."""

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        load: Callable[[str], Iterator[LoadingProgress]] = loading_digits,
        snapshot_every_s: float = SNAPSHOT_EVERY_S,
        interval_ms: int = EMPTY_EVERY_MS,
    ) -> None:
        super().__init__(parent)
        self._load = load
        self._snapshot_every_s = snapshot_every_s
        self._state = SessionState.IDLE
        self._run: _Run | None = None
        self._source: Source = ""
        self._loaded: dict[Source, LoadingProgress] = {}
        self._background = Background(self, interval_ms=interval_ms)
        self._background.events.connect(self._sort)
        self._background.finished.connect(self._end)

    @property
    def state(self) -> SessionState:
        """What the session is doing."""
        return self._state

    @property
    def is_running(self) -> bool:
        """Whether a training has begun and not ended: paused counts."""
        return self._state is not SessionState.IDLE

    @property
    def is_paused(self) -> bool:
        """Whether the training waits for `resume` or `step`."""
        return self._state is SessionState.PAUSED

    @property
    def is_loading(self) -> bool:
        """Whether the digits are on their way, and nothing has been learned yet."""
        return self._state in (SessionState.LOADING, SessionState.LOADING_TO_PAUSE)

    def start(
        self, make: Callable[[], Network], config: TrainingConfig, source: Source, *, one_step: bool = False
    ) -> None:
        """Begin to train.

        Parameters
        ----------
        make
            Makes the network, which is trained in place; called in the worker's thread: a large one takes long.
        config
            How to train.
        source
            Which digits: a name that `load` takes, or a recipe's, which load themselves.
        one_step
            Take one step, then pause.
        """
        kept = self._loaded.get(source)
        self._run = _Run(
            make, config, partial(iter, [kept]) if kept else self._loading(source), self._snapshot_every_s
        )
        self._source = source
        self._enter(SessionState.LOADING_TO_PAUSE if one_step else SessionState.LOADING)
        self._background.start(self._run.events, paused=one_step)

    def pause(self) -> None:
        """Hold the training up after the step it is busy with, or after its first."""
        self._background.pause()
        self._enter(_PAUSED.get(self._state, self._state))

    def resume(self) -> None:
        """Go on."""
        self._background.resume()
        self._enter(_RESUMED.get(self._state, self._state))

    def step(self) -> None:
        """Take one step of a training that is paused."""
        if self.is_paused:
            self._background.step()

    def stop(self) -> None:
        """End the training after the step it is busy with; `finished` follows with what there is.

        While the digits are on their way it follows at once: a piece of them may take a minute, and nothing has
        been learned that would have to be waited for.
        """
        if self._run is None or self._state is SessionState.STOPPING:
            return
        self._run.stop()
        if self.is_loading:
            self._background.abandon()
            self._end(TrainingEnded("stopped", step=0, epoch=0, best_epoch=0))
        else:
            self._enter(SessionState.STOPPING)
            self._background.resume()

    def set_rate(self, rate: float) -> None:
        """Change the learning rate from the next step on."""
        if self._run:
            self._run.set_rate(rate)

    def forget_data(self) -> None:
        """Load the digits anew next time, because their files have changed."""
        self._loaded.clear()

    def close(self, timeout_s: float = 5.0) -> bool:
        """End without a further signal and wait for the worker; False if it was still busy after `timeout_s`."""
        if self._run:
            self._run.stop()
        ended = self._background.join(timeout_s)
        self._run = None
        self._state = SessionState.IDLE
        return ended

    def _loading(self, source: Source) -> Callable[[], Iterator[LoadingProgress]]:
        return partial(self._load, source) if isinstance(source, str) else source.loading

    def _enter(self, state: SessionState) -> None:
        if state is not self._state:
            self._state = state
            self.state_changed.emit(state)

    def _sort(self, arrived: list[object]) -> None:
        """Hand each kind of event to whoever waits for it; of loading and of snapshots only the latest counts."""
        loading = [event for event in arrived if isinstance(event, LoadingProgress)]
        snapshots = [event for event in arrived if isinstance(event, Network)]
        of_training = [event for event in arrived if not isinstance(event, LoadingProgress | Network | _Made)]
        if loading:
            self._follow_loading(loading[-1])
        for event in arrived:
            if isinstance(event, _Made):
                self._begin(event.network)
        if of_training:
            self.events.emit(of_training)
        if snapshots:
            self.snapshot.emit(snapshots[-1])

    def _follow_loading(self, event: LoadingProgress) -> None:
        if event.data is not None:
            # Only the latest digits are kept: MNIST takes 55 MB.
            self._loaded = {self._source: event}
        self.loading.emit(event)

    def _begin(self, network: Network) -> None:
        if self.is_loading:
            self._enter(SessionState.PAUSED if self._background.is_paused else SessionState.TRAINING)
        self.started.emit(network)

    def _end(self, outcome: object) -> None:
        self._run = None
        self._enter(SessionState.IDLE)
        self.finished.emit(outcome)


@dataclass(frozen=True, slots=True)
class _Made:
    """The network as it is before its first step: a copy, which comes just before `TrainingStarted`."""

    network: Network


class _Run:
    """What happens in the worker's thread: one training from loading to its last snapshot.

    `stop` and `set_rate` come from the window's thread; each sets one attribute that is looked at between steps.
    """

    def __init__(
        self,
        make: Callable[[], Network],
        config: TrainingConfig,
        load: Callable[[], Iterator[LoadingProgress]],
        snapshot_every_s: float,
    ) -> None:
        self._make, self._config, self._load = make, config, load
        self._snapshot_every_s = snapshot_every_s
        self._training: Training | None = None
        self._rate: float | None = None
        self._is_stopping = False

    def stop(self) -> None:
        self._is_stopping = True
        if self._training:
            self._training.stop()

    def set_rate(self, rate: float) -> None:
        self._rate = rate
        if self._training:
            self._training.rate = rate

    def events(self, gate: Gate) -> Generator[object, None, object]:
        """Yield loading, then training; return how it ended."""
        data = None
        for progress in self._load():
            if self._is_stopping:
                return TrainingEnded("stopped", step=0, epoch=0, best_epoch=0)
            yield progress
            data = progress.data
        if data is None:
            raise RuntimeError("Loading ended without digits.")
        return (yield from self._train(data, gate))

    def _train(self, data: DigitData, gate: Gate) -> Generator[object, None, object]:
        from nn.training import train  # noqa: PLC0415 -- a window appears sooner without

        training = train(self._make(), data, self._config)
        self._training = training
        # The window may have spoken before there was a training to tell.
        if self._rate is not None:
            training.rate = self._rate
        if self._is_stopping:
            training.stop()
        ended: object = None
        try:
            for event in self._watched(training, gate):
                yield event
                ended = event
        except DivergedError:
            yield training.network.copy()
            raise
        finally:
            training.close()
        yield training.network.copy()
        return ended

    def _watched(self, training: Training, gate: Gate) -> Iterator[object]:
        """Yield the events of training, with snapshots between them, and wait at the gate after each step."""
        due = monotonic() + self._snapshot_every_s
        for event in training:
            if isinstance(event, TrainingStarted):
                yield _Made(training.network.copy())
            yield event
            if not isinstance(event, StepTaken):
                continue
            # Weights on their way out of all bounds are nothing to show; the training will say so itself.
            wanted = not gate.is_open or monotonic() > due
            if wanted and np.isfinite(training.network.parameters).all():
                yield training.network.copy()
                due = monotonic() + self._snapshot_every_s
            gate.pass_through()

"""Helper processes change no bit, and whatever befalls them costs nothing but time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from textwrap import dedent
from time import monotonic, sleep
from typing import TYPE_CHECKING

import numpy as np
import pytest

from nn.compat import override
from nn.data.dataset import Dataset, DigitData
from nn.layers import BatchNormalization, Convolution, Dense, Dropout, Flatten, MaxPooling, ReLU
from nn.network import Network, mlp
from nn.parallel import WORTH_HELPERS, GradientWorkers, ignore_overflow, lanes_of
from nn.parallel.helper_process import AWAKE, await_word
from nn.parallel.helpers import Helper, HelperLostError, dismiss, hire
from nn.training import TrainingConfig, train
from tests.nn.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import FrameType

    from _typeshed import TraceFunction

    from nn.arrays import Array, Integers
    from nn.layers import Layer


def cnn(activation: Callable[[], Layer] = ReLU) -> Network:
    rng = np.random.default_rng(0)
    layers: list[Layer] = [
        Convolution(1, 16, 3, padding=1, rng=rng),
        BatchNormalization(16),
        activation(),
        MaxPooling(2),
        Convolution(16, 16, 3, padding=1, rng=rng),
        activation(),
        Flatten(),
        Dropout(0.3),
        Dense(14 * 14 * 16, 10, rng=rng),
    ]
    return Network(layers, input_shape=(28, 28, 1))


def batch(network: Network, samples: int = 100) -> tuple[Array, Integers]:
    rng = np.random.default_rng(1)
    return rng.random((samples, *network.input_shape), np.float32), rng.integers(0, 10, samples)


def bits_of(network: Network, workers: GradientWorkers, samples: int = 100) -> tuple[object, bytes, bytes]:
    result = workers.gradient(*batch(network, samples), step=5)
    return result, network.gradients.tobytes(), network.values.tobytes()


@pytest.fixture
def hired() -> Iterator[Callable[[Network, int], GradientWorkers]]:
    """Give workers whose helpers have loaded."""
    all_workers = []

    def hire(network: Network, threads: int) -> GradientWorkers:
        workers = GradientWorkers(network, threads=threads, seed=4)
        all_workers.append(workers)
        workers.gradient(*batch(network), step=0)
        wanted = min(threads, len(lanes_of(network, 100))) - 1
        assert eventually(lambda: len(workers.helpers) == wanted)
        return workers

    yield hire
    for workers in all_workers:
        workers.close()


@pytest.mark.parametrize("network", [cnn(), mlp([784, 256, 10], dropout=0.3)], ids=["cnn", "mlp"])
def test_lanes_give_the_same_bits_here_and_in_helpers(
    network: Network, hired: Callable[[Network, int], GradientWorkers]
) -> None:
    found = []
    for threads in (1, 2, 3):
        learner = network.copy()
        workers = hired(learner, threads)
        found.append([bits_of(learner, workers, samples) for samples in (100, 61, 100, 140)])
        workers.close()
    assert found[0] == found[1] == found[2]


def test_a_helper_that_is_killed_leaves_its_lanes_to_the_others(
    hired: Callable[[Network, int], GradientWorkers],
) -> None:
    alone, helped = cnn(), cnn()
    workers, helpers = hired(alone, 1), hired(helped, 3)
    os.kill(helpers.helpers[0].pid, signal.SIGTERM)
    assert bits_of(helped, helpers) == bits_of(alone, workers)
    assert len(helpers.helpers) == 1
    assert bits_of(helped, helpers) == bits_of(alone, workers)


@pytest.mark.parametrize("is_lost", [False, True])
def test_weights_are_back_where_they_were_when_the_helpers_go(
    hired: Callable[[Network, int], GradientWorkers], *, is_lost: bool
) -> None:
    network = cnn()
    values, weight = network.values, network.layers[0].parameters()["weight"]
    workers = hired(network, 2)
    workers.gradient(*batch(network), step=1)
    assert network.values is not values
    assert np.array_equal(network.layers[0].parameters()["weight"], weight)
    network.parameters += 1
    learned = network.values.copy()
    if is_lost:
        os.kill(workers.helpers[0].pid, signal.SIGKILL)
        workers.gradient(*batch(network), step=2)
        assert np.array_equal(network.parameters, learned[: network.parameters.size])
    workers.rest()
    assert network.values is values
    assert np.shares_memory(network.layers[0].parameters()["weight"], weight)
    assert np.array_equal(network.parameters, learned[: network.parameters.size])


def test_a_larger_batch_finds_the_same_weights_as_a_small_one(
    hired: Callable[[Network, int], GradientWorkers],
) -> None:
    network = cnn()
    values = network.values.copy()
    workers = hired(network, 2)
    for samples in (100, 400, 100):
        workers.gradient(*batch(network, samples), step=1)
        assert eventually(lambda: bool(workers.helpers))
        assert np.array_equal(network.parameters, values[: network.parameters.size])


def test_the_next_training_has_the_same_helper(hired: Callable[[Network, int], GradientWorkers]) -> None:
    first = hired(cnn(), 2)
    pid = first.helpers[0].pid
    first.close()
    assert hired(mlp([784, 256, 10]), 2).helpers[0].pid == pid


def test_two_trainings_at_a_time_have_helpers_of_their_own(
    hired: Callable[[Network, int], GradientWorkers],
) -> None:
    one, other = hired(cnn(), 2), hired(cnn(), 2)
    assert one.helpers[0].pid != other.helpers[0].pid


def test_two_threads_that_hire_at_the_same_instant_get_a_helper_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nn.parallel.helpers._idle", [])
    dismiss(hire(1))
    together = threading.Barrier(2)

    def keep_step(frame: FrameType, _event: str, _about: object) -> TraceFunction | None:
        """Let both threads go through `hire` line by line, as long as they go the same way."""
        if frame.f_code is not hire.__code__:
            return None
        with suppress(threading.BrokenBarrierError):
            together.wait(1.0)
        return keep_step

    def hire_in_step() -> list[Helper]:
        sys.settrace(keep_step)
        return hire(1)

    with ThreadPoolExecutor(2) as threads:
        (one,), (other,) = (hiring.result() for hiring in [threads.submit(hire_in_step) for _ in range(2)])
    assert one is not other
    for helper in (one, other):
        helper.close()


def test_a_helper_given_up_in_the_middle_of_its_work_gets_no_other(
    hired: Callable[[Network, int], GradientWorkers], monkeypatch: pytest.MonkeyPatch
) -> None:
    network = cnn()
    workers = hired(network, 2)
    pid = workers.helpers[0].pid

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(workers, "_run_lane", interrupt)
    with pytest.raises(KeyboardInterrupt):
        workers.gradient(*batch(network), step=1)
    workers.close()
    assert hired(network, 2).helpers[0].pid != pid


def test_without_helpers_all_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    alone, frozen = cnn(), cnn()
    monkeypatch.setattr("nn.parallel.helpers._idle", [])
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    workers, one = (
        GradientWorkers(network, threads=threads, seed=4) for network, threads in ((frozen, 2), (alone, 1))
    )
    assert bits_of(frozen, workers) == bits_of(alone, one)
    assert not workers.helpers
    workers.close()


class Doubled(ReLU):
    """A layer of a program's own, under a name that a helper would take for another."""

    @override
    def forward(self, x: Array, *, training: bool = False) -> Array:
        return super().forward(2 * x, training=training)


@pytest.mark.parametrize("network", [cnn(Doubled), cnn().astype(np.float64)], ids=["own layer", "float64"])
def test_what_a_helper_would_not_compute_alike_is_done_here(network: Network) -> None:
    workers = GradientWorkers(network, threads=2)
    x, labels = batch(network)
    for step in range(3):
        workers.gradient(x.astype(network.parameters.dtype), labels, step)
        sleep(0.1)
    assert not workers.helpers
    workers.close()


def test_frames_are_read_the_same_with_helpers() -> None:
    network = cnn()
    frames = np.random.default_rng(2).integers(0, 256, (9000, 28, 28)).astype(np.uint8)
    assert network.work * len(frames) > WORTH_HELPERS
    alone, *others = (network.outputs(frames, threads=threads) for threads in (1, 2, 2, 3))
    assert all(np.array_equal(alone, other) for other in others)


def test_a_training_on_one_thread_asks_for_no_helper(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def hire(count: int) -> list[Helper]:
        asked.append(count)
        return []

    for module in ("reading", "gradients"):
        monkeypatch.setattr(f"nn.parallel.{module}.hire", hire)
    monkeypatch.setattr("nn.parallel.reading.WORTH_HELPERS", 0)
    rng = np.random.default_rng(2)
    some, others = (
        Dataset(rng.integers(0, 256, (600, 28, 28)).astype(np.uint8), rng.integers(0, 10, 600).astype(np.uint8))
        for _ in range(2)
    )
    digits = DigitData(some, others, None, "noise")
    assert len(list(train(cnn(), digits, TrainingConfig(epochs=1, batch_size=300, rate=1e-4, threads=1)))) == 5
    assert not asked


def test_a_helper_lost_while_it_reads_leaves_its_frames_to_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    network = cnn()
    frames = np.random.default_rng(2).integers(0, 256, (9000, 28, 28)).astype(np.uint8)
    alone = network.outputs(frames, threads=1)
    real = Helper.outputs
    killed: list[int] = []

    def outputs(helper: Helper) -> Array:
        if not killed:
            os.kill(helper.pid, signal.SIGKILL)
            killed.append(helper.pid)
            raise HelperLostError
        return real(helper)

    monkeypatch.setattr(Helper, "outputs", outputs)
    assert eventually(lambda: bool(np.array_equal(network.outputs(frames, threads=3), alone) and killed))


@pytest.mark.skipif(sys.platform == "win32", reason="pipes cannot be asked there")
def test_a_helper_stays_awake_for_the_next_word_but_not_for_long() -> None:
    hears, says = os.pipe()
    try:
        begun = monotonic()
        await_word(hears)
        assert monotonic() - begun >= AWAKE
        os.write(says, b"\n")
        await_word(hears)
        assert os.read(hears, 10) == b"\n", "what is heard is left for who reads"
    finally:
        os.close(hears)
        os.close(says)


def test_overflow_in_a_helper_is_as_quiet_as_here(
    hired: Callable[[Network, int], GradientWorkers],
    capfd: pytest.CaptureFixture[str],
) -> None:
    network = cnn()
    workers = hired(network, 2)
    network.parameters[:] = 1e30
    quiet = copy_context()
    quiet.run(ignore_overflow)
    result = quiet.run(workers.gradient, *batch(network), step=1)
    assert not np.isfinite(result.loss)
    assert capfd.readouterr().err == ""


PRINTS = """
    import os, threading, time

    def print_for_ever():
        while True:
            print(flush=True)
            time.sleep(0.001)

    os.write(1, b"\\n" * 20)
    threading.Thread(target=print_for_ever, daemon=True).start()
"""


def test_what_is_printed_in_a_helper_is_not_taken_for_its_answer(
    hired: Callable[[Network, int], GradientWorkers], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # Python runs a file of this name at each start.
    (tmp_path / "sitecustomize.py").write_text(dedent(PRINTS), encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr("nn.parallel.helpers._idle", [])
    alone, helped = cnn(), cnn()
    workers, helpers = hired(alone, 1), hired(helped, 2)
    for samples in (100, 61, 140, 61, 100, 140):
        assert bits_of(helped, helpers, samples) == bits_of(alone, workers, samples)
        assert eventually(lambda: len(helpers.helpers) == 1)


PROGRAM = """
    import sys, time
    import numpy as np
    from nn.parallel import GradientWorkers
    from nn.network import mlp
    network = mlp([784, 256, 10])
    workers = GradientWorkers(network, threads=2)
    x, labels = np.zeros((100, 784), np.float32), np.zeros(100, np.int64)
    while not workers.helpers:
        workers.gradient(x, labels, 0)
        time.sleep(0.01)
    print(workers.helpers[0].pid, flush=True)
    {then}
"""


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.skipif(sys.platform == "win32", reason="signals and process numbers are of Unix")
@pytest.mark.parametrize("then", ["", "sys.exit(3)", "time.sleep(600)"], ids=["ends", "exits", "is killed"])
def test_helpers_end_with_the_program_that_began_them(then: str) -> None:
    # No guard of `__main__`: a program that trains needs none.
    with subprocess.Popen(
        [sys.executable, "-c", dedent(PROGRAM.format(then=then))], stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        pid = int(program.stdout.readline())
        if then.startswith("time"):
            program.kill()
    assert eventually(lambda: not is_running(pid))

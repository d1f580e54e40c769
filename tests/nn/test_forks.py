"""A copy of the process, made between two steps of a training, goes on by itself and disturbs nobody."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from textwrap import dedent
from typing import TYPE_CHECKING

import numpy as np
import pytest

from nn.data.augmentation import AUGMENTATIONS
from nn.data.batches import Batches
from nn.data.dataset import Dataset
from nn.network import mlp
from nn.parallel import WORTH_A_PART, GradientWorkers
from tests.nn.waiting import PATIENCE, eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from nn.arrays import Array, Integers
    from nn.data.augmentation import Augmentation
    from nn.network import Network

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks here"),
    pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning"),
]

CHILD = 0


class Copy:
    """A copy of this process that does its work when it is told to go on, and ends."""

    def __init__(self, work: Callable[[], bytes]) -> None:
        (self._answers, says), (hears, self._words) = os.pipe(), os.pipe()
        self._process = os.fork()
        if self._process == CHILD:
            try:
                os.read(hears, 1)
                os.write(says, work())
            finally:
                os._exit(0)
        os.close(says)
        os.close(hears)

    def answer(self) -> bytes:
        """Let it work; return what came of it, or nothing if nothing came."""
        os.write(self._words, b"!")
        came, _, _ = select.select([self._answers], [], [], PATIENCE)
        answer = os.read(self._answers, 4096) if came else b""
        os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)
        os.close(self._answers)
        os.close(self._words)
        return answer


def batch() -> tuple[Array, Integers]:
    rng = np.random.default_rng(1)
    return rng.random((100, 784), np.float32), rng.integers(0, 10, 100)


def learner() -> Network:
    return mlp([784, 256, 10], seed=2)


def numbers_after_a_step(network: Network, workers: GradientWorkers) -> bytes:
    """Take a step downhill; return a few numbers of those that decide where it led."""
    workers.gradient(*batch(), step=1)
    network.parameters[:] -= network.gradients
    return network.values[::500].tobytes()


def with_helper(network: Network) -> GradientWorkers:
    """Return workers whose helper has loaded and has the network's weights in its memory."""
    workers = GradientWorkers(network, threads=2)
    own = network.values

    def has_moved() -> bool:
        workers.gradient(*batch(), step=0)
        return network.values is not own

    assert eventually(has_moved)
    return workers


@pytest.fixture
def learning() -> Iterator[tuple[Network, GradientWorkers]]:
    network = learner()
    workers = with_helper(network)
    yield network, workers
    workers.close()


@pytest.fixture
def expected() -> bytes:
    """Return what comes of a step on one core."""
    network = learner()
    workers = GradientWorkers(network, threads=1)
    found = numbers_after_a_step(network, workers)
    workers.close()
    return found


def test_weights_written_in_a_copy_are_not_those_of_the_training(
    learning: tuple[Network, GradientWorkers], expected: bytes
) -> None:
    network, workers = learning

    def forget_everything() -> bytes:
        network.values[:] = 0
        return b"done"

    assert Copy(forget_everything).answer() == b"done"
    assert numbers_after_a_step(network, workers) == expected


def test_a_copy_has_the_weights_there_were_when_it_was_made(
    learning: tuple[Network, GradientWorkers],
) -> None:
    network, _ = learning

    def some_weights() -> bytes:
        return network.layers[0].parameters()["weight"][::50, ::50].tobytes()

    kept = some_weights()
    copy = Copy(some_weights)
    network.values[:] = 0
    assert copy.answer() == kept


def test_a_training_and_its_copy_go_on_to_the_same_bits(
    learning: tuple[Network, GradientWorkers], expected: bytes
) -> None:
    network, workers = learning
    copy = Copy(lambda: numbers_after_a_step(network, workers))
    assert numbers_after_a_step(network, workers) == expected
    assert copy.answer() == expected


def test_a_copy_has_helpers_of_its_own(learning: tuple[Network, GradientWorkers]) -> None:
    _, workers = learning

    def pid_of_helper() -> bytes:
        assert not workers.helpers

        def is_helped() -> bool:
            workers.gradient(*batch(), step=1)
            return bool(workers.helpers)

        assert eventually(is_helped)
        return str(workers.helpers[0].pid).encode()

    assert int(Copy(pid_of_helper).answer()) != workers.helpers[0].pid


PROGRAM = """
    import os, time
    import numpy as np
    from nn.parallel import GradientWorkers
    from nn.network import mlp
    workers = GradientWorkers(mlp([784, 256, 10]), threads=2)
    x, labels = np.zeros((100, 784), np.float32), np.zeros(100, np.int64)
    while not workers.helpers:
        workers.gradient(x, labels, 0)
        time.sleep(0.01)
    copy = os.fork()
    if copy:
        print(workers.helpers[0].pid, copy, flush=True)
    time.sleep(600)
"""


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_helpers_end_with_the_program_that_began_them_and_not_with_its_copy() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", dedent(PROGRAM)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as program:
        assert program.stdout is not None
        helper, copy = map(int, program.stdout.readline().split())
        program.kill()
    try:
        assert eventually(lambda: not is_running(helper))
        assert is_running(copy)
    finally:
        os.kill(copy, signal.SIGKILL)


def varied(_: int) -> Augmentation:
    return AUGMENTATIONS["gentle"]


def epoch_begun() -> Generator[tuple[Array, Integers], None, None]:
    """Return an epoch of which one batch has been given, and the next are being made on a thread."""
    images = np.random.default_rng(3).integers(0, 256, (3000, 28, 28)).astype(np.uint8)
    digits = Dataset(images, (np.arange(3000) % 10).astype(np.uint8), "noise")
    epoch = Batches(digits, 100, mlp([784, 10]), seed=3, augmentation=varied, threads=2).epoch(0)
    next(epoch)
    return epoch


def test_batches_being_made_ahead_are_there_in_a_copy_too() -> None:
    epoch = epoch_begun()

    def rest() -> bytes:
        return b"".join(x[0, ::100].tobytes() + labels[:2].tobytes() for x, labels in epoch)

    copy = Copy(rest)
    assert copy.answer() == rest()


def test_an_epoch_can_be_given_up_in_a_copy() -> None:
    epoch = epoch_begun()

    def give_up() -> bytes:
        epoch.close()
        return b"done"

    assert Copy(give_up).answer() == b"done"
    assert len(list(epoch)) == 29


def test_vectors_are_shared_out_to_threads_in_a_copy_too() -> None:
    workers = GradientWorkers(learner(), threads=2)
    seen = np.zeros(3 * WORTH_A_PART, np.int64)

    def count(part: slice) -> None:
        seen[part] += 1

    def count_all() -> bytes:
        workers.in_parts(seen.size, count)
        return str(seen.sum()).encode()

    count_all()
    assert int(Copy(count_all).answer()) == 2 * seen.size
    workers.close()

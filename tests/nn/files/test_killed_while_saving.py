"""Killed at any moment of a save: the old file or the new one, never neither, and no litter that grows."""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from nn.data.dataset import Dataset, DigitData
from nn.files.atomic import write_atomically
from nn.files.checkpoints import load_checkpoint, save_checkpoint
from nn.files.weights import load_network, save_network
from nn.network import mlp
from nn.training import TrainingConfig, train

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from nn.checkpoint import Checkpoint
    from nn.network import Network

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="a killed process is made by fork"),
    # The child touches no lock that another thread could hold: it copies, writes and dies.
    pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning"),
]

KILLS = 50
# Everything between which a save could be torn: opening, flushing, naming.
CALLS = ("open", "fsync", "fchmod", "replace")


def network(name: str) -> Network:
    return mlp([784, 16, 10], seed=ord(name), name=name)


def checkpoint(name: str) -> Checkpoint:
    frames = np.random.default_rng(ord(name)).integers(0, 256, (20, 28, 28)).astype(np.uint8)
    digits = Dataset(frames, (np.arange(20) % 10).astype(np.uint8), name)
    config = TrainingConfig(epochs=1, batch_size=10, optimizer="adam", threads=1)
    training = train(network(name), DigitData(digits, digits, None, name), config)
    for _ in training:
        if training.step == 1:
            break
    kept = training.checkpoint()
    training.close()
    return kept


def child(work: Callable[[], None]) -> int:
    """Fork a process that works until it is killed; it never comes back into the tests."""
    process = os.fork()
    if process == 0:
        try:
            work()
        finally:
            os._exit(0)
    return process


def end_of(process: int) -> int:
    _, status = os.waitpid(process, 0)
    assert os.WIFSIGNALED(status), "the process ended by itself"
    return os.WTERMSIG(status)


def test_a_process_killed_at_random_leaves_a_whole_network_and_a_whole_checkpoint(tmp_path: Path) -> None:
    networks, checkpoints = [network(name) for name in "AB"], [checkpoint(name) for name in "AB"]
    weights, progress = tmp_path / "weights", tmp_path / "checkpoint"

    def save_all() -> None:
        for one, other in zip(networks, checkpoints, strict=True):
            save_network(one, weights)
            save_checkpoint(other, progress)

    def work() -> None:
        save_all()
        os.write(ready, b"!")
        while True:
            save_all()

    # However slow the machine is today, the kills fall all over one round.
    start = time.perf_counter()
    save_all()
    round_seconds = time.perf_counter() - start
    waiting, ready = os.pipe()
    chance = np.random.default_rng(0)
    names: list[str] = []
    for _ in range(KILLS):
        process = child(work)
        os.read(waiting, 1)
        time.sleep(chance.uniform(0, 1.5 * round_seconds))
        os.kill(process, signal.SIGKILL)
        assert end_of(process) == signal.SIGKILL
        found = load_network(weights)
        names.append(found.name)
        assert found.parameters.tobytes() == network(found.name).parameters.tobytes()
        resumable = load_checkpoint(progress)
        expected = checkpoints["AB".index(resumable.network.name)]
        assert resumable.network.parameters.tobytes() == expected.network.parameters.tobytes()
        assert all(resumable.vectors[key].tobytes() == expected.vectors[key].tobytes() for key in expected.vectors)
        assert len(list(tmp_path.iterdir())) <= 4, "a kill leaves at most one temporary file for each name"
    assert set(names) == {"A", "B"}, "the kills came too early to tell anything"
    os.close(waiting)
    os.close(ready)
    save_all()
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["checkpoint", "weights"]


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("call", CALLS)
def test_a_process_killed_at_each_system_call_leaves_the_old_or_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, moment: str
) -> None:
    old, new = network("A"), network("B")
    path = tmp_path / "weights"
    save_network(old, path)
    original = getattr(os, call)

    def killed(*arguments: object, **options: object) -> None:
        if moment == "after":
            original(*arguments, **options)
        os.kill(os.getpid(), signal.SIGKILL)

    def work() -> None:
        monkeypatch.setattr(os, call, killed)
        save_network(new, path)

    assert end_of(child(work)) == signal.SIGKILL
    is_new = call == "replace" and moment == "after"
    assert load_network(path).parameters.tobytes() == (new if is_new else old).parameters.tobytes()
    save_network(new, path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["weights"]


def test_a_process_killed_between_the_bytes_leaves_the_old(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_atomically(path, b"old")

    def pieces() -> Iterator[bytes]:
        yield bytes(2**20)
        os.kill(os.getpid(), signal.SIGKILL)

    assert end_of(child(lambda: write_atomically(path, pieces()))) == signal.SIGKILL
    assert path.read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 2
    write_atomically(path, b"new")
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /proc to see what is mapped")
def test_an_open_network_does_not_hold_its_file(tmp_path: Path) -> None:
    save_network(network("A"), tmp_path / "weights")
    kept = load_network(tmp_path / "weights")
    with open("/proc/self/maps", encoding="utf-8") as maps:  # noqa: PTH123
        assert str(tmp_path) not in maps.read()
    (tmp_path / "weights").write_bytes(b"")
    assert kept.parameters.tobytes() == network("A").parameters.tobytes()

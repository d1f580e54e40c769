"""The sides of the comparison: ours, and PyTorch's and scikit-learn's where they are installed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

import versus_memory
from nn.data.batches import Batches
from nn.data.mnist import load_mnist_training
from nn.data.synthetic import synthetic_dataset
from nn.network import mlp
from versus_measuring import demand_same_losses, demand_same_outputs
from versus_ours import OurReading, OurTraining, order_of
from versus_rows import MEMORIES, READINGS, TRAININGS, Reading, Training

if TYPE_CHECKING:
    from pathlib import Path

    from nn.data.dataset import Dataset


@pytest.fixture(scope="module")
def digits() -> Dataset:
    return synthetic_dataset(500, seed=0)


def short(name: str, updates: int = 5) -> Training:
    work = next(work for work in TRAININGS if work.name == name)
    return replace(work, updates=updates, batch=min(work.batch, 50))


def test_our_side_takes_as_many_updates_as_it_is_asked_for_and_the_same_each_time(digits: Dataset) -> None:
    work = short("mlp-50-50")
    side = OurTraining(work, work.build(), digits, 1)
    first, second = side.run(), side.run()
    assert len(first.values) == work.updates
    assert (first.values == second.values).all()
    assert first.seconds > 0


def test_the_order_told_to_the_peers_is_that_of_our_first_epoch(digits: Dataset) -> None:
    _, labels = next(Batches(digits, 200, mlp([784, 10]), seed=0).epoch(0))
    assert (digits.labels[order_of(digits, 200)] == labels).all()


def test_frames_are_read_as_probabilities(digits: Dataset) -> None:
    work = replace(READINGS[0], times=2)
    read = OurReading(work, work.build(), digits.images[:3]).run().values
    assert read.shape == (3, 10)
    assert read.sum(axis=1) == pytest.approx(1, abs=1e-5)


def test_digits_written_for_the_measure_of_memory_are_read_as_mnist(digits: Dataset, tmp_path: Path) -> None:
    versus_memory.write_digits(tmp_path, digits.images, digits.labels)
    read = load_mnist_training(tmp_path)
    assert (read.images == digits.images).all()
    assert (read.labels == digits.labels).all()


def test_a_process_of_its_own_tells_how_large_it_became(tmp_path: Path) -> None:
    size = 6000
    frames = np.random.default_rng(0).integers(0, 256, (size, 28, 28)).astype(np.uint8)
    versus_memory.write_digits(tmp_path, frames, (np.arange(size) % 10).astype(np.uint8))
    assert 20 * 2**20 < versus_memory.peak_bytes("ours", MEMORIES[0].name, tmp_path) < 2**30


@pytest.mark.parametrize("name", [work.name for work in TRAININGS])
def test_pytorch_learns_what_we_learn(name: str, digits: Dataset) -> None:
    pytest.importorskip("torch", reason="PyTorch is not installed: pip install -e '.[bench]'")
    from versus_pytorch import PytorchTraining  # noqa: PLC0415

    work = short(name)
    network = work.build()
    theirs = PytorchTraining(work, network, digits, 1, compiles=False).run()
    is_exact = not any(layer.is_random or layer.statistic_names for layer in network.layers)
    demand_same_losses(OurTraining(work, network, digits, 1).run().values, theirs.values, is_exact=is_exact)


@pytest.mark.parametrize("work", READINGS, ids=lambda work: work.name)
def test_pytorch_reads_what_we_read(work: Reading, digits: Dataset) -> None:
    pytest.importorskip("torch", reason="PyTorch is not installed: pip install -e '.[bench]'")
    from versus_pytorch import PytorchReading  # noqa: PLC0415

    work, frames = replace(work, times=2), digits.images[:50]
    network = work.build()
    theirs = PytorchReading(work, network, frames, 1, compiles=False).run()
    demand_same_outputs(OurReading(work, network, frames).run().values, theirs.values)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_scikit_learn_learns_what_we_learn(digits: Dataset, dtype: type[np.floating]) -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is not installed: pip install -e '.[bench]'")
    from versus_sklearn import ScikitTraining  # noqa: PLC0415

    work = short("mlp-50-50", updates=10)
    network = work.build()
    ours = OurTraining(work, network, digits, 1).run()
    theirs = ScikitTraining(work, network, digits, 1, dtype).run()
    assert theirs.values.mean() == pytest.approx(ours.values.mean(), rel=0.1)

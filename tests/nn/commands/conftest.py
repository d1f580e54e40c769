"""A small MNIST of our own: ten classes that anyone tells apart, in MNIST's own format: quick to learn."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np
import pytest

from nn.data.dataset import Dataset
from nn.files.weights import save_network
from nn.network import Network, mlp

if TYPE_CHECKING:
    from pathlib import Path

    from nn.arrays import Bytes


def digits(count: int, seed: int) -> Dataset:
    """Return `count` noisy pictures: a bar for each digit, at a place of its own."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 10, count).astype(np.uint8)
    images = rng.integers(0, 30, (count, 28, 28)).astype(np.uint8)
    for image, label in zip(images, labels, strict=True):
        row, column = 5 + 10 * (label // 5), 4 + 4 * (label % 5)
        image[row : row + 9, column : column + 3] = 255
    return Dataset(images, labels)


def write_idx(path: Path, values: Bytes) -> None:
    """Write an array in the format of MNIST's files."""
    header = struct.pack(f">HBB{values.ndim}I", 0, 8, values.ndim, *values.shape)
    path.write_bytes(header + values.tobytes())


@pytest.fixture(scope="session")
def small_mnist_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder as INKLING_DATA has it: 600 digits to learn from and 100 to be judged on."""
    folder = tmp_path_factory.mktemp("data")
    place = folder / "mnist"
    place.mkdir()
    for part, count, seed in (("train", 600, 1), ("t10k", 100, 2)):
        data = digits(count, seed)
        write_idx(place / f"{part}-images-idx3-ubyte", data.images)
        write_idx(place / f"{part}-labels-idx1-ubyte", data.labels)
    return folder


@pytest.fixture
def small_mnist(small_mnist_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have every command find the small MNIST, and nothing else."""
    monkeypatch.setenv("INKLING_DATA", str(small_mnist_folder))
    return small_mnist_folder


@pytest.fixture(scope="session")
def taught() -> Network:
    """Return a network that tells the ten classes apart."""
    network, data = mlp([784, 20, 10], seed=1, name="taught"), digits(400, 3)
    x = network.inputs(data.images)
    for _ in range(100):
        network.loss.forward(network.forward(x, training=True), data.labels)
        network.backward(network.loss.backward(len(x)))
        network.parameters -= 0.2 * network.gradients
    return network


@pytest.fixture(scope="session")
def weights(taught: Network, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file of that network's weights."""
    path = tmp_path_factory.mktemp("weights") / "taught.safetensors"
    save_network(taught, path)
    return path

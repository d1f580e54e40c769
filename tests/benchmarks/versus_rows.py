"""What is compared: each piece of work, the network it is done with, and what is asked of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from nn.layers import Convolution, Dense, Flatten, MaxPooling, ReLU
from nn.network import Network, mlp
from nn.recipes import recipe
from nn.training_config import TrainingConfig

if TYPE_CHECKING:
    from collections.abc import Callable

PYTORCH, LIMIT = "PyTorch", "what is asked"
SCIKIT_LEARN, SCIKIT_LEARN_DOUBLE = "scikit-learn, float32", "scikit-learn"
"""As who knows it well would ask it, and as its own example for MNIST does, which divides bytes by 255.0."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How many times as fast, or as small, as a peer a piece of work must be, and what we aim for."""

    peer: str
    at_least: float
    aim: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One piece of work.

    Parameters
    ----------
    name
        For the command line.
    words
        For people.
    asked
        One bar for each peer.
    build
        The untrained network, or the one that reads.
    """

    name: str
    words: str
    asked: tuple[Asked, ...]
    build: Callable[[], Network]


@dataclass(frozen=True, slots=True, kw_only=True)
class Training(Work):
    """To train: `updates` mini-batches of `batch` digits, from the same weights each time."""

    batch: int
    updates: int
    optimizer: str = "adam"
    rate: float = 1e-3

    def config(self, threads: int) -> TrainingConfig:
        """Return our configuration; the peers take theirs from it."""
        return TrainingConfig(
            epochs=1, batch_size=self.batch, optimizer=self.optimizer, rate=self.rate, threads=threads
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(Work):
    """To read `frames` frames at once, from bytes to probabilities, `times` times a repeat."""

    frames: int
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory(Training):
    """To train as in `Training`, in a process of its own, and see how large it grows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstLoss:
    """To wait for the first loss after Train is clicked; in the window."""

    name: str
    words: str
    asked: tuple[Asked, ...]
    limit_s: float


def two_convolutions() -> Network:
    """Build conv 3x3x32 - pool - conv 3x3x64 - pool - dense 10."""
    rng = np.random.default_rng(0)
    layers = [
        Convolution(1, 32, 3, padding=1, rng=rng),
        ReLU(),
        MaxPooling(2),
        Convolution(32, 64, 3, padding=1, rng=rng),
        ReLU(),
        MaxPooling(2),
        Flatten(),
        Dense(7 * 7 * 64, 10, rng=rng),
    ]
    return Network(layers, input_shape=(28, 28, 1), seed=0, name="two convolutions")


def _of_recipe(name: str) -> Callable[[], Network]:
    return lambda: recipe(name).build(0)


def _pytorch(at_least: float, aim: float) -> tuple[Asked, ...]:
    return (Asked(PYTORCH, at_least, aim),)


HOUSE = "house"
"""The recipe of the convolutional network that ships."""

TRAININGS = (
    Training(
        name="mlp-30",
        words="784-30-10 sigmoid, batch 10, SGD, one epoch",
        asked=(Asked(PYTORCH, 4.0, 6.0), Asked(SCIKIT_LEARN, 4.0, 6.0), Asked(SCIKIT_LEARN_DOUBLE, 4.0, 6.0)),
        build=partial(mlp, [784, 30, 10], activation="sigmoid"),
        batch=10,
        updates=6000,
        optimizer="sgd",
        rate=0.5,
    ),
    Training(
        name="mlp-50-50",
        words="784-50-50-10 ReLU, batch 32, SGD, one epoch",
        asked=(Asked(PYTORCH, 2.5, 4.0), Asked(SCIKIT_LEARN, 3.0, 4.0), Asked(SCIKIT_LEARN_DOUBLE, 3.0, 4.0)),
        build=partial(mlp, [784, 50, 50, 10]),
        batch=32,
        updates=1875,
        optimizer="sgd",
        rate=0.1,
    ),
    Training(
        name="mlp-200-200",
        words="784-200-200-10 ReLU, batch 100, Adam, one epoch",
        asked=_pytorch(1.3, 2.0),
        build=partial(mlp, [784, 200, 200, 10]),
        batch=100,
        updates=600,
    ),
    Training(
        name="mlp-512-512",
        words="784-512-512-10 ReLU, dropout, batch 128, Adam, 300 updates",
        asked=_pytorch(1.05, 1.3),
        build=partial(mlp, [784, 512, 512, 10], dropout=0.2),
        batch=128,
        updates=300,
    ),
    Training(
        name="conv-32-64",
        words="conv 3x3x32 - pool - conv 3x3x64 - pool - dense 10, batch 128, Adam, 50 updates",
        asked=_pytorch(1.05, 1.5),
        build=two_convolutions,
        batch=128,
        updates=50,
    ),
    Training(
        name="house-cnn",
        words="the shipped CNN, batch normalisation, batch 128, Adam, 60 updates",
        asked=_pytorch(1.0, 1.3),
        build=_of_recipe(HOUSE),
        batch=128,
        updates=60,
    ),
    Training(
        name="deep-conv-net",
        words="DeepConvNet, batch 100, Adam, 60 updates",
        asked=_pytorch(1.0, 1.2),
        build=_of_recipe("deep-conv-net"),
        batch=100,
        updates=60,
    ),
)

READINGS = (
    Reading(
        name="one-frame-mlp",
        words="one frame read, 784-50-50-10",
        asked=_pytorch(3.0, 6.0),
        build=partial(mlp, [784, 50, 50, 10]),
        frames=1,
        times=1000,
    ),
    Reading(
        name="one-frame-house-mlp",
        words="one frame read, 784-800-400-10",
        asked=_pytorch(3.0, 6.0),
        build=_of_recipe("house-mlp"),
        frames=1,
        times=1000,
    ),
    Reading(
        name="one-frame-cnn",
        words="one frame read, the shipped CNN",
        asked=_pytorch(1.5, 3.0),
        build=_of_recipe(HOUSE),
        frames=1,
        times=200,
    ),
    Reading(
        name="frames-mlp",
        words="10,000 frames read, 784-800-400-10",
        asked=_pytorch(1.0, 1.5),
        build=_of_recipe("house-mlp"),
        frames=10_000,
    ),
    Reading(
        name="frames-cnn",
        words="10,000 frames read, the shipped CNN",
        asked=_pytorch(1.0, 1.3),
        build=_of_recipe(HOUSE),
        frames=10_000,
    ),
)

MEMORIES = (
    Memory(
        name="memory-mlp",
        words="peak memory: 784-50-50-10 trained on all of MNIST",
        asked=_pytorch(2.0, 3.0),
        build=partial(mlp, [784, 50, 50, 10]),
        batch=32,
        updates=1875,
        optimizer="sgd",
        rate=0.1,
    ),
    Memory(
        name="memory-cnn",
        words="peak memory: the shipped CNN on all of MNIST, 20 updates",
        asked=_pytorch(2.0, 3.0),
        build=_of_recipe(HOUSE),
        batch=128,
        updates=20,
    ),
)

FIRST_LOSS = FirstLoss(
    name="first-loss",
    words="from Train clicked to the first loss on the curve, MNIST in the cache",
    asked=(Asked(LIMIT, 1.0, 2.5),),
    limit_s=0.5,
)

ALL: tuple[Training | Reading | Memory | FirstLoss, ...] = (*TRAININGS, *READINGS, *MEMORIES, FIRST_LOSS)

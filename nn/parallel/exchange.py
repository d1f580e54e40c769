"""The memory that a helper process and its employer both see, and what lies where in it."""

from __future__ import annotations

import math
import mmap
import os
import sys
import tempfile
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from nn.arrays import Array, Integers, Shape
    from nn.network import Network

WORK = b"\n"
"""The line by which a helper is told that something lies ready for it."""

READING = -1
"""In the place of the step: what lies in the exchange is to be read, and nothing learned."""

ALIGNMENT = 64
"""Bytes: the beginning of each array is one of a cache line."""


class SharedMemory:
    """Memory without a file's name, made here and mapped by a helper too.

    It is an open file that has no name (and on Linux no disk either), which the helper inherits: when both have
    ended, however they did, nothing is left. On Windows it is a named piece of memory, gone with its last holder.
    """

    def __init__(self) -> None:
        self._file = -1 if sys.platform == "win32" else _nameless_file()
        self._renewals = 0

    @property
    def files(self) -> tuple[int, ...]:
        """The open files that the helper has to inherit."""
        return () if self._file < 0 else (self._file,)

    def renew(self, size: int) -> tuple[str, mmap.mmap]:
        """Make room for `size` bytes; return how the helper finds them, and the bytes."""
        if sys.platform == "win32":
            self._renewals += 1
            name = f"inkling-{os.getpid()}-{id(self)}-{self._renewals}"
            return name, mapped(name, size)
        os.ftruncate(self._file, max(size, os.fstat(self._file).st_size))
        return str(self._file), mmap.mmap(self._file, size)

    def close(self) -> None:
        """Let go of the file."""
        for file in self.files:
            os.close(file)
        self._file = -1


def mapped(place: str, size: int) -> mmap.mmap:
    """Return the bytes that lie at what `SharedMemory.renew` has told."""
    if sys.platform == "win32":
        return mmap.mmap(-1, size, tagname=place)
    return mmap.mmap(int(place), size)


def _nameless_file() -> int:
    if hasattr(os, "memfd_create"):
        return os.memfd_create("inkling")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


@dataclass(frozen=True, slots=True)
class Layout:
    """What lies in an exchange, in numbers: both sides work out the same places from it.

    `values`, `parameters` and `statistics` are a network's; `samples` and `lanes` are the most of a hand.
    """

    values: int
    parameters: int
    statistics: int
    samples: int
    lanes: int
    classes: int
    input_shape: Shape

    @classmethod
    def of(cls, network: Network, samples: int, lanes: int) -> Layout:
        """Return the layout for a network, and for a hand of so many lanes with so many samples in all."""
        values, parameters = network.values.size, network.parameters.size
        statistics = values - parameters
        return cls(values, parameters, statistics, samples, lanes, network.classes, network.input_shape)

    def has_room_for(self, other: Layout) -> bool:
        """Return whether hands of the other layout fit into this one."""
        return self.samples >= other.samples and self.lanes >= other.lanes

    def told(self) -> dict[str, Any]:
        """Return what `of_told` makes this layout from, for JSON."""
        return asdict(self)

    @classmethod
    def of_told(cls, told: dict[str, Any]) -> Layout:
        """Return the layout that another process has told."""
        return cls(**{**told, "input_shape": tuple(told["input_shape"])})

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(_padded_size(shape, dtype) for shape, dtype in self._arrays().values())

    def exchange(self, memory: mmap.mmap) -> Exchange:
        """Lay the arrays out in memory of `size` bytes."""
        start, arrays = 0, {}
        for name, (shape, dtype) in self._arrays().items():
            flat = np.frombuffer(memory, dtype, count=math.prod(shape), offset=start)
            arrays[name] = flat.reshape(shape)
            start += _padded_size(shape, dtype)
        return Exchange(**arrays)

    def _arrays(self) -> dict[str, tuple[Shape, type[np.generic]]]:
        return {
            "ready": ((1,), np.int64),
            "hand": ((3 + 2 * self.lanes,), np.int64),
            "results": ((self.lanes, 2), np.float64),
            "values": ((self.values,), np.float32),
            "x": ((self.samples, *self.input_shape), np.float32),
            "labels": ((self.samples,), np.int64),
            "outputs": ((self.samples, self.classes), np.float32),
            "gradients": ((self.lanes, self.parameters), np.float32),
            "observed": ((self.lanes, self.statistics), np.float32),
        }


def _padded_size(shape: Shape, dtype: type[np.generic]) -> int:
    size = math.prod(shape) * np.dtype(dtype).itemsize
    return -(-size // ALIGNMENT) * ALIGNMENT


@dataclass(frozen=True, slots=True, eq=False)
class Exchange:
    """What lies between a helper and its employer.

    The employer writes `hand`, `values`, `x` and `labels`; the helper `ready`, once, and then for each lane its
    row of `results` (loss and right readings), `gradients` and `observed`. `hand` is step, samples of the whole
    batch, number of lanes, and for each lane its number and its samples. To be read are samples of no lane: there
    the third number is how many at a time, and the helper writes `outputs`.
    """

    ready: Integers
    hand: Integers
    results: Array
    values: Array
    x: Array
    labels: Integers
    outputs: Array
    gradients: Array
    observed: Array

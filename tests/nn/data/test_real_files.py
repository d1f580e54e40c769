"""MNIST itself in every format: the same bytes, in a few seconds, in bounded memory."""

from __future__ import annotations

import gzip
import resource
import struct
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from nn.data.mnist import load_mnist
from nn.data.reading import read_digits

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from nn.data.dataset import Dataset


@pytest.fixture(scope="module")
def mnist(data_folder: Path) -> tuple[Dataset, Dataset]:
    return load_mnist(data_folder / "mnist")


def as_lines(dataset: Dataset) -> bytes:
    """Write digits as text, quickly."""
    words = np.array([f"{value}," for value in range(256)], object)
    lines = []
    for label, image in zip(dataset.labels, dataset.images, strict=True):
        lines.append(f"{label}," + "".join(words[image.ravel()])[:-1])
    return ("\n".join(lines) + "\n").encode()


def test_the_60000_lines_of_the_first_book_are_read_in_seconds(
    mnist: tuple[Dataset, Dataset], tmp_path: Path
) -> None:
    training = mnist[0]
    (tmp_path / "mnist_train.csv").write_bytes(as_lines(training))
    start = time.process_time()
    found = read_digits(tmp_path / "mnist_train.csv").training
    assert time.process_time() - start < 6  # 2 s on a quiet machine
    assert found.images.tobytes() == training.images.tobytes()
    assert found.labels.tobytes() == training.labels.tobytes()


def as_python_2(array: NDArray[Any]) -> bytes:
    """Pickle an array of two dimensions at most as Python 2 did with protocol 2: its bytes are a string."""
    kind = array.dtype.str[1:].encode()
    shape = b"".join(b"J" + struct.pack("<i", size) for size in array.shape) + (b"\x85", b"\x86")[array.ndim - 1]
    made = b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85U\1b\x87R(K\1" + shape
    dtype = b"cnumpy\ndtype\nU\2" + kind + b"K\0K\1\x87R(K\3U\1<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb\x89"
    return made + dtype + b"T" + struct.pack("<I", array.nbytes) + array.tobytes() + b"q\1tb"


def test_the_pickle_of_nielsens_book_is_read(mnist: tuple[Dataset, Dataset], tmp_path: Path) -> None:
    training, test = mnist
    parts = training.subset(slice(50_000)), training.subset(slice(50_000, None)), test
    with gzip.open(tmp_path / "mnist.pkl.gz", "wb", 1) as file:
        file.write(b"\x80\2")
        for part in parts:
            file.write(as_python_2(part.images.reshape(-1, 784) / np.float32(256)))
            file.write(as_python_2(part.labels.astype(np.int64)) + b"\x86")
        file.write(b"\x87.")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = read_digits(tmp_path / "mnist.pkl.gz")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 250 * 2**10  # of 220 MB of numbers
    for read, wanted in zip((found.training, found.validation, found.test), parts, strict=True):
        assert read is not None
        assert read.images.tobytes() == wanted.images.tobytes()
        assert read.labels.tobytes() == wanted.labels.tobytes()

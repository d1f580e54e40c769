"""MNIST: 70,000 digits by American census staff and students, the set that everyone learns on.

60,000 to learn from and 10,000 to be judged on, 28 x 28, by different people. Source: LeCun, Cortes, Burges;
CC BY-SA 3.0. Who wrote which is known from the QMNIST labels (C. Yadav, L. Bottou, 2019), where they are there.
"""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nn.data.dataset import Dataset
from nn.data.locations import data_folders
from nn.data.unpacked import read_unpacked_once
from nn.errors import DataError

if TYPE_CHECKING:
    import os

    from numpy.typing import NDArray

    from nn.arrays import Bytes, Integers

WRITERS = "mnist-writers.npz"
TRAINING, TEST = "train", "t10k"
_PARTS = {
    TRAINING: ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    TEST: ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
}
_WRITERS_LIMIT = 2**20
_UNREADABLE = (OSError, ValueError, EOFError, MemoryError, RuntimeError, zipfile.BadZipFile, zlib.error)
_NAMES = {TRAINING: "MNIST training", TEST: "MNIST test"}


def find_mnist() -> Path | None:
    """Return the folder that holds all four files of MNIST, or None.

    ``INKLING_DATA`` comes first, then the user's cache folder; in each its folder ``mnist``, then itself.

    Raises
    ------
    DataError
        If ``INKLING_DATA`` names a folder that is not there.
    """
    for folder in data_folders():
        for place in (folder / "mnist", folder):
            if has_mnist(place):
                return place
    return None


def has_mnist(folder: Path) -> bool:
    """Whether a folder holds all four files, by their names."""
    return all(_find(folder, name) for names in _PARTS.values() for name in names)


def load_mnist(folder: str | os.PathLike[str] | None = None) -> tuple[Dataset, Dataset]:
    """Read MNIST.

    Parameters
    ----------
    folder
        Where the four files lie, plain or gzip; without it, where `find_mnist` finds them.

    Returns
    -------
    tuple[Dataset, Dataset]
        Training, 60,000 digits, and test, 10,000; with writers where they are known.

    Raises
    ------
    DataError
        If a file is missing or damaged.
    """
    place = _place(folder)
    return _load(place, TRAINING), _load(place, TEST)


def load_mnist_training(folder: str | os.PathLike[str] | None = None) -> Dataset:
    """Read the 60,000 digits to learn from; as `load_mnist`."""
    return _load(_place(folder), TRAINING)


def load_mnist_test(folder: str | os.PathLike[str] | None = None) -> Dataset:
    """Read the 10,000 digits to be judged on; as `load_mnist`."""
    return _load(_place(folder), TEST)


def load_mnist_test_forms(folder: str | os.PathLike[str] | None = None) -> Integers | None:
    """Return which of NIST's forms each test digit is from, shape (10000,): 0 of census staff, 4 of students.

    None where it is not known, as in an MNIST without ``mnist-writers.npz``.
    """
    place = _place(folder)
    return _known(place / WRITERS, "test_hsf", len(_read(place, _PARTS[TEST][1])))


def _place(folder: str | os.PathLike[str] | None) -> Path:
    place = find_mnist() if folder is None else Path(folder)
    if place is None:
        raise DataError(
            "MNIST is not on this computer. Download it, set INKLING_DATA to a folder that holds it, or train on "
            "the built-in synthetic digits."
        )
    return place


def _find(folder: Path, name: str) -> Path | None:
    # Some archives unpack to train-images.idx3-ubyte. A plain file comes first: it need not be unpacked.
    spellings = (name, name.replace("-idx", ".idx"))
    for ending in ("", ".gz"):
        for spelling in spellings:
            if (folder / (spelling + ending)).is_file():
                return folder / (spelling + ending)
    return None


def _load(folder: Path, part: str) -> Dataset:
    images, labels = (_read(folder, name) for name in _PARTS[part])
    if images.ndim != 3 or images.shape[1:] != (28, 28) or labels.ndim != 1 or len(images) != len(labels):
        raise DataError(
            f"The {_NAMES[part]} files in {folder} hold images of shape {images.shape} and labels of shape "
            f"{labels.shape}; wanted (n, 28, 28) and (n,). Remove them and download MNIST again."
        )
    if labels.size and labels.max() > 9:
        raise DataError(f"The {_NAMES[part]} labels in {folder} go up to {labels.max()}; digits end at 9.")
    writers = _known(folder / WRITERS, "train_writer" if part == TRAINING else "test_writer", len(labels))
    return Dataset(images, labels, _NAMES[part], writers)


def _read(folder: Path, name: str) -> Bytes:
    path = _find(folder, name)
    if path is None:
        raise DataError(f"{folder} has no {name}, plain or .gz. Put it there, or download MNIST.")
    return read_unpacked_once(path)


def _known(path: Path, name: str, count: int) -> Integers | None:
    """Return what a file tells of each digit, shape (count,), or None where it, or the file, is not there."""
    if not path.is_file():
        return None
    try:
        values = _array(path, name)
    except KeyError:
        return None
    except _UNREADABLE as error:
        raise DataError(f"{path} cannot be read: {error}. Remove it, or put a good one there.") from error
    if values.shape != (count,) or values.dtype.kind not in "iu":
        # Of another edition of MNIST: a wrong writer is worse than none.
        return None
    return values.astype(np.int64)


def _array(path: Path, name: str) -> NDArray[np.generic]:
    # Not np.load: that would unpack whatever size the archive grows to.
    with zipfile.ZipFile(path) as archive, archive.open(f"{name}.npy") as member:
        if archive.getinfo(f"{name}.npy").file_size > _WRITERS_LIMIT:
            raise ValueError(f"{name} is too large")
        array: NDArray[np.generic] = np.lib.format.read_array(member, allow_pickle=False)
    return array

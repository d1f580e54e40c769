"""Digits kept as numpy arrays: npz archives and pickles, by the names and shapes that the books and others use.

Archives name their arrays (``x_train`` and ``y_train``, ``training_images`` and ``training_labels``, ...), as does
the dictionary of *Deep Learning from Scratch*, ``mnist.pkl``; ``mnist.pkl.gz`` of *Neural Networks and Deep
Learning* is a tuple of three parts, each pictures and labels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nn.data.dataset import Dataset
from nn.data.digit_files import DigitFile
from nn.data.pixels import bytes_of, frames_of, is_pictures, labels_of, pixels_as_bytes
from nn.files.archives import opened_archive
from nn.files.pickles import read_pickle
from nn.files.streams import DamageError, opened

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from nn.files.archives import Archive

TRAINING = (
    ("x_train", "y_train"),
    ("training_images", "training_labels"),
    ("train_images", "train_labels"),
    ("train_img", "train_label"),
)
VALIDATION = (("x_val", "y_val"), ("x_valid", "y_valid"), ("validation_images", "validation_labels"))
TEST = (("x_test", "y_test"), ("test_images", "test_labels"), ("test_img", "test_label"))
WHOLE = (("images", "labels"), ("x", "y"))
"""Names of pictures and labels, in lower case, for each part; the last where there are no parts."""
_LABELS_LIMIT = 40 * 2**20
_PICTURES_LIMIT = 190 * 2**20


def read_npz_digits(path: Path) -> DigitFile:
    """Read digits from an npz archive; `nn.files.streams.DamageError` where it holds none."""
    with opened_archive(path) as archive:
        spelled = {name.lower(): name for name in archive.names()}
        wanted = {name for names in (*TRAINING, *VALIDATION, *TEST, *WHOLE) for name in names}
        arrays = {lower: _array(archive, name) for lower, name in spelled.items() if lower in wanted}
    return _from_names(arrays)


def read_pickled_digits(path: Path) -> DigitFile:
    """Read digits from a pickle of either book's layout; `nn.files.streams.DamageError` where it holds none."""
    with opened(path) as stream:
        found = read_pickle(stream, pixels_as_bytes)
        stream.end()
    if isinstance(found, dict):
        return _from_names({name.lower(): array for name, array in found.items() if isinstance(array, np.ndarray)})
    if isinstance(found, (tuple, list)) and len(found) in (2, 3) and all(map(_is_part, found)):
        parts = [_part(*part) for part in found]
        return DigitFile(parts[0], parts[1] if len(parts) == 3 else None, parts[-1])
    raise DamageError("it holds arrays, but not as a dictionary or as parts of pictures and labels")


def _is_part(part: object) -> bool:
    return (
        isinstance(part, (tuple, list)) and len(part) == 2 and all(isinstance(array, np.ndarray) for array in part)
    )


def _array(archive: Archive, name: str) -> NDArray[Any]:
    """Read one array; of pictures that are no bytes yet, never more than a few rows at a time."""
    shape, dtype = archive.describe(name)
    if not is_pictures(shape):
        return archive.read(name, _LABELS_LIMIT)
    if dtype == np.uint8:
        return archive.read(name, _PICTURES_LIMIT)
    return bytes_of(lambda: archive.pieces(name), shape[0])


def _from_names(arrays: Mapping[str, NDArray[Any]]) -> DigitFile:
    training = _named(arrays, TRAINING) or _named(arrays, WHOLE)
    if training is None:
        names = ", ".join(sorted(arrays))[:200] or "no arrays of digits"
        raise DamageError(f"it holds {names}, but neither x_train and y_train nor training_images and _labels")
    return DigitFile(training, _named(arrays, VALIDATION), _named(arrays, TEST))


def _named(arrays: Mapping[str, NDArray[Any]], spellings: tuple[tuple[str, str], ...]) -> Dataset | None:
    for pictures, labels in spellings:
        if pictures in arrays and labels in arrays:
            return _part(arrays[pictures], arrays[labels])
    return None


def _part(pictures: NDArray[Any], labels: NDArray[Any]) -> Dataset:
    frames = frames_of(pictures)
    return Dataset(frames, labels_of(labels, len(frames)))

"""Synthetic digits that were drawn once are kept: drawing them takes longer than learning the first of them.

They lie in the user's cache folder, a file for each choice of seed and counts; those that a first click on Train
asks for come with the program (`python -m nn.data.kept_digits` makes them anew). The file's name also holds a hash
of the programs that draw, so digits that another version drew are never mistaken for ours. What is kept is a
convenience and nothing more: a file that is missing, damaged or cannot be written only means drawing again.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import zipfile
import zlib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nn.data.dataset import Dataset
from nn.data.locations import cache_folder, keep_newest
from nn.errors import InklingError
from nn.files.atomic import write_atomically

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.resources.abc import Traversable

    from numpy.typing import NDArray

    from nn.arrays import Bytes

KEPT_FILES = 4
"""Older ones are deleted: one takes a few megabytes."""

_DRAWING = ("synthetic.py", "copybook.py", "stroke_templates.py", "pen_motion.py")
_PARTS = ("training", "validation")
_FILES = "digits-*.npz"
_LARGEST_FILE = 2**28
_UNREADABLE = (OSError, ValueError, KeyError, EOFError, MemoryError, zipfile.BadZipFile, zlib.error, InklingError)


def kept_path(seed: int, training: int, validation: int) -> Path:
    """Tell where digits of this seed and these counts are kept, as today's program draws them."""
    return cache_folder() / "synthetic" / _name(seed, training, validation)


def shipped_place(seed: int, training: int, validation: int) -> Traversable:
    """Tell where such digits lie if they come with the program."""
    return files("assets") / "digits" / _name(seed, training, validation)


def _name(seed: int, training: int, validation: int) -> str:
    return f"digits-{seed}-{training}-{validation}-{_version()}.npz"


def read_kept(seed: int, training: int, validation: int) -> tuple[Dataset, Dataset] | None:
    """Return kept digits, training and validation; None where there are none, or not as they were written."""
    shapes = [(training, 28, 28), (training,), (validation, 28, 28), (validation,)]
    places = (shipped_place(seed, training, validation), kept_path(seed, training, validation))
    arrays = next((found for place in places if (found := _arrays_in(place, shapes))), None)
    if arrays is None:
        return None
    images, labels, other_images, other_labels = (array.astype(np.uint8, copy=False) for array in arrays)
    return Dataset(images, labels, "synthetic training"), Dataset(
        other_images, other_labels, "synthetic validation"
    )


def keep(seed: int, training: Dataset, validation: Dataset) -> None:
    """Keep drawn digits for the next time; where they cannot be written, drawing them again is all it costs."""
    path = kept_path(seed, len(training), len(validation))
    with contextlib.suppress(OSError, InklingError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, _packed(training, validation))
        keep_newest(path.parent, _FILES, KEPT_FILES)


def _packed(training: Dataset, validation: Dataset) -> bytes:
    arrays = [training.images, training.labels, validation.images, validation.labels]
    content = io.BytesIO()
    named = dict(zip(_names(), arrays, strict=True))
    np.savez_compressed(content, allow_pickle=False, **named, digest=np.array(_digest(arrays)))
    return content.getvalue()


def _arrays_in(place: Traversable, shapes: list[tuple[int, ...]]) -> list[Bytes] | None:
    """Read the four arrays; None if they are not there, or not those that were written."""
    try:
        with place.open("rb") as file:
            content = file.read(_LARGEST_FILE + 1)
        if len(content) > _LARGEST_FILE:
            return None
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            arrays = [archive[name] for name in _names()]
            is_whole = archive["digest"].item() == _digest(arrays)
    except _UNREADABLE:
        return None
    return arrays if is_whole and [array.shape for array in arrays] == shapes else None


def _names() -> list[str]:
    return [f"{part}_{what}" for part in _PARTS for what in ("images", "labels")]


def _digest(arrays: Sequence[NDArray[Any]]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for array in arrays:
        digest.update(f"{array.dtype.str} {array.shape}".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


@cache
def _version() -> str:
    """Hash all that decides what a digit looks like: the programs that draw and ink."""
    digest = hashlib.blake2b(digest_size=8)
    for file in _programs():
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _programs() -> list[Traversable]:
    inking = [file for file in files("nn.ink").iterdir() if file.name.endswith(".py")]
    return [files("nn.data") / name for name in _DRAWING] + sorted(inking, key=lambda file: file.name)


def ship(folder: Path) -> Path:
    """Draw the digits of a first click on Train and put them into `folder`, alone; return the file."""
    from nn.data.sources import SYNTHETIC_TRAINING, SYNTHETIC_VALIDATION, loaded, loading_digits  # noqa: PLC0415 - a cycle

    counts = SYNTHETIC_TRAINING, SYNTHETIC_VALIDATION
    drawn = loaded(loading_digits("synthetic", training=counts[0], validation=counts[1], keeps=False))
    folder.mkdir(exist_ok=True)
    for older in folder.glob(_FILES):
        older.unlink()
    path = folder / _name(0, *counts)
    write_atomically(path, _packed(drawn.training, drawn.validation))
    return path


if __name__ == "__main__":
    ship(Path(__file__).parents[2] / "assets" / "digits")

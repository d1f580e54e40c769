"""Synthetic digits that were drawn once are kept: drawing them takes longer than learning the first of them.

They lie in the user's cache folder, a file for each choice of seed and counts. The file's name also holds a hash
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
from typing import TYPE_CHECKING, Any

import numpy as np

from nn.data.dataset import Dataset
from nn.data.locations import cache_folder
from nn.errors import InklingError
from nn.files.atomic import write_atomically

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.resources.abc import Traversable
    from pathlib import Path

    from numpy.typing import NDArray

    from nn.arrays import Bytes

KEPT_FILES = 4
"""Older ones are deleted: one takes a few megabytes."""

_DRAWING = ("synthetic.py", "copybook.py", "stroke_templates.py", "pen_motion.py")
_PARTS = ("training", "validation")
_LARGEST_FILE = 2**28
_UNREADABLE = (OSError, ValueError, KeyError, EOFError, MemoryError, zipfile.BadZipFile, zlib.error, InklingError)


def kept_path(seed: int, training: int, validation: int) -> Path:
    """Tell where digits of this seed and these counts are kept, as today's program draws them."""
    name = f"digits-{seed}-{training}-{validation}-{_version()}.npz"
    return cache_folder() / "synthetic" / name


def read_kept(seed: int, training: int, validation: int) -> tuple[Dataset, Dataset] | None:
    """Return kept digits, training and validation; None where there are none, or not as they were written."""
    try:
        arrays = _arrays_in(kept_path(seed, training, validation))
    except _UNREADABLE:
        return None
    shapes = [(training, 28, 28), (training,), (validation, 28, 28), (validation,)]
    if arrays is None or [array.shape for array in arrays] != shapes:
        return None
    images, labels, other_images, other_labels = (array.astype(np.uint8, copy=False) for array in arrays)
    return Dataset(images, labels, "synthetic training"), Dataset(
        other_images, other_labels, "synthetic validation"
    )


def keep(seed: int, training: Dataset, validation: Dataset) -> None:
    """Keep drawn digits for the next time; where they cannot be written, drawing them again is all it costs."""
    path = kept_path(seed, len(training), len(validation))
    arrays = [training.images, training.labels, validation.images, validation.labels]
    content = io.BytesIO()
    named = dict(zip(_names(), arrays, strict=True))
    np.savez_compressed(content, allow_pickle=False, **named, digest=np.array(_digest(arrays)))
    with contextlib.suppress(OSError, InklingError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, content.getvalue())
        _delete_oldest(path.parent)


def _arrays_in(path: Path) -> list[Bytes] | None:
    """Read the four arrays; None if they are not those that were written."""
    if path.stat().st_size > _LARGEST_FILE:
        return None
    with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as archive:
        arrays = [archive[name] for name in _names()]
        return arrays if archive["digest"].item() == _digest(arrays) else None


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
    """Hash all that decides what a digit looks like: the programs that draw and ink, and numpy's chance."""
    digest = hashlib.blake2b(np.__version__.encode(), digest_size=8)
    for file in _programs():
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _programs() -> list[Traversable]:
    inking = [file for file in files("nn.ink").iterdir() if file.name.endswith(".py")]
    return [files("nn.data") / name for name in _DRAWING] + sorted(inking, key=lambda file: file.name)


def _delete_oldest(folder: Path) -> None:
    newest_first = sorted(folder.glob("digits-*.npz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in newest_first[KEPT_FILES:]:
        path.unlink(missing_ok=True)

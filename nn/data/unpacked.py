"""What was unpacked once is kept unpacked: reading MNIST's 47 MB plain takes a tenth of the time it takes packed.

A gzip file ends with a checksum of its content and the content's length. The copy lies in the user's cache folder
under these two numbers, and is taken only if it has both; so one that is damaged, cut off or of another file is as
good as none. It is a convenience and nothing more: where it cannot be written, unpacking again is all it costs.
"""

from __future__ import annotations

import contextlib
import os
import struct
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from nn.data.idx import read_idx
from nn.data.locations import cache_folder, keep_newest

if TYPE_CHECKING:
    from nn.arrays import Bytes

WORTH_KEEPING = 2**20
"""Bytes of a packed file from which its content is kept."""

KEPT_FILES = 4
"""Older ones are deleted: MNIST's images are two files."""

_GZIP, _TRAILER = b"\x1f\x8b", 8


def read_unpacked_once(path: Path) -> Bytes:
    """Read an IDX file as `nn.data.idx.read_idx`; one that is large and packed is kept plain for the next time."""
    place = kept_place(path)
    if place is None:
        return read_idx(path)
    values = _read_kept(place)
    if values is None:
        values = read_idx(path)
        _keep(place, values)
    return values


def kept_place(path: Path) -> Path | None:
    """Tell where the content of a packed file is kept, as its last bytes say; None if it is not worth keeping."""
    try:
        with path.open("rb") as file:
            if file.read(2) != _GZIP or path.stat().st_size < WORTH_KEEPING:
                return None
            file.seek(-_TRAILER, os.SEEK_END)
            checksum, length = struct.unpack("<II", file.read(_TRAILER))
    except OSError:
        # Reading the file itself will say what is wrong with it.
        return None
    return cache_folder() / "unpacked" / f"{checksum:08x}-{length}.idx"


def _read_kept(place: Path) -> Bytes | None:
    """Return the values of a copy that is what its name says; else None."""
    checksum, _, length = place.stem.partition("-")
    try:
        content = np.fromfile(place, np.uint8)
    except OSError:
        return None
    if len(content) != int(length) or crc32(content.data) != int(checksum, 16):
        return None
    dimensions = int(content[3])
    start = 4 + 4 * dimensions
    shape = struct.unpack(f">{dimensions}I", content[4:start].tobytes())
    return content[start:].reshape(shape)


def _keep(place: Path, values: Bytes) -> None:
    """Write a copy. It need not reach the disk today: one that did not is known by its checksum."""
    header = struct.pack(f">HBB{values.ndim}I", 0, 8, values.ndim, *values.shape)
    with contextlib.suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=place.parent, prefix=".", delete=False) as file:
            try:
                file.write(header)
                file.write(values.data)
                file.close()
                Path(file.name).replace(place)
            except OSError:
                Path(file.name).unlink(missing_ok=True)
                raise
        keep_newest(place.parent, "*.idx", KEPT_FILES)

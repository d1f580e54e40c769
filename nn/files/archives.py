"""npz archives: numpy arrays by name in a zip file, read without trusting either.

numpy's own reader believes what a member says of its size and unpacks it whole. Here the list of members is read
in bounded memory, each header is taken apart by a strict pattern, and the numbers come in pieces.
"""

from __future__ import annotations

import math
import re
import struct
import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from nn.files.streams import DamageError, Stream, bounded, regular, telling

if TYPE_CHECKING:
    import io
    import os
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from nn.arrays import Shape

MAGIC = b"PK\x03\x04"
MEMBERS = 200
_DIRECTORY = 2**20
_HEADER = 1000
_ROWS_AT_A_TIME = 2**20
_PATTERN = re.compile(
    r"\{(?=.*'descr': ?'(?P<code>[<>|=]?(?:[fiu][1248]|b1))')"
    r"(?=.*'fortran_order': ?(?P<order>True|False))"
    r"(?=.*'shape': ?\((?P<shape>[0-9, ]*)\)).*\}\s*"
)


class Archive:
    """An open archive: what its arrays are, and their numbers as they are asked for."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        infos = file.infolist()
        if len(infos) > MEMBERS:
            raise DamageError(f"it has {len(infos):,} members, and at most {MEMBERS} are looked at")
        self._infos = {info.filename.removesuffix(".npy"): info for info in infos if _is_array(info)}
        if len(self._infos) != len(infos):
            raise DamageError("it holds something else than arrays, or two of one name")

    def names(self) -> list[str]:
        """Return the names of the arrays, in their order in the archive."""
        return list(self._infos)

    def describe(self, name: str) -> tuple[Shape, np.dtype[Any]]:
        """Return an array's shape and type, before any number is read."""
        with self._member(name) as (shape, dtype, _, _):
            return shape, dtype

    def pieces(self, name: str) -> Iterator[NDArray[Any]]:
        """Yield an array a few rows at a time; its first axis is that of the pieces."""
        with self._member(name) as (shape, dtype, is_fortran, stream):
            if is_fortran and len(shape) > 1:
                raise DamageError(f"{name[:40]!r} lies column by column; save it row by row")
            row = dtype.itemsize * math.prod(shape[1:])
            step = max(1, _ROWS_AT_A_TIME // max(row, 1))
            for start in range(0, shape[0] if shape else 1, step):
                count = min(step, shape[0] - start) if shape else 1
                flat = stream.block(count * row).view(dtype)
                yield flat.reshape(count, *shape[1:]) if shape else flat.reshape(())
            stream.end()

    def read(self, name: str, largest: int) -> NDArray[Any]:
        """Return an array of at most `largest` bytes."""
        with self._member(name) as (shape, dtype, is_fortran, stream):
            count = math.prod(shape) * dtype.itemsize
            if count > largest:
                raise DamageError(f"{name[:40]!r} takes more than {largest >> 20} MB")
            flat = stream.block(count).view(dtype)
            stream.end()
        return flat.reshape(shape, order="F" if is_fortran else "C").astype(dtype.newbyteorder("="), copy=False)

    @contextmanager
    def _member(self, name: str) -> Iterator[tuple[Shape, np.dtype[Any], bool, Stream]]:
        info = self._infos[name]
        with _telling_zip(), self._file.open(info) as member:
            stream = Stream(bounded(cast("io.BufferedIOBase", member), info.compress_size))
            yield (*_npy_header(name, stream), stream)


@contextmanager
def opened_archive(path: str | os.PathLike[str]) -> Iterator[Archive]:
    """Open an npz archive, and turn whatever goes wrong inside into `DamageError`."""
    with telling(), regular(path) as file, _telling_zip():
        guard = _Guarded(file)
        with zipfile.ZipFile(cast("Any", guard)) as unpacked:
            guard.is_open = True
            yield Archive(unpacked)


class _Guarded:
    """A file that gives little until the list of members has been read: the list alone could fill the memory."""

    def __init__(self, file: io.BufferedReader) -> None:
        self._file, self.is_open, self._left = file, False, _DIRECTORY
        self.seek, self.tell, self.seekable, self.close = file.seek, file.tell, file.seekable, file.close

    def read(self, count: int = -1) -> bytes:
        if self.is_open:
            return self._file.read(count)
        if count > self._left:
            raise DamageError("its list of members is too long")
        found = self._file.read(self._left + 1 if count < 0 else count)
        self._left -= len(found)
        if self._left < 0:
            raise DamageError("its list of members is too long")
        return found


@contextmanager
def _telling_zip() -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, struct.error, KeyError) as error:
        raise DamageError(f"it is a damaged archive ({str(error)[:80]})") from error


def _is_array(info: zipfile.ZipInfo) -> bool:
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise DamageError("it is packed in a way that no npz archive is")
    return info.filename.endswith(".npy")


def _npy_header(name: str, stream: Stream) -> tuple[Shape, np.dtype[Any], bool]:
    start = stream.read(8)
    if start[:6] != b"\x93NUMPY" or start[6] not in (1, 2, 3):
        raise DamageError(f"{name[:40]!r} in it is no array")
    length: int = (
        struct.unpack("<H", stream.read(2))[0] if start[6] == 1 else struct.unpack("<I", stream.read(4))[0]
    )
    if length > _HEADER:
        raise DamageError(f"the header of {name[:40]!r} is too long for plain numbers")
    match = _PATTERN.fullmatch(stream.read(length).decode("latin-1"))
    if match is None:
        raise DamageError(f"{name[:40]!r} in it is no array of plain numbers")
    shape = tuple(int(size) for size in match["shape"].replace(" ", "").split(",") if size)
    if len(shape) > 4 or math.prod(shape) > 2**31:
        raise DamageError(f"{name[:40]!r} in it is too large, or has more than 4 dimensions")
    try:
        return shape, np.dtype(match["code"]), match["order"] == "True"
    except TypeError as error:
        raise DamageError(f"{name[:40]!r} in it is of type {match['code']!r}") from error

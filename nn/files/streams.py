"""Bytes from a file that nobody vouches for: plain or gzip, read in pieces, never more than was promised.

Every reader of foreign files goes through here. What is held in memory follows what has really been read, not what
a header claims, and a stream that swells far beyond anything that is data is given up early.
"""

from __future__ import annotations

import gzip
import io
import zlib
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nn.compat import override

if TYPE_CHECKING:
    import os
    from collections.abc import Buffer, Iterator  # type: ignore[attr-defined]

    from nn.arrays import Bytes

GZIP = b"\x1f\x8b"
LARGEST_FILE = 2**30
"""Bytes on the disk: MNIST as text has 110 million, as 64-bit numbers 440 million."""
GROWTH, ALLOWANCE = 40, 32 * 2**20
"""A compressed file may swell this many times and this many bytes more; MNIST's swell 5 to 15 times."""
_PIECE = 2**20


class DamageError(Exception):
    """What is wrong with the content of a file, told without its name: readers make their own error of it."""


class Stream:
    """A file's content, unpacked, from its beginning."""

    def __init__(self, source: io.BufferedReader) -> None:
        self._source = source

    def peek(self, count: int) -> bytes:
        """Return up to `count` of the next bytes and stay where we are."""
        return self._source.peek(count)[:count]

    def read(self, count: int) -> bytes:
        """Return exactly `count` bytes; for few of them."""
        found = self._source.read(count)
        if len(found) < count:
            raise DamageError("it is cut off")
        return found

    def some(self, count: int = _PIECE) -> bytes:
        """Return up to `count` bytes, none at the end."""
        return self._source.read(count)

    def line(self, limit: int) -> bytes:
        """Return the next line without its end."""
        found = self._source.readline(limit + 1)
        if not found.endswith(b"\n"):
            raise DamageError("a line is too long, or the last one is cut off")
        return found[:-1]

    def block(self, count: int) -> Bytes:
        """Return exactly `count` bytes as an array whose memory is used no sooner than they come."""
        block = np.empty(count, np.uint8)
        self.fill(block)
        return block

    def fill(self, block: Bytes) -> None:
        """Fill an array with the next bytes."""
        position = 0
        while position < len(block):
            found = self._source.readinto(block[position : position + _PIECE].data)
            if not found:
                raise DamageError(f"it is cut off: {position:,} of {len(block):,} bytes are there")
            position += found

    def end(self) -> None:
        """Demand that nothing follows; in packed files this also checks the sum behind the last byte."""
        if self._source.read(1):
            raise DamageError("it goes on after its end")


class _Bounded(io.RawIOBase):
    """Passes bytes on until there have been too many."""

    def __init__(self, source: io.BufferedIOBase, limit: int) -> None:
        self._source, self._left = source, limit

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: Buffer) -> int:
        found = self._source.readinto(buffer)
        self._left -= found
        if self._left < 0:
            raise DamageError("what it unpacks to is too large for its size")
        return found


@contextmanager
def opened(path: str | os.PathLike[str], *, largest: int = LARGEST_FILE) -> Iterator[Stream]:
    """Open a file, unpack it where it is gzip, and turn whatever goes wrong with it inside into `DamageError`.

    Parameters
    ----------
    path
        A file; pipes and devices are refused, for they might never end.
    largest
        Bytes that it may have on the disk and, unpacked, in memory.
    """
    with telling(), regular(path, largest) as file:
        if not file.peek(2).startswith(GZIP):
            yield Stream(file)
            return
        with gzip.GzipFile(fileobj=file) as unpacked:
            yield Stream(bounded(unpacked, Path(path).stat().st_size, largest))


def bounded(source: io.BufferedIOBase, size: int, largest: int = LARGEST_FILE) -> io.BufferedReader:
    """Read something that unpacks from `size` bytes, as far as it stays within bounds."""
    return io.BufferedReader(_Bounded(source, min(largest, GROWTH * size + ALLOWANCE)))


def regular(path: str | os.PathLike[str], largest: int = LARGEST_FILE) -> io.BufferedReader:
    """Open a file that is a file, and not too large to be looked at."""
    place = Path(path)
    if not place.is_file():
        raise DamageError("it is not a file" if place.exists() else "there is no such file")
    if place.stat().st_size > largest:
        raise DamageError(f"it is larger than the {largest / 2**20:,.0f} MB that are read")
    return place.open("rb")


@contextmanager
def telling() -> Iterator[None]:
    """Turn what Python's own readers raise over bad bytes into `DamageError`."""
    try:
        yield
    except EOFError as error:
        raise DamageError("its compressed part is cut off") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise DamageError(f"its compressed part is damaged ({error})") from error
    except OSError as error:
        raise DamageError(error.strerror or str(error)) from error
    except MemoryError as error:
        raise DamageError("there is not enough memory to read it") from error

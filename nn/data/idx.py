"""IDX, the format that MNIST came in: a magic number, the sizes, then bytes.

Big-endian throughout: two zero bytes, the type (8 for unsigned bytes), the number of dimensions, one 32-bit size
for each, the data. Source: Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits".
"""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from nn.errors import DataError
from nn.files.streams import DamageError, bounded

if TYPE_CHECKING:
    import os

    from nn.arrays import Bytes, Shape

LIMIT = 180 * 2**20
"""Bytes of data; MNIST's largest file holds 47,040,000, EMNIST's 240,000 digits 188,160,000."""
_PIECE = 2**20
_GZIP = b"\x1f\x8b"
_UNSIGNED_BYTES = 8


def read_idx(path: str | os.PathLike[str]) -> Bytes:
    """Read one IDX file of unsigned bytes, plain or gzip.

    Returns
    -------
    Bytes
        Shape (n,) of labels or (n, h, w) of images.

    Raises
    ------
    DataError
        If the file is missing, damaged, cut off, longer than it says or of another format.
    """
    try:
        with Path(path).open("rb") as file:
            start = file.read(2)
            file.seek(0)
            if start != _GZIP:
                return _read(path, file)
            with gzip.GzipFile(fileobj=file) as unzipped:
                return _read(path, bounded(unzipped, Path(path).stat().st_size))
    except DamageError as error:
        raise _refusal(path, str(error)) from error
    except EOFError as error:
        raise _refusal(path, "its gzip stream is cut off") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise _refusal(path, f"its gzip stream is damaged ({error})") from error
    except OSError as error:
        raise _refusal(path, error.strerror or str(error)) from error


def _read(path: object, file: BinaryIO) -> Bytes:
    shape = _shape(path, file)
    data = np.empty(math.prod(shape), np.uint8)
    # Piece by piece into one array: memory follows what the header says and what is really there, never what a
    # compressed stream could grow to.
    position = 0
    while position < len(data):
        piece = file.read(min(_PIECE, len(data) - position))
        if not piece:
            raise _refusal(path, f"it is cut off: {position:,} of {len(data):,} bytes of data are there")
        data[position : position + len(piece)] = np.frombuffer(piece, np.uint8)
        position += len(piece)
    # One byte more than there should be; in a gzip file this also checks the sum at its end.
    if file.read(1):
        raise _refusal(path, f"it goes on after the {len(data):,} bytes of data that its header counts")
    return data.reshape(shape)


def _shape(path: object, file: BinaryIO) -> Shape:
    magic = file.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0":
        raise _refusal(path, f"it is no IDX file: it begins with {magic.hex(' ') or 'nothing'}, wanted 00 00 08")
    if magic[2] != _UNSIGNED_BYTES:
        raise _refusal(path, f"its values are of type {magic[2]:#04x}; only unsigned bytes, 0x08, are read")
    dimensions = magic[3]
    if dimensions not in (1, 3):
        raise _refusal(path, f"it has {dimensions} dimensions; labels have 1 and images 3")
    sizes = file.read(4 * dimensions)
    if len(sizes) < 4 * dimensions:
        raise _refusal(path, "it is cut off within its header")
    shape: Shape = struct.unpack(f">{dimensions}I", sizes)
    # An empty array, too, has a shape that numpy must be able to count.
    if math.prod(size or 1 for size in shape) > LIMIT:
        raise _refusal(
            path, f"its header counts {' x '.join(map(str, shape))} bytes, more than the {LIMIT:,} read"
        )
    return shape


def _refusal(path: object, why: str) -> DataError:
    return DataError(f"{path} cannot be read: {why}. Remove it and download the data again.")

"""A safetensors file that Inkling wrote: named tensors, and words about them.

The format is one length, one JSON header, then the numbers; nothing in it can run. What comes from a disk may
still be cut off, of another program or made to harm, so the header is read here first, in bounded memory, and
every claim in it is held against the size of the file before the library allocates anything.

Layout: 8 bytes little-endian header length, header, data. Source: https://github.com/huggingface/safetensors.
"""

from __future__ import annotations

import hashlib
import json
import math
import struct
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from nn.errors import WeightsError
from nn.files.atomic import write_atomically

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping
    from typing import BinaryIO

    from numpy.typing import NDArray

    from nn.arrays import Shape

Tensors: TypeAlias = "dict[str, NDArray[Any]]"

FORMAT_VERSION = 1
SIZE_LIMIT = 256 * 2**20
"""Bytes; ten times the largest network that a person would train on digits, with its optimiser's state."""
HEADER_LIMIT = 4 * 2**20
"""Bytes; parsed JSON takes about twenty times its text, and this bounds it."""

_NO_SUM = "0" * 64

_DTYPES: dict[str, np.dtype[Any]] = {
    "F64": np.dtype(np.float64),
    "F32": np.dtype(np.float32),
    "I64": np.dtype(np.int64),
    "U64": np.dtype(np.uint64),
    "I32": np.dtype(np.int32),
    "U32": np.dtype(np.uint32),
    "U8": np.dtype(np.uint8),
    "BOOL": np.dtype(np.bool_),
}


@dataclass(frozen=True, slots=True)
class Claim:
    """What the header says of one tensor: not yet believed."""

    dtype: np.dtype[Any]
    shape: Shape
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Container:
    """A file whose header has been checked against its size; its numbers are read when they are asked for."""

    path: str
    claims: dict[str, Claim]
    metadata: dict[str, str]
    data: bytes

    def tensors(self) -> Tensors:
        """Return the tensors as arrays of their own.

        Raises
        ------
        WeightsError
            If the library finds fault with the file after all.
        """
        try:
            return load(self.data)
        except SafetensorError as error:
            raise damaged(self.path, f"the safetensors library says {error}") from error

    def document(self, key: str) -> Any:  # noqa: ANN401 - JSON
        """Return a piece of metadata that is JSON, parsed; WeightsError where it is missing or no JSON."""
        if key not in self.metadata:
            raise damaged(self.path, f"its metadata has no {key!r}")
        try:
            return _parse(self.metadata[key])
        except (ValueError, RecursionError) as error:
            raise damaged(self.path, f"{key!r} in its metadata cannot be read ({error})") from error


def damaged(path: object, why: str) -> WeightsError:
    """Return the error for a file that cannot be trusted."""
    return WeightsError(
        f"{path} cannot be opened: {why}. Choose another file, or save it again where it was made."
    )


def write_container(
    path: str | os.PathLike[str], kind: str, tensors: Mapping[str, NDArray[Any]], metadata: Mapping[str, str]
) -> None:
    """Write tensors and metadata whole or not at all.

    Parameters
    ----------
    path
        The file; replaced in one step.
    kind
        What it is: ``"weights"`` or ``"checkpoint"``.
    tensors
        Arrays by name, of any shape and of the types that the format knows.
    metadata
        Words by name; nested things as JSON.

    Raises
    ------
    FileError
        If it could not be written.
    WeightsError
        If it would be larger than what can be opened again.
    """
    marks = {"inkling": kind, "format_version": str(FORMAT_VERSION), "program": f"Inkling {_version()}"}
    # The library writes the buffer as it lies in memory: a transposed view would come back scrambled.
    arrays = {name: np.ascontiguousarray(tensor).reshape(tensor.shape) for name, tensor in tensors.items()}
    data = sealed(save(arrays, {**metadata, **marks}))
    if len(data) > SIZE_LIMIT or struct.unpack_from("<Q", data)[0] > HEADER_LIMIT:
        raise WeightsError(
            f"{path} was not written: the {kind} take {_size(len(data))}, and files over {_size(SIZE_LIMIT)} "
            "are not opened again. Use a smaller network."
        )
    write_atomically(path, data)


def sealed(data: bytes) -> bytes:
    """Put the metadata in order and a checksum among them.

    The library shuffles them, and equal networks should make equal files; and a bit that falls over on a disk is
    seen in nothing but a sum: the network would just read a little worse. It is SHA-256 of the whole file with
    noughts in the sum's own place.
    """
    start = 8 + struct.unpack_from("<Q", data)[0]
    header = json.loads(data[8:start])
    header["__metadata__"] = dict(sorted((header.get("__metadata__", {}) | {"checksum": _NO_SUM}).items()))
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)  # the numbers stay aligned
    whole = struct.pack("<Q", len(text)) + text + data[start:]
    return whole.replace(_NO_SUM.encode(), hashlib.sha256(whole).hexdigest().encode(), 1)


def read_container(path: str | os.PathLike[str], kind: str) -> Container:
    """Read a file and check all that can be checked without knowing what it is for.

    Raises
    ------
    WeightsError
        If it is missing, too large, cut off, damaged, of another program, of another kind or from the future.
    """
    try:
        if not Path(path).is_file():
            what = "it is not a file" if Path(path).exists() else "there is no such file"
            raise WeightsError(f"{path} cannot be opened: {what}. Choose a file of {kind} that Inkling saved.")
        with Path(path).open("rb") as file:
            return _read(str(path), kind, file)
    except OSError as error:
        raise WeightsError(
            f"{path} cannot be read: {error.strerror or error}. Check the disk, or choose another file."
        ) from error


def _read(path: str, kind: str, file: BinaryIO) -> Container:
    size = file.seek(0, 2)
    if size > SIZE_LIMIT:
        raise WeightsError(
            f"{path} is too large: {_size(size)}, and at most {_size(SIZE_LIMIT)} are opened. "
            "Choose a file of weights that Inkling saved."
        )
    file.seek(0)
    start = file.read(9)
    length = struct.unpack("<Q", start[:8])[0] if len(start) == 9 else 0
    if start[8:] != b"{" or length > HEADER_LIMIT:
        raise damaged(path, "it is empty" if size == 0 else "it is no safetensors file")
    if length > size - 8:
        raise _cut_off(path, size, 8 + length)
    header = _header(path, start[8:] + file.read(length - 1))
    metadata = _metadata(path, header.pop("__metadata__", {}))
    _check_kind(path, kind, metadata)
    claims = {name: _claim(path, name, entry) for name, entry in header.items()}
    _check_extent(path, claims, size, 8 + length)
    file.seek(0)
    data = file.read(size + 1)
    if len(data) != size:
        raise damaged(path, "it changed while it was read")
    _check_sum(path, data, 8 + length, metadata.get("checksum", ""))
    return Container(path, claims, metadata, data)


def _header(path: str, text: bytes) -> dict[str, Any]:
    try:
        header = _parse(text.decode())
    except (ValueError, RecursionError) as error:
        raise damaged(path, f"its header is damaged ({error})") from error
    if not isinstance(header, dict):
        raise damaged(path, "its header is damaged")
    return header


def _parse(text: str) -> Any:  # noqa: ANN401 - JSON
    return json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    # Two readers that disagree on which of two entries counts could be shown different files.
    if len(result) != len(pairs):
        raise ValueError("a name stands twice")
    return result


def _no_constant(word: str) -> float:
    raise ValueError(f"{word} is no number")


def _metadata(path: str, entry: object) -> dict[str, str]:
    if not isinstance(entry, dict) or not all(isinstance(value, str) for value in entry.values()):
        raise damaged(path, "its metadata is damaged")
    return entry


def _claim(path: str, name: str, entry: object) -> Claim:
    if not isinstance(entry, dict) or entry.keys() != {"dtype", "shape", "data_offsets"}:
        raise damaged(path, f"the header's entry for {name[:80]!r} is damaged")
    dtype = _DTYPES.get(entry["dtype"]) if isinstance(entry["dtype"], str) else None
    if dtype is None:
        raise damaged(path, f"{name[:80]!r} is of type {str(entry['dtype'])[:20]!r}, which Inkling never writes")
    shape, offsets = entry["shape"], entry["data_offsets"]
    if not _is_sizes(shape) or not _is_sizes(offsets) or len(offsets) != 2:
        raise damaged(path, f"shape or place of {name[:80]!r} is damaged")
    claim = Claim(dtype, tuple(shape), offsets[0], offsets[1])
    if math.prod(claim.shape) * dtype.itemsize != claim.end - claim.begin:
        raise damaged(
            path, f"{name[:80]!r} of shape {claim.shape} does not fit its {claim.end - claim.begin} bytes"
        )
    return claim


def _is_sizes(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= 8
        and all(type(item) is int and 0 <= item <= SIZE_LIMIT for item in value)
    )


def _check_extent(path: str, claims: dict[str, Claim], size: int, start: int) -> None:
    position = 0
    for claim in sorted(claims.values(), key=lambda claim: (claim.begin, claim.end)):
        if claim.begin != position:
            raise damaged(path, "its tensors overlap or leave gaps")
        position = claim.end
    if start + position > size:
        raise _cut_off(path, size, start + position)
    if start + position < size:
        raise damaged(path, f"it goes on for {size - start - position} bytes after its end")


def _cut_off(path: str, size: int, wanted: int) -> WeightsError:
    return damaged(path, f"it is cut off after {size} of {wanted} bytes")


def _check_sum(path: str, data: bytes, start: int, checksum: str) -> None:
    position = data.find(checksum.encode(), 0, start) if len(checksum) == len(_NO_SUM) else -1
    if position < 0:
        raise damaged(path, "its checksum is missing")
    digest = hashlib.sha256(data[:position] + _NO_SUM.encode())
    digest.update(memoryview(data)[position + len(_NO_SUM) :])
    if digest.hexdigest() != checksum:
        raise damaged(path, "its checksum is wrong: something in it has changed since it was saved")


def _check_kind(path: str, kind: str, metadata: dict[str, str]) -> None:
    found, number = metadata.get("inkling"), metadata.get("format_version", "")
    if found is None:
        raise damaged(path, "another program wrote it, and it does not say which network its tensors are")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise damaged(path, "its format version is damaged")
    if int(number) > FORMAT_VERSION:
        raise WeightsError(
            f"{path} is of format version {number}, newer than the {FORMAT_VERSION} that this Inkling "
            f"knows; {metadata.get('program', 'another Inkling')[:40]} wrote it. Update Inkling."
        )
    if found != kind:
        raise damaged(path, f"it holds {found[:40]!r}, and {kind!r} was wanted")


def _size(count: int) -> str:
    return f"{count / 2**20:,.0f} MB"


def _version() -> str:
    try:
        return version("inkling")
    except PackageNotFoundError:
        return "(from a checkout)"

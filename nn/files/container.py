"""A safetensors file that Inkling wrote: named tensors, and words about them.

The format is one length, one JSON header, then the numbers; nothing in it can run. What comes from a disk may
still be cut off, of another program or made to harm, so the header is read here first, in bounded memory, and
every claim in it is held against the size of the file before the library allocates anything.

Layout: 8 bytes little-endian header length, header, data. Source: https://github.com/huggingface/safetensors.
"""

from __future__ import annotations

import hashlib
import json
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from nn.errors import WeightsError
from nn.files.atomic import write_atomically
from nn.files.header import (
    FORMAT_VERSION,
    HEADER_LIMIT,
    SIZE_LIMIT,
    Claim,
    check_extent,
    check_kind,
    claim_of,
    cut_off,
    damaged,
    parse_header,
    parse_json,
    words_of,
)

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping
    from typing import BinaryIO

    from numpy.typing import NDArray


Tensors: TypeAlias = "dict[str, NDArray[Any]]"

_NO_SUM = "0" * 64


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
            return parse_json(self.metadata[key])
        except (ValueError, RecursionError) as error:
            raise damaged(self.path, f"{key!r} in its metadata cannot be read ({error})") from error


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
    if struct.unpack_from("<Q", data)[0] > HEADER_LIMIT:
        raise WeightsError(
            f"{path} was not written: its record would take more than the {_size(HEADER_LIMIT)} that are opened "
            "again. Train for fewer epochs."
        )
    check_size(path, len(data))
    write_atomically(path, data)


def check_size(path: str | os.PathLike[str], size: int) -> None:
    """Refuse to write so many bytes that they are not opened again: WeightsError says how many.

    Known before a training: nearly all of a file are its tensors.
    """
    if size > SIZE_LIMIT:
        raise WeightsError(
            f"{path} is not written: it would take {_size(size)}, and files over {_size(SIZE_LIMIT)} are not "
            "opened again. Use a smaller network."
        )


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
        raise cut_off(path, size, 8 + length)
    header = parse_header(path, start[8:] + file.read(length - 1))
    metadata = words_of(path, header.pop("__metadata__", {}))
    check_kind(path, kind, metadata)
    claims = {name: claim_of(path, name, entry) for name, entry in header.items()}
    check_extent(path, claims, size, 8 + length)
    file.seek(0)
    data = file.read(size + 1)
    if len(data) != size:
        raise damaged(path, "it changed while it was read")
    _check_sum(path, data, 8 + length, metadata.get("checksum", ""))
    return Container(path, claims, metadata, data)


def _check_sum(path: str, data: bytes, start: int, checksum: str) -> None:
    position = data.find(checksum.encode(), 0, start) if len(checksum) == len(_NO_SUM) else -1
    if position < 0:
        raise damaged(path, "its checksum is missing")
    digest = hashlib.sha256(data[:position] + _NO_SUM.encode())
    digest.update(memoryview(data)[position + len(_NO_SUM) :])
    if digest.hexdigest() != checksum:
        raise damaged(path, "its checksum is wrong: something in it has changed since it was saved")


def _size(count: int) -> str:
    return f"{count / 2**20:,.0f} MB"


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - slow, and only saving needs it

    try:
        return version("inkling")
    except PackageNotFoundError:
        return "(from a checkout)"

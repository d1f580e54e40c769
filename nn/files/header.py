"""The header of a safetensors file, read before anything in the file is believed.

It is JSON: for each tensor its type, its shape and where its bytes lie, and under ``__metadata__`` words by name.
Here it is parsed in bounded memory, and every claim in it is held against the size of the file.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from nn.errors import WeightsError

if TYPE_CHECKING:
    from nn.arrays import Shape

FORMAT_VERSION = 1
SIZE_LIMIT = 256 * 2**20
"""Bytes; ten times the largest network that a person would train on digits, with its optimiser's state."""
HEADER_LIMIT = 4 * 2**20
"""Bytes; parsed JSON takes about twenty times its text, and this bounds it."""

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


def damaged(path: object, why: str) -> WeightsError:
    """Return the error for a file that cannot be trusted."""
    return WeightsError(
        f"{path} cannot be opened: {why}. Choose another file, or save it again where it was made."
    )


def parse_header(path: str, text: bytes) -> dict[str, Any]:
    """Parse the header: one JSON object, no name twice."""
    try:
        header = parse_json(text.decode())
    except (ValueError, RecursionError) as error:
        raise damaged(path, f"its header is damaged ({error})") from error
    if not isinstance(header, dict):
        raise damaged(path, "its header is damaged")
    return header


def parse_json(text: str) -> Any:  # noqa: ANN401 - JSON
    """Parse JSON that may come from anywhere: ValueError or RecursionError where it is none."""
    return json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    # Two readers that disagree on which of two entries counts could be shown different files.
    if len(result) != len(pairs):
        raise ValueError("a name stands twice")
    return result


def _no_constant(word: str) -> float:
    raise ValueError(f"{word} is no number")


def words_of(path: str, entry: object) -> dict[str, str]:
    """Return the metadata: strings by name."""
    if not isinstance(entry, dict) or not all(isinstance(value, str) for value in entry.values()):
        raise damaged(path, "its metadata is damaged")
    return entry


def claim_of(path: str, name: str, entry: object) -> Claim:
    """Return what the header says of one tensor, where its parts agree with each other."""
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


def check_extent(path: str, claims: dict[str, Claim], size: int, start: int) -> None:
    """Demand that the tensors fill the data from `start` to the end of the file, once and without gaps."""
    position = 0
    for claim in sorted(claims.values(), key=lambda claim: (claim.begin, claim.end)):
        if claim.begin != position:
            raise damaged(path, "its tensors overlap or leave gaps")
        position = claim.end
    if start + position > size:
        raise cut_off(path, size, start + position)
    if start + position < size:
        raise damaged(path, f"it goes on for {size - start - position} bytes after its end")


def cut_off(path: str, size: int, wanted: int) -> WeightsError:
    """Return the error for a file that ends too early."""
    return damaged(path, f"it is cut off after {size} of {wanted} bytes")


def check_kind(path: str, kind: str, metadata: dict[str, str]) -> None:
    """Demand that Inkling wrote the file, in a format known here, and that it is what was wanted."""
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

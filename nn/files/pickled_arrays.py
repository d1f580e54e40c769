"""What the few names in a pickle of arrays stand for, done here instead of called.

numpy pickles an array in three steps: an empty array, a type, and then shape, type, order and bytes. Each step is
held against the others; only then, and from our own code, is a numpy array made.
"""

from __future__ import annotations

import codecs
import math
import re
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from nn.files.streams import DamageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from nn.arrays import Bytes, Shape

    Keep: TypeAlias = Callable[[NDArray[Any]], NDArray[Any]]

_CODE = re.compile(r"[<>=|]?([fiu][1248]|b1)")
_DIMENSIONS = 4
_PIECE = 2**20


class Name:
    """A word on the stack: nothing that could be called."""

    __slots__ = ("word",)

    def __init__(self, word: str) -> None:
        self.word = word


_RECONSTRUCT, _NDARRAY, _DTYPE, _ENCODE = (Name(word) for word in ("reconstruct", "ndarray", "dtype", "encode"))
_FROM_BUFFER, _SCALAR = Name("from buffer"), Name("scalar")

NAMES = {
    "numpy.core.multiarray _reconstruct": _RECONSTRUCT,
    "numpy._core.multiarray _reconstruct": _RECONSTRUCT,
    "numpy.core.numeric _frombuffer": _FROM_BUFFER,
    "numpy._core.numeric _frombuffer": _FROM_BUFFER,
    "numpy.core.multiarray scalar": _SCALAR,
    "numpy._core.multiarray scalar": _SCALAR,
    "numpy ndarray": _NDARRAY,
    "numpy dtype": _DTYPE,
    "_codecs encode": _ENCODE,
}
"""Every name that a pickle may mention: of numpy before and since 2.0, and how protocols 0 to 2 spell bytes."""


class Blob:
    """Many bytes on the stack; an array that is made of them takes them over."""

    __slots__ = ("data", "is_text", "size")

    def __init__(self, data: Bytes) -> None:
        self.data: Bytes | None = data
        self.size = len(data)
        self.is_text = False

    def take(self) -> Bytes:
        """Return the bytes, once: the memo must not keep alive what has become an array."""
        data, self.data = self.data, None
        if data is None or self.is_text:
            raise DamageError("two arrays in it share their bytes, or are made of text")
        return data


class PickledType:
    """The type of an array's numbers: its code, until its byte order is told too."""

    __slots__ = ("dtype",)

    def __init__(self, code: object) -> None:
        if not isinstance(code, str) or not _CODE.fullmatch(code):
            raise DamageError(f"it holds arrays of {str(code)[:20]!r}; only plain numbers are admitted")
        try:
            self.dtype = np.dtype(code)
        except TypeError as error:
            raise DamageError(f"it holds arrays of {code!r}, which is no type of numbers") from error


class PickledArray:
    """An array that is being put together."""

    __slots__ = ("values",)

    def __init__(self, values: NDArray[Any] | None = None) -> None:
        self.values = values

    @property
    def nbytes(self) -> int:
        """Bytes that it keeps."""
        return 0 if self.values is None else self.values.nbytes

    def finished(self) -> NDArray[Any]:
        """Return the array."""
        if self.values is None:
            raise DamageError("it holds an array without values")
        return self.values


def called(name: object, arguments: object, keep: Keep | None) -> tuple[Any, Blob | None]:
    """Return what a name stands for with these arguments, and the blob that was used up for it."""
    if not isinstance(arguments, tuple):
        raise DamageError("it is damaged: arguments are missing")
    if name is _RECONSTRUCT and arguments and arguments[0] is _NDARRAY:
        return PickledArray(), None
    if name is _DTYPE and arguments:
        return PickledType(arguments[0]), None
    if name is _ENCODE and len(arguments) == 2 and arguments[1] in ("latin1", "latin-1"):
        return _encoded(arguments[0]), None
    if name is _FROM_BUFFER and len(arguments) == 4 and arguments[3] in ("C", "F"):
        data, kind, shape, order = arguments
        return _array(shape, kind, data, keep, is_fortran=order == "F")
    if name is _SCALAR and len(arguments) == 2:
        array, used = _array((), arguments[0], arguments[1], None, is_fortran=False)
        return array.finished().item(), used
    raise DamageError("it is damaged: a part of an array is not what it should be")


def built(target: object, state: object, keep: Keep | None) -> Blob | None:
    """Give an array or a type the state that follows it; return the blob that was used up for it."""
    if isinstance(target, PickledType) and isinstance(state, tuple) and len(state) >= 5:
        if state[1] not in ("<", ">", "=", "|") or any(part is not None for part in state[2:5]):
            raise DamageError("it holds arrays of records; only plain numbers are admitted")
        target.dtype = target.dtype.newbyteorder(state[1])
        return None
    if isinstance(target, PickledArray) and isinstance(state, tuple) and len(state) == 5:
        _, shape, kind, is_fortran, data = state
        made, used = _array(shape, kind, data, keep, is_fortran=bool(is_fortran))
        target.values = made.values
        return used
    raise DamageError("it is damaged: a part of an array is not what it should be")


def _array(
    shape: object, kind: object, data: object, keep: Keep | None, *, is_fortran: bool
) -> tuple[PickledArray, Blob | None]:
    """Make an array of bytes that are there, where shape and type account for each of them."""
    sizes = _sizes(shape)
    if not isinstance(kind, PickledType):
        raise DamageError("it is damaged: an array has no type")
    blob = data if isinstance(data, Blob) else None
    octets = blob.take() if blob else _octets(data)
    if math.prod(sizes) * kind.dtype.itemsize != len(octets):
        raise DamageError(f"an array of shape {sizes} and type {kind.dtype} does not fit its {len(octets)} bytes")
    flat = octets.view(kind.dtype)
    values: NDArray[Any] = flat.reshape(sizes, order="F" if is_fortran else "C")
    values = keep(values) if keep else values
    # The machine's own order of bytes: whoever gets the array need not think of it.
    return PickledArray(values.astype(values.dtype.newbyteorder("="), copy=False)), blob


def _sizes(shape: object) -> Shape:
    if not isinstance(shape, tuple) or len(shape) > _DIMENSIONS:
        raise DamageError("it is damaged: an array has no shape")
    if not all(type(size) is int and 0 <= size < 2**31 for size in shape):
        raise DamageError("it is damaged: an array's shape is none")
    return shape


def _octets(data: object) -> Bytes:
    if isinstance(data, str):
        data = _latin(data)
    if not isinstance(data, bytes):
        raise DamageError("it is damaged: an array has no bytes")
    return np.frombuffer(data, np.uint8).copy()


def _encoded(text: object) -> bytes | Blob:
    """Return the bytes that protocols 0 to 2 spell as text, each character one byte."""
    if isinstance(text, str):
        return _latin(text)
    if not isinstance(text, Blob) or text.data is None or not text.is_text:
        raise DamageError("it is damaged: bytes are not spelled as text")
    # In place and piece by piece: what comes out is never longer than what went in.
    decoder = codecs.getincrementaldecoder("utf-8")()
    data, end = text.data, 0
    for start in range(0, text.size, _PIECE):
        piece = data[start : start + _PIECE].tobytes()
        try:
            octets = _latin(decoder.decode(piece, final=start + _PIECE >= text.size))
        except UnicodeDecodeError as error:
            raise DamageError("bytes spelled as text in it are damaged") from error
        data[end : end + len(octets)] = np.frombuffer(octets, np.uint8)
        end += len(octets)
    blob = Blob(data[:end])
    blob.size, text.data = text.size, None
    return blob


def _latin(text: str) -> bytes:
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError as error:
        raise DamageError("bytes spelled as text in it are damaged") from error

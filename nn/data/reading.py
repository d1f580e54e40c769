"""One door for digits in files: whatever the format, `read_digits` finds out what it is and reads it.

What a file is, its first bytes say, not its name. Each format is one row of `READERS`, and all hand over the same:
digits to learn from and, where the file has them, digits to watch by and to be judged on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from nn.data.array_files import read_npz_digits, read_pickled_digits
from nn.data.csv_digits import read_csv
from nn.data.dataset import Dataset
from nn.data.digit_files import DigitFile
from nn.data.idx import read_idx
from nn.data.mnist import has_mnist, load_mnist
from nn.data.picture_folder import holds_pictures, read_picture_folder
from nn.errors import DataError, InkError
from nn.files.archives import MAGIC as ZIP
from nn.files.streams import DamageError, opened, telling

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

_START = 512
_PICKLED = (b"(l", b"(d", b"(c", b"((", b"(]", b"(}", b"]q", b"}q")
_PARTNERS = (("images-idx3", "labels-idx1"), ("images.idx3", "labels.idx1"))


@dataclass(frozen=True, slots=True)
class Reader:
    """One format.

    ``recognizes`` is told the path and, of a file, the first bytes after unpacking; ``read`` reads it.
    """

    kind: str
    what: str
    recognizes: Callable[[Path, bytes], bool]
    read: Callable[[Path], DigitFile]


def read_digits(path: str | os.PathLike[str]) -> DigitFile:
    """Read digits from a file or a folder of any known format.

    Parameters
    ----------
    path
        CSV, IDX images with their labels beside them, or a pickle, each plain or gzip; an npz archive; MNIST's
        folder; a folder of pictures.

    Raises
    ------
    DataError
        If it is missing, damaged or of no known format; the message says what is wrong and what is read.
    """
    place = Path(path)
    try:
        with telling():
            reader = _reader_of(place)
            return replace(reader.read(place), kind=reader.kind).named(place.name)
    except DamageError as error:
        raise DataError(f"{path} cannot be read: {error}. Wanted {_wanted()}.") from error
    except InkError as error:
        raise DataError(f"{path} cannot be read as a folder of digits: {error}") from error


def _reader_of(path: Path) -> Reader:
    start = b"" if path.is_dir() else _start(path)
    for reader in READERS:
        if reader.recognizes(path, start):
            return reader
    raise DamageError("it is nothing with digits that is known here")


def _wanted() -> str:
    return "; ".join(reader.what for reader in READERS)


def _start(path: Path) -> bytes:
    with opened(path) as stream:
        return stream.peek(_START)


def _read_csv(path: Path) -> DigitFile:
    with opened(path) as stream:
        pixels, labels = read_csv(stream)
    return DigitFile(Dataset(pixels.reshape(-1, 28, 28), labels))


def _read_idx_pair(path: Path) -> DigitFile:
    images, labels = (read_idx(part) for part in _pair(path))
    if images.ndim != 3 or images.shape[1:] != (28, 28) or labels.shape != images.shape[:1]:
        raise DamageError(f"it holds pictures of shape {images.shape} for labels of shape {labels.shape}")
    if labels.size and labels.max() > 9:
        raise DamageError(f"its labels go up to {labels.max()}, and digits end at 9")
    return DigitFile(Dataset(images, labels))


def _pair(path: Path) -> tuple[Path, Path]:
    """Return the files of images and of labels, one of which was named."""
    for images, labels in _PARTNERS:
        for own, other in ((images, labels), (labels, images)):
            if own in path.name:
                beside = _packed_or_not(path.with_name(path.name.replace(own, other)))
                return (path, beside) if own == images else (beside, path)
    raise DamageError("its name has no 'images-idx3' by which the file of labels beside it could be found")


def _packed_or_not(path: Path) -> Path:
    for spelled in (path, path.with_name(f"{path.name}.gz"), path.with_name(path.name.removesuffix(".gz"))):
        if spelled.is_file():
            return spelled
    raise DamageError(f"{path.name} is not beside it")


def _read_mnist_folder(path: Path) -> DigitFile:
    training, test = load_mnist(path)
    return DigitFile(training, test=test)


def _is_pickle(start: bytes) -> bool:
    # Protocols from 2 say so; before, a list, dictionary or tuple begins empty or with a mark.
    return (start[:1] == b"\x80" and start[1:2] in b"\2\3\4\5") or start[:2] in _PICKLED


def _is_csv(start: bytes) -> bool:
    """Whether this is text with commas: a line of numbers, or of the names of columns."""
    line = start.removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0]
    return line.count(b",") > 3 and all(32 <= code < 127 or code in b"\t\r" for code in line)


READERS: tuple[Reader, ...] = (
    Reader("mnist", "MNIST's folder", lambda path, _: path.is_dir() and has_mnist(path), _read_mnist_folder),
    Reader(
        "pictures",
        "a folder of LABEL/*.png or *_LABEL.png",
        lambda path, _: path.is_dir() and holds_pictures(path),
        read_picture_folder,
    ),
    Reader("idx", "IDX", lambda _, start: start[:3] == b"\0\0\x08", _read_idx_pair),
    Reader("npz", "an npz archive", lambda _, start: start.startswith(ZIP), read_npz_digits),
    Reader("pickle", "mnist.pkl or mnist.pkl.gz", lambda _, start: _is_pickle(start), read_pickled_digits),
    Reader("csv", "CSV of a label and 784 pixels a line", lambda _, start: _is_csv(start), _read_csv),
)
"""Every format, in the order in which they are tried."""

"""MNIST from the network: from the first mirror that has it, whole and checked, or not at all.

A download is an iterator: it moves when it is asked for its next event, and closing it stops it, so that a window
or a command decides how it looks and when it ends. What has arrived lies in a ``.part`` file and is resumed from
there the next time; a file takes its name only when its checksum is right.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pooch
import requests

from nn.errors import DownloadError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
"""Where MNIST lies, in the order they are asked."""

SHA256 = {
    "train-images-idx3-ubyte.gz": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    "train-labels-idx1-ubyte.gz": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    "t10k-images-idx3-ubyte.gz": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    "t10k-labels-idx1-ubyte.gz": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
}
SIZES = {
    "train-images-idx3-ubyte.gz": 9_912_422,
    "train-labels-idx1-ubyte.gz": 28_881,
    "t10k-images-idx3-ubyte.gz": 1_648_877,
    "t10k-labels-idx1-ubyte.gz": 4_542,
}
"""Bytes: what progress is measured by, and more than which is never taken from a server."""

TIMEOUT = (10.0, 20.0)
"""Seconds to wait for a connection, and for the next bytes."""
_PIECE = 16 * 1024


@dataclass(frozen=True, slots=True)
class DownloadProgress:
    """How far a download is.

    ``done`` and ``total`` count the bytes of all files together; ``file`` is the one at work, ``message`` what a
    person should read.
    """

    file: str
    done: int
    total: int
    message: str


@dataclass(frozen=True, slots=True)
class _Plan:
    folder: Path
    mirrors: tuple[str, ...]
    hashes: Mapping[str, str]
    sizes: Mapping[str, int]
    timeout: tuple[float, float]

    def progress(self, file: str, arrived: int, message: str) -> DownloadProgress:
        before = 0
        for name, size in self.sizes.items():
            if name == file:
                break
            before += size
        return DownloadProgress(file, before + arrived, sum(self.sizes.values()), message)


def download_mnist(
    folder: str | os.PathLike[str],
    mirrors: Sequence[str] = MIRRORS,
    *,
    hashes: Mapping[str, str] = SHA256,
    sizes: Mapping[str, int] = SIZES,
    timeout: tuple[float, float] = TIMEOUT,
) -> Generator[DownloadProgress, None, None]:
    """Fetch the four files of MNIST, those that are not there yet.

    Parameters
    ----------
    folder
        Where they go; made if need be.
    mirrors
        Addresses that the file names are added to, asked in order.
    hashes, sizes
        SHA-256 and bytes of each file.
    timeout
        Seconds to wait for a connection, and for the next bytes.

    Yields
    ------
    DownloadProgress
        At each piece of 16 KB. Closing the iterator stops the download; what arrived is kept for the next time.

    Raises
    ------
    DownloadError
        If no mirror gave a file whole and right, or the folder cannot be written to.
    """
    plan = _Plan(Path(folder), tuple(mirrors), hashes, sizes, timeout)
    try:
        plan.folder.mkdir(parents=True, exist_ok=True)
        for file in hashes:
            yield from _file(plan, file)
    except OSError as error:
        raise DownloadError(
            f"MNIST cannot be stored in {folder}: {error.strerror or error}. "
            "Free some space, or choose another folder."
        ) from error


def _file(plan: _Plan, file: str) -> Iterator[DownloadProgress]:
    target = plan.folder / file
    if target.is_file() and _is_right(plan, file, target):
        yield plan.progress(file, plan.sizes[file], f"{file} is there already")
        return
    failures = []
    for mirror in plan.mirrors:
        try:
            yield from _from_mirror(plan, file, mirror)
        except _MirrorError as error:
            failures.append(f"{mirror}: {error}")
            yield plan.progress(file, _length(plan.folder / f"{file}.part"), f"{mirror} failed ({error})")
        else:
            return
    raise DownloadError(
        f"{file} could not be downloaded ({'; '.join(failures) or 'no mirror is known'}). Check the network and "
        "try again: what has arrived is kept. Meanwhile the built-in synthetic digits can be trained on."
    )


class _MirrorError(Exception):
    """One mirror did not deliver; another may."""


def _from_mirror(plan: _Plan, file: str, mirror: str) -> Iterator[DownloadProgress]:
    part = plan.folder / f"{file}.part"
    was_resumed = _length(part) > 0
    yield plan.progress(file, _length(part), f"Asking {mirror}")
    try:
        yield from _fetch(plan, file, mirror, part)
    except requests.Timeout as error:
        raise _MirrorError("it does not answer") from error
    except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError) as error:
        raise _MirrorError("it cannot be reached, or the connection broke") from error
    except requests.RequestException as error:
        raise _MirrorError(f"the request failed: {error}") from error
    if _length(part) < plan.sizes[file]:
        raise _MirrorError(f"it stopped after {_length(part):,} of {plan.sizes[file]:,} bytes")
    if not _is_right(plan, file, part):
        part.unlink(missing_ok=True)
        if not was_resumed:
            raise _MirrorError("its file has the wrong checksum")
        # The earlier half may have come from elsewhere; this mirror is asked for all of it before it is blamed.
        yield from _from_mirror(plan, file, mirror)
        return
    part.replace(plan.folder / file)
    yield plan.progress(file, plan.sizes[file], f"{file} is complete")


def _fetch(plan: _Plan, file: str, mirror: str, part: Path) -> Iterator[DownloadProgress]:
    size, have = plan.sizes[file], _length(part)
    if have == size:
        return  # Complete but never named: the checksum will tell.
    if have > size:
        have = 0
    # Without this, a server may unpack on the way, and bytes would count differently.
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    with requests.get(mirror + file, headers=headers, stream=True, timeout=plan.timeout) as answer:
        have = _agreed_start(answer, have)
        # A page of a hotel's network that answers for everybody must not take the place of what is there.
        if int(answer.headers.get("Content-Length", size - have)) != size - have:
            raise _MirrorError("its file is of another size")
        with part.open("r+b" if part.exists() else "wb") as out:
            out.seek(have)
            out.truncate()
            for piece in answer.iter_content(_PIECE):
                have += len(piece)
                if have > size:
                    raise _MirrorError(f"it sends more than the {size:,} bytes that the file has")
                out.write(piece)
                yield plan.progress(file, have, f"Downloading {file}")
            out.flush()
            os.fsync(out.fileno())


def _agreed_start(answer: requests.Response, have: int) -> int:
    """Return where the answer's bytes belong: a server may ignore the wish to resume, and sends all of it."""
    if answer.status_code == requests.codes.partial_content:
        if answer.headers.get("Content-Range", "").startswith(f"bytes {have}-"):
            return have
        raise _MirrorError("it sent another part of the file than it was asked for")
    if answer.status_code != requests.codes.ok:
        raise _MirrorError(f"it answered {answer.status_code} {answer.reason}")
    return 0


def _is_right(plan: _Plan, file: str, path: Path) -> bool:
    return _length(path) == plan.sizes[file] and pooch.file_hash(str(path)) == plan.hashes[file]


def _length(path: Path) -> int:
    with contextlib.suppress(FileNotFoundError):
        return path.stat().st_size
    return 0

"""A file is replaced whole or not at all.

The new bytes go to a temporary file beside the old one, are pushed to the disk, and take the old one's name in a
single step of the file system. Whoever reads the name, at whatever moment the power goes, finds the old file or
the new one. Everything that Inkling keeps for a person (weights, checkpoints, drawings) is written through here.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
import time
from pathlib import Path
from typing import TYPE_CHECKING

from nn.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Iterable

_STALE_SECONDS = 3600.0
_NO_FILE = -1  # no number of the system's
_REMEDIES = {
    errno.ENOENT: "its folder does not exist. Make the folder, or choose another",
    errno.ENOTDIR: "its folder is not a folder. Choose another place",
    errno.EACCES: "the folder may not be written to. Choose a folder of your own",
    errno.EPERM: "the folder may not be written to. Choose a folder of your own",
    errno.EROFS: "the disk is read-only. Choose another disk",
    errno.ENOSPC: "the disk is full. Free some space, or choose another disk",
    errno.EDQUOT: "your share of the disk is used up. Free some space, or choose another disk",
    errno.ENAMETOOLONG: "its name is too long. Choose a shorter one",
    errno.EISDIR: "there is a folder of that name. Choose another name",
    errno.ELOOP: "its links lead in a circle. Choose another place",
    _NO_FILE: "it is a device, a pipe or a socket and no file. Choose another name",
}


def write_atomically(path: str | os.PathLike[str], data: bytes | Iterable[bytes]) -> None:
    """Replace a file by new bytes in one step, or leave it as it was.

    Parameters
    ----------
    path
        The file; where it is a symbolic link, the file it leads to is replaced and the link stays. Permissions of
        an existing file are kept.
    data
        The whole content, or its pieces in order.

    Raises
    ------
    FileError
        If the folder is missing or may not be written to, the name is that of something else than a file, or the
        disk is full; the old file is still there.
    """
    try:
        target = _target(path)
        _sweep(target)
        _replace(target, [data] if isinstance(data, bytes) else data)
    except OSError as error:
        raise FileError(
            f"{path} was not written: {_reason(error)}. What was there before is unchanged."
        ) from error


def check_writable(path: str | os.PathLike[str]) -> None:
    """Find out whether `write_atomically` will be able to write a file, before work that nobody wants to lose.

    A temporary file is made beside it and removed again; the file itself is not touched.

    Raises
    ------
    FileError
        As from `write_atomically`.
    """
    try:
        temporary, descriptor = _temporary(_target(path))
        os.close(descriptor)
        temporary.unlink()
    except OSError as error:
        raise FileError(f"{path} cannot be written: {_reason(error)}.") from error


def _target(path: str | os.PathLike[str]) -> Path:
    """Return the file that a path leads to, there already or not; OSError where it is none."""
    with contextlib.suppress(FileNotFoundError):
        mode = Path(path).stat().st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not stat.S_ISREG(mode):
            raise OSError(_NO_FILE, "no file")
    return Path(os.path.realpath(path, strict=False))


def _reason(error: OSError) -> str:
    return _REMEDIES.get(error.errno or 0) or f"the system says {error.strerror or error}. Try another place"


def _replace(target: Path, pieces: Iterable[bytes]) -> None:
    temporary, descriptor = _temporary(target)
    try:
        with os.fdopen(descriptor, "wb") as file:
            _keep_permissions(target, descriptor)
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(descriptor)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _fsync_folder(target.parent)


def _temporary(target: Path) -> tuple[Path, int]:
    """Make a file beside the target; return its path, and its descriptor for writing."""
    temporary = target.with_name(f"{_prefix(target)}{os.getpid()}-{secrets.token_hex(4)}")
    # Made with the permissions any new file would get; O_EXCL, so that nobody's link is followed.
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return temporary, os.open(temporary, flags, 0o666)


def _keep_permissions(target: Path, descriptor: int) -> None:
    with contextlib.suppress(FileNotFoundError):
        mode = stat.S_IMODE(target.stat().st_mode)
        if hasattr(os, "fchmod"):
            os.fchmod(descriptor, mode)


def _fsync_folder(folder: Path) -> None:
    # The new name itself must reach the disk; where a folder cannot be opened (Windows, some network disks) the
    # file is in place all the same, so a refusal here is no failure to write.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _prefix(target: Path) -> str:
    # Hidden, and cut so that a long but legal name still has room for the process and the random part.
    return f".{os.fsdecode(os.fsencode(target.name)[:200])}.saving-"


def _sweep(target: Path) -> None:
    """Remove what a killed process left behind beside the target: nothing of one that is still writing."""
    prefix = _prefix(target)
    # A folder that cannot be listed may still take a file; a sweep that fails is no failure to write.
    with contextlib.suppress(OSError):
        litter = [entry for entry in target.parent.iterdir() if entry.name.startswith(prefix)]
        for entry in litter:
            if not _in_use(entry, entry.name[len(prefix) :]):
                entry.unlink(missing_ok=True)


def _in_use(entry: Path, owner: str) -> bool:
    # A process of another machine that shares the disk cannot be asked; after a while it is taken for dead.
    if time.time() - entry.stat().st_mtime > _STALE_SECONDS:
        return False
    process = owner.partition("-")[0]
    if not process.isdigit() or os.name != "posix":
        return True
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        pass
    return True

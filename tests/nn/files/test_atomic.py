"""A file is replaced whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from nn.errors import FileError
from nn.files.atomic import check_writable, write_atomically

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_a_new_file_is_written_and_nothing_else(tmp_path: Path) -> None:
    write_atomically(tmp_path / "new", b"content")
    assert (tmp_path / "new").read_bytes() == b"content"
    assert names(tmp_path) == ["new"]


def test_pieces_are_written_in_order(tmp_path: Path) -> None:
    write_atomically(tmp_path / "new", iter([b"a", b"", b"bc"]))
    assert (tmp_path / "new").read_bytes() == b"abc"


def test_an_old_file_is_replaced_and_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "old"
    path.write_bytes(b"old, and longer than what follows")
    path.chmod(0o640)
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_new_file_gets_the_permissions_that_any_new_file_gets(tmp_path: Path) -> None:
    (tmp_path / "usual").write_bytes(b"")
    write_atomically(tmp_path / "ours", b"")
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "usual").stat().st_mode


@pytest.mark.parametrize("exists", [True, False])
def test_a_link_stays_and_what_it_leads_to_is_replaced(tmp_path: Path, *, exists: bool) -> None:
    (tmp_path / "elsewhere").mkdir()
    target = tmp_path / "elsewhere" / "target"
    if exists:
        target.write_bytes(b"old")
    link = tmp_path / "link"
    link.symlink_to(Path("elsewhere") / "target")
    write_atomically(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert names(target.parent) == ["target"]


def test_a_source_that_fails_leaves_the_old_file_and_no_litter(tmp_path: Path) -> None:
    path = tmp_path / "old"
    path.write_bytes(b"old")

    def pieces() -> Iterator[bytes]:
        yield b"half"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_atomically(path, pieces())
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["old"]


@pytest.mark.parametrize(
    ("code", "words"),
    [(errno.ENOSPC, "disk is full"), (errno.EIO, "Try another place"), (errno.EROFS, "read-only")],
)
@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_failing_disk_is_told_and_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int, words: str
) -> None:
    path = tmp_path / "old"
    path.write_bytes(b"old")

    def fails(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, call, fails)
    with pytest.raises(FileError, match=words) as caught:
        write_atomically(path, b"new")
    assert str(path) in str(caught.value)
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["old"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full to meet a really full disk")
def test_a_really_full_disk_says_so() -> None:
    with (
        pytest.raises(OSError, match="No space left") as caught,
        Path("/dev/full").open("wb", buffering=0) as full,
    ):
        full.write(b"x")
    assert caught.value.errno == errno.ENOSPC


def make_nothing(_: Path) -> None:
    pass


def make_a_link_into_no_folder(path: Path) -> None:
    path.symlink_to(path.parent / "nowhere" / "file")


def make_a_link_in_a_circle(path: Path) -> None:
    path.symlink_to(path)


PLACES: dict[str, tuple[str, Callable[[Path], None], str]] = {
    "missing folder": ("nowhere/file", make_nothing, r"folder does not exist\. Make the folder"),
    "file as a folder": ("file/inside", lambda path: path.parent.touch(), "not a folder"),
    "folder": ("folder", Path.mkdir, "there is a folder of that name"),
    "name too long": ("x" * 300, make_nothing, "its name is too long"),
    "link into a missing folder": ("link", make_a_link_into_no_folder, "folder does not exist"),
    "link in a circle": ("circle", make_a_link_in_a_circle, "lead in a circle"),
}
if hasattr(os, "mkfifo"):
    PLACES["pipe"] = ("pipe", os.mkfifo, "a pipe or a socket and no file")


@pytest.mark.parametrize(("name", "make", "words"), PLACES.values(), ids=PLACES)
def test_a_place_that_cannot_be_written_is_told_and_is_known_before(
    tmp_path: Path, name: str, make: Callable[[Path], None], words: str
) -> None:
    path = tmp_path / name
    make(path)
    before = names(tmp_path)
    with pytest.raises(FileError, match=f"was not written: .*{words}"):
        write_atomically(path, b"new")
    with pytest.raises(FileError, match=f"cannot be written: .*{words}"):
        check_writable(path)
    assert names(tmp_path) == before


def test_looking_whether_a_file_can_be_written_leaves_it_and_its_folder_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "old"
    for before in ([], ["old"]):
        check_writable(path)
        assert names(tmp_path) == before
        path.write_bytes(b"old")
    assert path.read_bytes() == b"old"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(FileError, match="may not be written to"):
        write_atomically(tmp_path / "file", b"")
    with pytest.raises(FileError, match="may not be written to"):
        check_writable(tmp_path / "file")


def test_a_name_as_long_as_a_name_may_be_is_written(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 250)
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"


def test_what_a_dead_process_left_is_swept_and_what_a_living_one_writes_is_not(tmp_path: Path) -> None:
    dead = tmp_path / ".file.saving-999999999-0a0b0c0d"
    living = tmp_path / f".file.saving-{os.getpid()}-0a0b0c0d"
    old = tmp_path / f".file.saving-{os.getpid()}-00000000"
    others = tmp_path / ".other.saving-999999999-0a0b0c0d"
    for litter in (dead, living, old, others):
        litter.write_bytes(b"half")
    os.utime(old, (0, 0))
    write_atomically(tmp_path / "file", b"new")
    assert names(tmp_path) == sorted(["file", living.name, others.name])

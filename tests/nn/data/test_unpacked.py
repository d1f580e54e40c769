"""A packed file is unpacked once: the copy that is kept must be right, or not be used."""

from __future__ import annotations

import gzip
import os
import struct
from typing import TYPE_CHECKING

import numpy as np
import pytest

from nn.data.locations import cache_folder
from nn.data.unpacked import KEPT_FILES, WORTH_KEEPING, kept_place, read_unpacked_once
from nn.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path


def packed(path: Path, *, seed: int = 0, count: int = 2000) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Write frames that do not shrink, so that the file is worth a copy; return them."""
    frames = np.random.default_rng(seed).integers(0, 256, (count, 28, 28)).astype(np.uint8)
    content = struct.pack(">HBB3I", 0, 8, 3, *frames.shape) + frames.tobytes()
    path.write_bytes(gzip.compress(content, 1, mtime=0))
    return frames


@pytest.fixture(autouse=True)
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return cache_folder() / "unpacked"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "images.gz"


def test_the_second_reading_takes_the_copy_and_reads_the_same(file: Path, empty_cache: Path) -> None:
    frames = packed(file)
    assert (read_unpacked_once(file) == frames).all()
    assert [path.name for path in empty_cache.iterdir()] == [place_of(file).name]
    # Its middle is damaged now, and its end still tells the copy.
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 255
    file.write_bytes(content)
    assert (read_unpacked_once(file) == frames).all()


def place_of(file: Path) -> Path:
    place = kept_place(file)
    assert place is not None
    return place


@pytest.mark.parametrize("keep", [slice(0, -1), slice(0, 0), slice(0, 1000)])
def test_a_copy_that_is_cut_off_is_not_used_and_mended(file: Path, keep: slice) -> None:
    frames = packed(file)
    read_unpacked_once(file)
    whole = place_of(file).read_bytes()
    place_of(file).write_bytes(whole[keep])
    assert (read_unpacked_once(file) == frames).all()
    assert place_of(file).read_bytes() == whole


def test_a_copy_with_a_bit_turned_over_is_not_used(file: Path) -> None:
    frames = packed(file)
    read_unpacked_once(file)
    content = bytearray(place_of(file).read_bytes())
    for position in (2, 5, 20, len(content) - 1):
        damaged = bytearray(content)
        damaged[position] ^= 1
        place_of(file).write_bytes(damaged)
        assert (read_unpacked_once(file) == frames).all()


def test_another_file_under_the_same_name_is_read_itself(file: Path) -> None:
    packed(file)
    read_unpacked_once(file)
    others = packed(file, seed=1)
    assert (read_unpacked_once(file) == others).all()


def test_small_and_plain_files_are_not_kept(tmp_path: Path, empty_cache: Path) -> None:
    small, plain = tmp_path / "small.gz", tmp_path / "plain"
    frames = packed(small, count=10)
    plain.write_bytes(gzip.decompress(small.read_bytes()))
    assert small.stat().st_size < WORTH_KEEPING
    for path in (small, plain):
        assert (read_unpacked_once(path) == frames).all()
    assert not empty_cache.exists()


def test_only_the_newest_copies_stay(tmp_path: Path, empty_cache: Path) -> None:
    for seed in range(KEPT_FILES + 2):
        file = tmp_path / f"{seed}.gz"
        packed(file, seed=seed)
        read_unpacked_once(file)
        os.utime(place_of(file), (seed, seed))
    kept = {path.name for path in empty_cache.iterdir()}
    assert kept == {place_of(tmp_path / f"{seed}.gz").name for seed in range(2, KEPT_FILES + 2)}


def test_where_nothing_can_be_written_the_file_is_unpacked_each_time(file: Path, tmp_path: Path) -> None:
    frames = packed(file)
    (tmp_path / "cache").write_text("a file where a folder should be")
    for _ in range(2):
        assert (read_unpacked_once(file) == frames).all()


def test_a_missing_or_damaged_file_is_told_as_ever(file: Path) -> None:
    with pytest.raises(DataError, match="No such file"):
        read_unpacked_once(file)
    packed(file)
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(DataError, match="cut off"):
        read_unpacked_once(file)

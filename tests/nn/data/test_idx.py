"""IDX files are read whole, and damaged ones are refused in bounded memory."""

from __future__ import annotations

import gzip
import math
import struct
import tracemalloc
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nn.data.idx import read_idx
from nn.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nn.arrays import Bytes


def idx(values: Bytes) -> bytes:
    return struct.pack(f">BBBB{values.ndim}I", 0, 0, 8, values.ndim, *values.shape) + values.tobytes()


IMAGES = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)
PACKINGS: list[Callable[[bytes], bytes]] = [bytes, gzip.compress]


def refusal(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    with pytest.raises(DataError) as caught:
        read_idx(path)
    assert str(caught.value).startswith(f"{path} cannot be read: ")
    assert str(caught.value).endswith("Remove it and download the data again.")
    return str(caught.value)


@pytest.mark.parametrize("packed", PACKINGS)
@settings(deadline=None)
@given(
    values=st.one_of(
        arrays(np.uint8, st.tuples(st.integers(0, 30))), arrays(np.uint8, st.tuples(*[st.integers(0, 6)] * 3))
    )
)
def test_labels_and_images_come_back(
    tmp_path_factory: pytest.TempPathFactory, packed: Callable[[bytes], bytes], values: Bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "idx"
    path.write_bytes(packed(idx(values)))
    found = read_idx(path)
    assert found.dtype == np.uint8
    assert found.shape == values.shape
    assert found.tobytes() == values.tobytes()


@pytest.mark.parametrize("packed", PACKINGS)
@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "begins with nothing"),
        (b"\x80\x04\x95x", "no IDX file: it begins with 80 04 95"),
        (struct.pack(">BBBBI", 0, 0, 0x0D, 1, 2) + bytes(8), "of type 0x0d; only unsigned bytes"),
        (struct.pack(">BBBBII", 0, 0, 8, 2, 2, 2) + bytes(4), "2 dimensions; labels have 1 and images 3"),
        (struct.pack(">BBBBI", 0, 0, 8, 3, 2), "cut off within its header"),
        (struct.pack(">BBBBIII", 0, 0, 8, 3, 2**32 - 1, 28, 28), "4294967295 x 28 x 28 bytes, more than"),
        (idx(IMAGES)[:-1], "cut off: 23 of 24 bytes"),
        (idx(IMAGES)[:16], "cut off: 0 of 24 bytes"),
        (idx(IMAGES) + b"x", "goes on after the 24 bytes"),
    ],
)
def test_each_kind_of_damage_is_told_apart(
    tmp_path: Path, packed: Callable[[bytes], bytes], data: bytes, words: str
) -> None:
    assert words in refusal(tmp_path / "idx", packed(data))


def test_a_gzip_file_cut_off_anywhere_is_refused(tmp_path: Path) -> None:
    whole = gzip.compress(idx(IMAGES))
    for length in range(2, len(whole)):
        assert "cut off" in refusal(tmp_path / "idx", whole[:length])


def test_a_gzip_file_with_a_bit_turned_over_is_refused_or_reads_the_same(tmp_path: Path) -> None:
    whole, refused = gzip.compress(idx(IMAGES)), 0
    for position in range(2, len(whole)):
        damaged = bytearray(whole)
        damaged[position] ^= 0x10
        (tmp_path / "idx").write_bytes(damaged)
        try:
            # Time, system and the bits that fill up the last byte of the stream mean nothing.
            assert read_idx(tmp_path / "idx").tobytes() == IMAGES.tobytes()
        except DataError:
            refused += 1
    assert refused > len(whole) - 12


def test_a_gzip_file_with_a_wrong_sum_is_refused(tmp_path: Path) -> None:
    whole = gzip.compress(idx(IMAGES))
    assert "CRC" in refusal(tmp_path / "idx", whole[:-8] + bytes(4) + whole[-4:])


def test_a_gzip_bomb_is_refused_in_bounded_memory(tmp_path: Path) -> None:
    bomb = gzip.compress(idx(IMAGES) + bytes(64 * 2**20), 1)
    tracemalloc.start()
    try:
        assert "goes on after" in refusal(tmp_path / "idx", bomb)
        assert tracemalloc.get_traced_memory()[1] < 4 * 2**20
    finally:
        tracemalloc.stop()


def test_a_header_that_counts_more_than_is_there_takes_no_memory_for_it(tmp_path: Path) -> None:
    header = struct.pack(">BBBBIII", 0, 0, 8, 3, 240_000, 28, 28)
    assert math.prod((240_000, 28, 28)) < 180 * 2**20
    assert "cut off: 0 of" in refusal(tmp_path / "idx", header)


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    for path, words in ((tmp_path / "nothing", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(DataError, match=words):
            read_idx(path)

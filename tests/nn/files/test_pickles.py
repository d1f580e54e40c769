"""Pickled arrays come back as from Python's own pickle; anything else ends the machine, and is not run."""

from __future__ import annotations

import io
import os
import pickle
import struct
import tracemalloc
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays, scalar_dtypes

from nn.compat import override
from nn.files.pickles import read_pickle
from nn.files.streams import DamageError, Stream

if TYPE_CHECKING:
    from pathlib import Path

PROTOCOLS = range(6)
NUMBERS = scalar_dtypes().filter(lambda dtype: dtype.kind in "fiub" and dtype.itemsize <= 8)
PYTHON_2 = (
    b"(dp0\nS'W1'\np1\ncnumpy.core.multiarray\n_reconstruct\np2\n(cnumpy\nndarray\np3\n(I0\ntp4\nS'b'\np5\ntp6\nRp7\n"
    b"(I1\n(I2\nI1\ntp8\ncnumpy\ndtype\np9\n(S'f4'\np10\nI0\nI1\ntp11\nRp12\n(I3\nS'<'\np13\nNNNI-1\nI-1\nI0\ntp14\nb"
    b"I00\nS'\\x00\\x00\\x80?\\x00\\x00\\x00\\xc0'\np15\ntp16\nbs."
)
"""{'W1': array([[1], [-2]], float32)}, as Python 2 with protocol 0 wrote it."""


def read(data: bytes, **options: Any) -> Any:
    stream = Stream(io.BufferedReader(io.BytesIO(data)))
    value = read_pickle(stream, **options)
    stream.end()
    return value


@pytest.mark.parametrize("protocol", PROTOCOLS)
@settings(deadline=None, max_examples=30)
@given(array=arrays(NUMBERS, array_shapes(max_dims=4, max_side=5)), in_columns=st.booleans())
def test_every_array_of_numbers_comes_back(protocol: int, array: Any, in_columns: bool) -> None:  # noqa: FBT001
    array = np.asfortranarray(array) if in_columns else array
    found = read(pickle.dumps(array, protocol))
    assert found.dtype == array.dtype.newbyteorder("=")
    np.testing.assert_array_equal(found, array)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_containers_numbers_and_words_come_back(protocol: int) -> None:
    value = {
        "a": [1, -1, 255, 65_536, 2**31, 2**62, -(2**40), 0.5, True, False, None],
        "é\n": (b"bytes", "text", ()),
        "b": [[], {}, (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)],
    }
    value["again"] = value["a"]
    if protocol < 3:
        value["é\n"] = ("text", ())
    assert read(pickle.dumps(value, protocol)) == value


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("size", [70_000, 3_000_000])
def test_large_arrays_come_back(protocol: int, size: int) -> None:
    array = np.random.default_rng(size).integers(0, 256, size).astype(np.uint8)
    np.testing.assert_array_equal(read(pickle.dumps([array], protocol))[0], array)


def test_a_pickle_of_python_2_is_read_as_latin_1() -> None:
    found = read(PYTHON_2)
    assert found.keys() == {"W1"}
    assert found["W1"].dtype == np.float32
    assert found["W1"].tolist() == [[1], [-2]]


def test_the_same_array_twice_is_one_array() -> None:
    array = np.arange(100_000)
    first, second = read(pickle.dumps([array, array]))
    assert first is second


def test_what_is_kept_is_chosen_array_by_array_and_the_rest_let_go() -> None:
    ones = np.ones(5_000_000, np.float32)
    data = pickle.dumps([ones.copy() for _ in range(6)], 2)
    limit = 70 * 2**20  # two of them and the bytes they become; six would be 120 MB
    with pytest.raises(DamageError, match="holds more than 70 MB"):
        read(data, held=limit)
    tracemalloc.start()
    try:
        found = read(data, keep=lambda array: array.astype(np.uint8), held=limit)
        assert tracemalloc.get_traced_memory()[1] < 90 * 2**20
    finally:
        tracemalloc.stop()
    assert [array.sum() for array in found] == [5_000_000] * 6


class Hostile:
    """Would run a command if anything ran it."""

    def __init__(self, command: str) -> None:
        self.command = command

    @override
    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, (self.command,)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_call_is_named_and_not_made(tmp_path: Path, protocol: int) -> None:
    proof = tmp_path / "proof"
    for value in (Hostile(f"touch {proof}"), [np.zeros(3), {"W1": Hostile(f"touch {proof}")}]):
        with pytest.raises(DamageError, match=r"asks for (posix|nt).system, and only arrays"):
            read(pickle.dumps(value, protocol))
    assert not proof.exists()


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    "value",
    [
        {1, 2},
        print,
        np.array([None]),
        np.array(["a"]),
        np.zeros(1, "i4,f4"),
        {1: 2},
        1j,
        np.zeros(1, "M8[s]"),
        range(3),
    ],
)
def test_anything_but_arrays_of_numbers_is_refused(protocol: int, value: object) -> None:
    with pytest.raises(DamageError):
        read(pickle.dumps(value, protocol))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "cut off"),
        (b"\x80\x09N.", "newer than 5"),
        (b"\x80\2.", "empty stack"),
        (b"\x80\2h\0.", "never kept"),
        (b"\x80\2t.", "a mark is missing"),
        (b"\x80\2Na.", "a list is missing"),
        (b"\x80\2q\0.", "keeps what is not there"),
        (b"\x80\2]q\0h\0a.", "nested too deep"),
        (b"\x80\2P1\n.", "no pickle of arrays"),
        (b"\x80\2cnumpy\nndarray\n.", "never put together"),
        (b"\x80\2cnumpy\nndarray\n)R.", "not what it should be"),
        (b"\x80\2cnumpy\nndarray\n}b.", "not what it should be"),
        (b"\x80\2cnumpy\ndtype\nU\1O\x85R.", "only plain numbers"),
        (b"\x80\4\x8e" + struct.pack("<Q", 2**62), "holds more than 150 MB"),
        (b"\x80\4\x8e" + struct.pack("<Q", 2**26), "0 of 67,108,864 bytes are there"),
        (b"(l" + b"N0" * 200_000, "too many instructions"),
        (b"(lI" + b"9" * 5000 + b"\na.", "number in it"),
        (rb"(lS'\q'" + b"\na.", "string in it"),
        (b"(lS'a\na.", "string in it"),
        (b"\x80\2X\2\0\0\0\xff\xff.", "word in it"),
        (PYTHON_2.replace(b"(I2\nI1\n", b"(I3\nI1\n"), "does not fit its 8 bytes"),
        (PYTHON_2.replace(b"(I2\nI1\n", b"(I-2\nI-1\n"), "shape is none"),
        (PYTHON_2.replace(b"S'<'", b"S'x'"), "records"),
    ],
)
def test_each_kind_of_damage_is_told_apart(data: bytes, words: str) -> None:
    with pytest.raises(DamageError, match=words):
        read(data)


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=300))
def test_noise_never_ends_in_anything_else(noise: bytes) -> None:
    for start in (b"", b"\x80\4", b"(l"):
        try:
            read(start + noise)
        except DamageError as error:
            assert str(error)  # noqa: PT017

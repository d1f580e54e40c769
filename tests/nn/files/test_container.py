"""A file of tensors is believed in nothing until it has been checked."""

from __future__ import annotations

import json
import os
import struct
import tracemalloc
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load, save

from nn.errors import WeightsError
from nn.files import container
from nn.files.container import read_container, sealed, write_container
from nn.files.header import HEADER_LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nn.files.container import Tensors

TENSORS: Tensors = {
    "a": np.arange(6, dtype=np.float32).reshape(2, 3),
    "ä": np.zeros(0, np.float32),
    "scalar": np.array(2.5, np.float64),
    "turned": np.arange(6, dtype=np.float32).reshape(2, 3).T,
}
MARKS = {"inkling": "weights", "format_version": "1"}


def packed(header: dict[str, Any] | bytes, data: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def changed(**entries: Any) -> bytes:
    entry = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}
    return packed({"__metadata__": MARKS, "a": entry | entries}, bytes(8))


def refusal(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    with pytest.raises(WeightsError) as caught:
        read_container(path, "weights")
    message = str(caught.value)
    assert message.startswith(str(path))
    assert message.endswith(".")
    return message


@pytest.fixture
def whole(tmp_path: Path) -> bytes:
    write_container(tmp_path / "whole", "weights", TENSORS, {"name": "x", "ä": "ö\n"})
    return (tmp_path / "whole").read_bytes()


def test_tensors_and_words_come_back(tmp_path: Path, whole: bytes) -> None:
    found = read_container(tmp_path / "whole", "weights")
    tensors = found.tensors()
    assert tensors.keys() == TENSORS.keys()
    for name, tensor in TENSORS.items():
        assert tensors[name].dtype == tensor.dtype
        assert tensors[name].tobytes() == tensor.tobytes()
        assert tensors[name].shape == tensor.shape == found.claims[name].shape
    assert found.metadata["ä"] == "ö\n"


def test_other_programs_can_read_the_file(whole: bytes) -> None:
    assert load(whole)["turned"].tolist() == TENSORS["turned"].tolist()


def test_equal_content_makes_equal_files(tmp_path: Path, whole: bytes) -> None:
    for _ in range(5):
        write_container(tmp_path / "again", "weights", TENSORS, {"ä": "ö\n", "name": "x"})
        assert (tmp_path / "again").read_bytes() == whole


def test_a_file_cut_off_anywhere_is_refused(tmp_path: Path, whole: bytes) -> None:
    for length in range(len(whole)):
        message = refusal(tmp_path / "cut", whole[:length])
        assert length < 9 or "cut off" in message


def test_a_file_with_any_bit_turned_over_is_refused(tmp_path: Path, whole: bytes) -> None:
    for position in range(len(whole)):
        damaged = bytearray(whole)
        damaged[position] ^= 1 << position % 8
        refusal(tmp_path / "flipped", bytes(damaged))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "it is empty"),
        (b"\x80\x04\x95" + bytes(100), "no safetensors file"),
        (b"PK\x03\x04" + bytes(100), "no safetensors file"),
        (b"\x93NUMPY" + bytes(100), "no safetensors file"),
        (struct.pack("<Q", 2**63) + b"{}", "no safetensors file"),
        (struct.pack("<Q", 1000) + b"{}", "cut off after 10 of 1008 bytes"),
        (packed(b"{" + b"[" * 100_000), "header is damaged"),
        (packed(b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}"), "damaged"),
        (packed(b'{"a": 1' + b"0" * 10_000 + b"}"), "damaged"),
        (packed(b'{"a": NaN}'), "NaN is no number"),
        (packed(b"{\xff}"), "header is damaged"),
        (packed(b'{"a": 1, "a": 2}'), "a name stands twice"),
        (packed({"__metadata__": []}), "metadata is damaged"),
        (packed({"__metadata__": {"a": 1}}), "metadata is damaged"),
        (packed({}), "another program"),
        (packed({"__metadata__": {"format": "pt"}}), "another program"),
        (
            packed({"__metadata__": MARKS | {"format_version": "2", "program": "Inkling 9"}}),
            "Inkling 9 wrote it. Upd",
        ),
        (packed({"__metadata__": MARKS | {"format_version": "1.5"}}), "format version is damaged"),
        (packed({"__metadata__": MARKS | {"format_version": "9" * 5000}}), "format version is damaged"),
        (packed({"__metadata__": MARKS | {"inkling": "checkpoint"}}), "'checkpoint', and 'weights' was wanted"),
        (changed(dtype="F16"), "'F16', which Inkling never writes"),
        (changed(dtype=["F32"]), "never writes"),
        (changed(shape=2), "shape or place"),
        (changed(shape=[-2]), "shape or place"),
        (changed(shape=[2.0]), "shape or place"),
        (changed(shape=[True, 2]), "shape or place"),
        (changed(shape=[2**31, 2**31]), "shape or place"),
        (changed(shape=[2**27, 2**27]), "does not fit its 8 bytes"),
        (changed(shape=[1] * 9), "shape or place"),
        (changed(data_offsets=[0]), "shape or place"),
        (changed(data_offsets=[8, 0]), "does not fit its -8 bytes"),
        (changed(data_offsets=[4, 12]), "overlap or leave gaps"),
        (changed(shape=[4], data_offsets=[0, 16]), "cut off"),
        (changed(shape=[1], data_offsets=[0, 4]), "goes on for 4 bytes"),
        (changed(extra=1), "'a' is damaged"),
        (packed({"__metadata__": MARKS, "a": 1}), "'a' is damaged"),
        (changed(), "checksum is missing"),
        (packed({"__metadata__": MARKS | {"checksum": "0" * 64}}), "checksum is wrong"),
    ],
)
def test_each_kind_of_damage_is_told_apart(tmp_path: Path, data: bytes, words: str) -> None:
    assert words in refusal(tmp_path / "file", data)


@settings(deadline=None)
@given(st.binary(max_size=200), st.integers(0, 300))
def test_noise_is_refused(tmp_path_factory: pytest.TempPathFactory, noise: bytes, length: int) -> None:
    refusal(tmp_path_factory.getbasetemp() / "noise", struct.pack("<Q", length) + b"{" + noise)


def test_a_sealed_file_of_another_hand_is_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(sealed(save({"a": np.ones(2, np.float32)}, MARKS)))
    assert read_container(tmp_path / "file", "weights").tensors()["a"].tolist() == [1, 1]


def test_what_is_no_file_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name, words in (("nothing", "no such file"), ("pipe", "not a file"), ("", "not a file")):
        with pytest.raises(WeightsError, match=words):
            read_container(tmp_path / name, "weights")


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "huge").open("wb") as file:
        file.write(packed({}))
        file.truncate(2**40)
    with pytest.raises(WeightsError, match="too large: 1,048,576 MB"):
        read_container(tmp_path / "huge", "weights")


def test_a_header_of_many_small_things_stays_within_bounds(tmp_path: Path) -> None:
    text = b'{"a":[' + b"[]," * 100_000 + b"[]]}"
    tracemalloc.start()
    try:
        refusal(tmp_path / "file", packed(text))
        assert tracemalloc.get_traced_memory()[1] / len(text) < 150 * 2**20 / HEADER_LIMIT
    finally:
        tracemalloc.stop()


def test_what_could_not_be_opened_again_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "SIZE_LIMIT", 1000)
    with pytest.raises(WeightsError, match="Use a smaller network"):
        write_container(tmp_path / "file", "weights", {"a": np.zeros(1000, np.float32)}, {})
    assert not (tmp_path / "file").exists()


@pytest.mark.parametrize("reader", [lambda found: found.document("nothing"), lambda found: found.document("name")])
def test_words_that_are_no_json_are_refused(
    tmp_path: Path, whole: bytes, reader: Callable[[container.Container], object]
) -> None:
    with pytest.raises(WeightsError, match="metadata"):
        reader(read_container(tmp_path / "whole", "weights"))

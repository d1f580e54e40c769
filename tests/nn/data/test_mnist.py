"""MNIST is found by its names, plain or packed, and read with its writers."""

from __future__ import annotations

import gzip
import struct
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from nn.data.mnist import (
    WRITERS,
    find_mnist,
    load_mnist,
    load_mnist_test,
    load_mnist_test_forms,
    load_mnist_training,
)
from nn.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

    from nn.arrays import Bytes

COUNTS = {"train": 12, "t10k": 5}


def idx(values: Bytes) -> bytes:
    return struct.pack(f">BBBB{values.ndim}I", 0, 0, 8, values.ndim, *values.shape) + values.tobytes()


def write_mnist(folder: Path, *, dotted: bool = False, packed: bool = True) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for part, count in COUNTS.items():
        frames = np.random.default_rng(count).integers(0, 256, (count, 28, 28)).astype(np.uint8)
        labels = (np.arange(count) % 10).astype(np.uint8)
        for kind, values in (("images-idx3", frames), ("labels-idx1", labels)):
            name = f"{part}-{kind}-ubyte"
            name = name.replace("-idx", ".idx") if dotted else name
            data = gzip.compress(idx(values)) if packed else idx(values)
            (folder / (name + ".gz" * packed)).write_bytes(data)


@pytest.fixture(autouse=True)
def nobodys_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    if "data_folder" not in request.fixturenames:
        monkeypatch.delenv("INKLING_DATA", raising=False)
        monkeypatch.setattr("nn.data.locations.user_cache_path", lambda *_, **__: tmp_path / "cache")


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("dotted", [True, False])
def test_every_spelling_is_read(tmp_path: Path, *, dotted: bool, packed: bool) -> None:
    write_mnist(tmp_path, dotted=dotted, packed=packed)
    training, test = load_mnist(tmp_path)
    assert (len(training), len(test)) == (12, 5)
    assert (training.name, test.name) == ("MNIST training", "MNIST test")
    assert training.labels.tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]
    assert training.writers is None
    assert load_mnist_training(tmp_path).images.tobytes() == training.images.tobytes()
    assert load_mnist_test(tmp_path).images.tobytes() == test.images.tobytes()


@pytest.mark.parametrize("below", ["", "mnist"])
def test_the_named_folder_or_its_mnist_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, below: str
) -> None:
    monkeypatch.setenv("INKLING_DATA", str(tmp_path))
    assert find_mnist() is None
    write_mnist(tmp_path / below)
    assert find_mnist() == tmp_path / below


def test_the_cache_is_found_where_the_named_folder_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "named").mkdir()
    monkeypatch.setenv("INKLING_DATA", str(tmp_path / "named"))
    write_mnist(tmp_path / "cache" / "mnist")
    assert find_mnist() == tmp_path / "cache" / "mnist"


def test_three_files_of_four_are_no_mnist(tmp_path: Path) -> None:
    write_mnist(tmp_path / "cache" / "mnist")
    (tmp_path / "cache" / "mnist" / "t10k-labels-idx1-ubyte.gz").unlink()
    assert find_mnist() is None
    with pytest.raises(DataError, match="has no t10k-labels"):
        load_mnist(tmp_path / "cache" / "mnist")


def test_where_there_is_none_the_remedies_are_told() -> None:
    with pytest.raises(DataError, match=r"Download it, set INKLING_DATA .* synthetic digits"):
        load_mnist()


def test_writers_beside_the_files_are_read(tmp_path: Path) -> None:
    write_mnist(tmp_path)
    writers = {"train_writer": np.arange(12, dtype=np.int16), "test_writer": np.arange(5, dtype=np.int16)}
    np.savez(tmp_path / WRITERS, **writers)  # type: ignore[arg-type]
    training, test = load_mnist(tmp_path)
    assert training.writers is not None
    assert test.writers is not None
    assert training.writers.tolist() == list(range(12))
    assert test.writers.dtype == np.int64


def test_who_filled_in_the_test_forms_is_read_where_it_is_told(tmp_path: Path) -> None:
    write_mnist(tmp_path)
    assert load_mnist_test_forms(tmp_path) is None
    np.savez(tmp_path / WRITERS, test_writer=np.arange(5))
    assert load_mnist_test_forms(tmp_path) is None
    np.savez(tmp_path / WRITERS, test_hsf=np.array([0, 4, 4, 0, 4], np.int16))
    forms = load_mnist_test_forms(tmp_path)
    assert forms is not None
    assert forms.tolist() == [0, 4, 4, 0, 4]


def test_writers_of_another_edition_are_left_aside(tmp_path: Path) -> None:
    write_mnist(tmp_path)
    np.savez(tmp_path / WRITERS, train_writer=np.arange(3), test_writer=np.zeros(5))
    training, test = load_mnist(tmp_path)
    assert training.writers is None
    assert test.writers is None


def test_a_damaged_file_of_writers_is_told_and_runs_nothing(tmp_path: Path) -> None:
    write_mnist(tmp_path)
    np.savez(tmp_path / WRITERS, train_writer=np.array([print], dtype=object))
    with pytest.raises(DataError, match="mnist-writers"):
        load_mnist(tmp_path)
    np.savez_compressed(tmp_path / WRITERS, train_writer=np.zeros(10**7))
    with pytest.raises(DataError, match="too large"):
        load_mnist(tmp_path)
    for noise in (b"PK\x03\x04 no", b"", b"no"):
        (tmp_path / WRITERS).write_bytes(noise)
        with pytest.raises(DataError, match="mnist-writers"):
            load_mnist(tmp_path)


def test_images_and_labels_that_do_not_go_together_are_told(tmp_path: Path) -> None:
    write_mnist(tmp_path)
    labels = tmp_path / "train-labels-idx1-ubyte.gz"
    labels.write_bytes(gzip.compress(idx(np.zeros(11, np.uint8))))
    with pytest.raises(DataError, match=r"\(12, 28, 28\) and labels of shape \(11,\)"):
        load_mnist(tmp_path)
    labels.write_bytes(gzip.compress(idx(np.full(12, 10, np.uint8))))
    with pytest.raises(DataError, match="go up to 10"):
        load_mnist(tmp_path)


def test_the_real_mnist_is_read_at_once(data_folder: Path) -> None:
    start = time.perf_counter()
    training, test = load_mnist(data_folder / "mnist")
    assert time.perf_counter() - start < 3  # 0.2 s on a quiet machine
    assert training.images.shape == (60_000, 28, 28)
    assert test.images.shape == (10_000, 28, 28)
    assert training.labels[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert training.writers is not None
    assert test.writers is not None
    assert not set(training.writers) & set(test.writers)

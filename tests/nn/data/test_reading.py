"""Whatever format digits come in, the same digits come out: one contract over all readers."""

from __future__ import annotations

import gzip
import io
import pickle
import struct
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from nn.data.reading import READERS, read_digits
from nn.data.sources import load_digits
from nn.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nn.arrays import Bytes

COUNT = 12
RNG = np.random.default_rng(11)
IMAGES = np.zeros((COUNT, 28, 28), np.uint8)
IMAGES[:, 4:24, 4:24] = RNG.integers(0, 256, (COUNT, 20, 20))
LABELS = (np.arange(COUNT) % 10).astype(np.uint8)
ONE_HOT = np.eye(10)[LABELS]


def idx(values: Bytes) -> bytes:
    return struct.pack(f">HBB{values.ndim}I", 0, 8, values.ndim, *values.shape) + values.tobytes()


def csv(*, header: str = "", ending: str = "\n", space: str = "") -> bytes:
    rows = np.concatenate([LABELS[:, np.newaxis], IMAGES.reshape(COUNT, -1)], axis=1).tolist()
    lines = ([header] if header else []) + [f",{space}".join(map(str, row)) for row in rows]
    return ending.join(lines).encode()


def npz(*, packed: bool = False, **arrays: Any) -> bytes:
    file = io.BytesIO()
    (np.savez_compressed if packed else np.savez)(file, **arrays)
    return file.getvalue()


def png(pixels: Bytes) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


FLAT = IMAGES.reshape(COUNT, 784)
PARTS = ((FLAT / np.float32(256), LABELS.astype(np.int64)),) * 3
BOOK = {"train_img": FLAT, "train_label": LABELS, "test_img": FLAT, "test_label": LABELS}
HEADER = ",".join(["label", *(f"{row}x{column}" for row in range(28) for column in range(28))])

SAMPLES: dict[str, dict[str, dict[str, bytes]]] = {
    "mnist": {
        "packed": {
            f"mnist/{part}-{kind}-ubyte.gz": gzip.compress(idx(values))
            for part in ("train", "t10k")
            for kind, values in (("images-idx3", IMAGES), ("labels-idx1", LABELS))
        },
    },
    "pictures": {
        "by folder": {f"all/{label}/{n:02}.png": png(IMAGES[n]) for n, label in enumerate(LABELS)},
        "by name": {f"all/own_{n:02}_{label}.png": png(IMAGES[n]) for n, label in enumerate(LABELS)},
        "black on white": {f"all/x{n:02}_{label}.png": png(255 - IMAGES[n]) for n, label in enumerate(LABELS)},
        "parts": {
            f"all/{part}/{label}/{n:02}.png": png(IMAGES[n])
            for part in ("training", "testing")
            for n, label in enumerate(LABELS)
        },
    },
    "idx": {
        "images named": {"a-images-idx3-ubyte": idx(IMAGES), "a-labels-idx1-ubyte.gz": gzip.compress(idx(LABELS))},
        "labels named": {"a-labels-idx1-ubyte": idx(LABELS), "a-images-idx3-ubyte": idx(IMAGES)},
    },
    "npz": {
        "x_train": {"a.npz": npz(x_train=IMAGES, y_train=LABELS, x_test=IMAGES, y_test=LABELS)},
        "columns": {
            "a": npz(
                packed=True,
                training_images=(FLAT / 255)[:, :, np.newaxis],
                training_labels=ONE_HOT[:, :, np.newaxis],
                test_images=(FLAT / 255)[:, :, np.newaxis].astype(np.float32),
                test_labels=ONE_HOT[:, :, np.newaxis],
            )
        },
        "numbers to 255": {"a.npz": npz(X_train=FLAT.astype(np.float64), Y_train=LABELS.astype(np.int32))},
        "channels": {"a.npz": npz(images=IMAGES[:, np.newaxis], labels=LABELS[:, np.newaxis], more=np.zeros(3))},
        "integers": {"a.npz": npz(packed=True, x=IMAGES.astype(np.int64), y=LABELS.astype(np.float32))},
    },
    "pickle": {
        f"{name} {protocol}{ending}": {f"mnist.pkl{ending}": packing(pickle.dumps(value, protocol))}
        for name, value in (("nielsen", PARTS), ("saito", BOOK), ("pairs", [(IMAGES, LABELS)] * 2))
        for protocol in range(6)
        for ending, packing in (("", bytes), (".gz", gzip.compress))
    },
    "csv": {
        "plain": {"a.csv": csv()},
        "header, gzip": {"a.csv.gz": gzip.compress(csv(header=HEADER))},
        "of another system": {"a.txt": b"\xef\xbb\xbf" + csv(header=HEADER, ending="\r\n") + b"\r\n\r\n"},
        "with spaces": {"a": csv(space=" ")},
    },
}
"""For each reader, the same digits in the ways that it must know: files by name, the first leading to all."""


def written(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder / next(iter(files)).split("/", maxsplit=1)[0]


EVERY = [(kind, way) for kind, ways in SAMPLES.items() for way in ways]


def test_no_reader_is_missing_here() -> None:
    assert {reader.kind for reader in READERS} == SAMPLES.keys()


@pytest.mark.parametrize(("kind", "way"), EVERY)
def test_every_reader_gives_the_same_digits(tmp_path: Path, kind: str, way: str) -> None:
    found = read_digits(written(tmp_path, SAMPLES[kind][way]))
    assert found.kind == kind
    parts = [part for part in (found.training, found.validation, found.test) if part is not None]
    for part in parts:
        order = (
            np.lexsort((np.arange(COUNT), LABELS)) if kind == "pictures" and way in ("by folder", "parts") else ...
        )
        assert part.images.dtype == part.labels.dtype == np.uint8
        np.testing.assert_array_equal(part.images, IMAGES[order])
        np.testing.assert_array_equal(part.labels, LABELS[order])
        assert part.name


@pytest.mark.parametrize(("kind", "way"), EVERY)
def test_every_reader_reads_the_same_twice_and_makes_data_of_it(tmp_path: Path, kind: str, way: str) -> None:
    path = written(tmp_path, SAMPLES[kind][way])
    first, second = read_digits(path).data(share=0.25), load_digits(str(path))
    assert first.source == second.source
    assert len(first.training) + len(first.validation) >= COUNT
    assert (first.test is None) == (read_digits(path).test is None)


@pytest.mark.parametrize("kind", [kind for kind in SAMPLES if kind not in ("mnist", "pictures")])
def test_every_reader_of_files_refuses_one_that_is_cut_off(tmp_path: Path, kind: str) -> None:
    files = next(iter(SAMPLES[kind].values()))
    path = written(tmp_path, files)
    whole = path.read_bytes()
    for length in (len(whole) - 1, len(whole) // 2, 40):
        path.write_bytes(whole[:length])
        if kind == "csv" and length == len(whole) - 1:
            continue  # its last number may have lost a digit, which nobody can see
        with pytest.raises(DataError, match="cannot be read") as caught:
            read_digits(path)
        assert str(path) in str(caught.value)


@pytest.mark.parametrize("data", [b"", b"\0", b"no digits at all\n", b"%PDF-1.7", b"\x80\x04N.", bytes(10_000)])
def test_what_is_no_digits_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "file").write_bytes(data)
    with pytest.raises(DataError, match=r"cannot be read: .* Wanted .*CSV"):
        read_digits(tmp_path / "file")


def test_what_is_not_there_and_an_empty_folder_are_told(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing", tmp_path):
        with pytest.raises(DataError, match="cannot be read"):
            read_digits(path)


def test_a_damaged_picture_is_named(tmp_path: Path) -> None:
    files = SAMPLES["pictures"]["by name"]
    path = written(tmp_path, files)
    broken = path / "own_03_3.png"
    broken.write_bytes(broken.read_bytes()[:60])
    with pytest.raises(DataError, match="own_03_3"):
        read_digits(path)


def test_a_picture_of_another_size_goes_through_the_recipe(tmp_path: Path) -> None:
    large = np.full((140, 100, 3), 255, np.uint8)
    large[20:120, 45:55] = (20, 30, 120)
    found = read_digits(written(tmp_path, {"all/1/one.png": png(large)}))
    (frame,) = found.training.images
    assert np.ptp(np.flatnonzero(frame.max(axis=1))) == 19
    assert frame.max() == 255
    assert found.training.labels.tolist() == [1]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda rows: rows.__setitem__(5, rows[5].replace(",0,", ",256,", 1)), "line 6 "),
        (lambda rows: rows.__setitem__(5, "10" + rows[5][1:]), "line 6 "),
        (lambda rows: rows.__setitem__(7, rows[7] + ",0"), "line 8 "),
        (lambda rows: rows.__setitem__(0, rows[0].replace(",0,", ",,", 1)), "line 1 "),
        (lambda rows: rows.__setitem__(11, rows[11].replace(",0,", ",-1,", 1)), "line 12 "),
        (lambda rows: rows.__setitem__(11, rows[11].replace(",0,", ",0.5,", 1)), "line 12 "),
        (lambda rows: rows.insert(0, "label,pixels,more,and,more"), "line 1 is neither"),
        (lambda rows: rows.insert(3, "9" * 10**6), "line 4 "),
    ],
)
def test_a_damaged_line_of_csv_is_told_by_its_number(
    tmp_path: Path, change: Callable[[list[str]], None], words: str
) -> None:
    rows = csv().decode().split("\n")
    change(rows)
    (tmp_path / "a.csv").write_text("\n".join(rows))
    with pytest.raises(DataError, match=words):
        read_digits(tmp_path / "a.csv")


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"x_train": IMAGES}, "it holds x_train, but neither"),
        ({"x_train": IMAGES, "y_train": LABELS[:3]}, r"labels of shape \(3,\) for 12 pictures"),
        ({"x_train": IMAGES, "y_train": LABELS + 5}, "not all digits"),
        ({"x_train": IMAGES, "y_train": ONE_HOT + 1}, "noughts with a single 1"),
        ({"x_train": IMAGES[:, :20], "y_train": LABELS}, "pictures are of shape"),
        ({"x_train": FLAT - 0.5, "y_train": LABELS}, "pixels go from -0.5"),
        ({"x_train": FLAT + 0.25, "y_train": LABELS}, "neither from 0 to 1 nor whole|go from"),
        ({"x_train": np.full((12, 784), np.nan), "y_train": LABELS}, "pixels go from nan"),
    ],
)
def test_arrays_that_are_no_digits_are_told(tmp_path: Path, arrays: dict[str, Any], words: str) -> None:
    (tmp_path / "a.npz").write_bytes(npz(**arrays))
    with pytest.raises(DataError, match=words):
        read_digits(tmp_path / "a.npz")


def test_an_idx_file_without_its_labels_is_told(tmp_path: Path) -> None:
    for name, words in (("a-images-idx3-ubyte", "a-labels-idx1-ubyte is not beside it"), ("a", "its name has no")):
        (tmp_path / name).write_bytes(idx(IMAGES))
        with pytest.raises(DataError, match=words):
            read_digits(tmp_path / name)

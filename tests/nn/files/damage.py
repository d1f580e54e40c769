"""Small good files of every kind, and a thousand damaged ones made from them by a seed.

Run as a program, it reads all of them with our readers, in a folder that is given, and prints what happened as
JSON: `test_damaged_files` looks at that from outside, where a crash would be seen too.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import pickle
import random
import struct
import tempfile
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from nn.compat import override
from nn.data.dataset import Dataset, DigitData
from nn.files.checkpoints import save_checkpoint
from nn.files.weights import save_network
from nn.network import mlp
from nn.training import train
from nn.training_config import TrainingConfig

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PROOF = "proof-that-something-ran"
"""The name of the file that every hostile pickle tries to make."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A format: its reader, by its home and name, the name of its files, and good ones as bytes."""

    reader: str
    file: str
    good: tuple[bytes, ...]
    hostile: Callable[[], Iterator[bytes]]


def kinds() -> dict[str, Kind]:
    """Return every format that is read, with small good files of it."""
    rng = np.random.default_rng(7)
    images = rng.integers(0, 256, (6, 28, 28)).astype(np.uint8)
    images[:, :9] = 0
    labels = np.arange(6, dtype=np.uint8)
    digits, network, ink = "nn.data.reading:read_digits", "nn.files.opening:open_network", "nn.ink.ink_files"
    arrays = {"x_train": images, "y_train": labels, "x_test": images[:2] / np.float32(255), "y_test": labels[:2]}
    old = _old_weights(rng)
    return {
        "idx": Kind("nn.data.idx:read_idx", "images", (_idx(images), gzip.compress(_idx(images))), _hostile_idx),
        "csv": Kind(
            digits, "digits.csv", (_csv(images, labels), gzip.compress(_csv(images, labels))), _hostile_csv
        ),
        "npz": Kind(digits, "digits.npz", (_npz(arrays), _npz(arrays, packed=True)), _hostile_npz),
        "pickle": Kind(digits, "mnist.pkl", _pickled_digits(images, labels), _hostile_pickles),
        "pickle.gz": Kind(
            digits,
            "mnist.pkl.gz",
            tuple(gzip.compress(data) for data in _pickled_digits(images, labels)),
            _hostile_gzip,
        ),
        "png": Kind("nn.ink.pictures:frame_from_picture_file", "picture.png", _pictures(images[0]), _hostile_png),
        "png of a folder": Kind(
            "nn.data.picture_folder:frame_of_file", "picture.png", _pictures(images[0]), _hostile_png_of_folder
        ),
        "ink": Kind(f"{ink}:read_drawings", "ink.jsonl", (_ink(),), _hostile_ink),
        "weights": Kind(network, "net.safetensors", (_weights(),), _hostile_safetensors),
        "checkpoint": Kind(
            "nn.files.checkpoints:load_checkpoint", "training", (_checkpoint(),), _hostile_safetensors
        ),
        "weights list": Kind(
            network, "weights_file", tuple(pickle.dumps(old, n) for n in range(6)), _hostile_pickles
        ),
        "weights npz": Kind(
            network, "weights.npz", (_npz({"W1": old[0], "b1": old[1]}, packed=True),), _hostile_npz
        ),
        "weights JSON": Kind(network, "net.json", (_json(old),), _hostile_json),
    }


def damaged(kind: Kind, count: int, seed: int) -> Iterator[bytes]:
    """Yield damaged files of one kind: every hostile one, then `count` made from the good ones by chance."""
    yield from kind.hostile()
    chance = random.Random(seed)  # noqa: S311 - damage is no secret
    for number in range(count):
        yield _WAYS[number % len(_WAYS)](bytearray(chance.choice(kind.good)), chance)


def _cut(data: bytearray, chance: random.Random) -> bytes:
    return bytes(data[: chance.randrange(len(data))])


def _flip(data: bytearray, chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 1, 3, 30))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def _flip_start(data: bytearray, chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 2, 5))):
        data[chance.randrange(min(len(data), 120))] = chance.randrange(256)
    return bytes(data)


def _flip_end(data: bytearray, chance: random.Random) -> bytes:
    data[-1 - chance.randrange(min(len(data), 120))] = chance.randrange(256)
    return bytes(data)


def _other_magic(data: bytearray, chance: random.Random) -> bytes:
    data[:4] = chance.choice(
        (b"PK\3\4", b"\x1f\x8b\x08\0", b"\x80\4\x95\0", b"\0\0\x08\3", b"\x89PNG", b'{"a"', b"0,1,")
    )
    return bytes(data)


def _other_counts(data: bytearray, chance: random.Random) -> bytes:
    place = chance.randrange(min(len(data), 400))
    data[place : place + 4] = chance.choice(
        (b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\0\0\0\0", b"\0\0\0\x10", b"9999")
    )
    return bytes(data)


def _twice(data: bytearray, chance: random.Random) -> bytes:
    begin = chance.randrange(len(data))
    return bytes(data[: chance.randrange(len(data))] + data[begin:])


def _junk(data: bytearray, chance: random.Random) -> bytes:
    return bytes(data) + chance.randbytes(chance.choice((1, 10, 5000)))


def _hole(data: bytearray, chance: random.Random) -> bytes:
    begin = chance.randrange(len(data))
    data[begin : begin + 64] = chance.choice((bytes(64), chance.randbytes(64), b""))
    return bytes(data)


_WAYS = (_cut, _flip, _flip_start, _flip_end, _other_magic, _other_counts, _twice, _junk, _hole)


# Good files.


def _idx(values: np.typing.NDArray[np.uint8]) -> bytes:
    return struct.pack(f">HBB{values.ndim}I", 0, 8, values.ndim, *values.shape) + values.tobytes()


def _csv(images: np.typing.NDArray[np.uint8], labels: np.typing.NDArray[np.uint8]) -> bytes:
    rows = np.concatenate([labels[:, np.newaxis], images.reshape(-1, 784)], axis=1)
    return b"".join(b",".join(str(value).encode() for value in row) + b"\n" for row in rows.tolist())


def _npz(arrays: dict[str, Any], *, packed: bool = False) -> bytes:
    file = io.BytesIO()
    (np.savez_compressed if packed else np.savez)(file, **arrays)
    return file.getvalue()


def _pickled_digits(images: Any, labels: Any) -> tuple[bytes, ...]:
    floats = images.reshape(-1, 784) / np.float32(256)
    nielsen = ((floats, labels.astype(np.int64)), (floats[:2], labels[:2]), (floats[:3], labels[:3]))
    book = {"train_img": images, "train_label": labels, "test_img": images[:2], "test_label": labels[:2]}
    return tuple(pickle.dumps(value, protocol) for value in (nielsen, book) for protocol in (0, 2, 4, 5))


def _old_weights(rng: np.random.Generator) -> list[Any]:
    # One layer: its file leaves nothing open, so that a sound one is opened.
    return [rng.normal(size=(784, 10)), rng.normal(size=10)]


def _json(old: list[Any]) -> bytes:
    content = {
        "sizes": [784, 10],
        "weights": [old[0].T.round(3).tolist()],
        "biases": [old[1][:, np.newaxis].tolist()],
    }
    return json.dumps(content | {"cost": "CrossEntropyCost"}).encode()


def _pictures(image: Any) -> tuple[bytes, ...]:
    files = []
    for pixels in (image, np.repeat(np.repeat(255 - image, 3, 0), 3, 1)):
        file = io.BytesIO()
        Image.fromarray(pixels).save(file, "PNG")
        files.append(file.getvalue())
    return tuple(files)


def _ink() -> bytes:
    line = json.dumps({"label": 7, "strokes": [[[0, 0], [10.5, 0.25], [3, 20]], [[1, 2, 0.5], [3, 4, 1]]]})
    return f"{line}\n{line}\n".encode()


def _saved(save: Callable[[Any, str], None], value: object) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        save(value, str(Path(folder) / "file"))
        return (Path(folder) / "file").read_bytes()


def _weights() -> bytes:
    return _saved(save_network, mlp([784, 5, 10], seed=3))


def _checkpoint() -> bytes:
    digits = Dataset(np.zeros((8, 28, 28), np.uint8), np.arange(8, dtype=np.uint8))
    training = train(
        mlp([784, 4, 10]), DigitData(digits, digits, None, "x"), TrainingConfig(epochs=1, batch_size=4)
    )
    next(training)
    return _saved(save_checkpoint, training.checkpoint())


# Hostile files.


def _swollen(start: bytes, megabytes: int = 1000) -> bytes:
    """Return a gzip file of one megabyte that begins with `start` and swells to a thousand, of noughts."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packer.compress(start) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return b"\x1f\x8b\x08\0\0\0\0\0\0\3" + body + block * megabytes + packer.flush() + bytes(8)


def _hostile_idx() -> Iterator[bytes]:
    for shape in ((2**32 - 1,) * 3, (240_000, 28, 28), (2**31, 0, 7), (0, 2**32 - 1, 2**32 - 1)):
        header = struct.pack(">HBB3I", 0, 8, 3, *shape)
        yield header
        yield gzip.compress(header)
        yield _swollen(header)
    yield struct.pack(">HBB", 0, 8, 255) + bytes(1020)
    yield gzip.compress(gzip.compress(bytes(100)))


def _hostile_csv() -> Iterator[bytes]:
    row = b",".join([b"1"] * 785)
    yield b"1," * 100 + b"9" * 50_000_000
    yield b"," * 5_000_000
    yield b"1,2,3,4,5,6\n" * 100_000
    yield row.replace(b"1", b"256") + b"\n"
    yield b"\n".join([row] * 3000 + [row + b",1"])
    yield row + b"\n" + row[:-1] + b"\xff\n"
    yield row + b"\n" + row[:-1] + b"x\n"
    yield row + b"\n" + b",".join([b"-1"] * 785)
    yield row + b"\n" + b",".join([b"1e5"] * 785)
    yield b",".join([b"label"] * 785) + b"\n"
    yield b",".join([b"label"] * 785) + b"\n" + b'"' * 1000 + b"\n"
    yield b"\xef\xbb\xbf" * 1000 + row
    yield b"a,b,c,d,e\n" + b"\n" * 30_000_000
    yield _swollen(row + b"\n")
    yield _swollen(row + b"\n" + b"1," * 500)
    yield gzip.compress((row + b"\n") * 250_000, 1)


def _member(header: bytes, data: bytes = b"", version: int = 1) -> bytes:
    length = struct.pack("<H" if version == 1 else "<I", len(header))
    return b"\x93NUMPY" + bytes((version, 0)) + length + header + data


def _zip(*members: tuple[str, bytes], packed: bool = True) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return file.getvalue()


def _hostile_npz() -> Iterator[bytes]:
    yield _npz({"x_train": np.array([Hostile()], object), "y_train": np.zeros(1)})
    yield _npz({"W1": np.array([[Hostile()] * 10] * 784, object)})
    yield _npz({"x_train": np.zeros((100_000, 784)), "y_train": np.zeros(100_000)}, packed=True)
    yield _npz({"arr_0": np.zeros((784, 20_000)), "arr_1": np.zeros((20_000, 10))}, packed=True)
    yield _npz({"x_train": np.zeros((1, 784), "V9"), "y_train": np.zeros(1)})
    yield _npz({"x_train": np.full((2, 784), np.nan), "y_train": np.zeros(2)})
    yield _npz({f"W{number}": np.zeros(1) for number in range(500)})
    for header in (
        b"{'descr': '|u1', 'fortran_order': False, 'shape': (9999999999, 784), }",
        b"{'descr': '|u1', 'fortran_order': False, 'shape': (-1, 784), }",
        b"{'descr': '|O', 'fortran_order': False, 'shape': (1, 784), }",
        b"{'descr': __import__('os').system('x'), 'fortran_order': False, 'shape': (1, 784), }",
        b"{'descr': '<f3', 'fortran_order': False, 'shape': (1, 784), }",
        b"{'descr': '<f8', 'fortran_order': True, 'shape': (300000, 784), }",
        b"(" * 900,
    ):
        yield _zip(("x_train.npy", _member(header)), ("y_train.npy", _member(header)))
        yield _zip(("W1.npy", _member(header, bytes(784))))
    yield _zip(("x_train.npy", b"\x93NUMPY\2\0\xff\xff\xff\xff" + bytes(60_000_000)))
    yield _zip(*((f"{number}.npy", b"") for number in range(30_000)), packed=False)
    yield _zip(("x_train", b""), ("x_train.npy", b""))
    twice = _zip(("x_train.npy", bytes(100)), ("y_train.npy", b""))
    yield twice.replace(b"y_train", b"x_train")


class Hostile:
    """What a pickle of it would run, if anything ran it."""

    @override
    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, (f"touch {PROOF}",)


_COMMAND = f"S'touch {PROOF}'\n".encode()


def _hostile_pickles() -> Iterator[bytes]:
    for protocol in range(6):
        yield pickle.dumps(Hostile(), protocol)
        yield pickle.dumps({"train_img": Hostile(), "W1": Hostile()}, protocol)
        yield pickle.dumps([np.zeros((784, 10)), Hostile()], protocol)
        yield pickle.dumps([np.array([Hostile()], object)], protocol)
        yield pickle.dumps([print, len, Kind], protocol)
    yield b"(cos\nsystem\n" + _COMMAND + b"tR."
    yield b"(" + _COMMAND + b"ios\nsystem\n."
    yield b"(cos\nsystem\n" + _COMMAND + b"o."
    yield b"(lcbuiltins\neval\n(S'print(1)'\ntRa."
    for call in (
        b"cbuiltins\nexec\n",
        b"cnumpy\nload\n",
        b"cnumpy.f2py.crackfortran\nmyeval\n",
        b"cnumpy\nndarray.x\n",
    ):
        yield b"(l" + call + b"(" + _COMMAND + b"tRa."
    yield b"\x80\4(\x8c\2os\x8c\6system\x93" + _COMMAND + b"tR."
    yield b"\x80\2cnumpy\nndarray\n)\x81."
    yield b"\x80\2cnumpy\nndarray\n}(X\1\0\0\0aK\1ub."
    yield b"\x80\2cnumpy\nndarray\nN}X\1\0\0\0xK\1s\x86b."
    yield b"\x80\2cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n(J\xff\xff\xff\x7ftU\1b\x87R."
    yield b"\x80\2cnumpy\ndtype\nU\1O\x85R."
    yield b"\x80\2cnumpy\ndtype\nU\3V99\x85R."
    yield b"\x80\2P1\n."
    yield b"\x80\2\x82\1."
    yield b"\x80\2Nr\xff\xff\xff\x7f."
    yield b"\x80\4\x8e" + struct.pack("<Q", 2**62)
    yield b"\x80\4\x8e" + struct.pack("<Q", 140 * 2**20) + b"x"
    yield b"\x80\4\x95" + struct.pack("<Q", 2**62) + b"N."
    yield b"\x80\4\x8b" + struct.pack("<i", 2**31 - 1) + b"1" * 1000
    yield b"(lI" + b"9" * 3_000_000 + b"\na."
    yield b"(l" + b"(" * 3_000_000
    yield b"(l" + b"]" * 3_000_000
    yield b"(l" + b"]a" * 3_000_000
    yield b"\x80\2]q\0" + b"h\0" * 3_000_000
    yield b"\x80\2]q\0h\0a."
    yield b"\x80\2]" + b"2" * 90_000 + b"a" * 90_000 + b"."
    yield (
        b"(l"
        + b"".join(b"(lp%d\n" % n + b"".join(b"g%d\na" % (n - 1) for _ in range(2 * (n > 0))) for n in range(90))
        + b"."
    )
    yield b"(l" + b"S'" + b"\\x41" * 900_000 + b"'\na" * 2 + b"."
    yield b"(lV" + b"\\U0001f600" * 400_000 + b"\na."
    yield b"\x80\2}(" + b"".join(b"J" + struct.pack("<i", n) + b"N" for n in range(50_000)) + b"u."
    yield b"\x80\2]X" + struct.pack("<I", 40_000_000) + "é".encode() * 20_000_000 + b"a."


def _hostile_gzip() -> Iterator[bytes]:
    for data in _hostile_pickles():
        yield gzip.compress(data, 1)
    yield _swollen(b"\x80\4\x8e" + struct.pack("<Q", 2**30))
    yield _swollen(b"\x80\4\x8e" + struct.pack("<Q", 149 * 2**20))
    yield _swollen(b"(l")
    yield _swollen(b"")


def _png(width: int, height: int, color: int, data: bytes) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, 8, color, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def _hostile_png() -> Iterator[bytes]:
    for width, height, color in ((2**31 - 1, 2**31 - 1, 0), (30_000, 30_000, 0), (0, 5, 0), (100_000, 100_000, 6)):
        yield _png(width, height, color, zlib.compress(bytes(1000)))
    yield _png(28, 28, 0, _swollen(b"", 100)[10:])
    yield _png(7900, 7900, 0, zlib.compress(bytes(10_000)))


def _hostile_png_of_folder() -> Iterator[bytes]:
    yield from _hostile_png()
    for side in (1990, 7900):
        packer = zlib.compressobj(1)
        yield _png(side, side, 6, packer.compress(bytes((4 * side + 1) * (side // 2))) + packer.flush())


def _hostile_ink() -> Iterator[bytes]:
    yield b"[" * 1_000_000
    yield b'{"strokes": ' + b"[" * 100_000 + b"]" * 100_000 + b"}\n"
    yield b'{"strokes": [[[1e999, 1]]]}\n'
    yield b'{"strokes": [[[NaN, 1]]]}\n'
    yield b'{"strokes": [[[' + b"9" * 1_000_000 + b", 1]]]}\n"
    yield b'{"label": 10, "strokes": []}\n'
    yield b'{"strokes": ' + b'{"a":' * 100_000 + b"\n"
    yield b"\0" * 40_000_000


def _hostile_safetensors() -> Iterator[bytes]:
    for length in (0, 2**62, 4 * 2**20):
        yield struct.pack("<Q", length) + b"{" * 100_000
    yield struct.pack("<Q", 2**20) + (b'{"a":' + b"[" * 2**20)[: 2**20]


def _hostile_json() -> Iterator[bytes]:
    for name in ("sizes", "weights", "biases"):
        content: dict[str, Any] = {"sizes": [784, 10], "weights": [[[0.0] * 784] * 10], "biases": [[[0.0]] * 10]}
        value: Any
        for value in (None, [], [[]], [[[]]], {}, "x" * 1000, [[["1"] * 784] * 10], [[[True] * 784] * 10], 1e300):
            yield json.dumps(content | {name: value}).encode()
    yield b'{"sizes": [784, 10], "weights": ' + b"[" * 19_000 + b"]" * 19_000 + b"}"
    yield b'{"sizes": ' + b"[" * 10_000_000
    yield b'{"sizes": [' + b"1.5," * 3_900_000 + b'1], "weights": [], "biases": []}'
    yield b'{"sizes": [' + b"[]," * 5_000_000
    yield b'{"sizes": ' + b"9" * 1_000_000 + b"}"
    yield b'{"sizes": 1, "sizes": 2}'
    yield b'{"weights": [[[1e999]]], "biases": [[[1]]], "sizes": [1, 1]}'
    yield b'{"weights": [[[1e300]]], "biases": [[[NaN]]], "sizes": [1, 1]}'
    yield _swollen(b'{"sizes": [')
    yield _swollen(b"{" + b" " * 2**20)

"""Picture files: every kind is read the same, damaged ones are told, and what is written comes back."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from nn.errors import InkError
from nn.ink import Drawing, Stroke, frame_from_picture_file, picture_of_drawing, read_picture, save_picture

if TYPE_CHECKING:
    from pathlib import Path

    from nn.arrays import Bytes

SEVEN = Drawing((Stroke(np.array([[0, 0], [10, 0], [4, 20]], dtype=np.float32)),))


@pytest.fixture
def seven() -> Bytes:
    return picture_of_drawing(SEVEN, (160, 120))


def _difference(path: Path, picture: Bytes, folder: Path) -> float:
    save_picture(folder / "plain.png", picture)
    expected = frame_from_picture_file(folder / "plain.png").astype(int)
    return float(np.abs(frame_from_picture_file(path) - expected).mean())


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "I", "F", "YCbCr"])
def test_every_mode_is_read(seven: Bytes, tmp_path: Path, mode: str) -> None:
    grey = Image.fromarray(seven)
    if mode in ("I;16", "I"):
        image = Image.fromarray((seven.astype(np.uint16) * 257).astype(np.uint16 if mode == "I;16" else np.int32))
    elif mode == "F":
        image = Image.fromarray(seven.astype(np.float32) / 255)
    else:
        image = grey.convert(mode)
    path = tmp_path / ("picture.tiff" if mode in ("CMYK", "F", "YCbCr", "I") else "picture.png")
    image.save(path)
    assert _difference(path, seven, tmp_path) < (3 if mode == "1" else 0.6)


@pytest.mark.parametrize("suffix", [".png", ".PNG", ".jpg", ".jpeg", ".bmp"])
def test_what_is_saved_is_read_again(seven: Bytes, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"seven{suffix}"
    save_picture(path, seven)
    assert np.abs(read_picture(path).astype(int) - seven).max() <= (60 if "j" in suffix else 0)
    assert _difference(path, seven, tmp_path) < 1.5


@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("suffix", [".png", ".jpg", ".bmp"])
def test_colour_is_saved(tmp_path: Path, channels: int, suffix: str) -> None:
    pixels = np.zeros((20, 30, channels), dtype=np.uint8)
    pixels[:, :, 0] = 200
    save_picture(tmp_path / f"colour{suffix}", pixels)
    got = read_picture(tmp_path / f"colour{suffix}")
    assert got.shape == (20, 30, 4 if channels == 4 and suffix == ".png" else 3)
    # Transparent pixels are white where a format has no transparency.
    assert got[5, 5, 1] == pytest.approx(255 if channels == 4 and suffix != ".png" else 0, abs=3)


def test_exif_orientation_is_followed(seven: Bytes, tmp_path: Path) -> None:
    image = Image.fromarray(np.rot90(seven).copy())
    exif = Image.Exif()
    exif[0x0112] = 6
    image.save(tmp_path / "turned.jpg", exif=exif, quality=95)
    assert _difference(tmp_path / "turned.jpg", seven, tmp_path) < 1.5


def test_a_transparent_palette_is_paper(tmp_path: Path) -> None:
    pixels = np.zeros((60, 60), dtype=np.uint8)
    pixels[10:50, 28:34] = 1
    image = Image.fromarray(pixels, mode=None).convert("P")
    image.putpalette([0, 0, 0, 0, 0, 0])
    image.save(tmp_path / "palette.png", transparency=0)
    assert frame_from_picture_file(tmp_path / "palette.png").any()


def _png_of_size(columns: int, rows: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", columns, rows, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 99))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(("columns", "rows"), [(9_000, 9_000), (12_000, 12_000), (60_000, 60_000)])
def test_an_enormous_picture_is_refused_before_it_is_decoded(tmp_path: Path, columns: int, rows: int) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(_png_of_size(columns, rows))
    with pytest.raises(InkError, match=r"bomb\.png.*smaller"):
        read_picture(path)


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".bmp"])
def test_a_picture_that_is_cut_off_is_refused_by_name(seven: Bytes, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"whole{suffix}"
    save_picture(path, seven)
    whole = path.read_bytes()
    for part in (0.02, 0.3, 0.7):
        cut = tmp_path / f"cut{suffix}"
        cut.write_bytes(whole[: int(len(whole) * part)])
        with pytest.raises(InkError, match=rf"cut\{suffix}.*PNG"):
            read_picture(cut)


def test_damaged_bytes_never_escape_as_another_error(seven: Bytes, tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    path = tmp_path / "damaged.png"
    for suffix in (".png", ".jpg", ".bmp"):
        save_picture(tmp_path / f"whole{suffix}", seven)
        whole = np.frombuffer((tmp_path / f"whole{suffix}").read_bytes(), dtype=np.uint8)
        for _ in range(30):
            damaged = whole.copy()
            damaged[rng.integers(0, len(whole), size=8)] = rng.integers(0, 256, size=8)
            path.write_bytes(damaged.tobytes())
            try:
                frame_from_picture_file(path)
            except InkError as error:
                assert "damaged.png" in str(error)  # noqa: PT017


@pytest.mark.parametrize("content", [b"", b"no picture", b"%!PS-Adobe-3.0 EPSF-3.0\n", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_picture_is_refused_with_what_was_wanted(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "thing.png"
    path.write_bytes(content)
    with pytest.raises(InkError, match=r"thing\.png.*PNG, JPEG or BMP"):
        read_picture(path)


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(InkError, match=r"nowhere\.png does not exist"):
        read_picture(tmp_path / "nowhere.png")
    with pytest.raises(InkError, match="is a folder"):
        read_picture(tmp_path)


@pytest.mark.parametrize("name", ["picture.gif", "picture", "picture.svg"])
def test_an_ending_that_is_not_written_is_refused(tmp_path: Path, seven: Bytes, name: str) -> None:
    with pytest.raises(InkError, match=r"\.png, \.jpg or \.bmp"):
        save_picture(tmp_path / name, seven)
    assert not list(tmp_path.iterdir())


def test_pixels_that_are_no_picture_are_not_saved(tmp_path: Path) -> None:
    for pixels in (np.zeros((0, 3), np.uint8), np.zeros((3, 3, 2), np.uint8), np.zeros(3, np.uint8)):
        with pytest.raises(InkError, match="uint8"):
            save_picture(tmp_path / "picture.png", pixels)

"""Large pictures are read, too large ones refused, and neither takes the machine's memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageOps

from nn.errors import InkError
from nn.ink import frame_from_picture_file, read_picture

ROOT = Path(__file__).parents[3]
READ, REFUSED = "(28, 28)", "smaller"
COLOURS: dict[str, Any] = {"RGB": (9, 8, 7), "RGBA": (9, 8, 7, 6), "CMYK": (9, 8, 7, 6)}


@pytest.mark.parametrize(
    ("name", "mode", "size", "settings", "wanted"),
    [
        ("hostile.png", "RGBA", (7900, 7900), {"compress_level": 1}, REFUSED),
        ("most.png", "RGBA", (6000, 4000), {"compress_level": 1}, READ),
        ("palette.png", "P", (6000, 4000), {"transparency": 0}, READ),
        ("deep.png", "I;16", (6000, 4000), {"compress_level": 1}, READ),
        ("strip.tiff", "RGBA", (4000, 4000), {"compression": "tiff_adobe_deflate", "tiffinfo": {278: 4000}}, READ),
        ("turned.tiff", "RGBA", (4000, 4000), {"tiffinfo": {274: 6}}, READ),
        ("floats.tiff", "F", (4000, 4000), {}, READ),
        ("most.webp", "RGBA", (4000, 3000), {"lossless": True, "method": 0}, READ),
        ("phone.jpg", "RGB", (8000, 6000), {}, READ),
        ("scans.jpg", "RGB", (6000, 4000), {"progressive": True, "subsampling": 0}, READ),
        ("print.jpg", "CMYK", (5000, 3600), {"progressive": True, "subsampling": 0}, READ),
        ("scans_too_large.jpg", "RGB", (8000, 6000), {"progressive": True}, REFUSED),
    ],
)
def test_a_large_picture_is_read_or_refused_within_a_second_and_200_mb(
    name: str, mode: str, size: tuple[int, int], settings: dict[str, Any], wanted: str, tmp_path: Path
) -> None:
    small, path = tmp_path / "small.png", tmp_path / name
    Image.new("L", (60, 60), 255).save(small)
    Image.new(mode, size, COLOURS.get(mode, 0)).save(path, **settings)
    program = Path(__file__).with_name("read_large_pictures.py")
    done = subprocess.run(
        [sys.executable, program, small, path],
        capture_output=True,
        check=False,
        text=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert wanted in result["told"]
    assert result["memory"] < 200 * 2**20
    assert result["seconds"] < 1.2


def _scene(mode: str) -> Image.Image:
    """Return a page of 5.3 million pixels with a thick stroke that is no picture of itself turned or mirrored."""
    pixels = np.full((2300, 2304), 240, np.uint8)
    pixels[300:2000, 700:900] = 20
    pixels[1800:2000, 700:1700] = 20
    return Image.fromarray(pixels).convert(mode)


@pytest.mark.parametrize("mode", ["L", "P", "RGB", "RGBA", "I;16", "F"])
def test_a_picture_averaged_down_shows_the_same_digit(mode: str, tmp_path: Path) -> None:
    large, small = tmp_path / "large.tiff", tmp_path / "small.png"
    scene = _scene("L")
    scene.reduce(4).save(small)
    if mode in ("I;16", "F"):
        values = (
            np.asarray(scene).astype(np.uint16) * 257 if mode == "I;16" else np.asarray(scene) / np.float32(255)
        )
        Image.fromarray(values).save(large)
    else:
        scene.convert(mode).save(large)
    pixels = read_picture(large)
    assert pixels.shape[:2] == (1150, 1152)
    apart = frame_from_picture_file(large).astype(int) - frame_from_picture_file(small)
    assert np.abs(apart).max() <= 24


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_turned_as_pillow_turns_it(orientation: int, tmp_path: Path) -> None:
    path = tmp_path / "turned.png"
    exif = Image.Exif()
    exif[0x0112] = orientation
    _scene("RGB").crop((500, 100, 2000, 2200)).reduce(10).save(path, exif=exif)
    with Image.open(path) as image:
        np.testing.assert_array_equal(read_picture(path), np.asarray(ImageOps.exif_transpose(image)))


def test_a_jpeg_in_several_scans_is_known_by_its_first(tmp_path: Path) -> None:
    path = tmp_path / "scans.jpg"
    Image.new("RGB", (7000, 7000)).save(path)
    data = path.read_bytes()
    at = data.index(b"\xff\xda")
    assert data[at + 4] == 3
    # The first scan now claims one component of three, which is how sequential JPEG announces more scans.
    path.write_bytes(data[:at] + b"\xff\xda\x00\x08\x01" + data[at + 5 : at + 7] + data[at + 11 :])
    with pytest.raises(InkError, match="24 million"):
        read_picture(path)

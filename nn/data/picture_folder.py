"""Digits as pictures in a folder: ``LABEL/*.png``, or ``*_LABEL.png`` as *Make Your Own Neural Network* has them.

A picture of 28 x 28 pixels is taken as a frame, pixel by pixel: whoever made it has already placed the digit. Only
which of ink and paper is dark is seen to, by its border, where MNIST has paper: a border that is mostly light is
white paper, and is turned over. Any other size is a picture of a digit, and goes through MNIST's own recipe.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from nn.data.dataset import Dataset
from nn.data.digit_files import DigitFile
from nn.data.pixels import DIGITS
from nn.files.streams import DamageError
from nn.ink.light import light_of_picture
from nn.ink.pictures import frame_from_picture, read_picture

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nn.arrays import Bytes

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp")
MOST_PIXELS = 4_000_000
"""Of one picture: one of thousands in a folder is no photograph of a page, and may have been made to harm."""
_PARTS = {"training": ("training", "train"), "test": ("testing", "test")}
_LABEL = re.compile(r".*_([0-9])", re.DOTALL)


def holds_pictures(folder: Path) -> bool:
    """Whether a folder has labelled pictures, itself or in the parts ``training`` and ``testing``."""
    return any(True for part in (folder, *_parts(folder).values()) for _ in _labelled(part))


def read_picture_folder(folder: Path) -> DigitFile:
    """Read a folder of labelled pictures, in order of their names.

    Raises
    ------
    DamageError
        If there are more than can be held.
    InkError
        If a picture is damaged; it is named.
    """
    parts = _parts(folder)
    if "training" not in parts:
        return DigitFile(_dataset(folder))
    return DigitFile(_dataset(parts["training"]), test=_dataset(parts["test"]) if "test" in parts else None)


def frame_of_file(path: Path) -> Bytes:
    """Return the frame of one picture, as this module's first lines tell; InkError where it is damaged."""
    pixels = read_picture(path, most_pixels=MOST_PIXELS)
    if pixels.shape[:2] != (28, 28):
        return frame_from_picture(pixels)
    frame: Bytes = np.rint(light_of_picture(pixels) * 255).astype(np.uint8)
    border = np.concatenate([frame[0], frame[-1], frame[:, 0], frame[:, -1]])
    return 255 - frame if np.median(border) > 127 else frame


def _parts(folder: Path) -> dict[str, Path]:
    found = {}
    for part, spellings in _PARTS.items():
        for name in spellings:
            if (folder / name).is_dir():
                found[part] = folder / name
    return found


def _labelled(folder: Path) -> Iterator[tuple[Path, int]]:
    """Yield pictures whose folder or name says what they are."""
    for digit in range(10):
        if (folder / str(digit)).is_dir():
            yield from ((path, digit) for path in _pictures(folder / str(digit)))
    for path in _pictures(folder):
        match = _LABEL.fullmatch(path.stem)
        if match:
            yield path, int(match[1])


def _pictures(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES and path.is_file())


def _dataset(folder: Path) -> Dataset:
    found = list(_labelled(folder))
    if len(found) > DIGITS:
        raise DamageError(f"it holds {len(found):,} pictures, and at most {DIGITS:,} are read")
    frames = np.zeros((len(found), 28, 28), np.uint8)
    for frame, (path, _) in zip(frames, found, strict=True):
        frame[:] = frame_of_file(path)
    return Dataset(frames, np.array([label for _, label in found], np.uint8))

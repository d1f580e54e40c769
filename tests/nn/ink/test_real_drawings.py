"""Frames of real drawings look like MNIST: the same mean ink, the same place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from nn.ink import Drawing, Stroke, centre_of_mass, frame_from_drawing

if TYPE_CHECKING:
    from pathlib import Path

MNIST_MEAN_INK = 33.3


def _pendigits(path: Path, count: int) -> list[Drawing]:
    """Read drawings, y turned down, in the plainest way; the reader of the data set is another's business."""
    drawings: list[list[list[list[float]]]] = []
    for line in path.read_text(encoding="latin-1").splitlines():
        if line.startswith(".SEGMENT"):
            drawings.append([])
        elif line.startswith(".PEN_DOWN"):
            drawings[-1].append([])
        elif drawings and line[:1] == " ":
            x, y = line.split()
            drawings[-1][-1].append([float(x), -float(y)])
    step = max(1, len(drawings) // count)
    return [
        Drawing(tuple(Stroke(np.array(points, dtype=np.float32)) for points in drawing))
        for drawing in drawings[::step]
    ]


def _numberpad(path: Path, count: int) -> list[Drawing]:
    samples = json.loads(path.read_text(encoding="utf-8"))["rawData"]
    digits = [sample for digit in "0123456789" for sample in samples[digit]]
    step = max(1, len(digits) // count)
    return [
        Drawing(tuple(Stroke(np.array(points, dtype=np.float32)) for points in sample if points))
        for sample in digits[::step]
    ]


@pytest.mark.parametrize("name", ["pendigits", "numberpad"])
def test_real_drawings_have_the_mean_ink_and_the_place_of_mnist(data_folder: Path, name: str) -> None:
    if name == "pendigits":
        drawings = _pendigits(data_folder / "pendigits" / "pendigits-orig.tra", 750)
    else:
        drawings = _numberpad(data_folder / "numberpad" / "numberpad.json", 400)
    frames = np.stack([frame_from_drawing(drawing) for drawing in drawings])
    assert frames.mean() == pytest.approx(MNIST_MEAN_INK, rel=0.06)
    for frame in frames:
        assert frame.max() == 255
        assert all(13.5 <= balance <= 14.5 for balance in centre_of_mass(frame))
        assert max(np.ptp(np.flatnonzero(frame.any(axis=axis))) + 1 for axis in (0, 1)) == 20

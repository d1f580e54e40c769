"""Distortions: what happens to a digit on its way to the network, each turned up step by step.

Where there are strokes, the strokes are bent and inked afterwards, as the pad would; where there is only a
picture, its pixels are. The first says what a person may do, the second what a frame may bear.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nn.data.augmentation import thickened, warped
from nn.ink.frame import PEN, frame_from_drawing
from nn.ink.pictures import frame_from_picture
from nn.ink.raster import picture_of_drawing
from nn.report.bending import every_nth, in_whole_units, on_pad, shaken, slanted, turned

if TYPE_CHECKING:
    from nn.arrays import Bytes
    from nn.ink.strokes import Drawing

Inking = Callable[["Drawing", float, np.random.Generator], "Bytes"]
"""From a drawing and a strength to a frame."""

Touching = Callable[["Bytes", float, np.random.Generator], "Bytes"]
"""From frames (n, 28, 28) and a strength to frames."""

_MNIST_STROKE = 2.65
"""Mean thickness of MNIST's strokes in pixels."""

_PAD = 400
"""Side of the pad, in pixels of the screen, where it matters that points are whole pixels."""

_PICTURE = 140
"""Side of a picture of a digit, where it comes as one."""

_MIDDLE = (0.5, 0.5)


@dataclass(frozen=True, slots=True)
class Distortion:
    """One way to disturb digits, and how far.

    Parameters
    ----------
    name, unit
        For people: what is done, and what `values` count.
    values
        Strengths, in ascending order.
    ink
        How strokes are distorted; None where the distortion is one of pictures.
    touch
        How pictures are distorted; None where the distortion is one of strokes. Without `ink`, the frames of
        drawings are treated so too.
    """

    name: str
    unit: str
    values: tuple[float, ...]
    ink: Inking | None = None
    touch: Touching | None = None


def _bent(change: Callable[[Drawing, float], Drawing]) -> Inking:
    """Ink a drawing after it was changed."""

    def ink(drawing: Drawing, value: float, _rng: np.random.Generator) -> Bytes:
        return frame_from_drawing(change(drawing, value))

    return ink


def _inked_thick(drawing: Drawing, factor: float, _rng: np.random.Generator) -> Bytes:
    return frame_from_drawing(drawing, PEN * factor)


def _drawn_thick(drawing: Drawing, factor: float, _rng: np.random.Generator) -> Bytes:
    return frame_from_picture(picture_of_drawing(drawing, _PICTURE, pen=PEN * factor))


def _inked_shaken(drawing: Drawing, percent: float, rng: np.random.Generator) -> Bytes:
    return frame_from_drawing(shaken(drawing, percent / 100, rng))


def _warped(matrix: Callable[[float], list[list[float]]]) -> Touching:
    """Treat frames by the affine map from new pixels to old that a strength gives, shape (2, 3)."""

    def touch(frames: Bytes, value: float, _rng: np.random.Generator) -> Bytes:
        one = np.array(matrix(value), np.float32)
        return warped(frames, np.ascontiguousarray(np.broadcast_to(one, (len(frames), 2, 3))))

    return touch


def _turn_back(degrees: float) -> list[list[float]]:
    cos, sin = float(np.cos(np.deg2rad(degrees))), float(np.sin(np.deg2rad(degrees)))
    return [[cos, sin, 0], [-sin, cos, 0]]


def _lean_back(degrees: float) -> list[list[float]]:
    return [[1, float(np.tan(np.deg2rad(degrees))), 0], [0, 1, 0]]


def _spread(frames: Bytes, factor: float, _rng: np.random.Generator) -> Bytes:
    """Spread or thin the ink on both sides, a pixel at most in one go."""
    left = (factor - 1) * _MNIST_STROKE / 2
    while left:
        amount = float(np.clip(left, -1, 1))
        frames = thickened(frames, np.full(len(frames), amount, np.float32))
        left -= amount
    return frames


def _grained(frames: Bytes, deviation: float, rng: np.random.Generator) -> Bytes:
    noisy = frames + rng.normal(0, deviation, frames.shape)
    return np.clip(np.rint(noisy), 0, 255).astype(np.uint8)


_ANGLES = tuple(float(angle) for angle in range(-30, 31, 5))
_SIZES = (5.0, 10.0, 20.0, 40.0, 60.0, 80.0, 95.0)
_THICKNESSES = (0.5, 0.6, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0)
_PIXELS = (-2.0, -1.0, 0.0, 1.0, 2.0)

DISTORTIONS = (
    Distortion("rotation", "degrees", _ANGLES, _bent(turned), _warped(_turn_back)),
    Distortion("slant", "degrees", _ANGLES, _bent(slanted), _warped(_lean_back)),
    Distortion(
        "size", "% of the pad", _SIZES, _bent(lambda drawing, percent: on_pad(drawing, percent / 100, _MIDDLE))
    ),
    Distortion(
        "size in whole pixels",
        f"% of a pad of {_PAD} pixels",
        _SIZES,
        _bent(lambda drawing, percent: in_whole_units(on_pad(drawing, percent / 100, _MIDDLE, _PAD))),
    ),
    Distortion(
        "place",
        "% of the way across the pad",
        (0.0, 25.0, 50.0, 75.0, 100.0),
        _bent(lambda drawing, percent: on_pad(drawing, 0.2, (percent / 100, 1 - percent / 100))),
    ),
    Distortion("pen", "times as thick", _THICKNESSES, _inked_thick, _spread),
    Distortion("pen of a picture", "times as thick", (0.2, *_THICKNESSES, 3.0), _drawn_thick),
    Distortion("shaking", "% of the size a point", (0.0, 1.0, 2.0, 3.0, 4.0, 5.0), _inked_shaken),
    Distortion(
        "sparse points",
        "one of so many",
        (1.0, 2.0, 3.0, 4.0, 5.0, 6.0),
        _bent(lambda drawing, step: every_nth(drawing, int(step))),
    ),
    Distortion("grain", "levels of 255 a pixel", (0.0, 10.0, 20.0, 40.0, 60.0, 80.0), touch=_grained),
    Distortion("shift right", "pixels", _PIXELS, touch=_warped(lambda pixels: [[1, 0, -pixels], [0, 1, 0]])),
    Distortion("shift down", "pixels", _PIXELS, touch=_warped(lambda pixels: [[1, 0, 0], [0, 1, -pixels]])),
    Distortion(
        "size in the frame",
        "times as large",
        (0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3),
        touch=_warped(lambda factor: [[1 / factor, 0, 0], [0, 1 / factor, 0]]),
    ),
)
"""Every distortion of a report, in its order."""

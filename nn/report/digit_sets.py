"""One set of digits to be read: its frames, its strokes where it has any, and the groups it falls into."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nn.data.dataset import Dataset
from nn.ink.meant import frame_as_meant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from nn.arrays import Bytes
    from nn.ink.strokes import Drawing
    from nn.report.distortions import Distortion

_SEED = 5  # of shaking and grain: every network is shaken alike


@dataclass(frozen=True, slots=True, eq=False)
class DigitSet:
    """Labelled digits.

    Parameters
    ----------
    digits
        The frames.
    drawings
        The strokes behind the frames, one drawing each; none where there are only pictures.
    groups
        Names and masks (n,) of those who wrote them, or of other parts worth a row of their own.
    is_validation
        Whether the set is there to choose by: it is disturbed, and confidence is judged on it.
    """

    digits: Dataset
    drawings: Sequence[Drawing] = ()
    groups: tuple[tuple[str, NDArray[np.bool_]], ...] = ()
    is_validation: bool = False

    @property
    def name(self) -> str:
        """What a person should read."""
        return self.digits.name

    def can_be(self, distortion: Distortion) -> bool:
        """Whether a distortion can be done to these digits."""
        return distortion.touch is not None or (distortion.ink is not None and bool(self.drawings))

    def disturbed(self, distortion: Distortion, value: float) -> Dataset:
        """Return the digits under a distortion of that strength; always the same ones."""
        return Dataset(self._frames(distortion, value), self.digits.labels, self.name)

    def _frames(self, distortion: Distortion, value: float) -> Bytes:
        rng = np.random.default_rng(_SEED)
        if distortion.ink is not None and self.drawings:
            return np.stack([distortion.ink(drawing, value, rng) for drawing in self.drawings])
        if distortion.touch is None:
            raise AssertionError(f"{distortion.name} is for strokes, and {self.name} has none")
        return distortion.touch(self.digits.images, value, rng)


@dataclass(frozen=True, slots=True, eq=False)
class NoDigits:
    """Frames (n, 28, 28) of something that is no digit, such as all plus signs of one person."""

    name: str
    source: str
    frames: Bytes
    is_how_some_write: bool = False
    """Whether some people write a digit so: a slash is a 1."""


def drawn(drawings: Sequence[Drawing], name: str) -> Dataset:
    """Ink labelled drawings as the pad would."""
    labels = np.array([drawing.label for drawing in drawings], np.uint8)
    return Dataset(frames_of(drawings), labels, name)


def frames_of(drawings: Sequence[Drawing]) -> Bytes:
    """Ink drawings as the pad would: uint8 (n, 28, 28)."""
    frames = np.zeros((len(drawings), 28, 28), np.uint8)
    for frame, drawing in zip(frames, drawings, strict=True):
        frame[...] = frame_as_meant(drawing)
    return frames

"""Strokes stay vectors: a drawing is where the pen went, not which pixels it blackened.

A stroke is the path from pen down to pen up; a drawing is its strokes in order. Keeping points rather than
pixels gives undo, resize, replay and a pen of any thickness for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nn.errors import InkError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from nn.arrays import Float32


def _frozen(values: ArrayLike, shape: tuple[int, ...], what: str) -> Float32:
    # Too large for float32 becomes infinite, and is refused below in our words.
    with np.errstate(over="ignore"):
        array = np.array(values, dtype=np.float32)
    if array.ndim != len(shape) or any(
        want not in (-1, got) for got, want in zip(array.shape, shape, strict=True)
    ):
        raise InkError(
            f"{what} of a stroke came with shape {array.shape}; wanted {shape}, where -1 is any length."
        )
    if not np.isfinite(array).all():
        raise InkError(f"{what} of a stroke must be finite numbers; at least one is infinite or not a number.")
    array.flags.writeable = False
    return array


@dataclass(frozen=True, slots=True, eq=False)
class Stroke:
    """One path of the pen, from down to up.

    Parameters
    ----------
    points
        Shape (n, 2), n >= 1: x to the right, y down, in any unit.
    pressure
        Shape (n,), 0..1, from a pen that reports it; None from a mouse or a finger.

    Raises
    ------
    InkError
        If the shapes do not fit, a coordinate is not finite, or a pressure lies outside 0..1.
    """

    points: Float32
    pressure: Float32 | None = None

    def __post_init__(self) -> None:
        points = _frozen(self.points, (-1, 2), "Points")
        if len(points) == 0:
            raise InkError("A stroke needs at least one point; this one has none.")
        object.__setattr__(self, "points", points)
        if self.pressure is not None:
            pressure = _frozen(self.pressure, (len(points),), "Pressures")
            if pressure.min() < 0 or pressure.max() > 1:
                raise InkError(
                    f"Pressures must lie in 0..1; these go from {pressure.min():g} to {pressure.max():g}."
                )
            object.__setattr__(self, "pressure", pressure)


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """Strokes in the order they were drawn, and the digit they are meant to be, where somebody said so."""

    strokes: tuple[Stroke, ...] = ()
    label: int | None = None

    @property
    def is_blank(self) -> bool:
        """Whether no stroke was drawn."""
        return not self.strokes

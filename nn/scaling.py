"""Input scaling: from bytes 0..255 to the small numbers that a network learns from.

The scaling belongs to the network and is saved with it: read with another one, good weights are worthless.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nn.errors import ConfigurationError
from nn.scalars import is_finite

if TYPE_CHECKING:
    from nn.arrays import Array, Bytes, Float32


@dataclass(frozen=True, slots=True)
class Scaling:
    """The input of a network is ``pixel * factor + offset``.

    Raises
    ------
    ConfigurationError
        If one is not finite as float32, or the factor is 0 there.

    Examples
    --------
    >>> SCALINGS["0.01..1"].apply(np.array([0, 255], np.uint8)).round(2).tolist()
    [0.009999999776482582, 1.0]
    """

    factor: float
    offset: float = 0.0

    def __post_init__(self) -> None:
        if not (_is_float32(self.factor) and _is_float32(self.offset)) or np.float32(self.factor) == 0:
            raise ConfigurationError(
                f"Scaling by {self.factor!r} and {self.offset!r}; wanted numbers that are finite in float32, the "
                "first not 0."
            )

    def apply(self, pixels: Bytes, out: Float32 | None = None) -> Float32:
        """Scale bytes of any shape to float32."""
        scaled = np.multiply(pixels, np.float32(self.factor), out=out, dtype=np.float32)
        if self.offset:
            scaled += np.float32(self.offset)
        return scaled

    def undo(self, inputs: Array) -> Bytes:
        """Return the bytes that scale to `inputs`, as near as bytes can be."""
        pixels = (inputs - self.offset) / self.factor
        whole: Bytes = np.clip(np.rint(pixels), 0, 255).astype(np.uint8)
        return whole


def _is_float32(value: object) -> bool:
    return is_finite(value) and abs(value) <= float(np.finfo(np.float32).max)


SCALINGS = {
    "/255": Scaling(1 / 255),
    "0.01..1": Scaling(0.99 / 255, 0.01),
    "standardised": Scaling(1 / 255 / 0.3081, -0.1307 / 0.3081),
}
"""Scalings by name: plain; *Make Your Own Neural Network*'s; mean 0 and deviation 1 over MNIST's training set."""

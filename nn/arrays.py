"""The array types of the house, by name.

Shape words are the same everywhere: ``n`` batch, ``h, w, c`` image, ``d_in, d_out`` the two sides of an affine
layer, ``k`` classes. Numbers are float32; float64 appears where gradients are checked.
"""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.floating[Any]]
"""Real numbers: float32, or float64 in a gradient check."""

Float32: TypeAlias = NDArray[np.float32]
"""Real numbers in the precision that everything trains and reads in."""

Bytes: TypeAlias = NDArray[np.uint8]
"""Pixels 0..255, and labels 0..9."""

Integers: TypeAlias = NDArray[np.int64]
"""Class numbers and indices."""

Mask: TypeAlias = NDArray[np.bool_]
"""True where something is."""

Shape: TypeAlias = tuple[int, ...]
"""The shape of one sample, without the batch."""

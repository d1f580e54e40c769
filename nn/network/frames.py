"""Frames, as a network wants them: bytes, and as many pixels each as it has inputs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from nn.errors import ShapeError

if TYPE_CHECKING:
    from nn.arrays import Bytes, Shape

_BYTE = np.dtype(np.uint8)


def laid_out(frames: Bytes, shape: Shape) -> Bytes:
    """View frames, (n, 28, 28), in the shape (n, *input_shape) of inputs.

    Raises
    ------
    ShapeError
        If they are no bytes, or have another number of pixels; a single frame wants an axis of its own.
    """
    try:
        if frames.dtype == _BYTE:
            return frames.reshape(shape)
    except ValueError:
        pass
    raise ShapeError(
        f"Frames came as {frames.dtype} {frames.shape}; wanted uint8, n frames of {math.prod(shape[1:])} pixels "
        f"each, such as (n, 28, 28), from paper 0 to ink 255. {_remedy(frames)}"
    )


def _remedy(frames: Bytes) -> str:
    if frames.dtype != _BYTE:
        return "Ink from 0 to 1 becomes bytes by np.rint(255 * ink).astype(np.uint8)."
    return "One frame alone is read as frame[np.newaxis]."

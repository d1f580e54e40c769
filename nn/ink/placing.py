"""The last step of both recipes: 20 x 20 ink becomes a 28 x 28 frame whose centre of mass is where MNIST has it.

MNIST pastes its box so that the centre of mass falls on pixel index 14, by whole pixels; in all its images it
lies within 13.5 and 14.5 on both axes. A network trained there has never seen anything else: one pixel off
costs ten points of accuracy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nn.ink.cropping import box_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from nn.arrays import Array, Bytes

FRAME = 28
"""Rows and columns of the frame that a network reads."""

BOX = 20
"""Longest side of the ink within the frame, in pixels."""

_CENTRE = FRAME / 2


def blank_frame() -> Bytes:
    """Return the frame of nothing: paper, 0 everywhere."""
    return np.zeros((FRAME, FRAME), dtype=np.uint8)


def centre_of_mass(frame: Bytes) -> tuple[float, float]:
    """Return the row and column around which the ink of a picture balances.

    Pixel i counts as its index i. A picture without ink balances at NaN.
    """
    total = int(frame.sum(dtype=np.int64))
    if total == 0:
        return float("nan"), float("nan")
    rows, columns = (frame.sum(axis=axis, dtype=np.int64) for axis in (1, 0))
    return (
        float(rows @ np.arange(len(rows))) / total,
        float(columns @ np.arange(len(columns))) / total,
    )


def centred_frame(render: Callable[[int], Array]) -> Bytes:
    """Return the frame of ink that ``render(side)`` draws into a square of that many pixels.

    Ink is never cut off. Where its mass lies so far to one side that centring a box of 20 would push the other
    side out of the frame, a smaller box is drawn, pixel by pixel down to 14, which always fits: the centre of
    mass keeps its place and the drawing its proportions, and the longest side alone is no longer 20.

    Parameters
    ----------
    render
        Draws the ink into (side, side), 0 for paper and any positive unit for ink.

    Returns
    -------
    frame
        uint8 (28, 28), the brightest pixel 255; all zeros where nothing was drawn.
    """
    for side in range(BOX, 0, -1):
        box = _stretched(render(side))
        if not box.any():
            break
        frame = _pasted(box)
        if frame is not None:
            return frame
    return blank_frame()


def _stretched(ink: Array) -> Bytes:
    brightest = float(ink.max())
    if brightest <= 0:
        return np.zeros(ink.shape, dtype=np.uint8)
    stretched: Bytes = np.rint(ink * (255 / brightest)).astype(np.uint8)
    return stretched


def _pasted(box: Bytes) -> Bytes | None:
    """Return the box in its frame, or None where ink would stick out."""
    ink = box[box_of(box)]
    # Rounding half down, as whoever made MNIST rounded.
    top, left = (int(np.floor(_CENTRE + 0.5 - balance)) for balance in centre_of_mass(ink))
    bottom, right = top + ink.shape[0], left + ink.shape[1]
    if min(top, left) < 0 or max(bottom, right) > FRAME:
        return None
    frame = blank_frame()
    frame[top:bottom, left:right] = ink
    return frame

"""A box drawn around a digit, as forms have them, is no ink of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nn.ink.cropping import cropped
from nn.ink.pieces import pieces_of

if TYPE_CHECKING:
    from nn.arrays import Float32, Mask

# Ink lies along this share of each side of a box, within this share of its width and height; a nought's is curved.
_ALONG, _BAND = 0.9, 1 / 20

# What a box is drawn around is at least so large, by the box: a dot in a nought is smaller.
_INSIDE = 0.2


def without_box(ink: Float32) -> Float32:
    """Return the ink of a drawn picture without a rectangle that is drawn around all the rest.

    Parameters
    ----------
    ink
        (h, w), 0 on paper.
    """
    pieces = pieces_of(ink > 0)
    if len(pieces) < 2:
        return ink
    outer = int(pieces.sides.argmax())
    others = np.arange(len(pieces)) != outer
    is_around = (
        pieces.top[outer] < pieces.top[others].min()
        and pieces.bottom[outer] > pieces.bottom[others].max()
        and pieces.left[outer] < pieces.left[others].min()
        and pieces.right[outer] > pieces.right[others].max()
    )
    if not is_around or pieces.sides[others].max() < _INSIDE * pieces.sides[outer]:
        return ink
    box = pieces.mask(~others)
    return np.where(box, np.float32(0), ink) if _is_rectangle(box) else ink


def _is_rectangle(mask: Mask) -> bool:
    """Whether there is ink along all four sides of the bounding box."""
    inked = cropped(mask.astype(np.float32)) > 0
    return all(_is_inked_along(side) for side in (inked, inked[::-1], inked.T, inked.T[::-1]))


def _is_inked_along(inked: Mask) -> bool:
    band = inked[: max(1, round(_BAND * len(inked)))]
    return bool(band.any(axis=0).mean() > _ALONG)

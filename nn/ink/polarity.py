"""Which of ink and paper is light: a pen on paper, or chalk on a board.

Two votes, for each is deceived by what the other sees through. What differs from the middle tone of its
surroundings is ink, unless dark lies around the sheet on all sides: then it is the paper that differs. What is
narrow is ink, which a desk is not however much of it is seen; but gaps between strokes are narrow too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nn.ink.backdrop import highest, resized

if TYPE_CHECKING:
    from nn.arrays import Float32

# The picture's longer side is brought to this many pixels before tones are compared with their surroundings, half
# of the picture and more: they hold more paper than ink, also within a nought.
_COARSE, _AROUND = 72, 41

# The same for narrow things, and how narrow they may be: from a ball pen to a digit that fills the picture.
_FINE, _WIDTHS = 200, (5, 9, 13, 19, 27, 39, 55)

# Of the narrow things, so much of the picture tells how far they stand out; and what stands out by this share of
# what anything does, squared, is no grain.
_OUTSTANDING, _CLEAR = 0.004, 0.5


def is_light_on_dark(light: Float32) -> bool:
    """Tell whether the ink in a photograph is lighter than its paper.

    Parameters
    ----------
    light
        (h, w), 0..1.
    """
    return _stands_out_light(light) and _is_narrow_light(light)


def _stands_out_light(light: Float32) -> bool:
    """Whether what differs most from its surroundings is lighter than they are."""
    small = _small(light, _COARSE)
    around = np.pad(small, _AROUND // 2, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(around, (_AROUND, _AROUND))[:, :, ::4, ::4]
    apart = small - np.median(windows, axis=(2, 3))
    low, high = np.percentile(apart, [2, 98])
    darker, lighter = apart[apart <= low], apart[apart >= high]
    return float(np.square(lighter).mean()) > float(np.square(darker).mean())


def _is_narrow_light(light: Float32) -> bool:
    """Whether the narrowest things that stand out are light, as the top-hat transforms of both kinds tell."""
    small = _small(light, _FINE)
    heights = np.array([[_height(hat) for hat in _hats(small, width)] for width in _WIDTHS])
    narrowest = int(np.argmax(heights.max(axis=1) > _CLEAR * heights.max()))
    dark, bright = heights[narrowest]
    return bool(bright > dark)


def _hats(plane: Float32, width: int) -> tuple[Float32, Float32]:
    """Return how far what is narrower than a width is darker, and how far it is lighter, than what is around it.

    They are the closing less the plane, and the plane less the opening.
    """
    wide, inner = np.pad(plane, width, mode="edge"), slice(width, -width)
    closed = -highest(-highest(wide, width), width)
    opened = highest(-highest(-wide, width), width)
    return closed[inner, inner] - plane, plane - opened[inner, inner]


def _height(hat: Float32) -> float:
    count = max(8, int(_OUTSTANDING * hat.size))
    return float(np.square(np.partition(hat.ravel(), -count)[-count:]).mean())


def _small(light: Float32, side: int) -> Float32:
    scale = min(1.0, side / max(light.shape))
    rows, columns = (max(8, round(scale * length)) for length in light.shape)
    return resized(light, (rows, columns))

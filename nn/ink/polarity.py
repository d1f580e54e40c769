"""Which of ink and paper is light: a pen on paper, or chalk on a board.

What differs from the middle tone of its surroundings is ink, unless dark lies around the sheet on all sides: then
it is the paper that differs. Such a sheet is told from chalk by two signs together. It is wider than any stroke;
and what is narrowest on it is dark, as the gaps between broad strokes of chalk may be, but not the chalk.
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

# No stroke is wider than this, of the picture's shorter side; what is wider, and so light within the picture's
# range of light, is a sheet.
_WIDEST, _BRIGHT = 0.17, 0.6


def is_light_on_dark(light: Float32) -> bool:
    """Tell whether the ink in a photograph is lighter than its paper.

    Parameters
    ----------
    light
        (h, w), 0..1.
    """
    if not _stands_out_light(light):
        return False
    small = _small(light, _FINE)
    return not _has_sheet(small) or _is_narrow_light(small)


def _stands_out_light(light: Float32) -> bool:
    """Whether what differs most from its surroundings is lighter than they are."""
    small = _small(light, _COARSE)
    around = np.pad(small, _AROUND // 2, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(around, (_AROUND, _AROUND))[:, :, ::4, ::4]
    apart = small - np.median(windows, axis=(2, 3))
    low, high = np.percentile(apart, [2, 98])
    darker, lighter = apart[apart <= low], apart[apart >= high]
    return float(np.square(lighter).mean()) > float(np.square(darker).mean())


def _has_sheet(small: Float32) -> bool:
    """Whether something light is wider than a stroke."""
    wide = small - _hats(small, int(_WIDEST * min(small.shape)) | 1)[1]
    darkest = float(wide.min())
    return float(np.percentile(wide, 99)) - darkest > _BRIGHT * (float(np.percentile(small, 99.5)) - darkest)


def _is_narrow_light(small: Float32) -> bool:
    """Whether the narrowest things that stand out are light, as the top-hat transforms of both kinds tell."""
    heights = np.array([[_height(hat) for hat in _hats(small, width)] for width in _WIDTHS])
    narrowest = int(np.argmax(heights.max(axis=1) > _CLEAR * heights.max()))
    dark, bright = heights[narrowest]
    return bool(bright > dark)


def _hats(plane: Float32, width: int) -> tuple[Float32, Float32]:
    """Return how far what is narrower than a width is darker, and how far it is lighter, than what is around it.

    They are the closing less the plane, and the plane less the opening.
    """
    # Beyond the border lies what lies within it: a frame drawn along it stays narrow.
    wide, inner = np.pad(plane, width, mode="symmetric"), slice(width, -width)
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

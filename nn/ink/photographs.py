"""A photograph of a digit on paper: its ink alone, as even and as thick as a scan that MNIST was made of.

The steps are those of reading documents: the light of the paper is found and divided by, a threshold between
paper and ink is set where the two are farthest apart, printed lines are taken away, and of the pieces that are
left those that belong to the digit are chosen; dust, the edge of the desk and soft shadows are none. Last the
ink is brought to one size and a thickness that MNIST's pens have, so that the pen of the person who wrote hardly
matters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from nn.ink.backdrop import light_of_paper
from nn.ink.choosing import digit_among
from nn.ink.cropping import box_of, cropped
from nn.ink.pieces import pieces_of
from nn.ink.placing import BOX
from nn.ink.polarity import is_light_on_dark
from nn.ink.rules import without_rules
from nn.ink.thickness import thickness, with_thickness
from nn.ink.tones import level_between_tones

if TYPE_CHECKING:
    from nn.arrays import Float32, Mask

# More pixels than these show no more of a digit, and take their time.
_ENOUGH_PIXELS = 600_000

# What is dark and narrower than these shares of the picture's shorter side may be ink: first the widest pen, and
# where none is found, a pen so fine that little beside it is dark in so small a window.
_WIDTHS = 0.25, 0.06

# The window in which paper is looked for once the pen is known, in thicknesses of the pen; in pixels at least.
_ROOM, _LEAST_ROOM = 3.0, 8.0

# Ink is darker than its paper by so much, and by so many deviations of the grain.
_LEAST, _GRAINS = 0.05, 5.0

# The level that parts ink from what is only darker than paper is found in so many steps.
_STEPS = 128

# The ink is brought to this size before its thickness is measured and mended.
_SIDE = 160

THICKEST = 5.5
"""Lines as MNIST's broadest, in pixels of the frame; thicker ones are thinned so far only.

Where lines have run together, as in an 8, they would be worn through by more: brought to 3.2 pixels, twice as many
pen digits were misread by a pen twice as broad, and by a felt pen in photographs.
"""

# Lines as most of MNIST's, to which finer ones are brought.
_THINNEST = 2.3

# Of the pixels that only a median is wanted of, every so-manieth is enough in both directions.
_SOME = (slice(None, None, 4), slice(None, None, 4))


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """A digit in a photograph: how dark each pixel is, where ink is 1, and which pixels are the digit's."""

    darkness: Float32
    chosen: Mask


def ink_of_photograph(light: Float32) -> Float32:
    """Return the ink of the digit in a photograph.

    Parameters
    ----------
    light
        (h, w), 0..1; dark ink on light paper or light ink on dark.

    Returns
    -------
    ink
        float32, 0..1, cropped with a margin and of another size than `light`; all zeros, in any shape, where there
        is no digit.
    """
    light = _reduced(light)
    if is_light_on_dark(light):
        light = 1 - light
    attempts = (_digit(light, share * min(light.shape)) for share in _WIDTHS)
    found = next((digit for digit in attempts if digit is not None), None)
    if found is None:
        return np.zeros((1, 1), dtype=np.float32)
    # Seen through a window that fits the pen, shadows and the edges of the paper are no longer in the way.
    width = _ROOM * thickness(cropped(found.chosen))
    closer = _digit(light, max(width, _LEAST_ROOM)) or found
    return pen_as_in_frames(_cut_out(closer))


def _digit(light: Float32, width: float) -> _Found | None:
    """Find the digit, if there is one whose pen is narrower than `width` pixels."""
    darkness = _darkness(light, width)
    ink, level = _inked(darkness)
    if not level:
        return None
    chosen = digit_among(pieces_of(ink), darkness, level)
    return _Found(darkness / np.float32(level), chosen) if chosen.any() else None


def pen_as_in_frames(ink: Float32) -> Float32:
    """Return ink, its longest side brought to one size, with lines as thick as MNIST has them.

    Parameters
    ----------
    ink
        (h, w), 0..1, with nothing but paper at its border.
    """
    rows, columns = ink.shape
    factor = _SIDE / max(rows, columns)
    image = Image.fromarray(ink).resize(
        (max(1, round(columns * factor)), max(1, round(rows * factor))), Image.Resampling.BICUBIC
    )
    mask = np.pad(np.asarray(image) > 0.5, _SIDE // 8)
    if not mask.any():
        return np.zeros((1, 1), dtype=np.float32)
    present = thickness(mask)
    longest = max(np.ptp(np.flatnonzero(mask.any(axis=1))), np.ptp(np.flatnonzero(mask.any(axis=0)))) + 1.0
    wanted = float(np.clip(BOX * present / longest, _THINNEST, THICKEST)) / BOX
    # The moved edge makes the whole ink longer too: (present + added) / (longest + added) = wanted.
    added = (wanted * longest - present) / (1 - wanted)
    return with_thickness(mask, added)


def _reduced(light: Float32) -> Float32:
    factor = int(np.ceil(np.sqrt(light.size / _ENOUGH_PIXELS)))
    return np.asarray(Image.fromarray(light).reduce(factor), np.float32) if factor > 1 else light


def _darkness(light: Float32, width: float) -> Float32:
    """Return how much darker than its paper each pixel is, 0..1, whatever light falls on both."""
    paper = light_of_paper(light, width)
    darkness = 1 - light / np.maximum(paper, np.float32(0.02))
    return (darkness - np.median(darkness[_SOME])).astype(np.float32, copy=False)


def _inked(darkness: Float32) -> tuple[Mask, float]:
    """Return what is ink, without printed lines, and how dark it is; a darkness of 0 where there is none.

    The lines go first: they may be darker than the ink, and the threshold is to lie below the ink's darkness.
    """
    smooth = _smooth(darkness)
    grain = 1.4826 * float(np.median(np.abs(smooth[_SOME])))
    faint = smooth > max(_LEAST, _GRAINS * grain)
    faint = without_rules(faint, faint)
    candidates = smooth[faint]
    if candidates.size < 8:
        return faint, 0.0
    threshold = level_between_tones(candidates, _STEPS)
    level = float(np.median(candidates[candidates >= threshold]))
    return faint & (smooth > max(threshold, level / 2)), level


def _smooth(plane: Float32) -> Float32:
    """Return the mean of each pixel and its eight neighbours, the middle weighted 4, the nearest 2."""
    padded = np.pad(plane, 1, mode="edge")
    down = padded[:-2] + 2 * padded[1:-1] + padded[2:]
    smooth: Float32 = (down[:, :-2] + 2 * down[:, 1:-1] + down[:, 2:]) / np.float32(16)
    return smooth


def _cut_out(found: _Found) -> Float32:
    """Return the chosen ink, with the softness of its edge, cropped to a margin of two pixels."""
    near = np.pad(found.chosen, 1)
    near = near[:, :-2] | near[:, 1:-1] | near[:, 2:]
    near = near[:-2] | near[1:-1] | near[2:]
    box = box_of(near)
    return np.pad(np.where(near[box], np.clip(found.darkness[box], 0, 1), np.float32(0)), 2)

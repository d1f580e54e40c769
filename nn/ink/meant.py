"""What was meant of a drawing: the digit alone, without what a hand left beside it.

A frame shows all ink as large as it can. A touch beside a digit therefore makes the digit small and pushes it out
of the middle, where no network reads it, and a line under a 7 makes it a 1 or a 2. Digits to learn from are inked
as they are; what a person wants to have read goes through here first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nn.ink.frame import frame_from_drawing
from nn.ink.pen import Path
from nn.ink.strokes import Drawing

if TYPE_CHECKING:
    from nn.arrays import Array, Bytes, Mask

TOUCH = 0.06
"""A stroke at most so long beside the longest is a touch; the shortest bar of a 7 in real hands has 0.14."""

BESIDE = 0.08
"""So far to the left or right of the digit, in its longest sides, a touch is no part of it."""

ABOVE_OR_BELOW = 0.4
"""The same upwards and downwards, where the dot of an i or of a question mark stands."""

_SMALLEST = 0.1
"""A digit has a stroke at least so long beside the whole drawing; else all are touches, one of which slipped."""

_MOST_TOUCHES = 3
"""More of them were meant: somebody may dot a digit."""

BELOW = 0.03
"""A line is under a digit, not of it, if there is so much paper between them, in heights of the digit."""

FAR_BELOW = 0.14
"""The same for a narrow digit, which may be a 1: its foot stands off by up to 0.12 in real hands."""

_NARROW = 0.55
"""A 1 without its foot is at most so wide beside its height; up to 0.52 in real hands."""

_FLAT = 0.25
"""A line under a digit is at most so high beside its length."""

_SHORT = 0.25
"""It may end so far inside the digit on either side, in the digit's widths."""

_UPRIGHT = 0.5
"""What is not so high beside its width is no digit with a line under it, but an equals sign."""


def frame_as_meant(drawing: Drawing) -> Bytes:
    """Return the frame (28, 28) in which a network should read a drawing; see `as_meant`."""
    return frame_from_drawing(as_meant(drawing))


def as_meant(drawing: Drawing) -> Drawing:
    """Leave out touches of the pen beside the digit and a line under it; a drawing without any is returned itself.

    Touches alone stay, as nothing tells which of them was meant.

    Examples
    --------
    >>> from nn.ink.strokes import Stroke
    >>> line, touch = Stroke([[50, 0], [50, 100]]), Stroke([[90, 40]])
    >>> len(as_meant(Drawing((line, touch))).strokes)
    1
    """
    return _without_underline(_without_touches(drawing))


def _without_touches(drawing: Drawing) -> Drawing:
    if len(drawing.strokes) < 2:
        return drawing
    low, high = Path.of(drawing.strokes).boxes()
    longest = (high - low).max(axis=1)
    is_touch = longest <= TOUCH * longest.max()
    whole = (high.max(axis=0) - low.min(axis=0)).max()
    if is_touch.all() or not is_touch.any() or longest.max() < _SMALLEST * whole:
        return drawing
    is_astray = is_touch & _is_away(low, high, from_those=~is_touch)
    return _without(drawing, is_astray) if is_astray.sum() <= _MOST_TOUCHES else drawing


def _without_underline(drawing: Drawing) -> Drawing:
    if len(drawing.strokes) < 2:
        return drawing
    low, high = Path.of(drawing.strokes).boxes()
    is_lowest = np.arange(len(low)) == low[:, 1].argmax()
    least, greatest = low[~is_lowest].min(axis=0), high[~is_lowest].max(axis=0)
    (width, height), (begin, top), (end, bottom) = greatest - least, low[is_lowest][0], high[is_lowest][0]
    paper = (BELOW if width > _NARROW * height else FAR_BELOW) * height
    is_underline = (
        height > _UPRIGHT * width
        and bottom - top <= _FLAT * (end - begin)
        and top - greatest[1] > paper
        and begin < least[0] + _SHORT * width
        and end > greatest[0] - _SHORT * width
    )
    return _without(drawing, is_lowest) if is_underline else drawing


def _is_away(low: Array, high: Array, from_those: Mask) -> Mask:
    """Say of each stroke's box whether its middle lies too far from some of them to belong to these."""
    least, greatest = low[from_those].min(axis=0), high[from_those].max(axis=0)
    middle = (low + high) / 2
    gap = np.maximum(least - middle, middle - greatest) / (greatest - least).max()
    is_away: Mask = (gap > (BESIDE, ABOVE_OR_BELOW)).any(axis=1)
    return is_away


def _without(drawing: Drawing, left_out: Mask) -> Drawing:
    if not left_out.any():
        return drawing
    kept = (stroke for stroke, is_out in zip(drawing.strokes, left_out.tolist(), strict=True) if not is_out)
    return Drawing(tuple(kept), drawing.label)

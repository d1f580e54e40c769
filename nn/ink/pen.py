"""The pen: how near each pixel is to a path of segments, and so how much of it the ink covers.

A round pen that runs along a path blackens all that is within its radius. With the distance d from a pixel's
centre to the path, a pixel is covered by ``clip(r + 1/2 - d, 0, 1)``: full inside, none outside, and a ramp one
pixel wide between, which is what averaging over the pixel's area would give within a few levels of 255.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from nn.ink.placing import FRAME

if TYPE_CHECKING:
    from nn.arrays import Array, Float32, Integers
    from nn.ink.strokes import Stroke

# Segments looked at together: their distances to all pixels of a box then stay in the processor's cache.
_CHUNK = 96

# How gently the pressure modulates the pen: thickness between these factors, half as much as the pressure varies.
_THINNEST, _THICKEST, _GENTLENESS = 0.6, 1.4, 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """The strokes of a drawing laid end to end, in float64 so that no unit is too large or too small.

    ``points`` (p, 2), ``widths`` (p,) relative to the pen or None where nobody pressed, ``starts`` (s,) the index
    of the first point of each stroke.
    """

    points: Array
    widths: Array | None
    starts: Integers

    @staticmethod
    def of(strokes: tuple[Stroke, ...]) -> Path:
        """Return the path of at least one stroke."""
        lengths = [len(stroke.points) for stroke in strokes]
        starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
        points = np.concatenate([stroke.points for stroke in strokes]).astype(np.float64)
        return Path(points, _relative_widths(strokes), starts)

    def segments(self) -> tuple[Integers, Integers]:
        """Return the indices (s,) of the points where segments begin and end; a dot begins where it ends."""
        count = len(self.points)
        is_last = np.zeros(count, dtype=bool)
        is_last[self.starts[1:] - 1] = True
        is_last[-1] = True
        is_dot = is_last.copy()
        is_dot[1:] &= is_last[:-1]
        begins = np.flatnonzero(~is_last | is_dot)
        return begins, np.where(is_last[begins], begins, begins + 1)

    def boxes(self) -> tuple[Array, Array]:
        """Return the least and the greatest x and y of each stroke, (s, 2) each."""
        low: Array = np.minimum.reduceat(self.points, self.starts, axis=0)
        high: Array = np.maximum.reduceat(self.points, self.starts, axis=0)
        return low, high

    def thinned(self, spacing: float) -> Path:
        """Return the path without points that lie closer along it than the spacing; each stroke keeps its ends."""
        steps = np.hypot(*np.diff(self.points, axis=0, prepend=self.points[:1]).T)
        travelled = np.floor(np.cumsum(steps) / spacing)
        keep = np.diff(travelled, prepend=-1) > 0
        keep[self.starts] = True
        keep[self.starts[1:] - 1] = True
        keep[-1] = True
        starts = np.cumsum(keep)[self.starts] - 1
        return Path(self.points[keep], None if self.widths is None else self.widths[keep], starts)


def _relative_widths(strokes: tuple[Stroke, ...]) -> Array | None:
    """Return the thickness at each point, 1 for that of the pen; the drawing's own mean pressure gives 1."""
    pressed = [stroke.pressure for stroke in strokes if stroke.pressure is not None]
    mean = float(np.concatenate(pressed).mean(dtype=np.float64)) if pressed else 0.0
    if mean <= 0:
        return None
    parts = [
        np.full(len(stroke.points), mean) if stroke.pressure is None else stroke.pressure for stroke in strokes
    ]
    relative = np.concatenate(parts) / mean
    return np.clip(1 + _GENTLENESS * (relative - 1), _THINNEST, _THICKEST)


def coverage(begins: Array, ends: Array, radii: tuple[Array, Array] | float, shape: tuple[int, int]) -> Float32:
    """Return how much of each pixel the pen covers on its way along the segments.

    Parameters
    ----------
    begins, ends
        (s, 2): where each segment begins and ends, x and y in pixels; the first pixel's centre is at 1/2.
    radii
        The pen's radius in pixels: one number, or two arrays (s,) for both ends of each segment.
    shape
        Rows and columns of the picture.

    Returns
    -------
    coverage
        float32 of that shape, 0..1.
    """
    if isinstance(radii, float):
        depth = np.float32(radii) - np.sqrt(_squared_distance(begins, ends, shape))
    else:
        depth = _depth(begins, ends, radii, shape)
    covered: Float32 = np.clip(depth + np.float32(0.5), 0, 1)
    return covered.reshape(shape)


def _squared_distance(begins: Array, ends: Array, shape: tuple[int, int]) -> Float32:
    nearest = np.full(shape[0] * shape[1], np.inf, dtype=np.float32)
    for at in range(0, len(begins), _CHUNK):
        chunk = slice(at, at + _CHUNK)
        squared, _ = _to_segments(begins[chunk], ends[chunk], shape)
        np.minimum(nearest, squared.min(axis=0), out=nearest)
    return np.maximum(nearest, 0, out=nearest)


def _depth(begins: Array, ends: Array, radii: tuple[Array, Array], shape: tuple[int, int]) -> Float32:
    """Return how deep in the ink each pixel lies, below zero how far from it, where the pen's width varies."""
    deepest = np.full(shape[0] * shape[1], -np.inf, dtype=np.float32)
    first, change = (
        values.astype(np.float32)[:, np.newaxis] for values in (radii[0], np.subtract(radii[1], radii[0]))
    )
    for at in range(0, len(begins), _CHUNK):
        chunk = slice(at, at + _CHUNK)
        squared, along = _to_segments(begins[chunk], ends[chunk], shape)
        along *= change[chunk]
        along += first[chunk]
        along -= np.sqrt(np.maximum(squared, 0, out=squared), out=squared)
        np.maximum(deepest, along.max(axis=0), out=deepest)
    return deepest


def _to_segments(begins: Array, ends: Array, shape: tuple[int, int]) -> tuple[Float32, Float32]:
    """Return the squared distance from each pixel to each segment, and how far along it the nearest point is.

    With the segment a + t (b - a), the foot of the perpendicular is at u = (p - a)(b - a) / |b - a|^2, the nearest
    point at t = clip(u, 0, 1), and its squared distance |p - a|^2 + |b - a|^2 t (t - 2u). Both u and |p - a|^2 are
    affine in (x, y, x^2 + y^2), which makes each a matrix product: (s, 4) by (4, pixels).
    """
    middle = np.array([shape[1], shape[0]]) / 2
    begin, direction = begins - middle, ends - begins
    length = np.einsum("sd,sd->s", direction, direction)
    weights = np.empty((2, len(begins), 4), dtype=np.float32)
    slope = direction / np.maximum(length, 1e-12)[:, np.newaxis]
    weights[0, :, :2], weights[0, :, 2], weights[0, :, 3] = slope, -np.einsum("sd,sd->s", begin, slope), 0
    weights[1, :, :2], weights[1, :, 2], weights[1, :, 3] = -2 * begin, np.einsum("sd,sd->s", begin, begin), 1
    grid = _grid(shape)
    foot, squared = weights[0] @ grid, weights[1] @ grid
    along = np.clip(foot, 0, 1)
    foot *= -2
    foot += along
    foot *= along
    foot *= length.astype(np.float32)[:, np.newaxis]
    squared += foot
    return squared, along


def _grid(shape: tuple[int, int]) -> Float32:
    """Return (4, pixels): x and y of each pixel's centre from the middle of the picture, 1, and x^2 + y^2."""
    return _box_grid(shape) if shape[0] * shape[1] <= FRAME * FRAME else _new_grid(shape)


def _new_grid(shape: tuple[int, int]) -> Float32:
    rows, columns = shape
    y, x = np.mgrid[0:rows, 0:columns].reshape(2, -1) + 0.5
    x, y = x - columns / 2, y - rows / 2
    grid = np.stack([x, y, np.ones_like(x), x * x + y * y]).astype(np.float32)
    grid.flags.writeable = False
    return grid


# The same few boxes are drawn into for each frame; the windows of a large picture are all different.
_box_grid = lru_cache(maxsize=16)(_new_grid)

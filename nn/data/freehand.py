"""Plain figures as an unsteady hand draws them: lines, arcs, waves and random curves, sampled as points.

The picture behind it: a ruler and a pair of compasses give the exact figure, and `unsteady` lets a hand draw it.
Angles are in degrees, from the x axis towards the y axis; y points down, so 90 is straight down the page.
``line_shapes``, ``curved_shapes`` and ``scribbles`` are built of these; ``no_digits`` tells what for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nn.data.swaying import sway

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nn.arrays import Array

SPACING = 0.06
"""Distance between sampled points, in sizes of a drawing."""

# What a hand does to a figure, as deviations in sizes of the drawing where nothing else is said.
_SWAY, _SHIFT, _TREMOR, _BEND = 0.025, 0.015, 0.004, 0.06
_CARE = 0.2, 1.2  # how much of the sway, from a careful hand to a careless one
_SLANT, _ASPECT = 0.08, 0.1  # shear in widths a height; logarithm of width over height


def direction(angle: float) -> Array:
    """Return the unit vector, shape (2,), at an angle."""
    return np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])


def lines(*corners: Sequence[float] | Array) -> Array:
    """Return the path, shape (n, 2), that runs straight from corner to corner."""
    return sampled(np.array(corners, dtype=float))


def arc(start: float, sweep: float, *, radii: tuple[float, float] = (0.5, 0.5), turn: float = 0.0) -> Array:
    """Return the arc of an ellipse around the origin, from the angle `start` over `sweep`, the ellipse turned."""
    count = max(int(abs(sweep) / 15), 2) + 1
    angles = np.radians(np.linspace(start, start + sweep, count))
    return turned(np.stack([radii[0] * np.cos(angles), radii[1] * np.sin(angles)], axis=1), turn)


def turned(points: Array, angle: float) -> Array:
    """Turn points, shape (n, 2), around the origin."""
    x, y = direction(angle)
    rotated: Array = points @ np.array([[x, y], [-y, x]])
    return rotated


def any_angle(rng: np.random.Generator) -> float:
    """Return an angle as people turn what they draw: mostly not at all (0), or by a right angle, else by any."""
    angle = rng.choice([0, 0, 0, 90, 180, 270]) + rng.normal(0, 7) if rng.random() < 0.6 else rng.uniform(0, 360)
    return float(angle)


def smooth(corners: Array, rounds: int = 3) -> Array:
    """Round off a polyline, shape (n, 2), by cutting its corners at quarters (Chaikin 1974); its ends stay."""
    for _ in range(rounds):
        before, after = corners[:-1], corners[1:]
        cut = np.stack([0.75 * before + 0.25 * after, 0.25 * before + 0.75 * after], axis=1).reshape(-1, 2)
        corners = np.concatenate([corners[:1], cut[1:-1], corners[-1:]])
    return corners


def sampled(points: Array, spacing: float = SPACING) -> Array:
    """Return points evenly spaced along a path, its corners kept."""
    if len(points) < 2:
        return points
    lengths = np.hypot(*np.diff(points, axis=0).T)
    steps = np.maximum(np.ceil(lengths / spacing), 1)
    # `places` counts corners: 1.5 is half-way from corner 1 to corner 2.
    places = np.concatenate([np.arange(step) / step + at for at, step in enumerate(steps)] + [[len(steps)]])
    corners = np.arange(len(points))
    return np.stack([np.interp(places, corners, points[:, axis]) for axis in (0, 1)], axis=1)


def unsteady(paths: Iterable[Array], rng: np.random.Generator) -> list[Array]:
    """Draw a figure by hand, 1 large: all of it leans and bends, strokes shift and sway, the pen trembles."""
    paths = list(paths)
    everything = np.concatenate(paths)
    size = float(np.ptp(everything, axis=0).max()) or 1.0
    middle = (everything.min(axis=0) + everything.max(axis=0)) / 2
    lean, bend, care = _lean(rng), rng.normal(0, _BEND, (2, 2)), rng.uniform(*_CARE)
    return [_drawn((path - middle) / size, lean, bend, care, rng) for path in paths]


def _lean(rng: np.random.Generator) -> Array:
    stretch = np.exp(rng.normal(0, _ASPECT / 2))
    return np.array([[stretch, 0.0], [rng.normal(0, _SLANT), 1 / stretch]])


def _drawn(path: Array, lean: Array, bend: Array, care: float, rng: np.random.Generator) -> Array:
    leaning = path @ lean
    leaning = leaning + leaning[:, ::-1] ** 2 * bend[0] + leaning.prod(axis=1, keepdims=True) * bend[1]
    shifted: Array = leaning + care * sway(leaning, _SWAY, rng) + rng.normal(0, _SHIFT, 2)
    noise = rng.normal(0, _TREMOR, (len(path) + 2, 2))
    return shifted + noise[:-2] + 2 * noise[1:-1] + noise[2:]

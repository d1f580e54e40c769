"""Figures of straight lines that are no digit: crossings, corners, junctions, combs, polygons, arrows.

Each function draws one family, in any size and place. Angles and lengths are by lot, but for what a person would
call a digit: those limits are written out beside each family. Nothing here is drawn after a letter; plain
geometry turned every way passes by some of them, as it does by signs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nn.data.freehand import any_angle, direction, lines, smooth, turned

if TYPE_CHECKING:
    from nn.arrays import Array


def crossing(rng: np.random.Generator) -> list[Array]:
    """Draw two lines that cross near their middles, upright, diagonally or at any angle over 34 degrees."""
    first, between = rng.uniform(0, 180), rng.uniform(34, 146)
    if rng.random() < 0.4:
        first, between = rng.choice([0, 45, 90]) + rng.normal(0, 8), rng.normal(90, 10)
    strokes = []
    for angle, length in ((first, 1.0), (first + between, rng.uniform(0.5, 1.0))):
        start = rng.uniform(0.3, 0.65) * length
        strokes.append(lines(-start * direction(angle), (length - start) * direction(angle)))
    return strokes


def corner(rng: np.random.Generator) -> list[Array]:
    """Draw two lines that meet, the corner pointing anywhere; no stem with a flag (1), no bar with a stem (7)."""
    while True:
        first, second = any_angle(rng) - 90, rng.uniform(25, 110) if rng.random() < 0.6 else rng.normal(90, 7)
        lengths = 1.0, rng.uniform(0.6, 1.0)
        arms = [length * direction(first + turn) for length, turn in zip(lengths, (0.0, second), strict=True)]
        if not _is_stem_with_flag(*arms):
            return [_angle(arms[0], arms[1], rng)]


def peak(rng: np.random.Generator) -> list[Array]:
    """Draw a roof: two slopes down from the top, about as long as each other; sharp or rounded."""
    half, lean = rng.uniform(20, 60), rng.normal(0, 5)
    left = direction(90 + half + lean)
    right = direction(90 - half + lean) * rng.uniform(0.85, 1.15)
    return [_angle(left, right, rng)]


def _angle(one: Array, other: Array, rng: np.random.Generator) -> Array:
    ends = (one, other) if rng.random() < 0.5 else (other, one)
    path = lines(ends[0], (0, 0), ends[1])
    return smooth(path[:: max(len(path) // 6, 1)]) if rng.random() < 0.3 else path


def _is_stem_with_flag(one: Array, other: Array) -> bool:
    """Whether one arm goes down as a stem and the other to the left of it, in any way that may mean a 1 or a 7."""
    angles = [float(np.degrees(np.arctan2(arm[1], arm[0]))) for arm in (one, other)]
    return any(
        35 < stem < 150 and (flag > stem or flag < stem - 180 + 20) for stem, flag in (angles, angles[::-1])
    )


def junction(rng: np.random.Generator) -> list[Array]:
    """Draw a line that ends in the middle of another.

    It may end there from every side but from above: that would be a 1 on its base. Farther from the middle, a bar
    that lies above would make a 7.
    """
    angle = any_angle(rng)
    if abs(angle % 360 - 180) < 40:
        angle += 180
    bar = 0.5 * direction(angle)
    foot = bar * rng.uniform(-0.15, 0.15)
    end = foot + rng.uniform(0.5, 1.1) * direction(angle + rng.uniform(70, 110))
    return [lines(-bar, bar), lines(foot, end)]


def star(rng: np.random.Generator) -> list[Array]:
    """Draw three to eight lines that meet in a point."""
    count = int(rng.integers(3, 9))
    turns = any_angle(rng) + (np.arange(count) + rng.uniform(-0.2, 0.2, count)) * 360 / count
    return [lines((0, 0), rng.uniform(0.4, 0.6) * direction(turn)) for turn in turns]


def comb(rng: np.random.Generator) -> list[Array]:
    """Draw a back with two to five teeth; not to the left, where three would make a 3."""
    count, length, margin = int(rng.integers(2, 6)), rng.uniform(0.3, 0.9), rng.choice([0, 0, 0.2])
    teeth = [lines((x, 0), (x + rng.normal(0, 0.04), length)) for x in np.linspace(margin, 1 - margin, count)]
    angle = any_angle(rng) - 90
    if abs(angle % 360 - 90) < 45:
        angle += 180
    return [turned(stroke, angle) for stroke in (lines((0, 0), (1, 0)), *teeth)]


def bridge(rng: np.random.Generator) -> list[Array]:
    """Draw two legs, side by side or leaning on each other, and a bar between; at any angle but lying.

    The legs are as long as each other: with one longer than the other it might be an open 4. Lying, it might be a
    1 with a stroke above and its base.
    """
    top, foot, height = rng.uniform(0, 0.4), rng.uniform(0.25, 0.5), rng.uniform(0.3, 0.7)
    legs = [lines((side * top, 0), (side * foot, 1)) for side in (-1, 1)]
    reach = top + (foot - top) * height + rng.uniform(-0.03, 0.08)
    angle = rng.choice([0, 180]) + rng.uniform(-60, 60)
    return [turned(stroke, angle) for stroke in (*legs, lines((-reach, height), (reach, height)))]


def parallels(rng: np.random.Generator) -> list[Array]:
    """Draw one bar that lies, or two to five parallel lines at any angle."""
    count = int(rng.integers(1, 6))
    angle = rng.normal(0, 7) if count == 1 else rng.uniform(0, 180)
    gap = rng.uniform(0.2, 0.45)
    along, across = direction(angle), direction(angle + 90)
    ends = [(row * gap * across + rng.normal(0, 0.04) * along, rng.uniform(0.8, 1.1)) for row in range(count)]
    return [lines(start, start + length * along) for start, length in ends]


def polygon(rng: np.random.Generator) -> list[Array]:
    """Draw a triangle, a box or a star in one line; a box on its tip and more corners may pass for a nought."""
    count = int(rng.choice([3, 3, 3, 4, 5]))
    stride = 2 if count == 5 else 1
    first = 45 + rng.normal(0, 5) if count == 4 else any_angle(rng)
    angles = first + np.arange(count + 1) * stride * 360 / count
    radii = 0.5 * np.exp(rng.normal(0, 0.12, count))
    corners = [radius * direction(angle) for radius, angle in zip([*radii, radii[0]], angles, strict=True)]
    return [lines(*corners)]


def arrow(rng: np.random.Generator) -> list[Array]:
    """Draw a shaft with a head at one end, sometimes at both, pointing anywhere."""
    angle, barb, spread = any_angle(rng), rng.uniform(0.25, 0.5), rng.uniform(25, 50)
    strokes = [lines((0, 0), (1, 0))]
    strokes.append(
        lines(
            (1 - barb, -barb * np.tan(np.radians(spread))), (1, 0), (1 - barb, barb * np.tan(np.radians(spread)))
        )
    )
    if rng.random() < 0.2:
        strokes.append([1, 0] + strokes[1] * [-1, 1])
    return [turned(stroke, angle) for stroke in strokes]


def staircase(rng: np.random.Generator) -> list[Array]:
    """Draw three to six lines up and down by turns, from left to right; lying, they might be a 2."""
    count = int(rng.integers(3, 7))
    up = rng.uniform(0.5, 1.0)
    x = np.cumsum(rng.uniform(0.2, 0.5, count + 1))
    y = np.where(np.arange(count + 1) % 2, 0.0, up) + rng.normal(0, 0.06, count + 1)
    return [lines(*np.stack([x, y], axis=1))]

"""Figures of lines and arcs that are no digit: crossings, corners, combs, arcs with a dot, loops with a tail.

Each function draws one family, in any size and place. Angles and lengths are by lot, but for what a person would
call a digit: those limits are written out beside each family. Nothing here is drawn after a letter; plain
geometry turned every way passes by some of them, as it does by signs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nn.data.freehand import arc, direction, lines, sampled, smooth, turned

if TYPE_CHECKING:
    from nn.arrays import Array


def crossing(rng: np.random.Generator) -> list[Array]:
    """Draw two lines that cross near their middles, upright, diagonally or at any angle over 30 degrees."""
    first, between = rng.uniform(0, 180), rng.uniform(30, 150)
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
        first, second = rng.uniform(-180, 180), rng.uniform(25, 125)
        lengths = 1.0, rng.uniform(0.6, 1.0)
        arms = [length * direction(first + turn) for length, turn in zip(lengths, (0.0, second), strict=True)]
        if not _is_stem_with_flag(*arms):
            return [_angle(arms[0], arms[1], rng)]


def peak(rng: np.random.Generator) -> list[Array]:
    """Draw a roof: two slopes down from the top, about as long as each other; sharp or rounded."""
    half, lean = rng.uniform(16, 60), rng.normal(0, 5)
    left = direction(90 + half + lean) * rng.uniform(0.85, 1.1)
    right = direction(90 - half + lean) * rng.uniform(0.85, 1.1)
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


def hook_with_tail(rng: np.random.Generator) -> list[Array]:
    """Draw an arc that turns back below itself, then a straight tail out of it; a dot beyond, or none.

    Without the turn back it would be a 7, and in the mirror a 9.
    """
    radii = rng.uniform(0.22, 0.36), rng.uniform(0.18, 0.3)
    start, end = rng.uniform(-210, -150), rng.uniform(80, 140)
    bow = arc(start, end - start, radii=radii)
    foot = np.array([rng.uniform(-0.5, 0.1) * radii[0], radii[1] * rng.uniform(0.9, 1.2)])
    tail = foot + np.array([rng.normal(0, 0.06), rng.uniform(0.3, 0.7)])
    path = sampled(np.stack([*bow, foot, tail]))
    if rng.random() < 0.5:
        path = smooth(path[::2], 2)
    strokes = [path]
    if rng.random() < 0.35:
        strokes.append(_dot(tail + np.array([rng.normal(0, 0.04), rng.uniform(0.12, 0.3)]), rng))
    angle = rng.normal(0, 10) if rng.random() < 0.8 else rng.choice([-90, 90]) + rng.normal(0, 20)
    return [turned(stroke, angle) for stroke in strokes]


def loop_with_tail(rng: np.random.Generator) -> list[Array]:
    """Draw a line that runs around its own beginning and ends in an open tail.

    From tail to loop a 6 and a 9 both turn anticlockwise on paper; this turns clockwise, which at no angle makes
    a digit. The loop stays open, the more where it is turned: closed, it would be a slashed nought.
    """
    radii = rng.uniform(0.3, 0.55), rng.uniform(0.3, 0.5)
    is_upright = rng.random() < 0.75
    sweep, turn = (
        rng.uniform(260, 315 if is_upright else 280),
        rng.normal(0, 15) if is_upright else rng.uniform(0, 360),
    )
    start = np.array([-radii[0] * rng.uniform(0.4, 1.3), rng.uniform(-0.05, 0.2)])
    bow = arc(rng.uniform(-15, 25), -sweep, radii=radii)
    tail = bow[-1:] + np.array([rng.uniform(0.0, 0.5), rng.uniform(-0.15, 0.1)])
    path = smooth(sampled(np.concatenate([[start], bow, tail]), 0.12), 2)
    return [turned(path, turn)]


def arc_with_dot(rng: np.random.Generator) -> list[Array]:
    """Draw an arc and a dot or a short bar on the open side of it."""
    angle, radius = rng.uniform(0, 360), rng.uniform(0.35, 0.5)
    bow = arc(-rng.uniform(80, 120), rng.uniform(150, 230), radii=(radius, rng.uniform(0.35, 0.5)))
    beyond = np.array([-radius * rng.uniform(0.6, 2.0), rng.normal(0, 0.1)])
    mark = _dot(beyond, rng) if rng.random() < 0.5 else beyond + lines((0, -0.3), (0, 0.3))
    return [turned(bow, angle), turned(mark, angle)]


def open_arc(rng: np.random.Generator) -> list[Array]:
    """Draw a fat half circle or a little more, open upwards, downwards or to the right."""
    middle = rng.choice([0, 90, -90]) + rng.normal(0, 15)
    sweep = rng.uniform(170, 220)
    return [arc(middle + 180 - sweep / 2, sweep, radii=(rng.uniform(0.4, 0.5), rng.uniform(0.4, 0.5)))]


def wave(rng: np.random.Generator) -> list[Array]:
    """Draw a wave from left to right, of one to five periods, round or jagged; upright it might be a 5 or a 3."""
    periods, height = rng.uniform(1, 5), rng.uniform(0.1, 0.35)
    x = np.linspace(0, 1, int(periods * 12) + 1)
    phase = x * periods + rng.random()
    jag = 4 * np.abs(phase % 1 - 0.5) - 1
    y = height / np.sqrt(periods) * (np.sin(2 * np.pi * phase) if rng.random() < 0.6 else jag)
    return [turned(np.stack([x, y], axis=1), rng.normal(0, 10))]


def parallels(rng: np.random.Generator) -> list[Array]:
    """Draw one bar that lies, or two to five parallel lines at any angle."""
    count = int(rng.integers(1, 6))
    angle = rng.normal(0, 7) if count == 1 else rng.uniform(0, 180)
    gap = rng.uniform(0.2, 0.45)
    along, across = direction(angle), direction(angle + 90)
    ends = [(row * gap * across + rng.normal(0, 0.04) * along, rng.uniform(0.8, 1.1)) for row in range(count)]
    return [lines(start, start + length * along) for start, length in ends]


def junction(rng: np.random.Generator) -> list[Array]:
    """Draw a line that ends in the middle of another, or three and more that meet in a point."""
    angle = rng.uniform(0, 360)
    if rng.random() < 0.5:
        bar = 0.5 * direction(angle)
        # Farther from the middle, a bar that lies above would make a 7.
        foot = bar * rng.uniform(-0.15, 0.15)
        return [
            lines(-bar, bar),
            lines(foot, foot + rng.uniform(0.5, 1.1) * direction(angle + rng.uniform(70, 110))),
        ]
    count = int(rng.integers(3, 9))
    turns = angle + (np.arange(count) + rng.uniform(-0.2, 0.2, count)) * 360 / count
    return [lines((0, 0), rng.uniform(0.4, 0.6) * direction(turn)) for turn in turns]


def comb(rng: np.random.Generator) -> list[Array]:
    """Draw a back with two to five teeth on one side or on both, at any angle; three to the left might be a 3."""
    count = int(rng.integers(2, 6))
    length, margin, angle = rng.uniform(0.3, 0.9), rng.choice([0, 0, 0.2]), rng.uniform(-225, 45)
    start = -length if rng.random() < 0.3 else 0.0
    places = np.linspace(margin, 1 - margin, count)
    teeth = [lines((x, start), (x + rng.normal(0, 0.04), length)) for x in places]
    return [turned(stroke, angle) for stroke in (lines((0, 0), (1, 0)), *teeth)]


def polygon(rng: np.random.Generator) -> list[Array]:
    """Draw a triangle, a square or a star in one line, at any angle; more corners may pass for a nought."""
    count = int(rng.choice([3, 3, 3, 4, 5]))
    stride = 2 if count == 5 else 1
    angles = rng.uniform(0, 360) + np.arange(count + 1) * stride * 360 / count
    radii = 0.5 * np.exp(rng.normal(0, 0.12, count))
    corners = [radius * direction(angle) for radius, angle in zip([*radii, radii[0]], angles, strict=True)]
    return [lines(*corners)]


def arrow(rng: np.random.Generator) -> list[Array]:
    """Draw a shaft with a head at one end, sometimes at both, pointing anywhere."""
    angle, barb, spread = rng.uniform(0, 360), rng.uniform(0.25, 0.5), rng.uniform(25, 50)
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


def heart(rng: np.random.Generator) -> list[Array]:
    """Draw two bows that meet in a point, at any angle."""
    t = np.linspace(0, 2 * np.pi, 40) + np.pi * (rng.random() < 0.5)
    x = np.sin(t) ** 3
    y = -(13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)) / 16
    return [turned(np.stack([x, y], axis=1) / 2, rng.normal(0, 20))]


def lying_eight(rng: np.random.Generator) -> list[Array]:
    """Draw two loops side by side, in one line."""
    t = np.linspace(0, 2 * np.pi, 40) + rng.uniform(0, 2 * np.pi)
    path = np.stack([np.cos(t), rng.uniform(0.5, 1.0) * np.sin(t) * np.cos(t)], axis=1) / 2
    return [turned(path, rng.normal(0, 12))]


def ringed(rng: np.random.Generator) -> list[Array]:
    """Draw a ring with a small cross or a smaller ring in it, or quartered; a nought may hold a dot or a bar."""
    ring = arc(rng.uniform(0, 360), rng.uniform(340, 380), radii=(0.5, rng.uniform(0.4, 0.5)))
    inside = rng.integers(3)
    if inside == 0:
        return [ring, *(0.35 * stroke for stroke in crossing(rng))]
    if inside == 1:
        return [ring, arc(0, 360, radii=(rng.uniform(0.1, 0.22),) * 2)]
    return [ring, lines((-0.5, 0), (0.5, 0)), lines((0, -0.5), (0, 0.5))]


def medley(rng: np.random.Generator) -> list[Array]:
    """Draw three to five lines, arcs and waves, anywhere and any way round."""
    return [stray(rng) for _ in range(int(rng.integers(3, 6)))]


def stray(rng: np.random.Generator) -> Array:
    """Draw one line, arc, wave or curve, around the middle of a figure of size 1."""
    kind = rng.integers(4)
    if kind == 0:
        path = lines((-0.5, 0), (0.5, 0))
    elif kind == 1:
        path = arc(0, rng.uniform(90, 330), radii=(0.4, rng.uniform(0.2, 0.4)))
    elif kind == 2:
        path = wave(rng)[0] - [0.5, 0]
    else:
        path = smooth(rng.uniform(-0.5, 0.5, (5, 2)))
    return turned(path * rng.uniform(0.4, 1.2), rng.uniform(0, 360)) + rng.uniform(-0.5, 0.5, 2)


def _dot(place: Array, rng: np.random.Generator) -> Array:
    return place + rng.normal(0, 0.02, (int(rng.integers(1, 5)), 2))

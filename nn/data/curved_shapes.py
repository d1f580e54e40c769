"""Figures with arcs that are no digit: hooks, open loops, arcs with a dot, waves, hearts, rings.

As in ``line_shapes``, chance decides but for what a person would call a digit; the limits are beside each family.
Arcs are nearer to digits than lines are: most of these are no digit only one way round.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nn.data.freehand import any_angle, arc, lines, sampled, smooth, turned
from nn.data.line_shapes import crossing

if TYPE_CHECKING:
    from nn.arrays import Array


def hook_with_tail(rng: np.random.Generator) -> list[Array]:
    """Draw an arc that turns back below itself, then a straight tail out of it; a dot beyond, or none.

    Without the turn back it would be a 7, and in the mirror a 9.
    """
    radii = rng.uniform(0.2, 0.45), rng.uniform(0.14, 0.3)
    start, end = rng.uniform(-210, -150), rng.uniform(80, 125)
    bow = arc(start, end - start, radii=radii)
    foot = np.array([rng.uniform(-0.5, 0.1) * radii[0], radii[1] * rng.uniform(0.9, 1.2)])
    tail = foot + np.array([rng.normal(0, 0.06), rng.uniform(0.3, 0.7)])
    # From an angular hand, which knows three or four directions, to a round one.
    bow = bow[:: int(rng.choice([1, 3, 5]))]
    path = sampled(np.stack([*bow, foot, tail]))
    if rng.random() < 0.5:
        path = smooth(path[::2], 2)
    strokes = [path]
    if rng.random() < 0.35:
        strokes.append(_dot(tail + np.array([rng.normal(0, 0.04), rng.uniform(0.12, 0.3)]), rng))
    angle = rng.normal(0, 10) if rng.random() < 0.8 else rng.choice([-90, 90]) + rng.normal(0, 20)
    return [turned(stroke, angle) for stroke in strokes]


def loop_with_tail(rng: np.random.Generator) -> list[Array]:
    """Draw a line that runs around its own beginning and ends in an open tail, at many angles.

    From tail to loop a 6 and a 9 both turn anticlockwise on paper; this turns clockwise, which at no angle makes
    one of them. Where its beginning would rise to the right, the loop might be a slashed nought.
    """
    radii = rng.uniform(0.3, 0.55), rng.uniform(0.3, 0.5)
    start = np.array([-radii[0] * rng.uniform(0.4, 1.3), radii[1] * rng.uniform(-0.15, 0.35)])
    bow = arc(rng.uniform(-15, 25), -rng.uniform(255, 290), radii=radii)
    tail = bow[-1:] + np.array([rng.uniform(0.0, 0.5), rng.uniform(-0.15, 0.1)])
    path = smooth(sampled(np.concatenate([[start], bow, tail]), 0.12), 2)
    return [turned(path, rng.choice([0, 180]) + rng.uniform(-15, 70))]


def arc_with_dot(rng: np.random.Generator) -> list[Array]:
    """Draw an arc and a dot or a short bar on its open side; the bar so far away that it closes no nought."""
    angle, radius, place = any_angle(rng), rng.uniform(0.35, 0.5), rng.normal(0, 0.1)
    sweep = rng.uniform(150, 210)
    bow = arc(-sweep / 2 + rng.normal(0, 10), sweep, radii=(radius, rng.uniform(0.35, 0.5)))
    if rng.random() < 0.6:
        mark = _dot(np.array([-radius * rng.uniform(0.3, 2.0), place]), rng)
    else:
        mark = lines((0, -0.25), (0, 0.25)) - np.array([radius * rng.uniform(1.2, 2.0), place])
    return [turned(bow, angle), turned(mark, angle)]


def _dot(place: Array, rng: np.random.Generator) -> Array:
    return place + rng.normal(0, 0.02, (int(rng.integers(1, 5)), 2))


def open_arc(rng: np.random.Generator) -> list[Array]:
    """Draw a fat half circle or a little more, open upwards, downwards or to the right; with legs, or none."""
    middle, sweep = rng.choice([0, 90, -90]) + rng.normal(0, 15), rng.uniform(170, 220)
    bow = arc(180 - sweep / 2, sweep, radii=(rng.uniform(0.4, 0.5), rng.uniform(0.4, 0.5)))
    if rng.random() < 0.4:
        legs = bow[[0, -1]] + np.stack([rng.uniform(0.1, 0.7, 2), rng.normal(0, 0.05, 2)], axis=1)
        bow = np.concatenate([legs[:1], bow, legs[1:]])
    return [turned(sampled(bow), middle)]


def stem_with_bow(rng: np.random.Generator) -> list[Array]:
    """Draw a straight stem and a bow that leaves it and comes back to it, in one stroke or in two, at any angle.

    With the stem's long end down the bow is on the right. A 9 has it on the left, and a 6 is a 9 on its head:
    neither can be turned into this.
    """
    low = rng.uniform(0.4, 0.65)
    bow = arc(-90, 180, radii=(rng.uniform(0.25, 0.5), low / 2)) + np.array([0.0, low / 2])
    strokes = [lines((0, -rng.uniform(0.0, 0.1)), (0, 1)), bow]
    if rng.random() < 0.4:
        strokes = [np.concatenate([lines((0, 1), (0, 0)), bow])]
    angle = rng.uniform(0, 360)
    return [turned(stroke, angle) for stroke in strokes]


def wave(rng: np.random.Generator) -> list[Array]:
    """Draw a wave from left to right, of one to five periods, round or jagged; upright it might be a 5 or a 3."""
    periods, height = rng.uniform(1, 5), rng.uniform(0.1, 0.35)
    x = np.linspace(0, 1, int(periods * 12) + 1)
    phase = x * periods + rng.random()
    jag = 4 * np.abs(phase % 1 - 0.5) - 1
    y = height / np.sqrt(periods) * (np.sin(2 * np.pi * phase) if rng.random() < 0.6 else jag)
    return [turned(np.stack([x, y], axis=1), rng.normal(0, 10))]


def heart(rng: np.random.Generator) -> list[Array]:
    """Draw two bows that meet in a point, from above or from below."""
    t = np.linspace(0, 2 * np.pi, 80) + np.pi * (rng.random() < 0.5)
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
        return [ring, arc(0, 360, radii=(rng.uniform(0.08, 0.16),) * 2)]
    return [ring, lines((-0.5, 0), (0.5, 0)), lines((0, -0.5), (0, 0.5))]

"""Ink that means nothing: dots, blots, scribbles, spirals, hatching, a pen that wanders.

Each function draws one family; all are far from any digit, so no limits need be told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nn.data.curved_shapes import wave
from nn.data.freehand import arc, lines, sampled, smooth, turned

if TYPE_CHECKING:
    from nn.arrays import Array


def dots(rng: np.random.Generator) -> list[Array]:
    """Draw one dot or up to seven, in a row or anywhere; not so close in a row that they make a line."""
    count = int(rng.integers(1, 8))
    if count == 1:
        return [np.zeros((1, 2))]
    places = rng.uniform(-0.5, 0.5, (count, 2))
    if count < 5 and rng.random() < 0.5:
        places = np.stack([np.linspace(-0.5, 0.5, count), rng.normal(0, 0.03, count)], axis=1)
    size = rng.choice([0.0, 0.01, 0.02])
    return [
        place + rng.normal(0, size, (int(rng.integers(1, 6)), 2)) for place in turned(places, rng.uniform(0, 360))
    ]


def blot(rng: np.random.Generator) -> list[Array]:
    """Draw a filled patch: the pen goes round and round, inwards and outwards."""
    rounds = int(rng.integers(4, 9))
    t = np.linspace(0, rounds * 2 * np.pi, rounds * 14)
    radius = 0.5 * np.abs(np.cos(t / rounds / 2 * rng.integers(1, 4))) + rng.normal(0, 0.03, len(t))
    squash = rng.uniform(0.3, 1.0)
    return [turned(np.stack([radius * np.cos(t), squash * radius * np.sin(t)], axis=1), rng.uniform(0, 360))]


def to_and_fro(rng: np.random.Generator) -> list[Array]:
    """Draw a zigzag of four to twenty turns, loose or dense, at any angle."""
    count = int(rng.integers(5, 21))
    x = np.linspace(0, rng.uniform(0.4, 1.5), count) + rng.normal(0, 0.03, count)
    y = np.where(np.arange(count) % 2, 0.5, -0.5) * rng.uniform(0.6, 1.1, count)
    path = sampled(np.stack([x, y], axis=1))
    return [turned(smooth(path[::3]) if rng.random() < 0.5 else path, rng.uniform(0, 360))]


def spiral(rng: np.random.Generator) -> list[Array]:
    """Draw two to five turns, inwards or outwards, either way round."""
    turns = rng.uniform(2, 5)
    t = np.linspace(0, 1, int(turns * 16))
    angle = 2 * np.pi * turns * t * rng.choice([-1, 1]) + rng.uniform(0, 2 * np.pi)
    path = (0.05 + 0.45 * t[:, np.newaxis]) * np.stack(
        [np.cos(angle), rng.uniform(0.6, 1) * np.sin(angle)], axis=1
    )
    return [path[:: int(rng.choice([-1, 1]))]]


def coil(rng: np.random.Generator) -> list[Array]:
    """Draw three to eight loops along a line, as of a telephone cord."""
    loops = int(rng.integers(3, 9))
    t = np.linspace(0, 2 * np.pi * loops, loops * 14)
    x = t / (2 * np.pi) * rng.uniform(0.15, 0.5) + 0.3 * np.cos(t)
    return [turned(np.stack([x, 0.4 * np.sin(t)], axis=1), rng.normal(0, 25))]


def wandering(rng: np.random.Generator) -> list[Array]:
    """Draw a pen that wanders: a long curve, rounded or not, through twelve to thirty places."""
    count = int(rng.integers(12, 31))
    places = rng.uniform(-0.5, 0.5, (count, 2))
    if rng.random() < 0.5:
        places = np.cumsum(rng.normal(0, 0.2, (count + 6, 2)), axis=0)
    return [smooth(places) if rng.random() < 0.7 else sampled(places)]


def hatching(rng: np.random.Generator) -> list[Array]:
    """Draw four to nine strokes side by side, sometimes crossed by as many: a hatching, a grid."""
    count = int(rng.integers(4, 10))
    places = np.linspace(-0.5, 0.5, count)
    strokes = [lines((x, -0.5 + rng.normal(0, 0.05)), (x, 0.5 + rng.normal(0, 0.05))) for x in places]
    if rng.random() < 0.5:
        strokes += [stroke[:, ::-1] for stroke in strokes]
    angle = rng.uniform(0, 180)
    return [turned(stroke, angle) for stroke in strokes]


def rings(rng: np.random.Generator) -> list[Array]:
    """Draw three to six ellipses over each other, each with a place and lean of its own."""
    strokes: list[Array] = []
    for _ in range(int(rng.integers(3, 7))):
        ring = arc(rng.uniform(0, 360), 360, radii=tuple(rng.uniform(0.15, 0.5, 2)), turn=rng.uniform(0, 180))
        strokes.append(ring + rng.uniform(-0.35, 0.35, 2))
    return strokes


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
        path = wave(rng)[0] - np.array([0.5, 0])
    else:
        path = smooth(rng.uniform(-0.5, 0.5, (5, 2)))
    return turned(path * rng.uniform(0.4, 1.2), rng.uniform(0, 360)) + rng.uniform(-0.5, 0.5, 2)

"""From control points to the path of a pen: smooth curves, and the hand that never draws the same one twice.

The picture behind it: a copybook line is played by many writers. Each mixes the poses in his own way, leans,
stretches and bends the whole figure, draws rounder or more angular, starts early or stops late, and trembles a
little. All of it acts on control points and is linear in them, so a thousand writers are one array operation.
``copybook`` holds the lines; ``synthetic`` inks the paths.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from nn.arrays import Float32
    from nn.data.stroke_templates import Style

_STEPS = 5  # sampled points to a span between two control points

# How each digit 0..9 is met on average: shear to the right, and the logarithm of how much wider than in the
# copybook. Chosen so that mean slant and proportions of the inked digits are those of MNIST's training digits.
_LEAN = (0.18, 0.25, 0.12, 0.05, 0.24, 0.06, 0.04, 0.06, 0.04, 0.11)
_WIDENING = (0.23, -0.15, 0.15, 0.11, 0.15, 0.25, 0.1, 0.12, 0.09, 0.04)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """How much writers differ: standard deviations, in digit heights where nothing else is said.

    The defaults were tuned by what networks trained on the result misread among MNIST's training digits.
    """

    pose_overshoot: float = 0.25
    """How far beyond a style's poses a mixture may go, as a share of their difference."""
    slant: float = 0.21
    """Shear to the right, in widths a height."""
    rotation: float = 0.1
    """Radians."""
    aspect: float = 0.21
    """Logarithm of width over height."""
    bend: float = 0.13
    """Quadratic bends of the plane: larger heads, smaller feet, curved stems."""
    jitter: float = 0.025
    """Each control point by itself."""
    sway: float = 0.036
    """Slow departures along a stroke."""
    stroke_shift: float = 0.035
    """Each stroke of several as a whole."""
    ends: float = 0.38
    """First and last point along the pen's way, in lengths of the last span: too short or too far."""
    tremor: float = 0.004
    """Each sampled point, smoothed along the path."""


def written(style: Style, count: int, rng: np.random.Generator, hand: Hand) -> Float32:
    """Play one style by `count` writers.

    Returns
    -------
    Shape (count, points, 2): sampled points of all strokes one after the other; `stroke_lengths` cuts them.
    """
    controls = _mixed_poses(style, count, rng, hand)
    controls += _departures(style, count, rng, hand)
    _move_strokes(controls, style, rng, hand)
    _move_ends(controls, style, rng, hand)
    controls = _bent(controls, rng, hand)
    controls = np.einsum("npi,nij->npj", controls, _leaning(style, count, rng, hand))
    return _curves(controls, style, rng) + _tremor(style, count, rng, hand)


def stroke_lengths(style: Style) -> tuple[int, ...]:
    """How many sampled points belong to each stroke."""
    return tuple((points - 1) * _STEPS + 1 for points in style.lengths)


def _normal(rng: np.random.Generator, shape: tuple[int, ...], deviation: float) -> Float32:
    return rng.standard_normal(shape, dtype=np.float32) * np.float32(deviation)


def _mixed_poses(style: Style, count: int, rng: np.random.Generator, hand: Hand) -> Float32:
    poses = len(style.poses)
    shares = rng.dirichlet(np.full(poses, 0.8), count) * (1 + hand.pose_overshoot) - hand.pose_overshoot / poses
    mixed: Float32 = np.einsum("nk,kpi->npi", shares.astype(np.float32), style.poses)
    return mixed


def _departures(style: Style, count: int, rng: np.random.Generator, hand: Hand) -> Float32:
    """Leave the template: each control point by itself, and slowly along each stroke, by up to three half waves.

    A long way leaves room for more: the loops of an eight differ more than the bar of a seven.
    """
    waves = np.arange(1, 4)
    moves = []
    for stroke in np.split(style.poses.mean(axis=0), np.cumsum(style.lengths)[:-1]):
        room = np.sqrt(np.hypot(*np.diff(stroke, axis=0).T).sum() / 2)
        cosines = np.cos(np.pi * waves * np.linspace(0, 1, len(stroke))[:, np.newaxis]).astype(np.float32)
        slow = np.einsum("pw,nwi->npi", cosines, _normal(rng, (count, 3, 2), hand.sway * room))
        moves.append(slow + _normal(rng, (count, len(stroke), 2), hand.jitter * room))
    return np.concatenate(moves, axis=1)


def _move_strokes(controls: Float32, style: Style, rng: np.random.Generator, hand: Hand) -> None:
    if len(style.lengths) > 1:
        moves = _normal(rng, (len(controls), len(style.lengths), 2), hand.stroke_shift)
        controls += np.repeat(moves, style.lengths, axis=1)


def _move_ends(controls: Float32, style: Style, rng: np.random.Generator, hand: Hand) -> None:
    start = 0
    for length in style.lengths:
        for end, neighbor in ((start, start + 1), (start + length - 1, start + length - 2)):
            along = controls[:, end] - controls[:, neighbor]
            controls[:, end] += along * _normal(rng, (len(controls), 1), hand.ends)
        start += length


def _bent(controls: Float32, rng: np.random.Generator, hand: Hand) -> Float32:
    """Move the plane by x' = x + a y^2 + b x y + c x^2, y' alike; unit is half a height."""
    x, y = controls[..., 0] * 2, controls[..., 1] * 2
    terms = np.stack([y * y - np.float32(0.4), x * y, x * x - np.float32(0.2)], axis=-1)
    weights = _normal(rng, (len(controls), 3, 2), hand.bend)
    moves: Float32 = np.einsum("npk,nki->npi", terms, weights) / 2
    return controls + moves


def _leaning(style: Style, count: int, rng: np.random.Generator, hand: Hand) -> Float32:
    """Shape (count, 2, 2), to be multiplied from the right: aspect, then slant, then rotation."""
    stretch = np.exp(_normal(rng, (count,), hand.aspect / 2) + np.float32(_WIDENING[style.digit] / 2))
    slant = _normal(rng, (count,), hand.slant) + np.float32(_LEAN[style.digit])
    angle = _normal(rng, (count,), hand.rotation)
    cos, sin = np.cos(angle), np.sin(angle)
    shape = np.zeros((count, 2, 2), dtype=np.float32)
    shape[:, 0, 0] = stretch
    shape[:, 1, 1] = 1 / stretch
    shape[:, 1, 0] = -slant / stretch
    turn = np.stack([np.stack([cos, sin], axis=-1), np.stack([-sin, cos], axis=-1)], axis=1)
    leaning: Float32 = np.einsum("nij,njk->nik", shape, turn)
    return leaning


def _curves(controls: Float32, style: Style, rng: np.random.Generator) -> Float32:
    """Run curves through the control points: between angular (-1) and round (+1), as the writer's hand is."""
    roundness = rng.triangular(-0.6, 0.0, 0.7, len(controls)).astype(np.float32)[:, None, None]
    smooth, angular, loose = _bases(style.lengths, style.corners)
    path: Float32 = np.einsum("sp,npi->nsi", smooth, controls)
    path += np.maximum(roundness, 0) * np.einsum("sp,npi->nsi", loose - smooth, controls)
    path += np.maximum(-roundness, 0) * np.einsum("sp,npi->nsi", angular - smooth, controls)
    return path


def _tremor(style: Style, count: int, rng: np.random.Generator, hand: Hand) -> Float32:
    points = sum(stroke_lengths(style))
    noise = _normal(rng, (count, points + 2, 2), hand.tremor)
    return noise[:, :-2] + 2 * noise[:, 1:-1] + noise[:, 2:]


# Catmull-Rom runs through its points; a uniform cubic B-spline only near them; a polyline turns at each of them.
# Rows: powers 1, t, t^2, t^3; columns: the point before, the two ends of the span, the point after.
_CATMULL_ROM = np.array([[0, 1, 0, 0], [-0.5, 0, 0.5, 0], [1, -2.5, 2, -0.5], [-0.5, 1.5, -1.5, 0.5]])
_POLYLINE = np.array([[0, 1, 0, 0], [0, -1, 1, 0], [0, 0, 0, 0], [0, 0, 0, 0]])
_B_SPLINE = np.array([[1, 4, 1, 0], [-3, 0, 3, 0], [3, -6, 3, 0], [-1, 3, -3, 1]]) / 6


@cache
def _bases(lengths: tuple[int, ...], corners: tuple[bool, ...]) -> tuple[Float32, Float32, Float32]:
    """Matrices (samples, points) that turn control points into sampled ones, for the three kinds of curve."""
    smooth, angular, loose = (_basis(lengths, corners, kind) for kind in (_CATMULL_ROM, _POLYLINE, _B_SPLINE))
    return smooth, angular, loose


def _basis(lengths: tuple[int, ...], corners: tuple[bool, ...], kind: np.ndarray) -> Float32:
    rows, start = [], 0
    identity = np.eye(sum(lengths))
    for length in lengths:
        points, sharp = identity[start : start + length], corners[start : start + length]
        rows.append(points[:1])
        for span in range(length - 1):
            here, there = points[span], points[span + 1]
            # Beyond an end or a corner the curve imagines its way straight on: nothing from there bends it.
            before = 2 * here - there if span == 0 or sharp[span] else points[span - 1]
            after = 2 * there - here if span == length - 2 or sharp[span + 1] else points[span + 2]
            t = np.arange(1, _STEPS + 1) / _STEPS
            powers = np.stack([t**0, t, t * t, t**3], axis=-1)
            rows.append(powers @ kind @ np.stack([before, here, there, after]))
        start += length
    return np.concatenate(rows).astype(np.float32)

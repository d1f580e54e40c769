"""Optimisers compared: on a long valley of two parameters, and on digits (chapter 6.1).

On :math:`f(x, y) = x^2 / 20 + y^2` the gradient points mostly across the valley: SGD zigzags, momentum swings out,
AdaGrad and Adam make up for the shape. On digits the same network starts from the same weights with each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nn.experiments.experiment import Finding, first, losses_of_2000_steps
from nn.network import mlp
from nn.optimizers import optimizer
from nn.plots import Curve, Panel

if TYPE_CHECKING:
    from nn.arrays import Array
    from nn.data.dataset import DigitData
    from nn.experiments.experiment import Plan
    from nn.layers import JSON

IN_THE_VALLEY = {"sgd": 0.95, "momentum": 0.1, "nesterov": 0.1, "adagrad": 1.5, "rmsprop": 0.1, "adam": 0.3}
"""Rates on the valley; the book's for those that it shows."""
ON_DIGITS = {"sgd": 0.01, "momentum": 0.01, "nesterov": 0.01, "adagrad": 0.01, "rmsprop": 0.001, "adam": 0.001}
START = (-7.0, 2.0)


def perform(digits: DigitData, plan: Plan) -> Finding:
    """Walk down the valley and train 784-100-100-100-100-10 with each optimiser: 2,000 batches of 128."""
    digits = first(digits, len(digits.training))
    curves: list[Curve] = []
    rows: list[dict[str, JSON]] = []
    for name, rate in ON_DIGITS.items():
        plan.tell(name)
        network = mlp([784, 100, 100, 100, 100, 10], seed=plan.seed)
        losses = losses_of_2000_steps(network, digits, plan, optimizer=name, rate=rate)
        curves.append(Curve(f"{name} {rate:g}", losses, is_noisy=True))
        rows.append({"optimizer": name, "rate": rate, "loss": float(np.mean(losses[-50:]))})
    panels = (
        _valley(),
        Panel("Loss on digits", "step", "loss of the batch", tuple(curves), y_range=(0, 1)),
    )
    return Finding("Optimisers compared", panels, 2, tuple(rows))


def path(name: str, rate: float, steps: int = 30) -> Array:
    """Return the points, shape (steps + 1, 2), at which an optimiser is on its way down the valley."""
    rule, point = optimizer(name), np.array(START)
    state, points = rule.initial_state(point), [point.copy()]
    for step in range(1, steps + 1):
        rule.update(point, gradient(point), state, rate, step)
        points.append(point.copy())
    return np.array(points)


def gradient(point: Array) -> Array:
    """Return the gradient of x^2 / 20 + y^2."""
    slope: Array = point * (0.1, 2.0)
    return slope


def _valley() -> Panel:
    turn = np.linspace(0, 2 * np.pi, 100)
    heights = [
        Curve("", np.sqrt(height) * np.sin(turn), np.sqrt(20 * height) * np.cos(turn)) for height in (1, 2, 4, 7)
    ]
    paths = [(name, path(name, rate)) for name, rate in IN_THE_VALLEY.items()]
    walks = [Curve(name, points[:, 1], points[:, 0]) for name, points in paths]
    return Panel(r"30 steps down $x^2 / 20 + y^2$", "x", "y", (*walks, *heights), None, (-10, 10), (-3, 3))

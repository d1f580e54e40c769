"""Initial values compared: the same ReLU network from small, Xavier's and He's weights (chapter 6.2.4).

From weights of 0.01 signals fade layer by layer and so do the gradients: the loss stays at log 10 = 2.3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nn.experiments.experiment import Finding, first, losses_of_2000_steps
from nn.network import mlp
from nn.plots import Curve, Panel

if TYPE_CHECKING:
    from nn.data.dataset import DigitData
    from nn.experiments.experiment import Plan
    from nn.initializers import Initial
    from nn.layers import JSON

INITIAL: dict[str, Initial] = {"deviation 0.01": 0.01, "Xavier": "xavier", "He": "he"}


def perform(digits: DigitData, plan: Plan) -> Finding:
    """Train 784-100-100-100-100-10 by SGD with 0.01 from each: 2,000 batches of 128."""
    digits = first(digits, len(digits.training))
    curves: list[Curve] = []
    rows: list[dict[str, JSON]] = []
    for name, initial in INITIAL.items():
        plan.tell(name)
        network = mlp([784, 100, 100, 100, 100, 10], initial=initial, seed=plan.seed)
        losses = losses_of_2000_steps(network, digits, plan, rate=0.01)
        curves.append(Curve(name, losses, is_noisy=True))
        rows.append({"initial": name, "loss": float(np.mean(losses[-50:]))})
    panel = Panel("Loss with ReLU and SGD 0.01", "step", "loss of the batch", tuple(curves), y_range=(0, 2.5))
    return Finding("Initial values compared", (panel,), 1, tuple(rows))

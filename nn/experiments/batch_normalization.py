"""Batch normalisation over 16 sizes of initial weights (chapter 6.3.2).

Without it a network of six layers learns from a narrow range of initial weights only; with it, from nearly all.
"""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from nn.errors import DivergedError
from nn.experiments.experiment import Finding, first, follow
from nn.layers import BatchNormalization, Dense, ReLU
from nn.losses import CrossEntropy
from nn.network import Network
from nn.plots import Curve, Panel
from nn.training_config import TrainingConfig

if TYPE_CHECKING:
    from nn.data.dataset import DigitData
    from nn.experiments.experiment import Plan
    from nn.layers import JSON, Layer

SIZES = [784, 100, 100, 100, 100, 100, 10]
EPSILON = 1e-6
"""The book's: from the smallest weights a layer's variance is no larger, and the usual 1e-5 would drown it."""


def perform(digits: DigitData, plan: Plan) -> Finding:
    """Train 784-100x5-10 on 1,000 digits by SGD with 0.01, 20 epochs, from deviations 1 to 0.0001."""
    epochs = plan.epochs_or(20, 2)
    few = first(digits, plan.sized(1_000, 200), plan.sized(1_000, 100))
    panels: list[Panel] = []
    rows: list[dict[str, JSON]] = []
    for deviation in np.logspace(0, -4, plan.sized(16, 2)).tolist():
        plan.tell(f"deviation {deviation:.2g}")
        normalized = _learned(few, epochs, deviation, plan.seed, is_normalized=True)
        plain = _learned(few, epochs, deviation, plan.seed, is_normalized=False)
        curves = (Curve("normalised", normalized), Curve("plain", plain))
        panels.append(Panel(f"W: {deviation:.2g}", "epoch", "training accuracy", curves, y_range=(0, 1)))
        rows.append({"deviation": deviation, "normalized": normalized[-1], "plain": plain[-1]})
    return Finding("Batch normalisation over initial values", tuple(panels), 4, tuple(rows))


def _learned(few: DigitData, epochs: int, deviation: float, seed: int, *, is_normalized: bool) -> list[float]:
    """Return the accuracy on the training digits after each epoch."""
    network = _network(deviation, seed, is_normalized=is_normalized)
    try:
        config = TrainingConfig(epochs=epochs, batch_size=100, rate=0.01, seed=seed)
        return follow(network, few, config).training
    except DivergedError:
        # From a deviation of 1 the plain one may overflow; guessing is then all that it can do.
        return [0.1] * epochs


def _network(deviation: float, seed: int, *, is_normalized: bool) -> Network:
    """Build what `mlp` would, but for the book's epsilon."""
    affine = partial(Dense, rng=np.random.default_rng(seed), initial=deviation)
    layers: list[Layer] = []
    for d_in, d_out in pairwise(SIZES[:-1]):
        normalization = [BatchNormalization(d_out, epsilon=EPSILON)] if is_normalized else []
        layers += [affine(d_in, d_out), *normalization, ReLU()]
    return Network([*layers, affine(*SIZES[-2:])], CrossEntropy(), input_shape=(SIZES[0],), seed=seed)

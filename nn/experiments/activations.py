"""What five layers make of a signal, by the size of their weights (chapter 6.2.2).

1,000 samples of 100 normal numbers go through five layers of 100 units. Good initial values leave the histogram of
the last layer's activations about as wide as the first's. Too large, and a sigmoid sits at 0 and 1, where its
slope is nothing; too small, and all units say the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nn.experiments.experiment import Finding
from nn.layers import ACTIVATIONS, Dense
from nn.plots import Panel

if TYPE_CHECKING:
    from nn.arrays import Array
    from nn.data.dataset import DigitData
    from nn.experiments.experiment import Plan
    from nn.initializers import Initial
    from nn.layers import JSON

UNITS, LAYERS = 100, 5
CASES: tuple[tuple[str, Initial, tuple[float, float]], ...] = (
    ("sigmoid", 1.0, (0, 1)),
    ("sigmoid", 0.01, (0, 1)),
    ("sigmoid", "xavier", (0, 1)),
    ("tanh", "xavier", (-1, 1)),
    ("relu", 0.01, (0, 1)),
    ("relu", "xavier", (0, 1)),
    ("relu", "he", (0, 1)),
)


def perform(digits: DigitData, plan: Plan) -> Finding:  # noqa: ARG001 - no digits are needed
    """Draw the histograms, a row a case and a panel a layer."""
    samples = plan.sized(1_000, 50)
    panels: list[Panel] = []
    rows: list[dict[str, JSON]] = []
    for activation, initial, shown in CASES:
        name = f"{activation}, {initial}"
        plan.tell(name)
        outputs = activations(activation, initial, samples, seed=plan.seed)
        panels += [
            Panel(f"{name}: layer {layer}", values=values, x_range=shown)
            for layer, values in enumerate(outputs, 1)
        ]
        rows.append({"activation": activation, "initial": str(initial), **_deviations(outputs)})
    return Finding("Activations by layer", tuple(panels), LAYERS, tuple(rows))


def activations(activation: str, initial: Initial, samples: int, *, seed: int) -> list[Array]:
    """Return what each layer makes of N(0, 1): shape (samples, 100) each."""
    rng = np.random.default_rng(seed)
    x: Array = rng.standard_normal((samples, UNITS), np.float32)
    outputs = []
    for _ in range(LAYERS):
        x = ACTIVATIONS[activation]().forward(Dense(UNITS, UNITS, rng=rng, initial=initial).forward(x))
        outputs.append(x)
    return outputs


def _deviations(outputs: list[Array]) -> dict[str, JSON]:
    return {f"deviation {layer}": float(values.std()) for layer, values in enumerate(outputs, 1)}

"""Overfitting and its cures: 300 digits, seven layers, 200 epochs (chapter 6.4).

Alone, the network learns its 300 digits by heart and others poorly: the gap between the two curves is overfitting.
Weight decay and dropout make it narrower.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nn.experiments.experiment import Finding, first, follow
from nn.network import mlp
from nn.plots import Curve, Panel
from nn.training_config import TrainingConfig

if TYPE_CHECKING:
    from nn.data.dataset import DigitData
    from nn.experiments.experiment import Plan
    from nn.layers import JSON

SIZES = [784, 100, 100, 100, 100, 100, 100, 10]


@dataclass(frozen=True, slots=True)
class Cure:
    """What is done against overfitting."""

    name: str
    weight_decay: float = 0.0
    dropout: float = 0.0


CURES = (
    Cure("nothing"),
    Cure("weight decay 0.1", weight_decay=0.1),
    Cure("dropout 0.2", dropout=0.2),
    Cure("both", weight_decay=0.1, dropout=0.2),
)


def perform(digits: DigitData, plan: Plan) -> Finding:
    """Train 784-100x6-10 on 300 digits by SGD with 0.01, with each cure."""
    epochs = plan.epochs_or(200, 4)
    few = first(digits, 300, plan.sized(5_000, 100))
    panels: list[Panel] = []
    rows: list[dict[str, JSON]] = []
    for cure in CURES:
        plan.tell(cure.name)
        network = mlp(SIZES, dropout=cure.dropout, seed=plan.seed)
        config = TrainingConfig(
            epochs=epochs, batch_size=100, rate=0.01, weight_decay=cure.weight_decay, seed=plan.seed
        )
        course = follow(network, few, config)
        curves = (Curve("the 300 learned", course.training), Curve("others", course.validation))
        panels.append(Panel(cure.name, "epoch", "accuracy", curves, y_range=(0, 1)))
        learned, others = course.training[-1], course.validation[-1]
        rows.append({"cure": cure.name, "training": learned, "validation": others, "gap": learned - others})
    return Finding("Overfitting 300 digits, and cures", tuple(panels), 2, tuple(rows))

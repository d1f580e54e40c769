"""Rate and weight decay by chance: 100 trials, the best 20 drawn (chapter 6.5).

Drawn evenly in their logarithms, rate from 10^-6 to 10^-2 and decay from 10^-8 to 10^-4. Chance is better than a
grid when one of two numbers matters more: each trial shows another value of it (Bergstra and Bengio, 2012).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nn.data.dataset import DigitData
from nn.experiments.experiment import Course, Finding, follow
from nn.network import mlp
from nn.plots import Curve, Panel
from nn.training_config import TrainingConfig

if TYPE_CHECKING:
    from nn.experiments.experiment import Plan
    from nn.layers import JSON

SIZES = [784, 100, 100, 100, 100, 100, 100, 10]
DIGITS, VALIDATION = 500, 0.2
SHOWN = 20


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """One pair that was drawn, and what came of it."""

    rate: float
    decay: float
    course: Course

    @property
    def accuracy(self) -> float:
        """After the last epoch, on digits that were not learned."""
        return self.course.validation[-1]


def perform(digits: DigitData, plan: Plan) -> Finding:
    """Train 784-100x6-10 on 400 digits, 50 epochs by SGD, for each pair; validate on 100 others."""
    epochs, trials = plan.epochs_or(50, 3), plan.sized(100, 5)
    rng = np.random.default_rng(plan.seed)
    few = _few(digits, rng)
    done = []
    for number in range(1, trials + 1):
        rate, decay = float(10 ** rng.uniform(-6, -2)), float(10 ** rng.uniform(-8, -4))
        plan.tell(f"trial {number} of {trials}: rate {rate:.2g}, decay {decay:.2g}")
        done.append(_trial(few, epochs, rate, decay, plan.seed))
    done.sort(key=lambda trial: -trial.accuracy)
    panels = tuple(_panel(number, trial) for number, trial in enumerate(done[:SHOWN], 1))
    rows: tuple[dict[str, JSON], ...] = tuple(
        {"rank": number, "rate": trial.rate, "decay": trial.decay, "validation": trial.accuracy}
        for number, trial in enumerate(done[:SHOWN], 1)
    )
    return Finding(f"The best of {trials} random pairs of rate and weight decay", panels, 5, rows)


def _few(digits: DigitData, rng: np.random.Generator) -> DigitData:
    chosen = digits.training.subset(rng.permutation(len(digits.training))[:DIGITS])
    kept = int(len(chosen) * VALIDATION)
    return DigitData(chosen.subset(slice(kept, None)), chosen.subset(slice(kept)), None, digits.source)


def _trial(few: DigitData, epochs: int, rate: float, decay: float, seed: int) -> Trial:
    config = TrainingConfig(epochs=epochs, batch_size=100, rate=rate, weight_decay=decay, seed=seed)
    return Trial(rate, decay, follow(mlp(SIZES, seed=seed), few, config))


def _panel(number: int, trial: Trial) -> Panel:
    curves = (Curve("learned", trial.course.training), Curve("others", trial.course.validation))
    title = f"{number}: rate {trial.rate:.2g}, decay {trial.decay:.2g}"
    return Panel(title, "epoch", "accuracy", curves, y_range=(0, 1))

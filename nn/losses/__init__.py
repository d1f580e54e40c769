"""A loss says in one number how wrong a batch of outputs is, and in which direction right would be.

A file each: `base` has what they share, `logits` what the cross-entropies share.
"""

from __future__ import annotations

from nn.losses.base import Loss
from nn.losses.cross_entropy import CrossEntropy
from nn.losses.open_cross_entropy import OpenCrossEntropy
from nn.losses.sigmoid_cross_entropy import SigmoidCrossEntropy
from nn.losses.squared_error import REDUCTIONS, SquaredError

LOSSES: dict[str, type[Loss]] = {
    loss.kind: loss for loss in (CrossEntropy, OpenCrossEntropy, SigmoidCrossEntropy, SquaredError)
}
"""Every loss by the name that files and commands use."""

__all__ = [
    "LOSSES",
    "REDUCTIONS",
    "CrossEntropy",
    "Loss",
    "OpenCrossEntropy",
    "SigmoidCrossEntropy",
    "SquaredError",
]

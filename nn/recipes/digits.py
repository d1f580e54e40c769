"""MNIST as the books split it.

Nielsen keeps the last 10,000 training digits for validation; the other books learn from all 60,000 and look at the
test digits after each epoch. Here the test digits are read once, at the end; a training on all 60,000 is watched
by digits it learns from, which tells whether it goes on and nothing more. `MnistDigits.apart` keeps some away from
it: by those, and never by the test digits, the numbers in these recipes were chosen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from nn.data.augmentation import warped
from nn.data.dataset import Dataset, DigitData, joined
from nn.data.mnist import load_mnist

WHOLE = 60_000
WATCHED = 5_000


@dataclass(frozen=True, slots=True)
class MnistDigits:
    """A way to split MNIST; called with a seed, which changes nothing, it gives the digits.

    Parameters
    ----------
    kept
        How many of the 60,000 training digits, the last ones, are for validation alone; of a smaller set as large
        a share. With 0 it is watched by the last 5,000 that it learns from.
    rotation
        Degrees: beside every training digit stand two more, turned so far to the left and to the right.
    """

    kept: int = 0
    rotation: float = 0.0

    def __call__(self, seed: int = 0) -> DigitData:  # noqa: ARG002 - every recipe's digits are asked the same way
        """Load the digits."""
        whole, test = load_mnist()
        count = len(whole) * (self.kept or WATCHED) // WHOLE
        training = whole.subset(slice(len(whole) - count)) if self.kept else whole
        watched = whole.subset(slice(len(whole) - count, None), "MNIST validation")
        words = (
            f"MNIST, {len(training):,} digits" if self.kept else f"MNIST, all {len(training):,} training digits"
        )
        if self.rotation:
            training = with_rotations(training, self.rotation)
            words += f", each also turned by {self.rotation:g} degrees to either side"
        if not self.kept:
            words += "; those that watch are among them"
        return DigitData(training, watched, test, words, is_apart=bool(self.kept))

    def apart(self) -> MnistDigits:
        """Return the split that keeps digits for validation away from training, to choose numbers by."""
        return self if self.kept else replace(self, kept=WATCHED)


def with_rotations(digits: Dataset, degrees: float) -> Dataset:
    """Return the digits, and each once more turned by `degrees` to the left and once to the right.

    Bilinear, with paper coming in at the corners (*Make Your Own Neural Network*, part 3).
    """
    turned = []
    for angle in np.deg2rad([degrees, -degrees]):
        cos, sin = np.cos(angle), np.sin(angle)
        one = np.array([[cos, sin, 0], [-sin, cos, 0]], np.float32)
        maps = np.broadcast_to(one, (len(digits), 2, 3))
        turned.append(Dataset(warped(digits.images, maps), digits.labels, writers=digits.writers))
    return joined(digits, *turned, name=f"{digits.name} and rotations")

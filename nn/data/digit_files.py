"""What a file of digits holds, whichever format it is in."""

from __future__ import annotations

from dataclasses import dataclass, replace

from nn.data.dataset import Dataset, DigitData
from nn.data.splits import split_off

PART_SHARE = 1 / 6
"""Of the digits to learn from, what is kept for validation where a file has no part for it."""


@dataclass(frozen=True, slots=True)
class DigitFile:
    """Digits from one file or folder.

    ``validation`` and ``test`` are None where the file makes no such difference; then all are in ``training``.
    """

    training: Dataset
    validation: Dataset | None = None
    test: Dataset | None = None
    kind: str = ""

    def named(self, name: str) -> DigitFile:
        """Return the same with names that a person can read."""

        def called(part: Dataset | None, words: str) -> Dataset | None:
            return None if part is None else part.subset(slice(None), part.name or f"{name} {words}")

        return replace(
            self,
            training=self.training.subset(slice(None), self.training.name or f"{name} training"),
            validation=called(self.validation, "validation"),
            test=called(self.test, "test"),
        )

    def data(self, *, share: float = PART_SHARE, seed: int = 0) -> DigitData:
        """Return what a training needs: where there is no validation part, `share` of the digits becomes one.

        Nobody's hand is in both, where it is known whose it is.
        """
        training, validation = self.training, self.validation
        if validation is None:
            training, validation = split_off(training, share, seed)
        return DigitData(training, validation, self.test, self.training.name.removesuffix(" training"))

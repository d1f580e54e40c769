"""A data set is a stack of frames and the digit that each one is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nn.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nn.arrays import Bytes, Integers

NO_DIGIT = 10
"""The label of a frame that is no digit (a scribble, a letter, several digits at once): the eleventh class of a
network that may say "none of these"."""


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Labelled frames.

    Parameters
    ----------
    images
        Shape (n, 28, 28), uint8: 0 paper, 255 ink.
    labels
        Shape (n,), uint8: the digit 0..9, or `NO_DIGIT`.
    name
        What a person should read: "MNIST training".
    writers
        Shape (n,), who wrote each digit, where that is known; for splits that share no writer.
    """

    images: Bytes
    labels: Bytes
    name: str = ""
    writers: Integers | None = None

    def __post_init__(self) -> None:
        if self.images.ndim != 3 or self.images.dtype != np.uint8:
            raise DataError(
                f"Images of {self.name or 'a data set'} came as {self.images.dtype} {self.images.shape}; "
                "wanted uint8 (n, 28, 28)."
            )
        for what, values in (("labels", self.labels), ("writers", self.writers)):
            if values is not None and values.shape != (len(self.images),):
                raise DataError(
                    f"{len(self.images)} images of {self.name or 'a data set'} came with {what} of shape "
                    f"{values.shape}; wanted one for each image."
                )

    def __len__(self) -> int:
        return len(self.images)

    def subset(self, chosen: NDArray[np.bool_] | Integers | slice, name: str = "") -> Dataset:
        """Pick images by index, mask or slice; labels and writers follow."""
        writers = None if self.writers is None else self.writers[chosen]
        return Dataset(self.images[chosen], self.labels[chosen], name or self.name, writers)


def joined(*parts: Dataset, name: str) -> Dataset:
    """Put data sets one after the other; writers are kept only where every part knows them."""
    writers = [part.writers for part in parts if part.writers is not None]
    return Dataset(
        np.concatenate([part.images for part in parts]),
        np.concatenate([part.labels for part in parts]),
        name,
        np.concatenate(writers) if len(writers) == len(parts) else None,
    )


@dataclass(frozen=True, slots=True, eq=False)
class DigitData:
    """What one training needs: digits to learn from, digits to watch it by, and digits to report on at the end."""

    training: Dataset
    validation: Dataset
    test: Dataset | None
    source: str
    """In words for a person: "MNIST from the cache folder", "built-in synthetic digits"."""
    is_apart: bool = True
    """Whether no digit of validation is one that is learned from."""

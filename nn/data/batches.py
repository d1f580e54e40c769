"""Mini-batches: every digit once an epoch, in an order that the seed decides.

Digits are gathered, augmented and scaled a block of batches at a time: small enough for the cache, large enough
that a batch of ten costs no more by the digit than one of a hundred.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from nn.data.augmentation import augment
from nn.parallel import ahead

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from nn.arrays import Array, Bytes, Integers
    from nn.data.augmentation import Augmentation
    from nn.data.dataset import Dataset
    from nn.network import Network

BLOCK = 512
"""Digits prepared at a time: 1.6 MB as float32."""


def unvaried(_: int) -> None:
    """Return no augmentation, whatever the epoch."""


class Batches:
    """The mini-batches of one data set, epoch after epoch.

    Order and augmentation come from (seed, epoch) and (seed, epoch, block): any epoch can be had again, from any
    batch on, without running through those before it.

    Parameters
    ----------
    dataset
        Digits with labels.
    size
        Samples a batch; the last batch of an epoch has what is left.
    network
        Whose scaling and input shape the batches take.
    seed
        Of the order and of the augmentation.
    augmentation
        How each digit of an epoch, counted from 0, is varied before it is seen; None for not at all.
    threads
        With more than one, or None, digits to be varied are prepared on a thread while the last are learned.
    """

    def __init__(
        self,
        dataset: Dataset,
        size: int,
        network: Network,
        *,
        seed: int,
        augmentation: Callable[[int], Augmentation | None] = unvaried,
        threads: int | None = None,
    ) -> None:
        self._dataset, self._size, self._network = dataset, size, network
        self._seed, self._augmentation = seed, augmentation
        self._is_threaded = threads != 1
        self._labels: Integers = dataset.labels.astype(np.int64)

    def __len__(self) -> int:
        """Return the number of batches in an epoch."""
        return math.ceil(len(self._dataset) / self._size)

    def epoch(self, number: int, first: int = 0) -> Generator[tuple[Array, Integers], None, None]:
        """Give the batches of epoch `number`, from batch `first` on: inputs (n, *input_shape) and labels (n,)."""
        block = self._size * max(1, BLOCK // self._size)
        skipped = first * self._size
        blocks = self._blocks(number, range(skipped - skipped % block, len(self._dataset), block))
        first_of_block = skipped % block
        # Without augmentation a block is ready sooner than a thread would hand it over.
        is_ahead = self._is_threaded and self._augmentation(number) is not None
        for x, labels in ahead(blocks) if is_ahead else blocks:
            for at in range(first_of_block, len(x), self._size):
                yield x[at : at + self._size], labels[at : at + self._size]
            first_of_block = 0

    def _blocks(self, epoch: int, starts: range) -> Iterator[tuple[Array, Integers]]:
        order = np.random.default_rng((self._seed, epoch)).permutation(len(self._dataset))
        for start in starts:
            chosen = order[start : start + starts.step]
            yield self._network.inputs(self._images(chosen, epoch, start)), self._labels[chosen]

    def _images(self, chosen: Integers, epoch: int, start: int) -> Bytes:
        images: Bytes = self._dataset.images[chosen]
        augmentation = self._augmentation(epoch)
        if augmentation is None:
            return images
        return augment(images, np.random.default_rng((self._seed, epoch, start)), augmentation)

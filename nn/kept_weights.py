"""What a training keeps of weights that it has had, beside those that learn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn.averaging import WeightAverage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nn.arrays import Array
    from nn.data.dataset import Dataset
    from nn.network import Network
    from nn.progress import Progress
    from nn.training_config import TrainingConfig


class KeptWeights:
    """The weights that are safe, the best, and, if it is wanted, the mean of the last.

    Parameters
    ----------
    network
        The one that learns.
    digits
        What it learns from.
    config
        Whether the best are wanted in the end (`patience`), or the mean (`averaged_epochs`).

    Attributes
    ----------
    safe
        Shape (p + s,): the network's values before the training, and then after its last sound epoch.
    best
        The values of what validation liked best.
    """

    def __init__(self, network: Network, digits: Dataset, config: TrainingConfig) -> None:
        self._network, self._config = network, config
        self.safe = self.best = network.values.copy()
        self._average = WeightAverage(network, digits, config.seed) if config.averaged_epochs else None

    def watched(self, epochs: int) -> Network:
        """Return what validation is to look at after so many epochs: the network, or one with the mean so far."""
        number = self._config.averaged_by(epochs)
        if self._average is None or not number:
            return self._network
        self._average.add(self._network.values, number)
        return self._average.network

    def keep(self, watched: Network, *, is_best: bool) -> None:
        """Keep the weights of a sound epoch, whose validation looked at `watched`."""
        self.safe = self._network.values.copy()
        if is_best:
            self.best = watched.values.copy()

    def in_the_end(self, progress: Progress) -> Array:
        """Return what the network is left with by a training that was not stopped."""
        if self._config.patience is not None and progress.best_epoch:
            return self.best
        if self._average is not None and self._config.averaged_by(progress.epochs_done):
            return self._average.network.values
        return self._network.values

    def vectors(self, epochs: int) -> dict[str, Array]:
        """Return copies of what is kept after so many epochs, for a checkpoint."""
        vectors = {"best": self.best.copy(), "safe": self.safe.copy()}
        if self._average is not None and self._config.averaged_by(epochs):
            vectors["mean"] = self._average.mean
        return vectors

    def restore(self, vectors: Mapping[str, Array]) -> None:
        """Take over what a checkpoint holds."""
        self.best, self.safe = vectors["best"].copy(), vectors["safe"].copy()
        if self._average is not None and "mean" in vectors:
            self._average.restore(vectors["mean"])

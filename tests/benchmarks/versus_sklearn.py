"""scikit-learn's side: `MLPClassifier`, from our initial weights, on our batches."""

from __future__ import annotations

import warnings
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

from nn.layers import Dense, ReLU
from versus_measuring import Run, UnequalWorkError, fastest
from versus_ours import order_of

if TYPE_CHECKING:
    from numpy.typing import DTypeLike

    from nn.data.dataset import Dataset
    from nn.network import Network
    from versus_rows import Training


class ScikitTraining:
    """An epoch of `MLPClassifier.fit`, which shuffles the same digits in its own way and cuts batches as large.

    It works in the precision of its digits, and with one BLAS thread or with as many as we have threads, whichever
    is quicker.
    """

    def __init__(
        self, work: Training, network: Network, digits: Dataset, threads: int, dtype: DTypeLike = np.float32
    ) -> None:
        dense = [layer for layer in network.layers if isinstance(layer, Dense)]
        self._weights = [[array.astype(dtype) for array in (layer.weight, layer.bias)] for layer in dense]
        order = order_of(digits, work.updates * work.batch)
        self._x = network.inputs(digits.images[order]).reshape(len(order), -1).astype(dtype)
        self._labels = digits.labels[order].astype(np.int64)
        self._model: Any = MLPClassifier(
            hidden_layer_sizes=[layer.outputs for layer in dense[:-1]],
            activation="relu" if any(isinstance(layer, ReLU) for layer in network.layers) else "logistic",
            solver="sgd",
            alpha=0.0,
            batch_size=work.batch,
            learning_rate_init=work.rate,
            momentum=0.0,
            nesterovs_momentum=False,
            max_iter=1,
            warm_start=True,
            random_state=0,
        )
        # It has weights of its own to be replaced only when it has seen something.
        self._model.partial_fit(self._x[:1000], self._labels[:1000], classes=np.arange(10))
        self._threads = 1
        self._threads = fastest(sorted({1, threads}), self._seconds_with)

    @property
    def way(self) -> str:
        """How it is asked to work."""
        return f"{self._threads} threads" if self._threads > 1 else "1 thread"

    def run(self) -> Run:
        """Fit once; the loss is the mean over the epoch."""
        self._model.coefs_ = [weight.copy() for weight, _ in self._weights]
        self._model.intercepts_ = [bias.copy() for _, bias in self._weights]
        seen = self._model.t_
        with threadpool_limits(self._threads, user_api="blas"), warnings.catch_warnings():
            # That one epoch is not enough is no news.
            warnings.simplefilter("ignore")
            begun = perf_counter()
            self._model.fit(self._x, self._labels)
            seconds = perf_counter() - begun
        if self._model.t_ - seen != len(self._x):
            raise UnequalWorkError(f"scikit-learn has seen {self._model.t_ - seen} digits, not {len(self._x)}.")
        return Run(seconds, np.array([self._model.loss_curve_[-1]]))

    def _seconds_with(self, threads: int) -> float:
        self._threads = threads
        return self.run().seconds

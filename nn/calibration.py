r"""How far to believe a network: what its probabilities are worth, and from where on it should say "no digit".

A network is surer of the digits it has learned than of others, so that its 99 % may mean 97. One number mends
that, the temperature T, by which its log-probabilities are divided (Guo et al., 2017):

.. math:: p_i \leftarrow \frac{p_i^{1/T}}{\sum_j p_j^{1/T}}

With T above 1 it becomes less sure; which digit is the most probable stays the same. A second number, the
threshold, says how probable "none of these" has to be for a drawing to be refused. Both are fitted to digits that
the network has not learned from, after its training, and are saved with its weights.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from nn.errors import ConfigurationError
from nn.layers.activations import softmax

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nn.arrays import Array, Integers
    from nn.data.dataset import Dataset
    from nn.layers.base import JSON
    from nn.network import Network

COLDEST, HOTTEST = 0.1, 10.0
"""Temperatures beyond these say that something else is wrong."""

ACCEPTED = 0.99
"""The share of digits that must not be refused, whatever else slips through with them."""

SURE = 0.99
"""From here on a person takes an answer for certain."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a network makes of n frames.

    Parameters
    ----------
    probabilities
        Shape (n, k), rows add to 1: of each class, given that it is one of them.
    none
        Shape (n,): how probable it is that it is none of them.
    """

    probabilities: Array
    none: Array


@dataclass(frozen=True, slots=True)
class Calibration:
    """How outputs are taken.

    Parameters
    ----------
    temperature
        Above 1 makes the probabilities more even, below 1 sharper.
    threshold
        A frame is refused where "none of these" is more probable than this; with 1, never.

    Raises
    ------
    ConfigurationError
        If either is out of range.
    """

    temperature: float = 1.0
    threshold: float = 1.0

    def __post_init__(self) -> None:
        if not COLDEST <= self.temperature <= HOTTEST:
            raise ConfigurationError(
                f"Calibration got the temperature {self.temperature!r}; wanted {COLDEST:g} to {HOTTEST:g}."
            )
        if not 0 <= self.threshold <= 1:
            raise ConfigurationError(f"Calibration got the threshold {self.threshold!r}; wanted 0 to 1.")

    def tempered(self, probabilities: Array) -> Array:
        """Return probabilities, shape (n, k), as sure as they should be.

        Examples
        --------
        >>> Calibration(temperature=2.0).tempered(np.array([[0.8, 0.2]])).round(3)
        array([[0.667, 0.333]])
        """
        if self.temperature == 1:
            return probabilities
        return softmax(_logs(probabilities) / self.temperature)

    def refuses(self, none: Array) -> NDArray[np.bool_]:
        """Say which frames are refused, of which "none of these" is so probable."""
        refused: NDArray[np.bool_] = none > self.threshold
        return refused

    def settings(self) -> dict[str, JSON]:
        """Return the constructor's arguments that make it again."""
        return asdict(self)


def fit_calibration(network: Network, dataset: Dataset, *, threads: int | None = None) -> Calibration:
    """Find the temperature and the threshold that suit a network.

    The temperature makes the labels of the digits as likely as it can. The threshold refuses what is none and
    accepts what is a digit, as well as both go together: see `threshold_for`. Without frames that are no digit, or
    with a loss that knows none, nothing is ever refused.

    Parameters
    ----------
    network
        Its own calibration makes no difference, and is not changed.
    dataset
        Digits, and perhaps frames labelled `NO_DIGIT`, that it has not learned from.
    threads
        On which they are read, at most; by default as many as there are cores.
    """
    outputs, loss = network.outputs(dataset.images, threads=threads), network.loss
    digits = dataset.labels < network.classes
    labels = dataset.labels[digits].astype(np.int64)
    threshold = 1.0
    if digits.any() and not digits.all() and loss.labels(network.classes) > network.classes:
        none = loss.none(outputs)
        threshold = threshold_for(none[digits], none[~digits])
    return Calibration(temperature_for(loss.probabilities(outputs[digits]), labels), threshold)


def temperature_for(probabilities: Array, labels: Integers) -> float:
    r"""Find the temperature under which labels (n,) are most likely by probabilities (n, k).

    With :math:`\beta = 1 / T` and log-probabilities l, the mean loss has the slope
    :math:`\mathrm{mean}(\sum_i p_i l_i - l_t)` along :math:`\beta`. The loss is convex, so the slope rises and
    crosses 0 at most once: halving an interval finds where.

    One label more is taken to be any of the k (Laplace, 1774): n right answers are a reason to be sure to
    n in n + 1, and never to be certain.

    Examples
    --------
    Sure to 90 % and right in three of four: a temperature of 2 brings 9 : 1 to 3 : 1.

    >>> claimed, labels = np.repeat([[0.9, 0.1]], 4000, axis=0), np.repeat([0, 0, 0, 1], 1000)
    >>> round(temperature_for(claimed, labels), 2)
    2.0
    """
    if not len(labels):
        return 1.0
    logs = _logs(probabilities).astype(np.float64)
    unknown = 1 / (len(labels) + 1)
    told = (1 - unknown) * float(logs[np.arange(len(labels)), labels].mean()) + unknown * float(logs.mean())

    def slope(beta: float) -> float:
        return float((softmax(logs * beta) * logs).sum(axis=1).mean()) - told

    low, high = 1 / HOTTEST, 1 / COLDEST
    for _ in range(50):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if slope(middle) < 0 else (low, middle)
    return min(max(1 / math.sqrt(low * high), COLDEST), HOTTEST)


def threshold_for(digits: Array, strangers: Array, accepted: float = ACCEPTED) -> float:
    """Find the threshold with the fewest mistakes of both kinds.

    The share of digits that are refused and the share of strangers that are taken for a digit add to the least
    (Youden, 1950), among the thresholds that accept enough digits: who draws a plain 1 and is told that it is none
    will not believe the rest.

    Parameters
    ----------
    digits, strangers
        Shapes (n,) and (m,): how probable "none of these" is for digits, and for what is none. Nothing else is
        asked: 1 / (1 + sum e^z) falls as the energy log sum e^z rises, and doubt between two digits, which a
        lower first guess would add, says nothing about whether it is one at all.
    accepted
        The least share of digits to accept.

    Examples
    --------
    >>> digits, strangers = np.array([0.0, 0.1, 0.2, 0.6]), np.array([0.5, 0.7, 0.8, 0.9])
    >>> threshold_for(digits, strangers, accepted=0.5), threshold_for(digits, strangers, accepted=1.0)
    (0.2, 0.6)
    """
    allowed = np.unique(digits[digits >= np.quantile(digits, accepted, method="higher")])
    refused = 1 - np.searchsorted(np.sort(digits), allowed, side="right") / len(digits)
    taken = np.searchsorted(np.sort(strangers), allowed, side="right") / len(strangers)
    return float(allowed[np.argmin(refused + taken)])


def expected_calibration_error(confidences: Array, is_right: NDArray[np.bool_], bins: int = 15) -> float:
    r"""Say by how much confidence and success differ, 0..1.

    .. math:: \sum_b \frac{n_b}{n} \, | \mathrm{right}_b - \mathrm{confidence}_b |

    Answers are put into bins of equal width by their confidence; of each bin b, the share that is right is held
    against the mean confidence (Naeini et al., 2015).

    Parameters
    ----------
    confidences
        Shape (n,), 0..1: the probability of the answer given.
    is_right
        Shape (n,): whether it was right.

    Examples
    --------
    Of four answers given with 90 %, three are right: sure by 15 points too much.

    >>> round(expected_calibration_error(np.full(4, 0.9), np.array([True, True, False, True])), 3)
    0.15
    """
    if not len(confidences):
        return 0.0
    which = np.minimum((confidences * bins).astype(np.int64), bins - 1)
    surplus = np.bincount(which, is_right - confidences.astype(np.float64), minlength=bins)
    return float(np.abs(surplus).sum()) / len(confidences)


def wrong_though_sure(confidences: Array, is_right: NDArray[np.bool_], sure: float = SURE) -> float:
    """Return the share of wrong answers among those given with a confidence of at least `sure`.

    Examples
    --------
    >>> wrong_though_sure(np.array([0.999, 0.995, 0.6]), np.array([True, False, False]))
    0.5
    """
    chosen = is_right[confidences >= sure]
    return 1 - float(chosen.mean()) if len(chosen) else 0.0


def _logs(probabilities: Array) -> Array:
    """Return logarithms, of zeros too."""
    logs: Array = np.log(np.maximum(probabilities, np.finfo(probabilities.dtype).tiny))
    return logs

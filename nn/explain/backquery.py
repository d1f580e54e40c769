"""Imagine a digit by running the network backward, activation by activation: *Make Your Own Neural Network*'s way.

The question put forward to a network is a picture; the question put backward is a label. At each layer the
activation is undone first and the weights are passed in reverse after it. An activation can only be undone
within its range, and what comes out of the reversed weights knows nothing of ranges; so each time the values are
rescaled into the range of what stands in front.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from nn.explain.way_back import FRAME, WayBack
from nn.layers.rectifiers import LeakyReLU

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nn.arrays import Array
    from nn.layers.base import Layer
    from nn.network import Network

LOW, HIGH = np.float32(0.01), np.float32(0.99)
"""The book's targets: a sigmoid never reaches 0 or 1, so nothing further out could be undone."""


class _Undoing(NamedTuple):
    """How values are brought into an activation's range, and what they were before it."""

    rescale: Callable[[Array], Array]
    inverse: Callable[[Array], Array]


def backquery_evidence(network: Network, digits: Sequence[int]) -> Array:
    r"""Ask which input would give these labels.

    .. math:: a_{l-1} = \mathrm{rescale}\bigl(f_l^{-1}(a_l)\,W_l^T\bigr), \quad
        a_L = 0.99 \text{ at the digit}, 0.01 \text{ elsewhere}

    Parameters
    ----------
    network
        Affine layers and convolutions of any depth, with activations, pooling and batch normalisation: see
        `nn.explain.way_back`.
    digits
        The labels asked about.

    Returns
    -------
    evidence
        Shape (n, 28, 28): the values at the input before they are rescaled to a picture, signed.

    Raises
    ------
    ConfigurationError
        If there is no way back through a layer, or the network does not look at 28 x 28 pixels.

    Notes
    -----
    Outputs that are logits are undone as a sigmoid's. ReLU has no inverse below zero: what comes back negative
    belongs to a neuron that would have been silent, and is taken as silent. Leaky ReLU and softplus are undone
    exactly, :math:`\min(y, y / s)` and :math:`\log(e^y - 1)`; a step, which cannot be undone, is passed by.
    Source: Tariq Rashid, *Make Your Own Neural Network*, 2016, part 3.
    """
    way = WayBack(network, len(digits))
    values: Array = np.full((len(digits), network.classes), LOW, np.float32)
    values[np.arange(len(digits)), list(digits)] = HIGH
    last = len(way.layers)
    if way.layers[-1].kind not in ("sigmoid", "tanh"):
        values = _logit(values)
        last = 1 + max(position for position in range(last) if way.is_affine(position))
    # Only what comes out of reversed weights needs bringing into range; the targets are there already.
    is_rescaled = True
    for position in reversed(range(last)):
        undoing = _undoing(way.layers[position])
        if undoing:
            values = undoing.inverse(values if is_rescaled else _by_row(undoing.rescale, values))
            is_rescaled = True
        else:
            values = way.transposed(position, values)
            is_rescaled = is_rescaled and not way.is_affine(position)
    return values.reshape(-1, *FRAME)


def stretched(evidence: Array) -> Array:
    """Rescale each picture from its smallest to its largest value, as the book does, to 0.01..0.99."""
    return _by_row(_into(LOW, HIGH), evidence)


def _by_row(rescale: Callable[[Array], Array], values: Array) -> Array:
    """Rescale each sample as a whole, whatever its shape."""
    return rescale(values.reshape(len(values), -1)).reshape(values.shape)


def _into(low: np.float32, high: np.float32) -> Callable[[Array], Array]:
    def rescale(values: Array) -> Array:
        smallest = values.min(axis=1, keepdims=True)
        spread = values.max(axis=1, keepdims=True) - smallest
        share: Array = np.divide(values - smallest, spread, out=np.zeros_like(values), where=spread > 0)
        return share * (high - low) + low

    return rescale


def _audible(values: Array) -> Array:
    positive = np.maximum(values, 0)
    loudest = positive.max(axis=1, keepdims=True)
    audible: Array = np.divide(positive, loudest, out=np.zeros_like(values), where=loudest > 0)
    return audible * HIGH


def _logit(values: Array) -> Array:
    logits: Array = np.log(values / (1 - values))
    return logits


def _softplus_inverse(values: Array) -> Array:
    # log(e^y - 1), with the large part taken out of the exponential, where it could overflow.
    before: Array = values + np.log(-np.expm1(-values))
    return before


def _same(values: Array) -> Array:
    return values


def _undoing(layer: Layer) -> _Undoing | None:
    """Return how an activation is undone; None for other layers, and for a step, which cannot be."""
    if isinstance(layer, LeakyReLU) and layer.slope > 0:
        slope = np.float32(layer.slope)
        return _Undoing(_same, lambda values: np.minimum(values, values / slope))
    return _UNDOINGS.get(layer.kind)


_SILENCING = _Undoing(_audible, _same)
_UNDOINGS = {
    "sigmoid": _Undoing(_into(LOW, HIGH), _logit),
    "tanh": _Undoing(_into(-HIGH, HIGH), np.arctanh),
    "relu": _SILENCING,
    "leaky_relu": _SILENCING,  # of slope 0, which is ReLU
    "softplus": _Undoing(_into(LOW, HIGH), _softplus_inverse),
}

"""Imagine a digit by running the network backward, activation by activation: *Make Your Own Neural Network*'s way.

The question put forward to a network is a picture; the question put backward is a label. At each layer the
activation is undone first and the weights are passed in reverse after it. An activation can only be undone
within its range, and what comes out of the reversed weights knows nothing of ranges; so each time the values are
rescaled into the range of what stands in front.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from nn.explain.transposed import FRAME, dense_path
from nn.layers.dense import Dense

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nn.arrays import Array
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
        Affine layers of any depth with sigmoid, tanh, ReLU or nothing between them.
    digits
        The labels asked about.

    Returns
    -------
    evidence
        Shape (n, 28, 28): the values at the input before they are rescaled to a picture, signed.

    Raises
    ------
    ConfigurationError
        If a layer is neither affine nor elementwise, or the first does not look at 28 x 28 pixels.

    Notes
    -----
    Outputs that are logits are undone as a sigmoid's. ReLU has no inverse below zero: what comes back negative
    belongs to a neuron that would have been silent, and is taken as silent.
    Source: Tariq Rashid, *Make Your Own Neural Network*, 2016, part 3.
    """
    outputs = dense_path(network)[-1].outputs
    values: Array = np.full((len(digits), outputs), LOW, np.float32)
    values[np.arange(len(digits)), list(digits)] = HIGH
    layers = list(network.layers)
    if layers[-1].kind not in ("sigmoid", "tanh"):
        values = _logit(values)
        layers = layers[: 1 + max(i for i, layer in enumerate(layers) if isinstance(layer, Dense))]
    # Only what comes out of reversed weights needs bringing into range; the targets are there already.
    rescaled = True
    for layer in reversed(layers):
        if isinstance(layer, Dense):
            values, rescaled = values @ layer.weight.T, False
        elif layer.kind in _UNDOINGS:
            rescale, inverse = _UNDOINGS[layer.kind]
            values, rescaled = inverse(values if rescaled else rescale(values)), True
    return values.reshape(-1, *FRAME)


def stretched(evidence: Array) -> Array:
    """Rescale each picture from its smallest to its largest value, as the book does, to 0.01..0.99."""
    flat = evidence.reshape(len(evidence), -1)
    return _into(LOW, HIGH)(flat).reshape(evidence.shape)


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


def _same(values: Array) -> Array:
    return values


_UNDOINGS = {
    "sigmoid": _Undoing(_into(LOW, HIGH), _logit),
    "tanh": _Undoing(_into(-HIGH, HIGH), np.arctanh),
    "relu": _Undoing(_audible, _same),
}

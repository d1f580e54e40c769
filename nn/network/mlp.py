"""Multilayer perceptrons: affine layers with an activation between them, built in one call."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from nn.errors import ConfigurationError
from nn.layers import ACTIVATIONS, BatchNormalization, Dense, Dropout, Layer
from nn.losses import CrossEntropy
from nn.network.description import built
from nn.network.network import Network

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nn.initializers import Initial
    from nn.losses import Loss


def mlp(  # noqa: PLR0913 - each is a choice of its own, and given by name
    sizes: Sequence[int],
    *,
    activation: str = "relu",
    initial: Initial = "he",
    initial_bias: Initial = 0.0,
    bias: bool = True,
    loss: Loss | None = None,
    dropout: float = 0.0,
    batch_normalization: bool = False,
    seed: int = 0,
    name: str = "",
) -> Network:
    """Build a multilayer perceptron: affine layers with an activation between them.

    Parameters
    ----------
    sizes
        Units of each layer from input to output, such as [784, 50, 50, 10].
    activation
        A name of `layers.ACTIVATIONS`, behind each layer but the last; with a loss that wants outputs from 0 to 1
        (`SquaredError`) a sigmoid follows the last too.
    initial, initial_bias
        Rules or standard deviations of the initial weights and biases.
    bias
        Whether the affine layers have biases.
    dropout
        Share of each hidden layer that is dropped while training.
    batch_normalization
        Whether each hidden layer is normalised between its affine part and its activation.
    seed
        Of the initial weights.

    Raises
    ------
    ConfigurationError
        If a size, a name or a rate is not one.

    Examples
    --------
    >>> print(mlp([784, 30, 10], name="small").summary())
    small: input 784
      Dense(784 -> 30)                           30       23,550
      ReLU()                                     30            0
      Dense(30 -> 10)                            10          310
      CrossEntropy()                                      23,860 parameters
    """
    if len(sizes) < 2:
        raise ConfigurationError(f"A network of sizes {list(sizes)}; wanted at least input and output.")
    loss = loss or CrossEntropy()
    affine = partial(Dense, rng=np.random.default_rng(seed), initial=initial, initial_bias=initial_bias, bias=bias)
    layers: list[Layer] = []
    for d_in, d_out in pairwise(sizes[:-1]):
        layers.append(affine(d_in, d_out))
        if batch_normalization:
            layers.append(BatchNormalization(d_out))
        layers.append(_activation(activation))
        if dropout:
            layers.append(Dropout(dropout))
    layers.append(affine(sizes[-2], sizes[-1]))
    if not loss.takes_logits:
        layers.append(_activation("sigmoid"))
    return Network(layers, loss, input_shape=(sizes[0],), seed=seed, name=name)


def hidden_sizes(network: Network) -> tuple[int, ...]:
    """Return the units of each hidden affine layer, from input to output."""
    return tuple(layer.outputs for layer in network.layers if isinstance(layer, Dense))[:-1]


def _activation(name: str) -> Layer:
    layer: Layer = built(ACTIVATIONS, {"kind": name})
    return layer

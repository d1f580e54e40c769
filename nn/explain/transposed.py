"""Imagine a digit by sending it backward through the transposed weights: the short way home.

Forward, a weight says how much a pixel counts for a neuron. Read the other way, through the transposed matrix,
the same weight says how much a neuron asks of a pixel. So a one-hot output goes back layer by layer, and what
arrives at the input is evidence: positive where ink speaks for the digit, negative where it speaks against.
No bias and no inverse activation is on the way; the picture is what the weights alone have learned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nn.errors import ConfigurationError
from nn.layers import ACTIVATIONS, Dense

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nn.arrays import Array
    from nn.layers.base import Layer
    from nn.network import Network

FRAME = (28, 28)
_ELEMENTWISE = ("softmax", "dropout", "step", *ACTIVATIONS)


def transposed_evidence(network: Network, digits: Sequence[int]) -> Array:
    r"""Send one-hot outputs back through the transposed weights of all affine layers.

    .. math:: e = t\,W_L^T W_{L-1}^T \cdots W_1^T

    Parameters
    ----------
    network
        Affine layers of any depth, with activations and dropout between them, which are passed by.
    digits
        The outputs that are 1, one a picture.

    Returns
    -------
    evidence
        Shape (n, 28, 28), signed: what each pixel's ink adds to the digit's output.

    Raises
    ------
    ConfigurationError
        If a layer is neither affine nor elementwise, or the first does not look at 28 x 28 pixels.

    Notes
    -----
    The method of the n-Layer Neural Network, for any depth and for all ten digits.
    """
    layers = dense_path(network)
    evidence: Array = np.eye(layers[-1].outputs, dtype=np.float32)[list(digits)]
    for layer in reversed(layers):
        evidence = evidence @ layer.weight.T
    # With a negative factor ink is small numbers, so that what speaks for them speaks against ink.
    return (evidence * np.float32(np.sign(network.scaling.factor))).reshape(-1, *FRAME)


def inked(evidence: Array) -> Array:
    """Draw what speaks for a digit: positive evidence, the strongest fully inked; paper elsewhere.

    Ink can be added to paper but not taken from it, so evidence against a pixel is best answered by leaving
    it white. Stretched from the smallest to the largest instead, the whole sheet would be grey, which no
    network has ever seen.
    """
    ink = np.maximum(evidence, 0)
    strongest = ink.max(axis=(1, 2), keepdims=True)
    drawn: Array = np.divide(ink, strongest, out=np.zeros_like(ink), where=strongest > 0)
    return drawn


def dense_path(network: Network) -> list[Dense]:
    """Return the affine layers in order, if nothing else stands between the pixels and the digits."""
    for layer in network.layers:
        if not isinstance(layer, Dense) and layer.kind not in (*_ELEMENTWISE, "flatten"):
            raise _no_path(network, layer)
    layers = [layer for layer in network.layers if isinstance(layer, Dense)]
    if not layers or layers[0].inputs != FRAME[0] * FRAME[1]:
        raise ConfigurationError(
            f"{_named(network)} has no affine layer that looks at 28 x 28 pixels, and there is no way back to a "
            "picture without one. Choose gradient ascent."
        )
    return layers


def _no_path(network: Network, layer: Layer) -> ConfigurationError:
    return ConfigurationError(
        f"{_named(network)} has a layer {layer!r}, and this way back leads through affine layers only. "
        "Choose gradient ascent, which asks the network itself."
    )


def _named(network: Network) -> str:
    return f"The network {network.name!r}" if network.name else "This network"

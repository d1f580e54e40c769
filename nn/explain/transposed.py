"""Imagine a digit by sending it backward through the transposed weights: the short way home.

Forward, a weight says how much a pixel counts for a neuron. Read the other way, through the transposed matrix,
the same weight says how much a neuron asks of a pixel. So a one-hot output goes back layer by layer, and what
arrives at the input is evidence: positive where ink speaks for the digit, negative where it speaks against.
No bias and no inverse activation is on the way; the picture is what the weights alone have learned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nn.explain.way_back import FRAME, WayBack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nn.arrays import Array
    from nn.network import Network


def transposed_evidence(network: Network, digits: Sequence[int]) -> Array:
    r"""Send one-hot outputs back through the transposed weights of all layers.

    .. math:: e = t\,W_L^T W_{L-1}^T \cdots W_1^T

    Parameters
    ----------
    network
        Affine layers and convolutions of any depth, pooling and batch normalisation; activations and dropout are
        passed by, and max pooling shares out evenly: see `nn.explain.way_back`.
    digits
        The outputs that are 1, one a picture.

    Returns
    -------
    evidence
        Shape (n, 28, 28), signed: what each pixel's ink adds to the digit's output.

    Raises
    ------
    ConfigurationError
        If there is no way back through a layer, or the network does not look at 28 x 28 pixels.

    Notes
    -----
    The method of the n-Layer Neural Network, for any depth and for all ten digits.
    """
    way = WayBack(network, len(digits))
    evidence: Array = np.eye(network.classes, dtype=np.float32)[list(digits)]
    for position in reversed(range(len(way.layers))):
        evidence = way.transposed(position, evidence)
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

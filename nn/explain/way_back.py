"""The way back through a network's layers, from what its outputs should be to a picture.

Affine maps have a transpose, and that is the way: of an affine layer its weights read the other way, of a
convolution the same windows laid down where they were looked through, of average pooling the mean shared out, of
batch normalisation its scale. Max pooling passes on one pixel of each square, and which one only a picture could
tell; where there is none yet, each pixel of the square is as likely as the others and gets an equal share.
Activations are no affine maps. What is done about them is what tells the methods apart.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from nn.errors import ConfigurationError
from nn.layers import ACTIVATIONS, MaxPooling

if TYPE_CHECKING:
    from nn.arrays import Array, Shape
    from nn.layers.base import Layer
    from nn.network import Network

FRAME = (28, 28)
_AFFINE = ("dense", "convolution", "average_pooling", "max_pooling", "batch_normalization")
_PASSED_BY = ("softmax", "dropout", "step", *ACTIVATIONS)


class WayBack:
    """A network's layers, ready to be passed in reverse; the network itself stays as it is.

    Parameters
    ----------
    network
        Affine layers, convolutions, pooling and batch normalisation, with activations and dropout between them.
    count
        How many pictures go back together.

    Raises
    ------
    ConfigurationError
        If there is another layer, or the network does not look at 28 x 28 pixels.
    """

    def __init__(self, network: Network, count: int) -> None:
        for layer in network.layers:
            if layer.kind not in (*_AFFINE, *_PASSED_BY, "flatten"):
                raise ConfigurationError(
                    f"{_named(network)} has a layer {layer!r}, and this way back knows no way through it. "
                    "Choose gradient ascent, which asks the network itself."
                )
        if math.prod(network.input_shape) != math.prod(FRAME):
            raise ConfigurationError(
                f"{_named(network)} does not look at 28 x 28 pixels, and there is no way back to a picture."
            )
        # A layer's backward pass is its transpose, once a forward pass has told it the shapes.
        twin = network.copy()
        twin.forward(np.zeros((count, *network.input_shape), network.parameters.dtype))
        self.layers: tuple[Layer, ...] = twin.layers
        self._shapes = (twin.input_shape, *twin.shapes[:-1])

    def is_affine(self, position: int) -> bool:
        """Whether the layer at this position has a transpose, and is no mere change of shape."""
        return self.layers[position].kind in _AFFINE

    def transposed(self, position: int, values: Array) -> Array:
        """Send values at a layer's outputs back to its inputs; an activation is passed by."""
        layer = self.layers[position]
        if isinstance(layer, MaxPooling):
            return _shared_out(values, layer.window, self._shapes[position])
        if layer.kind in _PASSED_BY:
            return values
        return layer.backward(values).copy()


def _shared_out(values: Array, window: int, shape: Shape) -> Array:
    """Give each pixel of a square an equal share; (n, h', w', c) to (n, *shape)."""
    spread = values.repeat(window, axis=1).repeat(window, axis=2) / np.float32(window**2)
    whole = np.zeros((len(values), *shape), values.dtype)
    whole[:, : spread.shape[1], : spread.shape[2]] = spread
    return whole


def _named(network: Network) -> str:
    return f"The network {network.name!r}" if network.name else "This network"

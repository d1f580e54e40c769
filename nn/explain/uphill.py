"""Which way is up: how a picture has to change for a network to be surer of a digit.

Back-propagation gives the gradient of the loss with respect to the weights; one step further back lies its
gradient with respect to the picture. All gradient ascents climb along it, and differ in what they hold on to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nn.arrays import Array
    from nn.network import Network


@dataclass(frozen=True, slots=True, eq=False)
class AscentStep:
    """The pictures after one step."""

    step: int
    steps: int
    pictures: Array
    """Shape (n, 28, 28), 0..1, one a digit; the next step does not change them."""


class Uphill:
    """Asks a network which way is up; the network's own last forward pass stays intact.

    Parameters
    ----------
    network
        Any network; it is asked as it is now, and left as it is, so that one in training may be asked as well.
    digits
        What the pictures should be read as.
    """

    def __init__(self, network: Network, digits: Sequence[int]) -> None:
        # A training goes on, and may have its weights elsewhere, while a climb pauses between its steps.
        self._network = network.copy()
        self._factor, self._offset = network.scaling.factor * 255, network.scaling.offset
        self._labels = np.array(digits, np.int64)

    def of(self, pictures: Array) -> Array:
        r"""Return :math:`-\partial L / \partial x` at ink x, 0..1, (k n, 28, 28): k times the digits in order.

        L is the sum of the losses. The network sees x scaled, and the factor of its scaling is counted in.
        """
        seen = pictures.reshape(-1, *self._network.input_shape)
        outputs = self._network.forward(seen * np.float32(self._factor) + np.float32(self._offset))
        self._network.loss.forward(outputs, np.resize(self._labels, len(seen)))
        d_x = self._network.input_gradient(self._network.loss.backward(1))
        uphill: Array = np.float64(-self._factor) * d_x.reshape(pictures.shape)
        return uphill


def of_size_one(gradient: Array) -> Array:
    """Scale each sample's gradient to a largest value of 1.

    A network that is nearly sure has hardly a gradient left; only its direction counts.
    """
    largest = np.abs(gradient).max(axis=tuple(range(1, gradient.ndim)), keepdims=True)
    direction: Array = np.divide(gradient, largest, out=np.zeros_like(gradient), where=largest > 0)
    return direction

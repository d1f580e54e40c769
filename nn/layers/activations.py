"""Activations bend the straight lines of affine layers: without them a deep network is one affine layer.

Each works on one value at a time, keeps the shape, and has no parameters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from nn.compat import override
from nn.layers.base import Layer

if TYPE_CHECKING:
    from nn.arrays import Array, Shape


def softmax(logits: Array, out: Array | None = None) -> Array:
    r"""Turn logits into probabilities, :math:`p_i = e^{z_i} / \sum_j e^{z_j}`, row by row.

    Shape (n, k) to (n, k). The largest logit of a row is taken off first, which changes nothing but keeps
    the exponential from overflowing.

    Examples
    --------
    >>> softmax(np.array([[0.0, 0.0], [1000.0, 0.0]]))
    array([[0.5, 0.5],
           [1. , 0. ]])
    """
    p: Array = np.subtract(logits, logits.max(axis=1, keepdims=True), out=out)
    np.exp(p, out=p)
    p /= p.sum(axis=1, keepdims=True)
    return p


def sigmoid(x: Array, out: Array | None = None) -> Array:
    r"""Squash to 0..1: :math:`\sigma(x) = 1 / (1 + e^{-x}) = (1 + \tanh(x / 2)) / 2`, which cannot overflow.

    Examples
    --------
    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    y = np.multiply(x, 0.5, out=out)
    np.tanh(y, out=y)
    y += 1
    y *= 0.5
    return y


class _Activation(Layer):
    """What all activations share: the shape stays, and backward needs only y."""

    y: Array

    @override
    def output_shape(self, input_shape: Shape) -> Shape:
        return input_shape


class Sigmoid(_Activation):
    r"""Logistic sigmoid.

    .. math:: y = \frac{1}{1 + e^{-x}}, \quad \frac{\partial y}{\partial x} = y (1 - y)
    """

    kind: ClassVar[str] = "sigmoid"

    @override
    def forward(self, x: Array, *, training: bool = False) -> Array:
        self.y = sigmoid(x, out=self._buffer("y", x.shape, x))
        return self.y

    @override
    def backward(self, d_y: Array) -> Array:
        d_x = self._buffer("d_x", d_y.shape, d_y)
        np.subtract(1, self.y, out=d_x)
        d_x *= self.y
        d_x *= d_y
        return d_x


class Tanh(_Activation):
    r"""Hyperbolic tangent.

    .. math:: y = \tanh x, \quad \frac{\partial y}{\partial x} = 1 - y^2
    """

    kind: ClassVar[str] = "tanh"

    @override
    def forward(self, x: Array, *, training: bool = False) -> Array:
        self.y = np.tanh(x, out=self._buffer("y", x.shape, x))
        return self.y

    @override
    def backward(self, d_y: Array) -> Array:
        d_x = np.multiply(self.y, self.y, out=self._buffer("d_x", d_y.shape, d_y))
        np.subtract(1, d_x, out=d_x)
        d_x *= d_y
        return d_x


class ReLU(_Activation):
    r"""Rectified linear unit.

    .. math:: y = \max(x, 0), \quad \frac{\partial y}{\partial x} = 1 \text{ where } y > 0 \text{, else } 0
    """

    kind: ClassVar[str] = "relu"

    @override
    def forward(self, x: Array, *, training: bool = False) -> Array:
        self.y = np.maximum(x, 0, out=self._buffer("y", x.shape, x))
        return self.y

    @override
    def backward(self, d_y: Array) -> Array:
        return np.multiply(d_y, self.y > 0, out=self._buffer("d_x", d_y.shape, d_y))


class Softmax(_Activation):
    r"""Probabilities that add to one, as a layer of its own.

    .. math:: y_i = \frac{e^{x_i}}{\sum_j e^{x_j}}, \quad
        \frac{\partial L}{\partial x_i} = y_i \left(\frac{\partial L}{\partial y_i}
        - \sum_j y_j \frac{\partial L}{\partial y_j}\right)

    For classification prefer `CrossEntropy`, which joins softmax and loss: there the gradient is ``p - t``,
    with nothing that can overflow or vanish.
    """

    kind: ClassVar[str] = "softmax"

    @override
    def forward(self, x: Array, *, training: bool = False) -> Array:
        self.y = softmax(x, out=self._buffer("y", x.shape, x))
        return self.y

    @override
    def backward(self, d_y: Array) -> Array:
        d_x = np.multiply(d_y, self.y, out=self._buffer("d_x", d_y.shape, d_y))
        shared = d_x.sum(axis=1, keepdims=True)
        np.subtract(d_y, shared, out=d_x)
        d_x *= self.y
        return d_x

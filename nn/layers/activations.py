"""Activations bend the straight lines of affine layers: without them a deep network is one affine layer.

Each keeps the shape and has no parameters to learn; all but softmax look at one value at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from nn.compat import override
from nn.errors import ConfigurationError
from nn.layers.base import Layer
from nn.layers.products import row_sums

if TYPE_CHECKING:
    from nn.arrays import Array, Shape

_HALF, _ONE = np.array(0.5, np.float32), np.array(1, np.float32)
"""As arrays numpy takes them a quarter of a microsecond sooner than as Python's numbers."""


def softmax(logits: Array, out: Array | None = None) -> Array:
    r"""Turn logits into probabilities, :math:`p_i = e^{z_i} / \sum_j e^{z_j}`, row by row.

    Shape (n, ..., k) to the same. The largest logit of a row is taken off first, which changes nothing but keeps
    the exponential from overflowing.

    Examples
    --------
    >>> softmax(np.array([[0.0, 0.0], [1000.0, 0.0]]))
    array([[0.5, 0.5],
           [1. , 0. ]])
    """
    p: Array = np.subtract(logits, _highest(logits), out=out)
    np.exp(p, out=p)
    p /= row_sums(p)
    return p


def _highest(logits: Array) -> Array:
    """Return the largest logit of each row, to be taken off; of a single row by looking it up."""
    if logits.ndim == 2 and len(logits) == 1:
        highest: Array = logits[0, logits.argmax()]
        return highest
    # The ufunc's own reduction: `max` reaches it by way of some Python.
    return np.maximum.reduce(logits, axis=-1, keepdims=True)


def sigmoid(x: Array, out: Array | None = None) -> Array:
    r"""Squash to 0..1: :math:`\sigma(x) = 1 / (1 + e^{-x}) = (1 + \tanh(x / 2)) / 2`, which cannot overflow.

    Examples
    --------
    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    y = np.multiply(x, _HALF, out=out)
    np.tanh(y, out=y)
    y += _ONE
    y *= _HALF
    return y


class Activation(Layer):
    """What all activations share: the shape stays, and backward needs only y."""

    y: Array

    @override
    def output_shape(self, input_shape: Shape) -> Shape:
        return input_shape


class Sigmoid(Activation):
    r"""Logistic sigmoid.

    .. math:: y = \frac{1}{1 + e^{-x}}, \quad \frac{\partial y}{\partial x} = y (1 - y)
    """

    kind: ClassVar[str] = "sigmoid"

    @override
    def forward(self, x: Array, *, training: bool = False) -> Array:
        self.y = sigmoid(x, out=self.room.array("y", x.shape, x))
        return self.y

    @override
    def backward(self, d_y: Array) -> Array:
        d_x = self.scratch.beside(d_y, d_y.shape)
        np.subtract(_ONE, self.y, out=d_x)
        d_x *= self.y
        d_x *= d_y
        return d_x


class Tanh(Activation):
    r"""Hyperbolic tangent.

    .. math:: y = \tanh x, \quad \frac{\partial y}{\partial x} = 1 - y^2
    """

    kind: ClassVar[str] = "tanh"

    @override
    def forward(self, x: Array, *, training: bool = False) -> Array:
        self.y = np.tanh(x, out=self.room.array("y", x.shape, x))
        return self.y

    @override
    def backward(self, d_y: Array) -> Array:
        d_x = np.multiply(self.y, self.y, out=self.scratch.beside(d_y, d_y.shape))
        np.subtract(_ONE, d_x, out=d_x)
        d_x *= d_y
        return d_x


class Identity(Activation):
    r"""Nothing at all: :math:`y = x`, :math:`\partial y / \partial x = 1`.

    *Deep Learning from Scratch* puts it behind the last layer of a network that answers with numbers.
    """

    kind: ClassVar[str] = "identity"

    @override
    def forward(self, x: Array, *, training: bool = False) -> Array:
        return x

    @override
    def backward(self, d_y: Array) -> Array:
        return d_y


class Step(Activation):
    r"""The perceptron's threshold (Rosenblatt, 1958): :math:`y = 1` where :math:`x > 0`, else :math:`0`.

    Forward only. It is flat on both sides of its jump, so it has no slope that could tell a weight which way to
    go: this is why networks that learn are made of smoother things.

    Examples
    --------
    >>> Step().forward(np.array([[-0.5, 0.0, 0.5]]))
    array([[0., 0., 1.]])
    """

    kind: ClassVar[str] = "step"

    @override
    def forward(self, x: Array, *, training: bool = False) -> Array:
        self.y = np.greater(x, 0, out=self.room.array("y", x.shape, x))
        return self.y

    @override
    def backward(self, d_y: Array) -> Array:
        raise ConfigurationError(
            "A step has no slope to follow, so a network with one cannot be trained; use a sigmoid or ReLU."
        )


class Softmax(Activation):
    r"""Probabilities that add to one over the last axis, as a layer of its own.

    .. math:: y_i = \frac{e^{x_i}}{\sum_j e^{x_j}}, \quad
        \frac{\partial L}{\partial x_i} = y_i \left(\frac{\partial L}{\partial y_i}
        - \sum_j y_j \frac{\partial L}{\partial y_j}\right)

    For classification prefer `CrossEntropy`, which joins softmax and loss: there the gradient is ``p - t``,
    with nothing that can overflow or vanish.
    """

    kind: ClassVar[str] = "softmax"

    @override
    def forward(self, x: Array, *, training: bool = False) -> Array:
        self.y = softmax(x, out=self.room.array("y", x.shape, x))
        return self.y

    @override
    def backward(self, d_y: Array) -> Array:
        d_x = np.multiply(d_y, self.y, out=self.scratch.beside(d_y, d_y.shape))
        shared = d_x.sum(axis=-1, keepdims=True)
        np.subtract(d_y, shared, out=d_x)
        d_x *= self.y
        return d_x

"""A kernel is one way to compute a convolution; which is quickest depends on its window and channels."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from nn.layers.patches import conv_output_size
from nn.layers.products import column_sums
from nn.layers.workspace import Workspace

if TYPE_CHECKING:
    from nn.arrays import Array, Shape


@dataclass(frozen=True, slots=True)
class Window:
    """What is looked through: `filters` square windows of `side`, over pictures of `channels`."""

    channels: int
    filters: int
    side: int
    stride: int
    padding: int

    def output_shape(self, x_shape: Shape) -> Shape:
        """Return (n, h_out, w_out, filters) for pictures of shape (n, h, w, c)."""
        n, h, w, _ = x_shape
        h, w = (conv_output_size(length, self.side, self.stride, self.padding) for length in (h, w))
        return n, h, w, self.filters


class Kernel(ABC):
    """Convolves, and takes blame back; x is (n, h, w, c), y (n, h_out, w_out, f), weight (side^2 c, f).

    A bias of no elements is none.
    """

    def __init__(self, window: Window) -> None:
        self.window = window
        self.room, self.scratch = Workspace(), Workspace()

    def replica(self) -> Self:
        """Return a twin with arrays of its own, for another thread."""
        return type(self)(self.window)

    @abstractmethod
    def forward(self, x: Array, weight: Array, bias: Array, y: Array, *, training: bool = False) -> None:
        """Convolve x into y; x stays as it is until the gradients have been asked for, as `training` announces."""

    @abstractmethod
    def parameter_gradients(self, d_y: Array, d_weight: Array, d_bias: Array) -> None:
        """Fill the gradients of weight and bias from that of y of the last forward pass."""

    @abstractmethod
    def backward(self, d_y: Array, weight: Array, d_x: Array) -> None:
        """Fill d_x, the gradient of x, from that of y of the last forward pass."""


def fill_bias_gradient(d_y: Array, d_bias: Array) -> None:
    """Add up d_y by filters, if there is a bias."""
    if d_bias.size:
        column_sums(d_y.reshape(-1, len(d_bias)), d_bias)

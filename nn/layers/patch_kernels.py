"""Convolution by patches: what the window sees at each place becomes a row or column of one matrix."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from nn.compat import override
from nn.layers.kernel import Kernel, fill_bias_gradient
from nn.layers.patches import add_patches, patches_of

if TYPE_CHECKING:
    from nn.arrays import Array
    from nn.layers.workspace import Workspace


class PatchKernel(Kernel):
    """Any window: patches as rows, X, so that y = X W + b and the gradients are those of an affine layer."""

    @override
    def forward(self, x: Array, weight: Array, bias: Array, y: Array, *, training: bool = False) -> None:
        window = self.window
        self.columns = _laid_out(x, window.side, window.stride, window.padding, self.room)
        np.matmul(self.columns, weight, out=y.reshape(-1, window.filters))
        if bias.size:
            y += bias

    @override
    def parameter_gradients(self, d_y: Array, d_weight: Array, d_bias: Array) -> None:
        np.matmul(self.columns.T, d_y.reshape(-1, self.window.filters), out=d_weight)
        fill_bias_gradient(d_y, d_bias)

    @override
    def backward(self, d_y: Array, weight: Array, d_x: Array) -> None:
        if self.window.stride == 1 and self.window.padding < self.window.side:
            self._convolve_back(d_y, weight, d_x)
        else:
            self._add_back(d_y, weight, d_x)

    def _convolve_back(self, d_y: Array, weight: Array, d_x: Array) -> None:
        """Convolve d_y with the weights turned by half a turn.

        It is the same sum as that of `col2im`, read off by the pixels of x: copying patches of d_y takes a quarter
        of the time that adding patches of x does.
        """
        k, c, f = self.window.side, self.window.channels, self.window.filters
        turned = weight.reshape(k, k, c, f)[::-1, ::-1].transpose(0, 1, 3, 2).reshape(k * k * f, c)
        columns = _laid_out(d_y, k, 1, k - 1 - self.window.padding, self.scratch, "d_y")
        np.matmul(columns, turned, out=d_x.reshape(-1, c))

    def _add_back(self, d_y: Array, weight: Array, d_x: Array) -> None:
        k, p = self.window.side, self.window.padding
        n, h, w, c = d_x.shape
        flat = d_y.reshape(-1, self.window.filters)
        d_columns = np.matmul(flat, weight.T, out=self.scratch.array("d_columns", (len(flat), k * k * c), d_y))
        d_padded = self.scratch.array("d_padded", (n, h + 2 * p, w + 2 * p, c), d_y)
        d_padded.fill(0)
        add_patches(d_columns.reshape(*d_y.shape[:3], k, k, c), d_padded, self.window.stride)
        np.copyto(d_x, d_padded[:, p : p + h, p : p + w])


class GreyKernel(PatchKernel):
    """Pictures of one channel: patches as columns, which are copied by rows of a picture, not by rows of a window.

    Below them lies a row of ones, which the bias multiplies. The first layer of a network has few multiplications
    and many places: with 5 x 5 x 32 all this takes 13 us a picture instead of 36, and 9 us back instead of 22.
    For the way back they are laid out once more, in memory that is there anyway.
    """

    @override
    def forward(self, x: Array, weight: Array, bias: Array, y: Array, *, training: bool = False) -> None:
        self.x = x
        affine = np.concatenate([weight, bias.reshape(-1, self.window.filters)])
        columns = self._columns_beside(y, len(affine))
        np.matmul(columns.transpose(0, 2, 1), affine, out=y.reshape(*columns.shape[::2], self.window.filters))

    @override
    def parameter_gradients(self, d_y: Array, d_weight: Array, d_bias: Array) -> None:
        columns = self._columns_beside(d_y, len(d_weight) + (d_bias.size > 0))
        n, rows, places = columns.shape
        by_picture = self.scratch.array("d_affine", (n, rows, self.window.filters), d_y)
        np.matmul(columns, d_y.reshape(n, places, self.window.filters), out=by_picture)
        d_affine = by_picture.sum(axis=0)
        d_weight[:] = d_affine[: len(d_weight)]
        d_bias[:] = d_affine[len(d_weight) :].reshape(d_bias.shape)

    def _columns_beside(self, y: Array, rows: int) -> Array:
        """Lay out the patches of x, (n, rows, places), in memory that y or its gradient does not lie in."""
        k, t, p = self.window.side, self.window.stride, self.window.padding
        patches = patches_of(_padded(self.x, p, self.scratch, "x"), (k, k), t).transpose(0, 3, 4, 5, 1, 2)
        columns = self.scratch.beside(y, (len(y), rows, math.prod(y.shape[1:3])))
        columns[:, k * k :] = 1
        np.copyto(columns[:, : k * k].reshape(patches.shape), patches)
        return columns


def _laid_out(x: Array, side: int, stride: int, padding: int, room: Workspace, name: str = "x") -> Array:
    """Return all patches of x as rows, (n h_out w_out, side^2 c)."""
    patches = patches_of(_padded(x, padding, room, name), (side, side), stride)
    columns = room.array(f"columns of {name}", patches.shape, x)
    np.copyto(columns, patches)
    return columns.reshape(math.prod(patches.shape[:3]), math.prod(patches.shape[3:]))


def _padded(x: Array, p: int, room: Workspace, name: str) -> Array:
    if not p:
        return x
    n, h, w, c = x.shape
    padded = room.array(f"padded {name}", (n, h + 2 * p, w + 2 * p, c), x)
    padded[:, :p], padded[:, p + h :] = 0, 0
    padded[:, :, :p], padded[:, :, p + w :] = 0, 0
    padded[:, p : p + h, p : p + w] = x
    return padded

"""Patches: what a small window sees of a picture, place by place.

Pictures are (n, h, w, c), channels last. Laying all patches out as the rows of one matrix (im2col) turns a
convolution into one matrix product, the fastest thing that numpy can do; `col2im` adds the rows back to where
they came from.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import as_strided

from nn.errors import ShapeError

if TYPE_CHECKING:
    from nn.arrays import Array, Shape


def conv_output_size(size: int, window: int, stride: int = 1, padding: int = 0) -> int:
    r"""Return how many places a window has along one side, :math:`\lfloor (s + 2 p - k) / t \rfloor + 1`.

    Raises
    ------
    ShapeError
        If the window does not fit at all.

    Examples
    --------
    >>> conv_output_size(28, 5), conv_output_size(28, 3, padding=1), conv_output_size(28, 2, stride=2)
    (24, 28, 14)
    """
    if size + 2 * padding < window:
        raise ShapeError(f"A window of {window} does not fit into {size} pixels padded by {padding}.")
    return (size + 2 * padding - window) // stride + 1


def patches_of(x: Array, window: Shape, stride: int = 1) -> Array:
    """View pictures x, (n, h, w, c), as patches (n, h_out, w_out, window h, window w, c), without copying."""
    n, h, w, c = x.shape
    s_n, s_h, s_w, s_c = x.strides
    h_out, w_out = conv_output_size(h, window[0], stride), conv_output_size(w, window[1], stride)
    shape, strides = (n, h_out, w_out, *window, c), (s_n, s_h * stride, s_w * stride, s_h, s_w, s_c)
    if not x.flags.c_contiguous:
        return as_strided(x, shape, strides, writeable=False)
    # The same in a third of the time: for a single frame that counts.
    patches: Array = np.ndarray(shape, x.dtype, x, strides=strides)
    patches.flags.writeable = False
    return patches


def im2col(x: Array, window: Shape, stride: int = 1, padding: int = 0) -> Array:
    """Lay out every patch of pictures x, (n, h, w, c), as a row: (n h_out w_out, window h * window w * c).

    Examples
    --------
    >>> im2col(np.arange(9.0).reshape(1, 3, 3, 1), (2, 2)).tolist()
    [[0.0, 1.0, 3.0, 4.0], [1.0, 2.0, 4.0, 5.0], [3.0, 4.0, 6.0, 7.0], [4.0, 5.0, 7.0, 8.0]]
    """
    if padding:
        x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    patches = patches_of(x, window, stride)
    return patches.reshape(math.prod(patches.shape[:3]), math.prod(patches.shape[3:]))


def col2im(columns: Array, x_shape: Shape, window: Shape, stride: int = 1, padding: int = 0) -> Array:
    """Add the rows of `im2col` back to where they came from; where patches overlap, they add up.

    Parameters
    ----------
    columns
        Shape (n h_out w_out, window h * window w * c).
    x_shape
        (n, h, w, c) of the pictures.

    Examples
    --------
    >>> col2im(np.ones((4, 4)), (1, 3, 3, 1), (2, 2))[0, :, :, 0]
    array([[1., 2., 1.],
           [2., 4., 2.],
           [1., 2., 1.]])
    """
    n, h, w, c = x_shape
    padded = np.zeros((n, h + 2 * padding, w + 2 * padding, c), columns.dtype)
    h_out, w_out = (conv_output_size(s, k, stride, padding) for s, k in zip((h, w), window, strict=True))
    add_patches(columns.reshape(n, h_out, w_out, *window, c), padded, stride)
    return padded[:, padding : padding + h, padding : padding + w]


def add_patches(patches: Array, padded: Array, stride: int) -> None:
    """Add patches, shaped as by `patches_of`, to the pictures `padded` that they are patches of."""
    _, h_out, w_out, window_h, window_w, _ = patches.shape
    for i in range(window_h):
        for j in range(window_w):
            rows, columns = slice(i, i + stride * h_out, stride), slice(j, j + stride * w_out, stride)
            padded[:, rows, columns] += patches[:, :, :, i, j]

"""A network made ready to read: it says the same, sooner, and never learns again.

What a training needs and a reader does not is left out. Batch normalisation with running means is one slope and
one shift a feature, which the affine layer in front can hold; a convolution transforms its filters once for all;
and calls of numpy for a single frame are prepared beforehand (`nn.network.one_frame`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from nn.layers import AveragePooling, BatchNormalization, Convolution, Dense, MaxPooling
from nn.network.one_frame import OneFrame

if TYPE_CHECKING:
    from nn.layers import Layer
    from nn.network.network import Network


def made_ready(network: Network) -> Network:
    """Return a network of its own that reads as `network` does now, but for rounding."""
    layers: list[Layer] = []
    for layer in network.layers:
        if not (isinstance(layer, BatchNormalization) and _is_folded(layer, layers)):
            layers.append(layer.replica())
    ready = type(network)(
        layers,
        network.loss.replica(),
        input_shape=network.input_shape,
        scaling=network.scaling,
        calibration=network.calibration,
        name=network.name,
        seed=network.seed,
        record=network.record,
    )
    for layer, shape in zip(ready.layers, (ready.input_shape, *ready.shapes[:-1]), strict=True):
        layer.only_read(shape)
    ready.is_ready, ready.one_frame = True, OneFrame.of(ready)
    ready.adopt(ready.values, ready.gradients)
    return ready


def _is_folded(normalization: BatchNormalization, before: list[Layer]) -> bool:
    """Let the affine layer before hold what a normalisation does; return whether there is one that can."""
    _, slope, shift = normalization.in_use()
    at = len(before) - 1
    # What slopes and shifts do to a mean or, rising, to a maximum, they may as well do before.
    if at > 0 and (type(before[at]) is AveragePooling or (type(before[at]) is MaxPooling and (slope > 0).all())):
        at -= 1
    # A layer of a program's own may do more than the one it is derived from.
    if at < 0 or type(normalization) is not BatchNormalization or type(before[at]) not in (Dense, Convolution):
        return False
    affine = cast("Dense | Convolution", before[at])
    affine.bias = affine.bias * slope + shift if affine.has_bias else shift
    affine.weight, affine.has_bias = affine.weight * slope, True
    return True

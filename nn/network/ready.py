"""A network made ready to read: it says the same, sooner, and never learns again.

What a training needs and a reader does not is left out. Batch normalisation with running means is one slope and
one shift a feature, which the affine layer in front can hold; a convolution transforms its filters once for all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn.layers import AveragePooling, BatchNormalization, MaxPooling

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
    for layer in ready.layers:
        layer.only_read()
    ready.is_ready = True
    return ready


def _is_folded(normalization: BatchNormalization, before: list[Layer]) -> bool:
    """Let the layer before hold what a normalisation does; return whether it can."""
    slope, shift = normalization.slope_and_shift()
    at = len(before) - 1
    # What slopes and shifts do to a mean or, rising, to a maximum, they may as well do before.
    if at > 0 and (
        isinstance(before[at], AveragePooling) or (isinstance(before[at], MaxPooling) and (slope > 0).all())
    ):
        at -= 1
    folded = before[at].followed_by(slope, shift) if at >= 0 else None
    if folded is not None:
        before[at] = folded
    return folded is not None

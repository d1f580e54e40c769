"""How the layers of a network share memory: what one has no more use for, another may write to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn.layers import AveragePooling, BatchNormalization, Convolution, Dense, MaxPooling
from nn.layers.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nn.layers import Layer

LEAVING = (AveragePooling, BatchNormalization, Convolution, Dense, MaxPooling)
"""Layers that, while training, never look again at what they gave. Those of a program's own may, though they be
derived from these."""

POOLING = (AveragePooling, MaxPooling)
"""Layers that, while training, never look again at what they were given: often the largest pictures of a network,
which lie between a convolution and the pooling behind it."""


def share_memory(layers: Sequence[Layer]) -> None:
    """Let layers that lie behind one another, and never work at the same time, share what memory they can."""
    scratch = Workspace()
    for before, layer, after in zip((None, *layers), layers, (*layers[1:], None), strict=False):
        layer.share_scratch(scratch)
        layer.may_overwrite = type(before) in LEAVING
        layer.is_brief = type(layer) in LEAVING and type(after) in POOLING

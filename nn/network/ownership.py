"""Which network a layer belongs to: in two places at once it would forget in one what it saw in the other."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import ref

from nn.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nn.layers import Layer


def demand_own(layers: Sequence[Layer]) -> None:
    """Refuse a layer that stands in two places, or in another network: ConfigurationError says which."""
    places: dict[int, int] = {}
    for place, layer in enumerate(layers):
        before = places.setdefault(id(layer), place)
        if before != place:
            raise ConfigurationError(
                f"Layer {place} is layer {before} once more, the same {layer!r}. A layer remembers what it saw "
                f"last, so each place wants one of its own: make another {type(layer).__name__}."
            )
        if layer.taken_by is not None and layer.taken_by() is not None:
            raise ConfigurationError(
                f"Layer {place}, {layer!r}, belongs to another network, which would change with this one. Give "
                "its replica(), which begins with the same weights, or make a layer anew."
            )


def take_over(layers: Sequence[Layer], network: object) -> None:
    """Note whose the layers are from now on, in a way that keeps no network alive."""
    for layer in layers:
        layer.taken_by = ref(network)

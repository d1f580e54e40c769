"""A trained network as a file: the numbers as safetensors, and beside them all it takes to use them rightly.

The metadata hold the architecture with its loss and input scaling, the seed, the training record and the name, so
that a file opened in a year is the same network, bit for bit, and says where it came from.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from nn.errors import InklingError, WeightsError
from nn.files.container import read_container, write_container
from nn.files.header import HEADER_LIMIT, SIZE_LIMIT, damaged
from nn.files.soundness import LAYERS_LIMIT, demand_opens_again, demand_reads_digits
from nn.layers import LAYERS
from nn.network import Network

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

    from nn.arrays import Shape
    from nn.files.container import Container

KIND = "weights"
SUFFIX = ".safetensors"
MOST_PARAMETERS = (SIZE_LIMIT - HEADER_LIMIT) // 4
"""Of a network: as many as a file that is opened again has room for beside the longest header."""


def save_network(network: Network, path: str | os.PathLike[str]) -> None:
    """Write a network, whole or not at all.

    Raises
    ------
    FileError
        If the place cannot be written to; an older file there is unchanged.
    WeightsError
        If the network is not in float32, has layers of a program's own, holds or answers with numbers that are
        not finite, does not read digits, or is too large to be opened again.
    """
    demand_opens_again(network, f"{path} was not written")
    tensors = network.tensors()
    for name, tensor in tensors.items():
        if not np.isfinite(tensor).all():
            raise WeightsError(
                f"{path} was not written: {name} of the network holds a number that is infinite or not a number. "
                "Open the last good weights, and train with a smaller rate."
            )
    demand_reads_digits(network, f"{path} was not written")
    metadata = {
        "name": network.name,
        "seed": as_json(network.seed),
        "architecture": as_json(network.describe()),
        "record": as_json(network.record),
    }
    write_container(path, KIND, tensors, metadata)


def load_network(path: str | os.PathLike[str]) -> Network:
    """Read a network, and refuse what is not one; nothing that is in memory changes.

    Raises
    ------
    WeightsError
        If the file is missing, too large, cut off, damaged, of another program, of a newer Inkling, or if its
        tensors do not fit its own architecture, or it holds or answers with numbers that are not finite.
    """
    container = read_container(path, KIND)
    for name, claim in container.claims.items():
        if claim.dtype != np.float32:
            raise damaged(path, f"{name} is {claim.dtype}, and weights are float32")
    seed, record = container.document("seed"), container.document("record")
    if not (seed is None or type(seed) is int) or not isinstance(record, dict):
        raise damaged(path, "its seed or training record is damaged")
    architecture = container.document("architecture")
    _check_shapes(container, architecture)
    try:
        network = Network.from_description(architecture)
        network.load_tensors(container.tensors())
    except InklingError as error:
        raise damaged(path, f"its tensors do not fit its architecture ({str(error).rstrip('.')})") from error
    demand_reads_digits(network, f"{path} cannot be opened")
    network.name, network.seed, network.record = container.metadata.get("name", ""), seed, record
    return network


def as_json(value: object) -> str:
    """Write plain values as JSON; a number that is not finite becomes null, for JSON has no word for it."""
    return json.dumps(_plain(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _plain(value: object) -> object:
    match value:
        case dict():
            return {str(key): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case np.generic():
            return _plain(value.item())
        case float() if not math.isfinite(value):
            return None
    return value


def described_shapes(path: str, architecture: object) -> Iterator[tuple[str, Shape]]:
    """Yield name and shape of each tensor that an architecture asks for, before memory is spent on it.

    Layers are made one at a time and their zeros are never touched, so a layer that claims gigabytes costs little;
    whoever sees one that does not fit stops there.

    Raises
    ------
    WeightsError
        If a layer is unknown or impossible.
    """
    for position, settings in enumerate(_layers(path, architecture)):
        for name, shape in _shapes(path, position, settings).items():
            yield f"{position}.{name}", shape


def _check_shapes(container: Container, architecture: object) -> None:
    path, found = container.path, {name: claim.shape for name, claim in container.claims.items()}
    for name, shape in described_shapes(path, architecture):
        if name not in found:
            raise damaged(path, f"the tensor {name}, which its architecture asks for, is missing")
        if found[name] != shape:
            raise damaged(path, f"{name} has shape {found[name]}, and its architecture asks for {shape}")
        del found[name]
    if found:
        raise damaged(path, f"its architecture knows no tensor {min(found)[:80]!r}")


def _layers(path: str, architecture: object) -> list[dict[str, Any]]:
    layers = architecture.get("layers") if isinstance(architecture, dict) else None
    if not isinstance(layers, list) or not 0 < len(layers) <= LAYERS_LIMIT:
        raise damaged(path, f"its architecture is not a list of 1 to {LAYERS_LIMIT} layers")
    return layers


def _shapes(path: str, position: int, settings: dict[str, Any]) -> dict[str, Shape]:
    try:
        arguments = dict(settings)
        layer = LAYERS[arguments.pop("kind")](**arguments)
    except (
        InklingError,
        ArithmeticError,
        AttributeError,
        LookupError,
        TypeError,
        ValueError,
        MemoryError,
    ) as error:
        raise damaged(path, f"layer {position} of its architecture cannot be made ({error})"[:300]) from error
    arrays = layer.parameters() | layer.statistics()
    return {name: array.shape for name, array in arrays.items() if array.size}

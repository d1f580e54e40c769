"""A training in the middle, as a file: network, optimiser's state, position and history.

It goes through the same door as weights: safetensors, written whole or not at all, read with suspicion. A
training that is resumed from it goes on bit for bit as if it had never stopped.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from nn.checkpoint import Checkpoint
from nn.errors import InklingError, WeightsError
from nn.files.container import read_container, write_container
from nn.files.header import SIZE_LIMIT, damaged
from nn.files.soundness import demand_opens_again
from nn.files.weights import as_json, described_shapes

if TYPE_CHECKING:
    import os

    from nn.files.container import Container

KIND = "checkpoint"
_KEYS = ("architecture", "name", "seed", "record", "config", "progress", "data")


def save_checkpoint(checkpoint: Checkpoint, path: str | os.PathLike[str]) -> None:
    """Write a checkpoint, whole or not at all.

    Raises
    ------
    FileError
        If the place cannot be written to; an older file there is unchanged.
    WeightsError
        If its network is not in float32, has layers of a program's own, a vector holds a number that is not
        finite, or it is too large to be opened again.
    """
    demand_opens_again(checkpoint.network, f"{path} was not written")
    tensors, metadata = checkpoint.to_tensors()
    for name, tensor in tensors.items():
        if not np.isfinite(tensor).all():
            raise WeightsError(
                f"{path} was not written: {name} of the training holds a number that is infinite or not a number. "
                "Go on from the last good checkpoint with a smaller rate."
            )
    write_container(path, KIND, tensors, {key: as_json(value) for key, value in metadata.items()})


def load_checkpoint(path: str | os.PathLike[str]) -> Checkpoint:
    """Read a checkpoint, and refuse what is not one.

    Raises
    ------
    WeightsError
        If the file is missing, too large, cut off, damaged, of another program, of a newer Inkling, or not what
        a training can go on from.
    """
    container = read_container(path, KIND)
    metadata = {key: container.document(key) for key in _KEYS}
    # The first checkpoints said nothing of recipes.
    metadata["recipe"] = container.document("recipe") if "recipe" in container.metadata else ""
    _check_length(container, metadata["architecture"])
    _check_words(container.path, metadata)
    try:
        return Checkpoint.from_tensors(container.tensors(), metadata)
    except InklingError as error:
        raise damaged(path, f"a training cannot go on from it ({str(error).rstrip('.')})") from error


def _check_length(container: Container, architecture: object) -> None:
    length = 0
    for _, shape in described_shapes(container.path, architecture):
        length += math.prod(shape)
        if length > SIZE_LIMIT:
            break
    wanted = (length,)
    for name, claim in container.claims.items():
        # An optimiser remembers nothing of what is gathered and not trained; how much that is, the network says.
        is_shorter = name.startswith("optimizer.") and len(claim.shape) == 1 and claim.shape < wanted
        if not (claim.shape == wanted or is_shorter) or claim.dtype != np.float32:
            raise damaged(
                container.path,
                f"{name[:80]!r} is {claim.dtype} of shape {claim.shape}, and its architecture asks for "
                f"float32 {wanted}",
            )


def _check_words(path: str, metadata: dict[str, Any]) -> None:
    if not isinstance(metadata["name"], str) or not (metadata["seed"] is None or type(metadata["seed"]) is int):
        raise damaged(path, "the name or the seed of its network is damaged")
    if not isinstance(metadata["recipe"], str):
        raise damaged(path, "the name of its recipe is damaged")

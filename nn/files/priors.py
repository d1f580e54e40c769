"""What ships about digits themselves: their principal components, so that imagining needs no data set."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

import numpy as np

from nn.errors import WeightsError
from nn.explain.principal import PrincipalComponents
from nn.files.container import read_container, write_container
from nn.files.header import damaged

if TYPE_CHECKING:
    import os

KIND = "principal components"
_PIXELS = 28 * 28


def save_components(components: PrincipalComponents, path: str | os.PathLike[str], *, origin: str) -> None:
    """Write principal components, whole or not at all; `origin` says of which digits they are.

    Raises
    ------
    FileError
        If the place cannot be written to.
    """
    tensors = {"mean": components.mean, "axes": components.axes, "deviations": components.deviations}
    write_container(path, KIND, tensors, {"share": json.dumps(components.share), "origin": origin})


def load_components(path: str | os.PathLike[str]) -> PrincipalComponents:
    """Read principal components.

    Raises
    ------
    WeightsError
        If the file is missing, damaged or of another kind.
    """
    container = read_container(path, KIND)
    shapes = {name: claim.shape for name, claim in container.claims.items()}
    count = shapes.get("deviations", ())
    if shapes != {"mean": (_PIXELS,), "axes": (*count, _PIXELS), "deviations": count} or len(count) != 1:
        raise damaged(path, f"its tensors are {shapes}"[:200])
    if any(claim.dtype != np.float32 for claim in container.claims.values()):
        raise damaged(path, "its numbers are not float32")
    tensors, share = container.tensors(), container.document("share")
    if not isinstance(share, float) or not all(np.isfinite(tensor).all() for tensor in tensors.values()):
        raise damaged(path, "it holds a number that is infinite or not a number")
    return PrincipalComponents(**tensors, share=share)


@cache
def shipped_components() -> PrincipalComponents:
    """Return the principal components that come with Inkling, of MNIST's training digits.

    Raises
    ------
    WeightsError
        If the installation is damaged.
    """
    place = files("assets") / "priors" / "principal.safetensors"
    if not place.is_file():
        raise WeightsError("The principal components that come with Inkling are missing. Install Inkling again.")
    with as_file(place) as path:
        return load_components(path)

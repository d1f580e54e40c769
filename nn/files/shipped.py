"""The networks that come with Inkling: read the same way from a checkout and from an installed wheel."""

from __future__ import annotations

from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from nn.errors import WeightsError
from nn.files.weights import SUFFIX, load_network

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from nn.network import Network

DEFAULT = "cnn"


def shipped_names() -> tuple[str, ...]:
    """Return the names of the networks that are here, in order of the alphabet."""
    folder = _folder()
    if not folder.is_dir():
        return ()
    names = (entry.name for entry in folder.iterdir())
    return tuple(sorted(name.removesuffix(SUFFIX) for name in names if name.endswith(SUFFIX)))


def shipped_network(name: str = DEFAULT) -> Network:
    """Return a network of its own, read from the file of that name.

    Raises
    ------
    WeightsError
        If there is none of that name, or the installation is damaged.
    """
    names = shipped_names()
    if name not in names:
        raise WeightsError(
            f"No network called {name!r} comes with this Inkling; there is {', '.join(names) or 'none at all'}. "
            "Install Inkling again, or open a file of weights."
        )
    with as_file(_folder() / f"{name}{SUFFIX}") as path:
        return load_network(path)


def _folder() -> Traversable:
    return files("assets") / "models"

"""Arrays that are allocated once and used again: allocating is what makes numpy slow on small networks."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import DTypeLike

    from nn.arrays import Array, Shape


class Workspace:
    """Arrays by name; another shape takes over what lies there under its name, if that is large enough.

    Attributes
    ----------
    owner
        Who has left something in a workspace that others write to as well, and means to find it again.
    """

    def __init__(self) -> None:
        self._kept: dict[str, Array] = {}
        self._views: dict[tuple[str, Shape], Array] = {}
        self.owner: object = None

    def array(self, name: str, shape: Shape, like: Array, dtype: DTypeLike | None = None) -> Array:
        """Return an uninitialised array of this shape, of the type of `like` or of `dtype`."""
        view, wanted = self._views.get((name, shape)), like.dtype if dtype is None else dtype
        if view is not None and view.dtype == wanted:
            return view
        size = math.prod(shape)
        kept = self._kept.get(name)
        if kept is None or kept.size < size or kept.dtype != wanted:
            kept = self._kept[name] = np.empty(size, wanted)
            self._views = {key: view for key, view in self._views.items() if key[0] != name}
        view = self._views[name, shape] = kept[:size].reshape(shape)
        return view

    def beside(self, other: Array, shape: Shape) -> Array:
        """Return an uninitialised array, of the type of `other`, that does not share memory with it.

        There are two, taken in turns: what a gradient is made of and what it is made into. Those of all layers
        together would be the largest part of a training's memory.
        """
        name = "there" if other.base is not None and other.base is self._kept.get("here") else "here"
        return self.array(name, shape, other)

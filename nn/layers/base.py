"""A layer is one step of a network: it passes values forward and blame backward.

Forward, a layer turns a batch ``x`` into ``y`` and remembers what it will need. Backward, it is told how the
loss changes with ``y`` and answers two questions: how does the loss change with my parameters, and how with
``x``? That is all back-propagation asks of anyone.

A layer allocates its arrays once and uses them again at each step (`nn.layers.workspace`). What ``forward``
returns therefore holds until its next call, and what ``backward`` returns until the layer before has made its own
of it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from copy import copy
from typing import TYPE_CHECKING, ClassVar, Self, TypeAlias

from nn.compat import override
from nn.errors import ShapeError
from nn.layers.workspace import Workspace

if TYPE_CHECKING:
    from weakref import ref

    import numpy as np

    from nn.arrays import Array, Shape

JSON: TypeAlias = "dict[str, JSON] | list[JSON] | str | int | float | bool | None"
"""What a layer or a network writes of itself."""


def in_words(shape: Shape) -> str:
    """Write the shape of a batch: ``(n, 784)``."""
    return f"({', '.join(['n', *map(str, shape)])})"


class Layer(ABC):
    """One step of a network.

    A subclass names its trainable arrays in `parameter_names`; each lives in the attribute of that name and its
    gradient in ``d_`` and that name. `weight_names` are those of them that multiply what comes in: what a penalty
    on large weights is meant for, and biases and scales are not. `statistic_names` names arrays that are not
    trained but gathered on the way. `Network` replaces all of them by views of flat vectors.

    Attributes
    ----------
    may_overwrite
        Whether, while training, nobody else looks again at the x that ``forward`` is given.
    is_brief
        Whether, while training, nobody looks again at y once the next layer's ``forward`` has seen it. `Network`
        says of its layers whether either holds.
    taken_by
        The network that has taken it over, as long as that lives; copies belong to nobody yet.
    """

    kind: ClassVar[str]
    parameter_names: ClassVar[tuple[str, ...]] = ()
    weight_names: ClassVar[tuple[str, ...]] = ()
    statistic_names: ClassVar[tuple[str, ...]] = ()
    is_random: ClassVar[bool] = False
    taken_by: ref[object] | None = None

    def __init__(self) -> None:
        self.room, self.scratch = Workspace(), Workspace()
        self.may_overwrite = self.is_brief = False

    @abstractmethod
    def output_shape(self, input_shape: Shape) -> Shape:
        """Shape of one sample behind this layer; ShapeError if `input_shape` does not fit."""

    def work(self, input_shape: Shape) -> int:  # noqa: ARG002
        """Return how many multiplications matrix products do in forward, for one sample of `input_shape`."""
        return 0

    @abstractmethod
    def forward(self, x: Array, *, training: bool = False) -> Array:
        """Turn a batch x, shape (n, ...), into y."""

    @abstractmethod
    def backward(self, d_y: Array) -> Array:
        """Turn d loss / d y of the last forward pass into d loss / d x.

        Given the very array that `parameter_gradients` was given last, a layer may use what it has found of it
        there: between the two its numbers stay as they are.
        """

    def parameter_gradients(self, d_y: Array) -> None:
        """Fill the ``d_...`` arrays from d loss / d y of the last forward pass."""

    def reseed(self, rng: np.random.Generator) -> None:
        """Take a random generator for the next forward pass; most layers need none."""

    def observed(self) -> tuple[Array, ...]:
        """Return what the last training batch says of each statistic, in the order of `statistic_names`."""
        return ()

    def settle(self, *observed: Array) -> None:
        """Update each statistic from what the lanes of a batch have observed, (lanes, ...), in their order."""

    def only_read(self, input_shape: Shape) -> None:
        """Prepare for reading samples of `input_shape`: parameters stay, and no way back will be asked for."""

    def settings(self) -> dict[str, JSON]:
        """Return the constructor's arguments that make this layer again."""
        return {}

    def parameters(self) -> dict[str, Array]:
        """Return the trainable arrays by name."""
        return {name: getattr(self, name) for name in self.parameter_names}

    def statistics(self) -> dict[str, Array]:
        """Return the arrays that are gathered while training, by name."""
        return {name: getattr(self, name) for name in self.statistic_names}

    def replica(self) -> Self:
        """Return a twin that shares the parameters and has buffers of its own, for another thread."""
        twin = copy(self)
        twin.room, twin.scratch = Workspace(), Workspace()
        return twin

    @override
    def __getstate__(self) -> dict[str, object]:
        # What every copy begins with, be it a replica, a deep copy or a pickle.
        return {name: value for name, value in self.__dict__.items() if name != "taken_by"}

    def share_scratch(self, scratch: Workspace) -> None:
        """Let `scratch`, where nothing is looked for again, be one that other layers use too."""
        self.scratch = scratch

    @override
    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self.settings().items())
        return f"{type(self).__name__}({shown})"

    def _refuse(self, got: Shape, wanted: str) -> ShapeError:
        return ShapeError(f"{self!r} got input of shape {in_words(got)}; wanted {wanted}.")

"""The numbers of a network, laid out in flat vectors.

To an optimiser a network is one point in a space of p dimensions, and a step downhill is two lines of numpy,
however many layers there are. Layers see the same numbers as matrices: windows onto the vectors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nn.errors import ConfigurationError, WeightsError
from nn.layers import Layer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from nn.arrays import Array


class Vectors:
    """All numbers of some layers, one behind the other.

    Attributes
    ----------
    layers
        Whose numbers they are, from input to output.
    values
        What can be trained and, behind it, what is gathered while training, such as running means.
    parameters, gradients
        Shape (p,): the first p of the values, and the slope of the loss by each.
    is_ready
        Whether the numbers are only to be read: they stay as they are.
    """

    is_ready = False
    layers: tuple[Layer, ...]
    values: Array
    parameters: Array
    gradients: Array

    def gather(self) -> None:
        """Copy what the layers hold into vectors, and make the layers' arrays windows onto those."""
        arrays = (*self._arrays(Layer.parameters).values(), *self._arrays(Layer.statistics).values())
        self.adopt(np.concatenate([np.zeros(0, np.float32), *(array.ravel() for array in arrays)]))

    def adopt(self, values: NDArray[Any], gradients: Array | None = None) -> None:
        """Make every layer's arrays windows onto `values`, and gradients onto `gradients` or a new vector."""
        trainable = sum(array.size for array in self._arrays(Layer.parameters).values())
        if self.is_ready:
            values.flags.writeable = False
        self.values, self.parameters = values, values[:trainable]
        _lay_windows(self._each(Layer.parameters), self.parameters)
        _lay_windows(self._each(Layer.statistics), values[trainable:])
        self.gather_gradients_in(np.zeros_like(self.parameters) if gradients is None else gradients)

    def move_to(self, values: Array) -> None:
        """Let the same numbers lie in this vector from now on, as long as `values`."""
        values[:] = self.values
        self.adopt(values, self.gradients)

    def gather_gradients_in(self, gradients: Array) -> None:
        """Let `gradients` be this vector from now on, as long as `parameters`."""
        self.gradients = gradients
        _lay_windows(self._each(Layer.parameters), gradients, "d_")

    def write_observed(self, out: Array) -> None:
        """Write what the last training batch says of the statistics to `out`, as long as they are."""
        start = 0
        for layer in self.layers:
            for array in layer.observed():
                out[start : start + array.size] = array.ravel()
                start += array.size

    def settle(self, observed: Sequence[Array]) -> None:
        """Update the statistics from what `write_observed` has told of each lane of a batch."""
        lanes, start = np.stack(observed), 0
        for layer in self.layers:
            windows = []
            for array in layer.statistics().values():
                windows.append(lanes[:, start : start + array.size].reshape(len(lanes), *array.shape))
                start += array.size
            layer.settle(*windows)

    def demand_changeable(self) -> None:
        """Refuse to change numbers that are only to be read: ConfigurationError says whose to change instead."""
        if self.is_ready:
            raise ConfigurationError(
                "A network made ready to read keeps its weights. Train the one that it was made from, or load "
                "them there, and make that one ready again."
            )

    def tensors(self) -> dict[str, Array]:
        """Return all arrays that make it what it is by name, ``0.weight``, ``0.bias``, ...; views, not copies."""
        arrays = self._arrays(Layer.parameters) | self._arrays(Layer.statistics)
        return {name: array for name, array in arrays.items() if array.size}

    def load_tensors(self, tensors: Mapping[str, NDArray[Any]]) -> None:
        """Take over weights by the names of `tensors`, all of them or, if one does not fit, none.

        Raises
        ------
        WeightsError
            If a name is missing or unknown, a shape differs, or a value is not finite.
        ConfigurationError
            If they are those of a network made ready to read.
        """
        self.demand_changeable()
        own = self.tensors()
        if own.keys() != tensors.keys():
            missing, unknown = sorted(own.keys() - tensors.keys()), sorted(tensors.keys() - own.keys())
            raise WeightsError(
                f"These weights lack {missing or 'nothing'} and have {unknown or 'nothing'} too many."
            )
        for name, array in own.items():
            given = tensors[name]
            if given.shape != array.shape:
                raise WeightsError(f"Weights {name} have shape {given.shape}; this network wants {array.shape}.")
            if not np.isfinite(given).all():
                raise WeightsError(f"Weights {name} hold values that are infinite or not a number.")
        for name, array in own.items():
            array[...] = tensors[name]

    def weights(self) -> list[tuple[Array, Array]]:
        """Return the weights alone, not biases or scales, and beside each its gradient; flat views, not copies."""
        named = [(layer, name) for layer in self.layers for name in layer.weight_names]
        return [
            (getattr(layer, name).reshape(-1), getattr(layer, f"d_{name}").reshape(-1)) for layer, name in named
        ]

    def _arrays(self, kind: Callable[[Layer], dict[str, Array]]) -> dict[str, Array]:
        return {f"{position}.{name}": array for position, _, name, array in self._each(kind)}

    def _each(self, kind: Callable[[Layer], dict[str, Array]]) -> Iterator[tuple[int, Layer, str, Array]]:
        for position, layer in enumerate(self.layers):
            for name, array in kind(layer).items():
                yield position, layer, name, array


def _lay_windows(arrays: Iterator[tuple[int, Layer, str, Array]], vector: Array, prefix: str = "") -> None:
    """Make arrays windows onto a vector, one behind the other, under their names behind `prefix`."""
    start = 0
    for _, layer, name, array in arrays:
        setattr(layer, prefix + name, vector[start : start + array.size].reshape(array.shape))
        start += array.size

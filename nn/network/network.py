"""A network is layers in order and a loss behind the last.

All its trainable numbers lie in one flat vector, `Network.parameters`, and all their gradients in another; the
layers' weights and biases are windows onto them (`nn.network.vectors`).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from nn.calibration import Calibration, Reading
from nn.compat import override
from nn.errors import ConfigurationError, InklingError, ShapeError
from nn.layers.base import in_words as shape_in_words
from nn.losses import CrossEntropy
from nn.network.description import arguments_from, checked_shape, described, in_words, shapes_behind
from nn.network.frames import laid_out
from nn.network.memory import share_memory
from nn.network.ownership import demand_own, take_over
from nn.network.ready import made_ready
from nn.network.vectors import Vectors
from nn.parallel import read_frames
from nn.scaling import SCALINGS, Scaling

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import DTypeLike

    from nn.arrays import Array, Bytes, Float32, Shape
    from nn.layers import JSON, Layer
    from nn.losses import Loss
    from nn.network.one_frame import OneFrame


class Network(Vectors):
    """Layers in order, with the loss they are trained by and the scaling of their input.

    Parameters
    ----------
    layers
        From input to output. The network takes them over: their arrays become views of its own vectors. A layer
        stands in one place of one network; `Layer.replica` gives another with the same weights.
    loss
        What training makes small; it also says how outputs are read as probabilities.
    input_shape
        Shape of one sample: (784,), or (28, 28, 1) for layers that see pictures.
    scaling
        From bytes to inputs.
    calibration
        How far its outputs are to be believed; fitted after a training.
    name, seed, record
        For people: what it is called, the seed of its initial weights, how it was trained.

    Attributes
    ----------
    width
        How many numbers lie between two layers where they are most, for one sample.
    work
        How many multiplications matrix products do in a forward pass, for one sample.
    is_ready
        Whether it was made by `ready`, to be read by alone: its values cannot be written to.
    one_frame
        What then reads single frames, if it knows all of the layers.

    Raises
    ------
    ConfigurationError
        If there is no layer, one stands in two places or in another network that is still in use, or `input_shape`
        is not of whole numbers from 1.
    ShapeError
        If a layer does not fit behind the one before it.

    Examples
    --------
    >>> from nn.layers import Dense, ReLU
    >>> rng = np.random.default_rng(0)
    >>> network = Network([Dense(784, 32, rng=rng), ReLU(), Dense(32, 10, rng=rng)])
    >>> network.predict(np.zeros((5, 28, 28), np.uint8)).shape
    (5, 10)
    """

    def __init__(
        self,
        layers: Sequence[Layer],
        loss: Loss | None = None,
        *,
        input_shape: Shape = (784,),
        scaling: Scaling = SCALINGS["/255"],
        calibration: Calibration = Calibration(),  # noqa: B008 - frozen
        name: str = "",
        seed: int | None = None,
        record: dict[str, JSON] | None = None,
    ) -> None:
        if not layers:
            raise ConfigurationError("A network needs at least one layer; this one has none.")
        self.layers = tuple(layers)
        demand_own(self.layers)
        self.loss = loss or CrossEntropy()
        self.input_shape, self.scaling, self.calibration = checked_shape(input_shape), scaling, calibration
        self.name, self.seed, self.record = name, seed, dict(record or {})
        self.one_frame: OneFrame | None = None
        self.shapes = shapes_behind(self.layers, self.input_shape)
        inputs = (self.input_shape, *self.shapes[:-1])
        share_memory(self.layers)
        self.width = max(math.prod(shape) for shape in (self.input_shape, *self.shapes))
        self.work = sum(layer.work(shape) for layer, shape in zip(self.layers, inputs, strict=True))
        self.gather()
        take_over(self.layers, self)

    @property
    def classes(self) -> int:
        """How many classes k the outputs tell apart."""
        return self.shapes[-1][-1]

    @property
    def is_convolutional(self) -> bool:
        """Whether its weights are used at many places: much to do for few weights."""
        return self.work > 2 * self.parameters.size

    def forward(self, x: Array, *, training: bool = False) -> Array:
        """Run inputs x, shape (n, *input_shape), through all layers to the outputs, shape (n, k)."""
        if x.shape[1:] != self.input_shape:
            wanted = shape_in_words(self.input_shape)
            raise ShapeError(f"{self.name or 'The network'} got input of shape {x.shape}; wanted {wanted}.")
        for layer in self.layers:
            x = layer.forward(x, training=training)
        return x

    def backward(self, d_outputs: Array) -> Array:
        """Fill `gradients` and return d loss / d x, shape (n, *input_shape), of the last forward pass."""
        for layer in reversed(self.layers):
            layer.parameter_gradients(d_outputs)
            d_outputs = layer.backward(d_outputs)
        return d_outputs

    def parameter_gradients(self, d_outputs: Array) -> None:
        """Fill `gradients` alone: what training needs, without the first layer's share of d loss / d x."""
        for layer in reversed(self.layers[1:]):
            layer.parameter_gradients(d_outputs)
            d_outputs = layer.backward(d_outputs)
        self.layers[0].parameter_gradients(d_outputs)

    def input_gradient(self, d_outputs: Array) -> Array:
        """Return d loss / d x, shape (n, *input_shape), and leave `gradients` as they are."""
        for layer in reversed(self.layers):
            # Seen as another array: what a layer has kept of one for its own gradients may be of older numbers.
            d_outputs = layer.backward(d_outputs.view())
        return d_outputs

    def inputs(self, frames: Bytes) -> Array:
        """Scale frames, shape (n, 28, 28), to inputs, shape (n, *input_shape).

        Raises
        ------
        ShapeError
            If they are no bytes, or have another number of pixels.
        """
        scaled = self.scaling.apply(laid_out(frames, (len(frames), *self.input_shape)))
        return scaled.astype(self.parameters.dtype, copy=False)

    def outputs(self, frames: Bytes, *, threads: int | None = None) -> Array:
        """Return the outputs, shape (n, k), for frames of shape (n, 28, 28).

        They are read a chunk at a time, on as many cores as there are, or at most `threads`.

        Raises
        ------
        ShapeError
            If the frames are no bytes, or have another number of pixels.
        """
        if self.one_frame is not None and len(frames) == 1:
            return self.one_frame.outputs(frames)
        return read_frames(self, frames, threads)

    def read(self, frames: Bytes) -> Reading:
        """Return how probable each class is for frames of shape (n, 28, 28), and how probable none of them."""
        outputs = self.outputs(frames)
        probabilities = self.calibration.tempered(self.loss.probabilities(outputs))
        return Reading(probabilities, self.loss.none(outputs))

    def predict(self, frames: Bytes) -> Float32:
        """Return the probability of each class for frames of shape (n, 28, 28): shape (n, k), rows add to 1."""
        probabilities = self.calibration.tempered(self.loss.probabilities(self.outputs(frames)))
        return probabilities.astype(np.float32, copy=False)

    def ready(self) -> Network:
        """Return a network of its own that reads as this one does now, sooner, and cannot learn.

        It says the same but for rounding; see `nn.network.ready`. Making it takes as long as reading some
        ten frames, or a hundred where nearly all weights are those of dense layers.
        """
        return self if self.is_ready else made_ready(self)

    def copy(self) -> Network:
        """Return a network of its own with the same weights."""
        twin = self.replica()
        twin.adopt(self.values.copy())
        twin.record = dict(self.record)
        return twin

    def replica(self) -> Network:
        """Return a twin that shares the weights and has gradients and buffers of its own, for another thread.

        It looks for the weights where they lie now. A training on several cores lays them elsewhere at times, and
        then lays others there: of a network in training take a `copy`.
        """
        twin = object.__new__(Network)
        twin.__dict__.update(self.__dict__)
        twin.layers = tuple(layer.replica() for layer in self.layers)
        twin.loss = self.loss.replica()
        twin.one_frame = None
        share_memory(twin.layers)
        twin.adopt(self.values)
        take_over(twin.layers, twin)
        return twin

    def __copy__(self) -> Network:
        """Return `copy`: half a copy, whose layers are another network's too, would be of no use."""
        return self.copy()

    def __deepcopy__(self, _memo: dict[int, Any]) -> Network:
        """Return `copy`."""
        return self.copy()

    @override
    def __getstate__(self) -> dict[str, Any]:
        """Return what a pickle holds."""
        return self.__dict__ | {"one_frame": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take what a pickle held, where the layers' arrays were arrays of their own."""
        self.__dict__.update(state)
        share_memory(self.layers)
        self.adopt(self.values)
        take_over(self.layers, self)

    def astype(self, dtype: DTypeLike) -> Network:
        """Return a copy that computes in another precision: float64 for a gradient check."""
        twin = self.copy()
        twin.adopt(self.values.astype(dtype))
        return twin

    def summary(self) -> str:
        """Describe the network, a line a layer, with shapes and numbers of parameters."""
        return in_words(self)

    @property
    def is_described(self) -> bool:
        """Whether what `describe` tells makes the same again: layers of a program's own are not known here."""
        try:
            twin = self.from_description(self.describe())
        except InklingError:
            return False
        ours, theirs = ([type(part) for part in (*each.layers, each.loss)] for each in (self, twin))
        return ours == theirs

    def describe(self) -> dict[str, JSON]:
        """Return the architecture, without the weights, as something that JSON can hold."""
        return described(self)

    @staticmethod
    def from_description(description: Mapping[str, Any]) -> Network:
        """Build a network as `describe` told, with weights of zero.

        Raises
        ------
        ConfigurationError
            If the description is not one, or describes what cannot be built.
        """
        return Network(**arguments_from(description))

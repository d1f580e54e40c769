"""From arrays to the network that they are of.

The shapes of weights say how many layers there are and how wide, whether rows or columns are inputs, and for one
convolution what padding and pooling lie between it and the affine layer behind. They do not say which activation
bends the values in between: that is known of the programs that could write only one, and otherwise asked for.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from nn.errors import ConfigurationError, UndeterminedError
from nn.files.streams import DamageError
from nn.layers import ACTIVATIONS, LAYERS, Convolution, Dense, Dropout, Flatten, MaxPooling, ReLU, Sigmoid
from nn.losses import CrossEntropy, SigmoidCrossEntropy, SquaredError
from nn.network import Network
from nn.scaling import SCALINGS, Scaling

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nn.arrays import Float32, Shape
    from nn.files.older_formats import FoundWeights
    from nn.layers import Layer
    from nn.losses import Loss

SIDE, PIXELS, CLASSES = 28, 784, 10
OUTPUTS = ("softmax", "sigmoid")
"""What outputs can be: shares of one certainty, or a yes or no for each digit."""
_DEEP_FILTERS = ((16, 1), (16, 16), (32, 16), (32, 32), (64, 32), (64, 64))
_DEEP_PADDING = (1, 1, 1, 2, 1, 1)
_DEEP_DROPOUT = 0.5


def built_network(
    found: FoundWeights,
    *,
    activation: str | None = None,
    outputs: str | None = None,
    scaling: str | Scaling | None = None,
) -> Network:
    """Build the network that arrays are of.

    Parameters
    ----------
    found
        Weights from input to output, with or without biases.
    activation
        Of the hidden layers. Known of Nielsen's JSON, sigmoid, and of convolutional networks of *Deep Learning
        from Scratch*, ReLU; otherwise it has to be given.
    outputs
        One of `OUTPUTS`; by default sigmoid where each row of weights is a unit and the activation is sigmoid, as
        Nielsen and his followers have it, else softmax. It changes how sure a network is, not what it reads.
    scaling
        Of the input; by default pixels / 255, and / 256 for Nielsen's JSON, whose data are so.

    Raises
    ------
    ConfigurationError
        If the arrays do not determine the network, or a name is none of the choices.
    DamageError
        If the arrays make no network that reads digits.
    """
    _check(activation, outputs, scaling)
    if not found.weights:
        raise DamageError("it holds biases alone; open the file of weights")
    if found.biases and len(found.biases) != len(found.weights):
        raise DamageError(f"it holds {len(found.weights)} weights for {len(found.biases)} biases")
    layers, loss = (_pictures if found.weights[0].ndim == 4 else _perceptron)(found, activation, outputs)
    shape: Shape = (SIDE, SIDE, 1) if isinstance(layers[0], Convolution) else (PIXELS,)
    return Network(layers, loss, input_shape=shape, scaling=_scaling(found, scaling))


def _check(activation: str | None, outputs: str | None, scaling: str | Scaling | None) -> None:
    for what, given, known in (
        ("an activation", activation, ACTIVATIONS),
        ("a kind of outputs", outputs, OUTPUTS),
        ("an input scaling", scaling, SCALINGS),
    ):
        if isinstance(given, str) and given not in known:
            raise ConfigurationError(f"{given!r} is not {what}; choose one of {', '.join(known)}.")


def _scaling(found: FoundWeights, scaling: str | Scaling | None) -> Scaling:
    if isinstance(scaling, Scaling):
        return scaling
    if scaling is None and found.kind == "JSON":
        return Scaling(1 / 256)
    return SCALINGS[scaling or "/255"]


def _perceptron(found: FoundWeights, activation: str | None, outputs: str | None) -> tuple[list[Layer], Loss]:
    weights, are_rows_units = _turned(found.weights)
    sizes = [len(weights[0]), *(array.shape[1] for array in weights)]
    bent = activation or _known_activation(found, sizes)
    loss = _loss(found, outputs or ("sigmoid" if are_rows_units and bent == "sigmoid" else "softmax"))
    layers: list[Layer] = []
    for position, weight in enumerate(weights):
        layers += [_dense(weight, _bias(found, position, weight.shape[1])), LAYERS[bent]()]
    layers.pop()
    return (layers, loss) if loss.takes_logits else ([*layers, Sigmoid()], loss)


def _known_activation(found: FoundWeights, sizes: list[int]) -> str:
    if found.kind == "JSON" or len(sizes) == 2:
        return "sigmoid"
    raise UndeterminedError(
        f"The weights are of a network {'-'.join(map(str, sizes))}, but do not say which activation its hidden "
        f"layers have. Choose one of {', '.join(ACTIVATIONS)}."
    )


def _loss(found: FoundWeights, outputs: str) -> Loss:
    if outputs == "softmax":
        return CrossEntropy()
    return SigmoidCrossEntropy() if found.cost == "CrossEntropyCost" else SquaredError()


def _turned(weights: tuple[NDArray[Any], ...]) -> tuple[list[NDArray[Any]], bool]:
    """Return weights as (d_in, d_out), and whether they came as (d_out, d_in): one way round they form a chain."""
    for are_rows_units in (False, True):
        chain = [array.T if are_rows_units else array for array in weights]
        if _is_chain(chain):
            return chain, are_rows_units
    shapes = ", ".join(str(array.shape) for array in weights)[:200]
    raise DamageError(f"its arrays {shapes} do not lead from {PIXELS} pixels to {CLASSES} digits")


def _is_chain(weights: list[NDArray[Any]]) -> bool:
    return (
        all(array.ndim == 2 for array in weights)
        and len(weights[0]) == PIXELS
        and weights[-1].shape[1] == CLASSES
        and all(before.shape[1] == len(after) for before, after in pairwise(weights))
    )


def _bias(found: FoundWeights, position: int, units: int) -> Float32 | None:
    if not found.biases:
        return None
    bias = found.biases[position]
    if bias.size != units:
        raise DamageError(f"biases of shape {bias.shape} do not fit {units} units")
    return bias.reshape(-1)


def _dense(weight: NDArray[Any], bias: NDArray[Any] | None) -> Dense:
    layer = Dense(*weight.shape, bias=bias is not None)
    with np.errstate(over="ignore"):
        layer.weight[:] = weight
        if bias is not None:
            layer.bias[:] = bias
    if not (np.isfinite(layer.weight).all() and np.isfinite(layer.bias).all()):
        raise DamageError("it holds numbers that are too large for weights")
    return layer


def _pictures(found: FoundWeights, activation: str | None, outputs: str | None) -> tuple[list[Layer], Loss]:
    """Build one of the two convolutional networks of *Deep Learning from Scratch*."""
    filters = [array for array in found.weights if array.ndim == 4]
    affine = found.weights[len(filters) :]
    if not found.biases or not affine or any(array.ndim != 2 for array in affine) or filters[0].shape[1] != 1:
        raise DamageError("its arrays are not filters, then affine layers, each with biases")
    if any(one.shape[2] != one.shape[3] or not one.size for one in filters) or affine[-1].shape[1] != CLASSES:
        raise DamageError("its filters are not square, or it does not end in ten digits")
    bent = activation or ReLU.kind
    seen, shape = (_simple if len(filters) == 1 else _deep)(found, filters, affine[0], bent)
    layers: list[Layer] = [*seen, Flatten()]
    for position, weight in enumerate(affine):
        if position and weight.shape[0] != affine[position - 1].shape[1]:
            raise DamageError("its affine layers do not fit behind each other")
        turned = weight if position else _channels_last(weight, shape)
        bias = _bias(found, len(filters) + position, weight.shape[1])
        layers += [_dense(turned, bias), LAYERS[bent]()]
    layers.pop()
    if len(filters) > 1:
        _undo_dropout(layers)
    return layers, _loss(found, outputs or "softmax")


def _simple(
    found: FoundWeights, filters: list[NDArray[Any]], affine: NDArray[Any], bent: str
) -> tuple[list[Layer], Shape]:
    """Find padding and pooling of SimpleConvNet: of those that are in use, the one that the affine layer fits."""
    count, _, window, _ = filters[0].shape
    fitting = [
        (padding, pool, side)
        for padding in range(window)
        for pool in (1, 2, 3, 4)
        if window <= SIDE
        and (side := (SIDE + 2 * padding - window + 1) // pool)
        and count * side**2 == len(affine)
    ]
    if not fitting:
        raise DamageError(f"{len(affine)} inputs do not fit behind {count} filters of {window} x {window}")
    if len(fitting) > 1:
        ways = ", ".join(f"padding {padding} and pooling {pool}" for padding, pool, _ in fitting)
        raise ConfigurationError(f"The arrays fit more than one network: {ways}. Build it, and use load_tensors.")
    padding, pool, side = fitting[0]
    seen: list[Layer] = [_convolution(filters[0], _bias(found, 0, count), padding), LAYERS[bent]()]
    return ([*seen, MaxPooling(pool)] if pool > 1 else seen), (count, side, side)


def _deep(
    found: FoundWeights, filters: list[NDArray[Any]], affine: NDArray[Any], bent: str
) -> tuple[list[Layer], Shape]:
    """Build DeepConvNet: 16-16-pool-32-32-pool-64-64-pool, all 3 x 3; its fourth convolution is padded by 2."""
    if tuple(one.shape for one in filters) != tuple((*shape, 3, 3) for shape in _DEEP_FILTERS):
        raise ConfigurationError(
            "The arrays are of several convolutions, and do not say where padding and pooling are. Build the "
            "network, and use load_tensors."
        )
    if len(affine) != 64 * 4 * 4:
        raise DamageError(f"{len(affine)} inputs do not fit behind 64 filters on 4 x 4 pixels")
    layers: list[Layer] = []
    for position, (one, padding) in enumerate(zip(filters, _DEEP_PADDING, strict=True)):
        layers += [_convolution(one, _bias(found, position, len(one)), padding), LAYERS[bent]()]
        if position % 2:
            layers.append(MaxPooling(2))
    return layers, (64, 4, 4)


def _undo_dropout(layers: list[Layer]) -> None:
    """Put DeepConvNet's dropout where it belongs, and its scale into the weights.

    The book drops half of the last hidden layer and of the outputs, and when reading multiplies both by a half in
    place of having doubled them in training.
    """
    last = layers[-1]
    if isinstance(last, Dense):
        last.weight *= _DEEP_DROPOUT**2
        last.bias *= _DEEP_DROPOUT
        layers.insert(-1, Dropout(_DEEP_DROPOUT))


def _convolution(filters: NDArray[Any], bias: Float32 | None, padding: int) -> Convolution:
    """Turn filters (f, c, h, w) into our weight, (h w c, f)."""
    count, channels, window, _ = filters.shape
    layer = Convolution(channels, count, window, padding=padding)
    like = _dense(filters.transpose(2, 3, 1, 0).reshape(-1, count), bias)
    layer.weight[:], layer.bias[:] = like.weight, like.bias
    return layer


def _channels_last(weight: NDArray[Any], shape: Shape) -> NDArray[Any]:
    """Put the rows of a weight, which follow pictures (c, h, w), in the order of pictures (h, w, c)."""
    return weight.reshape(*shape, -1).transpose(1, 2, 0, 3).reshape(math.prod(shape), -1)

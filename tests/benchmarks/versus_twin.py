"""Our networks as PyTorch's: the same layers with the same weights, so that equal work is so by construction.

PyTorch keeps the channels of a picture first and a convolution's weights by filter; so weights are turned on their
way, and those behind a `Flatten` take another order.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn as torch_nn
from torch.nn import functional

from nn.layers import (
    AveragePooling,
    BatchNormalization,
    Convolution,
    Dense,
    Dropout,
    Flatten,
    Layer,
    LeakyReLU,
    MaxPooling,
    ReLU,
    Sigmoid,
    Tanh,
)
from nn.losses import CrossEntropy, Loss, OpenCrossEntropy

if TYPE_CHECKING:
    from collections.abc import Callable

    from nn.arrays import Array, Shape
    from nn.network import Network


def twin_of(network: Network) -> Any:
    """Return a `torch.nn.Sequential` with copies of our weights."""
    modules: list[Any] = []
    shape, pictures = network.input_shape, None
    for layer, behind in zip(network.layers, network.shapes, strict=True):
        if isinstance(layer, Flatten):
            pictures = shape
        modules.append(_twin(layer, shape, pictures))
        if isinstance(layer, Dense):
            pictures = None
        shape = behind
    return torch_nn.Sequential(*modules)


def loss_of(loss: Loss) -> Callable[[Any, Any], Any]:
    """Return PyTorch's mean loss of outputs and labels that is the same as ours."""
    match loss:
        case OpenCrossEntropy():
            # "None of these" is one class more, with the fixed logit 0.
            return lambda outputs, labels: functional.cross_entropy(functional.pad(outputs, (0, 1)), labels)
        case CrossEntropy():
            return partial(functional.cross_entropy, label_smoothing=loss.smoothing)
    raise NotImplementedError(f"{loss!r} has no twin here.")


_PLAIN: dict[type[Layer], Callable[[Any], Any]] = {
    MaxPooling: lambda layer: torch_nn.MaxPool2d(layer.window),
    AveragePooling: lambda layer: torch_nn.AvgPool2d(layer.window),
    Dropout: lambda layer: torch_nn.Dropout(layer.rate),
    LeakyReLU: lambda layer: torch_nn.LeakyReLU(layer.slope),
    Flatten: lambda _: torch_nn.Flatten(),
    ReLU: lambda _: torch_nn.ReLU(),
    Sigmoid: lambda _: torch_nn.Sigmoid(),
    Tanh: lambda _: torch_nn.Tanh(),
}


def _twin(layer: Layer, shape: Shape, pictures: Shape | None) -> Any:
    """Return the module for a layer that sees `shape`; `pictures` is the shape that was laid flat before it."""
    match layer:
        case Dense():
            return _dense(layer, pictures)
        case Convolution():
            return _convolution(layer)
        case BatchNormalization():
            return _batch_normalization(layer, is_of_pictures=len(shape) == 3)
    if type(layer) not in _PLAIN:
        raise NotImplementedError(f"{layer!r} has no twin here.")
    return _PLAIN[type(layer)](layer)


def _dense(layer: Dense, pictures: Shape | None) -> Any:
    weight = layer.weight
    if pictures is not None:
        weight = weight.reshape(*pictures, -1).transpose(2, 0, 1, 3).reshape(weight.shape)
    module = torch_nn.Linear(layer.inputs, layer.outputs, bias=layer.has_bias)
    return _filled(module, {"weight": weight.T} | ({"bias": layer.bias} if layer.has_bias else {}))


def _convolution(layer: Convolution) -> Any:
    k = layer.window
    module = torch_nn.Conv2d(
        layer.channels, layer.filters, k, stride=layer.stride, padding=layer.padding, bias=layer.has_bias
    )
    weight = layer.weight.reshape(k, k, layer.channels, layer.filters).transpose(3, 2, 0, 1)
    return _filled(module, {"weight": weight} | ({"bias": layer.bias} if layer.has_bias else {}))


def _batch_normalization(layer: BatchNormalization, *, is_of_pictures: bool) -> Any:
    kind = torch_nn.BatchNorm2d if is_of_pictures else torch_nn.BatchNorm1d
    # Our momentum is the share that stays, PyTorch's the share that comes in.
    module = kind(layer.features, eps=layer.epsilon, momentum=1 - layer.momentum)
    return _filled(
        module,
        {
            "weight": layer.gamma,
            "bias": layer.beta,
            "running_mean": layer.running_mean,
            "running_var": layer.running_variance,
        },
    )


def _filled(module: Any, arrays: dict[str, Array]) -> Any:
    with torch.no_grad():
        for name, array in arrays.items():
            getattr(module, name).copy_(torch.from_numpy(np.ascontiguousarray(array)))
    return module

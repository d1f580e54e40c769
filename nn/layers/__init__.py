"""Layers: the steps of a network, one noun a file."""

from __future__ import annotations

from nn.layers.activations import Identity, Sigmoid, Softmax, Step, Tanh, sigmoid, softmax
from nn.layers.base import JSON, Layer
from nn.layers.convolution import Convolution
from nn.layers.dense import Dense
from nn.layers.dropout import Dropout
from nn.layers.normalization import BatchNormalization
from nn.layers.patches import col2im, conv_output_size, im2col
from nn.layers.pooling import AveragePooling, MaxPooling
from nn.layers.rectifiers import LeakyReLU, ReLU, Softplus
from nn.layers.shape import Flatten

LAYERS: dict[str, type[Layer]] = {
    layer.kind: layer
    for layer in (
        Dense,
        Convolution,
        MaxPooling,
        AveragePooling,
        BatchNormalization,
        Flatten,
        Dropout,
        ReLU,
        Sigmoid,
        Tanh,
        LeakyReLU,
        Softplus,
        Identity,
        Step,
        Softmax,
    )
}
"""Every layer by the name that files and commands use."""

ACTIVATIONS: dict[str, type[Layer]] = {
    layer.kind: layer for layer in (ReLU, Sigmoid, Tanh, LeakyReLU, Softplus, Identity)
}
"""The activations that a hidden layer may have and still learn."""

__all__ = [
    "ACTIVATIONS",
    "JSON",
    "LAYERS",
    "AveragePooling",
    "BatchNormalization",
    "Convolution",
    "Dense",
    "Dropout",
    "Flatten",
    "Identity",
    "Layer",
    "LeakyReLU",
    "MaxPooling",
    "ReLU",
    "Sigmoid",
    "Softmax",
    "Softplus",
    "Step",
    "Tanh",
    "col2im",
    "conv_output_size",
    "im2col",
    "sigmoid",
    "softmax",
]

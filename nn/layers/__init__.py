"""Layers: the steps of a network, one noun a file."""

from __future__ import annotations

from nn.layers.activations import ReLU, Sigmoid, Softmax, Tanh, sigmoid, softmax
from nn.layers.base import JSON, Layer
from nn.layers.dense import Dense
from nn.layers.dropout import Dropout

LAYERS: dict[str, type[Layer]] = {layer.kind: layer for layer in (Dense, Sigmoid, Tanh, ReLU, Softmax, Dropout)}
"""Every layer by the name that files and commands use."""

ACTIVATIONS: dict[str, type[Layer]] = {layer.kind: layer for layer in (ReLU, Sigmoid, Tanh)}
"""The activations that a hidden layer may have."""

__all__ = [
    "ACTIVATIONS",
    "JSON",
    "LAYERS",
    "Dense",
    "Dropout",
    "Layer",
    "ReLU",
    "Sigmoid",
    "Softmax",
    "Tanh",
    "sigmoid",
    "softmax",
]

"""Whether a network can be used at all: what is asked of it before it is written, and when it is opened."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from nn.errors import WeightsError
from nn.layers import BatchNormalization
from nn.scalars import is_whole

if TYPE_CHECKING:
    from nn.network import Network

FRAME_PIXELS = 28 * 28
CLASSES = 10
LAYERS_LIMIT = 1000
MOST_NUMBERS, MOST_WORK = 2**24, 2**30
"""What reading a frame may take to be tried: 64 MB between and in front of layers, and some ten milliseconds.

Nearly no network takes more, but a file may claim one that does, and to find that out must cost nothing.
"""


def demand_opens_again(network: Network, otherwise: str) -> None:
    """Refuse a network that a file could not hold as it is.

    Parameters
    ----------
    otherwise
        As for `demand_reads_digits`.

    Raises
    ------
    WeightsError
        If it computes in another precision, or consists of what its description does not tell.
    """
    if network.values.dtype != np.float32:
        raise WeightsError(
            f"{otherwise}: the network computes in {network.values.dtype}, and files hold float32. "
            "Save what its astype(np.float32) returns."
        )
    if not (network.seed is None or is_whole(network.seed)):
        raise WeightsError(
            f"{otherwise}: the network has the seed {network.seed!r}; wanted a whole number or None."
        )
    if len(network.layers) > LAYERS_LIMIT:
        raise WeightsError(
            f"{otherwise}: the network has {len(network.layers):,} layers, and at most {LAYERS_LIMIT:,} are "
            "opened again. Use a smaller network."
        )
    if not network.is_described:
        raise WeightsError(
            f"{otherwise}: the network has layers or a loss of a kind that only its own program knows, and a file "
            "tells no more than their names. Keep its tensors() with that program."
        )


def demand_reads_digits(network: Network, otherwise: str) -> None:
    """Refuse a network that does not lead from frames to ten digits, or to numbers that are none.

    Parameters
    ----------
    otherwise
        What becomes of it then, as the beginning of a sentence: "net.safetensors cannot be opened".

    Raises
    ------
    WeightsError
        With that sentence.
    """
    pixels = math.prod(network.input_shape)
    if pixels != FRAME_PIXELS or network.shapes[-1] != (CLASSES,):
        raise WeightsError(
            f"{otherwise}: the network goes from {pixels} inputs to outputs of shape {network.shapes[-1]}, and "
            f"digits need {FRAME_PIXELS} and ({CLASSES},). Choose a network that reads digits."
        )
    for position, layer in enumerate(network.layers):
        if isinstance(layer, BatchNormalization) and (layer.running_variance < 0).any():
            raise WeightsError(
                f"{otherwise}: layer {position} has a running variance below 0, and none can be. "
                "Choose another network, or train it anew."
            )
    if _is_soon_read(network) and not _is_answer_finite(network):
        raise WeightsError(
            f"{otherwise}: what it answers to a blank or a full frame is infinite or not a number; its weights or "
            "its input scaling are too large. Choose another network, or train it anew with a smaller rate."
        )


def _is_soon_read(network: Network) -> bool:
    before = (network.input_shape, *network.shapes[:-1])
    numbers = sum(
        # Behind a layer its outputs, and in front of a matrix product what is laid out for it.
        math.prod(outputs) + layer.work(inputs) // outputs[-1]
        for layer, inputs, outputs in zip(network.layers, before, network.shapes, strict=True)
    )
    return numbers <= MOST_NUMBERS and network.work <= MOST_WORK


def _is_answer_finite(network: Network) -> bool:
    reader = network.replica()  # whoever else reads with it is not disturbed
    with np.errstate(all="ignore"):
        for shade in (0, 255):
            frame = np.full((1, 28, 28), shade, np.uint8)
            outputs = reader.outputs(frame)
            told = outputs, reader.loss.probabilities(outputs), reader.loss.none(outputs)
            if not all(np.isfinite(numbers).all() for numbers in told):
                return False
    return True

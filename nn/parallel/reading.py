"""Frames, read a chunk at a time, on every core where there are many."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nn.parallel.cores import available_cores, one_blas_thread
from nn.parallel.exchange import Layout
from nn.parallel.helpers import HelperLostError, can_be_told, dismiss, hire
from nn.parallel.threads import deal

if TYPE_CHECKING:
    from nn.arrays import Array, Bytes
    from nn.network import Network
    from nn.parallel.helpers import Helper

CHUNK = 2**20
"""Numbers between two layers that frames read together may take: 4 MB, so that they stay in the cache."""

LARGEST_CHUNK, LARGEST_WIDE_CHUNK = 250, 500
"""Frames read together at most, by a small network and by a wide one.

The library below numpy copies the weights anew for each chunk: 784-800-400-10 reads a twentieth quicker by the
larger. A small network reads a tenth slower by it, for its frames leave the cache.
"""

WIDE = 500_000
"""Multiplications for a frame from which a network counts as wide."""

WORTH_DEALING = 50_000_000
"""Multiplications from which a dense network reads quicker on several threads: 1,200 frames by a small one."""

WORTH_HELPERS = 5_000_000_000
"""Multiplications from which helpers are asked: 170 frames by the convolutional network that ships."""


HAND = 4
"""Chunks that a helper is given at once, so that who is quicker seldom waits."""


def read_frames(network: Network, frames: Bytes, threads: int | None = None) -> Array:
    """Return outputs, shape (n, k), for frames, shape (n, 28, 28); at most `threads` chunks at a time."""
    one_blas_thread()
    largest = LARGEST_WIDE_CHUNK if network.work > WIDE else LARGEST_CHUNK
    size = max(1, min(largest, CHUNK // network.width))
    if len(frames) <= size:
        return network.forward(network.inputs(frames)).copy()
    out = np.empty((len(frames), network.classes), network.parameters.dtype)
    work = network.work * len(frames)
    # Convolutions are many small calls, at which threads would wait for each other.
    if network.is_convolutional and work > WORTH_HELPERS:
        _read_with_helpers(network.ready(), frames, size, out, threads)
        return out

    def read_chunk(reader: Network, chunk: slice) -> None:
        out[chunk] = reader.forward(reader.inputs(frames[chunk]))

    chunks = [slice(start, start + size) for start in range(0, len(frames), size)]
    deal(network, chunks, read_chunk, threads if work > WORTH_DEALING else 1)
    return out


def _read_with_helpers(network: Network, frames: Bytes, at_a_time: int, out: Array, threads: int | None) -> None:
    wanted = min(threads or available_cores(), -(-len(frames) // at_a_time)) - 1
    helpers = hire(wanted) if wanted > 0 and can_be_told(network) else []
    layout = Layout.of(network, at_a_time * HAND, 0)
    for helper in helpers:
        helper.employ(network, 0, layout)
        helper.values[:] = network.values
    try:
        start = 0
        while start < len(frames):
            start = _read_round(network, frames, start, at_a_time, out, helpers)
    finally:
        dismiss(helpers)


def _read_round(network: Network, frames: Bytes, start: int, size: int, out: Array, helpers: list[Helper]) -> int:
    """Read a hand of chunks here and one in each helper that has loaded; return where the next begins."""
    ready = [helper for helper in helpers if helper.is_ready]
    chunks_left = -(-(len(frames) - start) // size)
    each = size * min(HAND, -(-chunks_left // (1 + len(ready))))
    end = start + each * (1 + len(ready))
    own, *given = (slice(at, at + each) for at in range(start, end, each))
    at_work = [(helper, hand) for helper, hand in zip(ready, given, strict=True) if hand.start < len(frames)]
    for helper, hand in at_work:
        helper.begin_reading(network.inputs(frames[hand]), size)
    _read_hand(network, frames[own], size, out[own])
    for helper, hand in at_work:
        try:
            out[hand] = helper.outputs()
        except HelperLostError:
            helpers.remove(helper)
            helper.close()
            _read_hand(network, frames[hand], size, out[hand])
    return end


def _read_hand(network: Network, frames: Bytes, at_a_time: int, out: Array) -> None:
    for start in range(0, len(frames), at_a_time):
        chunk = slice(start, start + at_a_time)
        out[chunk] = network.forward(network.inputs(frames[chunk]))

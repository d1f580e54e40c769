"""Many frames, read by this process and by helpers side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn.parallel.cores import available_cores, one_blas_thread
from nn.parallel.exchange import Layout
from nn.parallel.helpers import HelperLostError, can_be_told, dismiss, hire

if TYPE_CHECKING:
    from nn.arrays import Array, Bytes
    from nn.network import Network
    from nn.parallel.helpers import Helper

WORTH_HELPERS = 5_000_000_000
"""Multiplications from which helpers are asked: 400 frames by the convolutional network that ships."""


HAND = 4
"""Chunks that a helper is given at once, so that who is quicker seldom waits."""


def read_with_helpers(
    network: Network, frames: Bytes, at_a_time: int, out: Array, threads: int | None = None
) -> None:
    """Fill `out`, shape (n, k), with the outputs for frames, shape (n, 28, 28).

    Parameters
    ----------
    at_a_time
        How many frames make a chunk: what is read at once.
    threads
        Chunks read at the same time, at most; None for one a core.
    """
    one_blas_thread()
    wanted = min(threads or available_cores(), -(-len(frames) // at_a_time)) - 1
    helpers = hire(wanted) if wanted > 0 and can_be_told(network) else []
    layout = Layout.of(network, at_a_time * HAND, 0)
    for helper in helpers:
        helper.employ(network, 0, layout)
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
        helper.begin_reading(network.values, network.inputs(frames[hand]), size)
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

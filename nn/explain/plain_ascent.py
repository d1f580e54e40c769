"""Imagine a digit by gradient ascent and nothing else: what a network wants to see when nobody holds it back.

From faint noise, each pixel goes where the network grows surer. It ends in pictures of which the network is as
sure as can be and in which a person sees noise: of all pictures that it reads as a three, hardly any are
handwriting. This is what a prior is for; see `nn.explain.ascent` and `nn.explain.principal_ascent`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nn.explain.uphill import AscentStep, Uphill, of_size_one

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nn.network import Network

STEPS = 50
RATE = 0.1
NOISE = 0.2


def ascending_plainly(network: Network, digits: Sequence[int], *, seed: int = 0) -> Iterator[AscentStep]:
    r"""Climb from noise to pictures that the network reads as these digits, pausing after each step.

    .. math:: x \leftarrow \mathrm{clip}_{0..1}\bigl(x + \eta\, g / \max |g|\bigr), \quad
        g = -\partial L / \partial x

    Parameters
    ----------
    network
        Any network; its layers are only read.
    digits
        What the pictures should be read as.
    seed
        Of the noise.

    Notes
    -----
    After Erhan, Bengio, Courville, Vincent, *Visualizing Higher-Layer Features of a Deep Network*, 2009. That
    pictures which only convince the network are easily found is Szegedy et al., *Intriguing Properties of Neural
    Networks*, 2014.
    """
    uphill = Uphill(network, digits)
    x = np.random.default_rng(seed).random((len(digits), 28, 28), np.float32) * np.float32(NOISE)
    for step in range(1, STEPS + 1):
        x += np.float32(RATE) * of_size_one(uphill.of(x))
        np.clip(x, 0, 1, out=x)
        yield AscentStep(step, STEPS, x.copy())

"""Imagine a digit by climbing among digits: gradient ascent in the space of their principal components.

A picture is given by forty numbers, how far it goes along each direction in which digits vary
(`nn.explain.principal`). The network says which way is up, the digits say how far is far: coordinates are counted
in standard deviations, and a weight pulls each back to the average. So what comes out is both: recognised, and
like a digit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nn.errors import ConfigurationError
from nn.explain.uphill import AscentStep, Uphill, of_size_one

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nn.arrays import Array
    from nn.explain.principal import PrincipalComponents
    from nn.network import Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Wandering:
    """How the climb goes; lengths in standard deviations of digits."""

    steps: int = 60
    rate: float = 0.3
    """Of the first step, for a gradient whose largest coordinate is 1; it falls linearly to nothing."""
    momentum: float = 0.8
    pull: float = 0.1
    """Weight of the way back to the average digit, z: a Gaussian's gradient."""
    views: int = 4
    reach: float = 1.0
    """The gradient is the mean of so many views, each moved by noise of this deviation, falling as the rate."""

    def __post_init__(self) -> None:
        if self.steps < 1 or self.views < 1:
            raise ConfigurationError(
                f"Gradient ascent of {self.steps} steps and {self.views} views; wanted at least 1 of each."
            )


def ascending_among_digits(
    network: Network,
    digits: Sequence[int],
    components: PrincipalComponents,
    *,
    seed: int = 0,
    how: Wandering | None = None,
) -> Iterator[AscentStep]:
    r"""Climb from the average digit to pictures that the network reads as these digits.

    .. math:: x = \mu + (z \odot \sigma) C, \quad
        z \leftarrow z + \eta \bigl(m - \lambda z\bigr)

    with m the running mean of the direction of :math:`-\partial L / \partial z`, averaged over a few digits
    around z. A small network's loss is flat nearly everywhere and steep by accident; what its neighbourhood agrees
    on leads further than what a single point says.

    Parameters
    ----------
    network
        Any network; its layers are only read.
    digits
        What the pictures should be read as.
    components
        Of the digits among which to climb.
    seed
        Of the views.
    how
        Steps, rate and weights.

    Yields
    ------
    AscentStep
        Whose pictures lie in the plane of the components and are not held to 0..1; cut off there, as the network
        saw them, they may leave it a little.

    Notes
    -----
    After Nguyen, Dosovitskiy, Yosinski, Brox, Clune, *Synthesizing the Preferred Inputs for Neurons*, 2016, who
    climb in the space of a generator network, of which principal components are the linear case. Averaging over
    noise: Smilkov et al., *SmoothGrad*, 2017.
    """
    how = how or Wandering()
    rng, uphill = np.random.default_rng(seed), Uphill(network, digits)
    z = np.zeros((len(digits), len(components.axes)), np.float32)
    momentum = np.zeros_like(z)
    for step in range(1, how.steps + 1):
        left = 1 - (step - 1) / how.steps
        moved = z + np.float32(how.reach * left) * rng.standard_normal((how.views, *z.shape), np.float32)
        momentum *= how.momentum
        momentum += (1 - how.momentum) * of_size_one(_uphill(uphill, components, moved).mean(axis=0))
        z += np.float32(how.rate * left) * (momentum - how.pull * z)
        yield AscentStep(step, how.steps, components.pictures(z))


def _uphill(uphill: Uphill, components: PrincipalComponents, whitened: Array) -> Array:
    """Return which way is up in coordinates, shape (views, n, k); the network sees ink cut off at 0..1."""
    x = components.pictures(whitened.reshape(-1, whitened.shape[-1]))
    # Where ink is cut off, moving along an axis changes nothing that is seen.
    upward = uphill.of(np.clip(x, 0, 1)) * ((x > 0) & (x < 1))
    along: Array = upward.reshape(len(x), -1) @ components.axes.T * components.deviations
    return along.reshape(whitened.shape)

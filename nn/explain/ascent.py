"""Imagine a digit by asking the network, step by step, what it would like to see more of.

Training holds the picture and changes the weights until the loss falls. Gradient ascent holds the weights and
changes the picture. Left alone it finds noise that convinces the network and nobody else, so the picture is held
to a few things that are true of any handwriting: ink is smooth, drawn with a thin pen, on white paper, and a
digit stays itself when it is moved by a pixel or two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nn.errors import ConfigurationError
from nn.explain.uphill import AscentStep, Uphill, of_size_one

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nn.arrays import Array, Float32
    from nn.network import Network

_SIZE = 28
_BOX = 20  # MNIST's ink lies in a box of 20 x 20 pixels around the middle, give or take one


@dataclass(frozen=True, slots=True, kw_only=True)
class Handwriting:
    """What is taken for granted about a picture: weights of the priors, lengths in pixels of the frame."""

    steps: int = 50
    """With 80 the pictures are no clearer and no surer."""
    rate: float = 1.5
    """Of the first step, for a gradient whose largest pixel is 1; it falls linearly to a sixtieth."""
    momentum: float = 0.8
    """Averages away what only one of the jittered views asked for."""
    noise: float = 0.2
    """Largest pixel of the noise that the climb starts from."""
    first_blur: float = 2.0
    last_blur: float = 1.2
    """Deviation of the Gaussian that smooths the gradient: broad shapes first, then their edges."""
    jitter: int = 2
    """How far the picture may be moved, each way, before the network sees it."""
    variation: float = 0.05
    """Weight of the total variation: smooth areas with sharp edges."""
    fading: float = 0.01
    """Weight of the squared size: ink that nothing asks for goes away."""
    thinness: float = 5.0
    density: float = 0.4
    pen_reach: float = 2.5
    """A pen's line fills at most `density` of its neighbourhood, a Gaussian of deviation `pen_reach`."""

    def __post_init__(self) -> None:
        if self.steps < 1:
            raise ConfigurationError(f"Gradient ascent of {self.steps} steps; wanted at least 1.")


def ascending(
    network: Network, digits: Sequence[int], *, seed: int = 0, prior: Handwriting | None = None
) -> Iterator[AscentStep]:
    r"""Climb from noise to pictures that the network reads as these digits, pausing after each step.

    .. math:: x \leftarrow \mathrm{clip}_{0..1}\Bigl(x + \eta\,\bigl(m - \lambda_{tv} \nabla TV(x)
        - \lambda_2 x - \lambda_t \nabla T(x)\bigr)\Bigr)

    with m the running mean of the blurred gradient of minus the loss, TV the total variation, and T the excess of
    ink over what a thin pen leaves.

    Parameters
    ----------
    network
        Any network; it is asked as it is now, and left as it is, so that one in training may be asked as well.
    digits
        What the pictures should be read as; all are climbed together, as one batch.
    seed
        Of the noise and the jitter: the same seed gives the same pictures.
    prior
        What is taken for granted about handwriting.

    Notes
    -----
    After Simonyan, Vedaldi, Zisserman, *Deep Inside Convolutional Networks*, 2014, and Mordvintsev et al.,
    *Inceptionism*, 2015 (blur and jitter); the thin pen is ours.
    """
    prior = prior or Handwriting()
    rng = np.random.default_rng(seed)
    climb = _Climb(network, digits, prior, rng)
    for step in range(1, prior.steps + 1):
        climb.take(step)
        yield AscentStep(step, prior.steps, climb.pictures.copy())


class _Climb:
    """The pictures on their way, and all that a step needs."""

    def __init__(
        self, network: Network, digits: Sequence[int], prior: Handwriting, rng: np.random.Generator
    ) -> None:
        self._uphill = Uphill(network, digits)
        self._prior, self._rng = prior, rng
        self._pen = _blur(prior.pen_reach)
        self._paper = _paper()
        self._momentum = np.zeros((len(digits), _SIZE, _SIZE), np.float32)
        self.pictures = rng.random(self._momentum.shape, np.float32) * np.float32(prior.noise) * self._paper

    def take(self, step: int) -> None:
        """Move the pictures one step up."""
        prior, x = self._prior, self.pictures
        left = 1 - (step - 1) / prior.steps
        blur = _blur(prior.last_blur + (prior.first_blur - prior.last_blur) * left)
        self._momentum *= prior.momentum
        self._momentum += (1 - prior.momentum) * of_size_one(blur @ self._jittered() @ blur)
        against = prior.variation * _variation_gradient(x) + prior.fading * x + prior.thinness * self._blots()
        x += prior.rate * max(left, 1 / 60) * (self._momentum - against)
        x *= self._paper
        np.clip(x, 0, 1, out=x)

    def _jittered(self) -> Array:
        """Return which way is up, seen by the network a little to one side."""
        jitter = self._prior.jitter
        dy, dx = (int(way) for way in self._rng.integers(-jitter, jitter + 1, 2))
        uphill = self._uphill.of(np.roll(self.pictures, (dy, dx), axis=(1, 2)))
        return np.roll(uphill, (-dy, -dx), axis=(1, 2))

    def _blots(self) -> Array:
        """Return where more ink lies together than a thin pen leaves."""
        excess: Array = self._pen @ self.pictures @ self._pen
        excess -= np.float32(self._prior.density)
        blots: Array = self._pen @ np.maximum(excess, 0) @ self._pen
        return blots


def _blur(deviation: float) -> Float32:
    """Return the symmetric matrix B for which B x B is the picture x seen through a Gaussian."""
    along = np.arange(_SIZE)
    weights: Array = np.exp(-((along[:, np.newaxis] - along) ** 2) / (2 * deviation**2))
    blur: Float32 = (weights / weights[_SIZE // 2].sum()).astype(np.float32)
    return blur


def _paper() -> Float32:
    """Return 1 where MNIST has ink, falling to 0 within two pixels of its box."""
    from_middle = np.abs(np.arange(_SIZE) - (_SIZE - 1) / 2)
    along = np.clip((_BOX / 2 + 1 - from_middle) / 2, 0, 1)
    paper: Float32 = np.minimum(along, along[:, np.newaxis]).astype(np.float32)
    return paper


def _variation_gradient(x: Array) -> Array:
    """Gradient of the sum of distances between neighbours, rounded at zero where it has a corner."""
    gradient = np.zeros_like(x)
    for axis in (1, 2):
        step = np.diff(x, axis=axis)
        step /= np.sqrt(step * step + np.float32(0.05**2))
        after, before = np.moveaxis(gradient, axis, -1)[..., 1:], np.moveaxis(gradient, axis, -1)[..., :-1]
        along = np.moveaxis(step, axis, -1)
        after += along
        before -= along
    return gradient

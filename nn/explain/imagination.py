"""What a network imagines when it is told a digit, and what it reads in its own imagination.

Five ways lead from a label back to a picture, one a file beside this one. This is their common door: each picture
is drawn with 256 shades, as any frame is, and shown to the network again, whose verdict stands under it.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from nn.errors import ConfigurationError
from nn.explain.ascent import ascending
from nn.explain.backquery import backquery_evidence, stretched
from nn.explain.plain_ascent import ascending_plainly
from nn.explain.principal_ascent import ascending_among_digits
from nn.explain.transposed import inked, transposed_evidence
from nn.files.priors import shipped_components
from nn.recognition import Prediction, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from nn.arrays import Array, Bytes
    from nn.explain.uphill import AscentStep
    from nn.network import Network

METHOD_NAMES = MappingProxyType(
    {
        "transposed": "Transposed weights",
        "backquery": "Backquery",
        "ascent": "Gradient ascent",
        "ascent-plain": "Plain gradient ascent",
        "principal": "Ascent among digits",
    }
)
"""What a person reads for each method."""

METHODS: tuple[str, ...] = tuple(METHOD_NAMES)
"""The ways to imagine, by the names that functions and commands use."""


@dataclass(frozen=True, slots=True, eq=False)
class Imagination:
    """A digit as a network imagines it.

    Parameters
    ----------
    digit
        What the network was told.
    method
        One of `METHODS`.
    picture
        Shape (28, 28), 0 paper to 1 ink.
    verdict
        Which digit the network finds nearest when it is shown the picture; its reason says where a drawing like
        it would have been refused.
    evidence
        Shape (28, 28), signed, any scale: for the digit where positive, against it where negative. Of gradient
        ascent, the picture itself, before it is cut off at 0 and 1.
    """

    digit: int
    method: str
    picture: Array
    verdict: Prediction
    evidence: Array

    @property
    def is_recognized(self) -> bool:
        """Whether the network reads its own picture as the digit it was told."""
        return self.verdict.digit == self.digit

    @property
    def frame(self) -> Bytes:
        """The picture in 256 shades, uint8 (28, 28), as the network was shown it."""
        return frame_of(self.picture)


def imagine(network: Network, digit: int, method: str = "transposed", *, seed: int = 0) -> Imagination:
    """Ask a network what a digit looks like.

    Parameters
    ----------
    network
        Who is asked; it is not changed.
    digit
        0..9.
    method
        One of `METHODS`.
    seed
        Of the noise in gradient ascent; "transposed" and "backquery" ask nothing but the weights.

    Raises
    ------
    ConfigurationError
        If the digit or the method does not exist, or the network's layers do not allow the method.
    WeightsError
        If the installation is damaged, so that "principal" finds no principal components.

    Examples
    --------
    >>> from nn.network import mlp
    >>> nine = imagine(mlp([784, 10]), 9)
    >>> nine.picture.shape, nine.verdict.digit
    ((28, 28), 9)
    """
    return _imagined(network, (digit,), method, seed)[0]


def imagine_all(network: Network, method: str = "transposed", *, seed: int = 0) -> tuple[Imagination, ...]:
    """Ask for all ten digits at once; otherwise as `imagine`, and for gradient ascent many times as fast."""
    return _imagined(network, range(10), method, seed)


def climbing(network: Network, method: str, *, seed: int = 0, every: int = 1) -> Iterator[tuple[Imagination, ...]]:
    """Imagine all ten digits by one of `CLIMBS` and pause `every` so many steps, for who wants to watch.

    Yields
    ------
    tuple[Imagination, ...]
        Ten, digit by digit; the last are those of `imagine_all`.
    """
    digits = range(network.classes)
    for stage in CLIMBS[method](network, digits, seed):
        if stage.step % every == 0 or stage.step == stage.steps:
            yield _judged(network, digits, method, *_cut_off(stage))


def _judged(
    network: Network, digits: Sequence[int], method: str, pictures: Array, evidence: Array
) -> tuple[Imagination, ...]:
    """Show pictures, shape (n, 28, 28), to the network and keep each with its verdict."""
    frames = frame_of(pictures)
    verdicts = nearest(network, frames)
    return tuple(
        Imagination(digit, method, picture, verdict, signed)
        for digit, picture, verdict, signed in zip(digits, pictures, verdicts, evidence, strict=True)
    )


def frame_of(picture: Array) -> Bytes:
    """Turn ink 0..1, any shape, into bytes 0..255."""
    return np.rint(picture * 255).astype(np.uint8)


def _imagined(network: Network, digits: Sequence[int], method: str, seed: int) -> tuple[Imagination, ...]:
    for digit in digits:
        if digit not in range(network.classes):
            raise ConfigurationError(
                f"There is no digit {digit!r} to imagine; wanted one of 0 to {network.classes - 1}."
            )
    if method not in _WAYS:
        raise ConfigurationError(
            f"There is no way to imagine called {method!r}; wanted one of {', '.join(METHODS)}."
        )
    pictures, evidence = _WAYS[method](network, digits, seed)
    return _judged(network, digits, method, pictures, evidence)


def _by_transposed(network: Network, digits: Sequence[int], _seed: int) -> tuple[Array, Array]:
    evidence = transposed_evidence(network, digits)
    return inked(evidence), evidence


def _by_backquery(network: Network, digits: Sequence[int], _seed: int) -> tuple[Array, Array]:
    evidence = backquery_evidence(network, digits)
    return stretched(evidence), evidence


def _by_climb(method: str) -> Callable[[Network, Sequence[int], int], tuple[Array, Array]]:
    def climb(network: Network, digits: Sequence[int], seed: int) -> tuple[Array, Array]:
        *_, last = CLIMBS[method](network, digits, seed)
        return _cut_off(last)

    return climb


def _cut_off(stage: AscentStep) -> tuple[Array, Array]:
    return np.clip(stage.pictures, 0, 1), stage.pictures


CLIMBS: Mapping[str, Callable[[Network, Sequence[int], int], Iterator[AscentStep]]] = MappingProxyType(
    {
        "ascent": lambda network, digits, seed: ascending(network, digits, seed=seed),
        "ascent-plain": lambda network, digits, seed: ascending_plainly(network, digits, seed=seed),
        "principal": lambda network, digits, seed: ascending_among_digits(
            network, digits, shipped_components(), seed=seed
        ),
    }
)
"""The methods that go step by step, and their steps."""

_WAYS: dict[str, Callable[[Network, Sequence[int], int], tuple[Array, Array]]] = {
    "transposed": _by_transposed,
    "backquery": _by_backquery,
    **{method: _by_climb(method) for method in CLIMBS},
}

"""The measuring itself: each set read once, each validation set disturbed in every way, refusals and pace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nn.report.answers import NOTHING, answers_to, joined_answers, refusals
from nn.report.distortions import DISTORTIONS
from nn.report.pace import pace
from nn.report.reliability import reliability

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nn.network import Network
    from nn.report.answers import Answers
    from nn.report.digit_sets import DigitSet, NoDigits
    from nn.report.distortions import Distortion
    from nn.report.material import Material
    from nn.report.pace import Pace
    from nn.report.reliability import Reliability

_TIMED = 200
"""Drawings by which the pace is taken."""


@dataclass(frozen=True, slots=True, eq=False)
class SetResult:
    """A set and what the network answered to it."""

    digits: DigitSet
    answers: Answers

    def parts(self) -> Iterator[tuple[str, Answers]]:
        """Yield name and answers of the whole, then of each group."""
        yield self.digits.name, self.answers
        for name, mask in self.digits.groups:
            yield name, self.answers.chosen(mask)


@dataclass(frozen=True, slots=True)
class Curve:
    """One set under one distortion; `right` and `refused` are shares 0..1, one a strength."""

    distortion: Distortion
    digits: str
    right: tuple[float, ...]
    refused: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that is no digit: how often that was said (0..1), and which digit it is taken for most often."""

    name: str
    source: str
    samples: int
    refused: float
    taken_for: int
    """A digit, or `NOTHING`."""
    is_how_some_write: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """All that was measured of one network."""

    sets: tuple[SetResult, ...]
    curves: tuple[Curve, ...]
    refusals: tuple[Refusal, ...]
    pace: Pace
    missing: tuple[str, ...]

    def validation(self) -> Reliability:
        """Return how far confidence may be believed on all validation digits together."""
        return reliability(joined_answers(*(each.answers for each in self.sets if each.digits.is_validation)))


def pieces_of_work(material: Material) -> int:
    """Return how often `measure` will tell that it goes on."""
    disturbed = sum(len(distortion.values) for _, distortion in _disturbances(material))
    return len(material.sets) + disturbed + len(material.no_digits) + 1


def measure(network: Network, material: Material, tell: Callable[[str], None]) -> Report:
    """Read everything; `tell` hears of each piece of work, of a second or two, before it is done."""
    return Report(
        tuple(_read(network, digits, tell) for digits in material.sets),
        tuple(_curve(network, digits, distortion, tell) for digits, distortion in _disturbances(material)),
        tuple(_refusal(network, drawn, tell) for drawn in material.no_digits),
        _paced(network, material, tell),
        material.missing,
    )


def _disturbances(material: Material) -> list[tuple[DigitSet, Distortion]]:
    # Strokes first: they bear every distortion, and so are the first line of every picture.
    watched = sorted(
        (digits for digits in material.sets if digits.is_validation), key=lambda each: not each.drawings
    )
    return [(digits, distortion) for distortion in DISTORTIONS for digits in watched if digits.can_be(distortion)]


def _read(network: Network, digits: DigitSet, tell: Callable[[str], None]) -> SetResult:
    tell(digits.name)
    return SetResult(digits, answers_to(network, digits.digits))


def _curve(network: Network, digits: DigitSet, distortion: Distortion, tell: Callable[[str], None]) -> Curve:
    right, refused = [], []
    for value in distortion.values:
        tell(f"{digits.name}, {distortion.name} {value:g}")
        answers = answers_to(network, digits.disturbed(distortion, value))
        right.append(answers.right)
        refused.append(answers.refused)
    return Curve(distortion, digits.name, tuple(right), tuple(refused))


def _refusal(network: Network, drawn: NoDigits, tell: Callable[[str], None]) -> Refusal:
    tell(f"{drawn.source}, {drawn.name}")
    refused, readings = refusals(network, drawn.frames)
    counts = np.bincount(readings[readings != NOTHING], minlength=10)
    taken_for = int(counts.argmax()) if counts.any() else NOTHING
    share = float(refused.mean())
    return Refusal(drawn.name, drawn.source, len(drawn.frames), share, taken_for, drawn.is_how_some_write)


def _paced(network: Network, material: Material, tell: Callable[[str], None]) -> Pace:
    tell("Pace")
    # The first set that was drawn: pen digits where they are here, else those of the built-in hands.
    drawings = next(digits.drawings for digits in material.sets if digits.drawings)
    return pace(network, drawings[:_TIMED])

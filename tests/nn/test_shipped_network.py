"""What the network that ships promises, held on real digits by people it has not learned from.

The figures themselves, and many more, are on its card: ``python -m nn report`` makes it.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
import pytest

from nn.files.shipped import DEFAULT, shipped_network
from nn.report.answers import Answers, answers_to, joined_answers, refusals
from nn.report.distortions import DISTORTIONS
from nn.report.material import gather
from nn.report.reliability import reliability

if TYPE_CHECKING:
    from pathlib import Path

    from nn.network import Network
    from nn.report.digit_sets import DigitSet
    from nn.report.material import Material

PENS, PAD, MNIST = "Pen digits, six writers", "Number pad", "MNIST validation"
MAY_COST = 0.005
REFUSABLE = ("+", "x", "?", "^", "e")
KNOWN = {distortion.name: distortion for distortion in DISTORTIONS}


@pytest.fixture(scope="module")
def network() -> Network:
    return shipped_network()


@pytest.fixture(scope="module")
def material(data_folder: Path) -> Material:
    return gather(lambda _: None)


@pytest.fixture(scope="module")
def sets(material: Material) -> dict[str, DigitSet]:
    return {digits.name: digits for digits in material.sets}


@pytest.fixture(scope="module")
def answers(network: Network, sets: dict[str, DigitSet]) -> dict[str, Answers]:
    return {name: answers_to(network, sets[name].digits) for name in (PENS, PAD, MNIST)}


def test_its_file_is_small() -> None:
    assert len((files("assets") / "models" / f"{DEFAULT}.safetensors").read_bytes()) <= 4 * 2**20


def test_digits_with_a_pen_and_with_a_finger_are_read(answers: dict[str, Answers]) -> None:
    with_a_pen, with_a_finger = answers[PENS].right, answers[PAD].right
    assert with_a_pen >= 0.99
    assert with_a_finger >= 0.995


def test_digits_are_accepted_as_digits(answers: dict[str, Answers]) -> None:
    refused = [answers[name].refused for name in (PAD, PENS, MNIST)]
    assert max(refused) <= 0.02


def test_signs_and_letters_are_refused(network: Network, material: Material) -> None:
    frames = [drawn.frames for drawn in material.no_digits if drawn.name in REFUSABLE]
    assert len(frames) == len(REFUSABLE)
    refused, _ = refusals(network, np.concatenate(frames))
    assert refused.mean() >= 0.9


@pytest.mark.parametrize(
    ("name", "strength"),
    [
        ("rotation", -15),
        ("rotation", -10),
        ("rotation", 10),
        ("rotation", 15),
        ("pen", 0.5),
        ("pen of a picture", 0.5),
        ("pen of a picture", 2),
        ("sparse points", 3),
    ],
)
def test_what_hands_and_mice_do_costs_half_a_point_at_most(
    network: Network, sets: dict[str, DigitSet], answers: dict[str, Answers], name: str, strength: float
) -> None:
    before, after = answers[PENS].right, answers_to(network, sets[PENS].disturbed(KNOWN[name], strength)).right
    assert before - after <= MAY_COST


def test_its_confidence_may_be_believed(answers: dict[str, Answers]) -> None:
    judged = reliability(joined_answers(answers[MNIST], answers[PENS]))
    assert judged.calibration_error <= 0.01
    assert judged.sure > 5_000
    assert judged.wrong_though_sure <= 1 / 200

"""What a report reads: every set of digits that is on this computer, and what of them is missing.

Nobody needs them all. The built-in synthetic digits are always there; MNIST, the pen digits and the number pad are
looked for where `INKLING_DATA` and the cache folder are, and what is not found is left out by its name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nn.data.locations import find_file
from nn.data.mnist import find_mnist, load_mnist_test, load_mnist_test_forms, load_mnist_training
from nn.data.no_digits import no_digits_by_family
from nn.data.numberpad import NUMBER_PAD, digits_of, read_numberpad
from nn.data.pen_digits import PEN_DIGITS, read_pendigits, split_by_writer
from nn.data.sources import split_for_validation
from nn.data.synthetic import synthetic_drawings
from nn.report.digit_sets import DigitSet, NoDigits, drawn, frames_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FORMS = {0: "census staff", 4: "students"}
"""Who filled in which of NIST's forms (hsf_0 and hsf_4)."""

SOURCES = 6
"""How often `gather` tells that it goes on, at most."""

SYNTHETIC = 2_000
FIGURES = 40
"""Of each family that is no digit."""

_SEED = 500_005  # no training draws with it: a training draws with its own small seed


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """Everything there is to read; ``missing`` names in words what is not on this computer."""

    sets: tuple[DigitSet, ...]
    no_digits: tuple[NoDigits, ...] = ()
    missing: tuple[str, ...] = ()


def gather(tell: Callable[[str], None]) -> Material:
    """Read and ink all that is here; `tell` hears of each collection before it is read.

    Raises
    ------
    DataError
        If a file is there and damaged.
    """
    sets: list[DigitSet] = []
    no_digits: list[NoDigits] = []
    missing = []
    mnist = find_mnist()
    if mnist is None:
        missing.append("MNIST")
    else:
        tell("Reading MNIST")
        sets += [_mnist_test(mnist), _mnist_validation(mnist)]
    for name, where, read in (("pen digits", PEN_DIGITS, _pen_digits), ("number pad", NUMBER_PAD, _number_pad)):
        path = find_file(where)
        if path is None:
            missing.append(f"{name} ({where})")
            continue
        tell(f"Inking the {name}")
        found, other = read(path)
        sets.append(found)
        no_digits += other
    tell("Drawing synthetic digits")
    # Where nobody's validation digits are here, the built-in hands are disturbed in their place.
    sets.append(_synthetic(is_validation=not any(digits.is_validation for digits in sets)))
    tell("Drawing what is no digit")
    return Material(tuple(sets), (*no_digits, *_figures()), tuple(missing))


def _mnist_test(folder: Path) -> DigitSet:
    test, forms = load_mnist_test(folder), load_mnist_test_forms(folder)
    groups = () if forms is None else tuple((name, forms == form) for form, name in FORMS.items())
    return DigitSet(test, groups=tuple((name, mask) for name, mask in groups if mask.any()))


def _mnist_validation(folder: Path) -> DigitSet:
    training = load_mnist_training(folder)
    _, validation = split_for_validation(training, min(5_000, len(training) // 6))
    return DigitSet(validation, is_validation=True)


def _pen_digits(path: Path) -> tuple[DigitSet, list[NoDigits]]:
    _, kept_apart = split_by_writer(read_pendigits(path))
    drawings = [digit.drawing for digit in kept_apart]
    writers = np.array([digit.writer for digit in kept_apart])
    groups = tuple((f"writer {writer}", writers == writer) for writer in np.unique(writers).tolist())
    return DigitSet(drawn(drawings, "Pen digits, six writers"), drawings, groups, is_validation=True), []


def _number_pad(path: Path) -> tuple[DigitSet, list[NoDigits]]:
    samples = read_numberpad(path)
    drawings = [drawing for drawing in digits_of(samples) if not drawing.is_blank]
    others = {symbol: drawings for symbol, drawings in samples.items() if not symbol.isdigit() and drawings}
    no_digits = [
        NoDigits(symbol, "number pad", frames_of([each for each in there if not each.is_blank]), symbol in "-/")
        for symbol, there in others.items()
    ]
    return DigitSet(drawn(drawings, "Number pad"), drawings), no_digits


def _figures() -> list[NoDigits]:
    families = no_digits_by_family(FIGURES, seed=_SEED)
    return [
        NoDigits(name.replace("_", " "), "Inkling", frames_of(drawings)) for name, drawings in families.items()
    ]


def _synthetic(*, is_validation: bool) -> DigitSet:
    drawings = synthetic_drawings(SYNTHETIC, seed=_SEED)
    return DigitSet(drawn(drawings, "Synthetic digits"), drawings, is_validation=is_validation)

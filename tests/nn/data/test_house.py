"""What the shipped networks learn from: pen digits come with thin and thick pens alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nn.data.dataset import NO_DIGIT
from nn.data.house import (
    THICKEST,
    THINNEST,
    HouseMixture,
    inked,
    inked_variously,
    loading_house_digits,
)
from nn.data.pen_digits import PEN_DIGITS, read_pendigits
from nn.ink.frame import PEN

if TYPE_CHECKING:
    from pathlib import Path


def test_every_pen_digit_is_inked_with_the_usual_pen_and_with_one_of_each_part_of_the_range(
    data_folder: Path,
) -> None:
    digits = read_pendigits(data_folder / PEN_DIGITS)[:40]
    ink = inked_variously(digits, 6, seed=2).images.reshape(40, 6, -1).sum(axis=2, dtype=np.float64)
    usual = inked(digits).images.reshape(40, -1).sum(axis=1)
    # How much ink there is tells the pen: it grows with it, but for what overlaps.
    thickness = np.median(ink / usual[:, np.newaxis], axis=0)
    assert abs(thickness[0] - 1) < 0.1
    assert (np.diff(thickness[1:]) > 0).all()
    assert thickness[1] < 1 < thickness[-2] < thickness[-1]
    assert THINNEST < PEN < THICKEST


def test_other_hands_draw_each_inking_and_the_seed_says_which(data_folder: Path) -> None:
    digits = read_pendigits(data_folder / PEN_DIGITS)[:3]
    first, again, other = (inked_variously(digits, 3, seed=seed).images for seed in (1, 1, 2))
    assert (first == again).all()
    assert not (first == other).all()
    assert len({image.tobytes() for image in first}) == len(first) == 9


def test_loading_tells_how_far_it_is_and_ends_with_the_digits(data_folder: Path) -> None:
    mixture = HouseMixture(pens=1, synthetic=300, no_digits=20, watched_no_digits=10)
    *before, last = loading_house_digits(mixture, seed=1)
    done = [step.done for step in (*before, last)]
    assert done == sorted(done)
    assert len(set(done)) > 100
    assert all(step.data is None for step in before)
    assert last.done == last.total
    assert last.data is not None
    assert last.data.training.images.shape[0] == last.data.training.labels.size
    assert (last.data.training.labels[-20:] == NO_DIGIT).all()

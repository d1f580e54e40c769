"""However large and wherever on the pad a digit is drawn, the networks that ship read the same."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nn.data.synthetic import synthetic_drawings
from nn.files.shipped import shipped_names, shipped_network
from nn.ink.frame import frame_from_drawing
from nn.recognition import Prediction, recognize
from nn.report.bending import on_pad

if TYPE_CHECKING:
    from nn.network import Network

PAD = 400
DRAWINGS = synthetic_drawings(100, seed=21)

part = st.floats(0, 1)


@cache
def shipped(name: str) -> Network:
    return shipped_network(name)


@cache
def reading(name: str, number: int) -> Prediction:
    return recognize(shipped(name), frame_from_drawing(DRAWINGS[number]))


@pytest.mark.parametrize("name", shipped_names())
@given(st.integers(0, len(DRAWINGS) - 1), st.floats(0.05, 0.95), part, part)
@settings(max_examples=200, deadline=None)
@example(0, 0.05, 1.0, 1.0)
@example(0, 0.95, 0.0, 0.0)
def test_any_size_and_any_place_give_the_same_answer(
    name: str, number: int, size: float, right: float, down: float
) -> None:
    there = on_pad(DRAWINGS[number], size, (right, down), PAD)
    assert recognize(shipped(name), frame_from_drawing(there)).digit == reading(name, number).digit


@pytest.mark.parametrize("size", [0.05, 0.2, 0.5, 0.95])
def test_any_size_and_any_place_give_the_same_frame(size: float) -> None:
    rng = np.random.default_rng(int(size * 100))
    change = np.array(
        [
            np.abs(frame_from_drawing(drawing).astype(int) - frame_from_drawing(there)).max()
            for drawing in DRAWINGS
            for there in (on_pad(drawing, size, (rng.random(), rng.random()), PAD) for _ in range(2))
        ]
    )
    # Coordinates are rounded to float32 at each place anew: a level of 255 here and there; and where a drawing
    # balances just between two pixels, once in some thousands, its frame may move by one.
    assert np.mean(change == 0) > 0.8
    assert np.mean(change <= 1) > 0.99

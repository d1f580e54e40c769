"""The level between two tones parts them, however many there are of each."""

from __future__ import annotations

import numpy as np
import pytest

from nn.ink.tones import level_between_tones


@pytest.mark.parametrize("steps", [128, 256])
@pytest.mark.parametrize(("dark", "light"), [(1, 1), (5, 2000), (2000, 5)])
def test_between_two_tones_with_nothing_in_the_middle_the_level_is_in_the_middle(
    dark: int, light: int, steps: int
) -> None:
    values = np.repeat(np.array([0.2, 0.7], np.float32), [dark, light])
    assert level_between_tones(values, steps) == pytest.approx(0.45, abs=0.5 / steps)


def test_tones_that_vary_are_parted_where_they_are_farthest_apart() -> None:
    rng = np.random.default_rng(1)
    dark, light = rng.normal(0.3, 0.05, (50, 40)), rng.normal(0.8, 0.05, (30, 40))
    level = level_between_tones(np.concatenate([dark, light]).astype(np.float32), 256)
    assert dark.max() < level < light.min()


def test_one_tone_alone_is_all_above_the_level() -> None:
    for tone in np.random.default_rng(2).random(100, dtype=np.float32):
        assert level_between_tones(np.full(9, tone), 128) < tone

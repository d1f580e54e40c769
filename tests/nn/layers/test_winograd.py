"""Winograd's tiles, of any size, give what sliding the window gives."""

from __future__ import annotations

import numpy as np
import pytest

from nn.layers.winograd import Tiling, best_outputs, transforms

RNG = np.random.default_rng(8)


@pytest.mark.parametrize("outputs", [2, 3, 4])
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-12), (np.float32, 1e-4)])
def test_a_tile_is_convolved_as_by_a_sliding_window(
    outputs: int, dtype: type[np.floating], tolerance: float
) -> None:
    side = outputs + 2
    tile, window = RNG.standard_normal((side, side)).astype(dtype), RNG.standard_normal((3, 3)).astype(dtype)
    by = transforms(outputs, np.dtype(dtype))
    found = by.a @ ((by.b @ tile @ by.b.T) * (by.g @ window @ by.g.T)) @ by.a.T
    slid = np.lib.stride_tricks.sliding_window_view(tile, (3, 3))
    np.testing.assert_allclose(found, (slid * window).sum((2, 3)), atol=tolerance)


@pytest.mark.parametrize(("size", "outputs"), [(28, 4), (12, 4), (6, 3), (4, 2)])
def test_tiles_are_large_where_pictures_are_and_cover_small_ones_without_waste(size: int, outputs: int) -> None:
    assert best_outputs((size, size), 80, 80) == outputs


@pytest.mark.parametrize("size", [(1, 1), (4, 9), (11, 12)])
def test_tiles_cover_every_output_and_begin_at_one(size: tuple[int, int]) -> None:
    for outputs in (2, 3, 4):
        tiling = Tiling.of(size, outputs)
        for length, tiles in zip(size, (tiling.down, tiling.right), strict=True):
            assert (tiles - 1) * outputs < length <= tiles * outputs

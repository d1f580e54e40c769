from __future__ import annotations

import numpy as np
import pytest

from nn.layers.products import SMALL_PRODUCT, product


@pytest.mark.parametrize(
    ("m", "k", "n"),
    [(32, 784, 50), (33, 784, 50), (784, 32, 50), (1, 784, 2000), (50, 784, 200), (7, 3, 2), (64, 512, 512)],
)
def test_a_product_is_the_same_whole_and_in_pieces(m: int, k: int, n: int) -> None:
    rng = np.random.default_rng(0)
    a, b, out = rng.random((m, k), np.float32), rng.random((k, n), np.float32), np.empty((m, n), np.float32)
    assert product(a, b, out) is out
    np.testing.assert_allclose(out, a @ b, rtol=1e-5)


@pytest.mark.parametrize("rows", [784, 200, 61])
def test_of_a_transposed_matrix_too(rows: int) -> None:
    rng = np.random.default_rng(0)
    x, d_y = rng.random((128, rows), np.float32), rng.random((128, 50), np.float32)
    assert SMALL_PRODUCT < 128 * 784 * 50
    np.testing.assert_allclose(product(x.T, d_y, np.empty((rows, 50), np.float32)), x.T @ d_y, rtol=1e-5)

"""Optimisers: one contract for all, and each rule by hand."""

from __future__ import annotations

import numpy as np
import pytest

from nn.errors import ConfigurationError
from nn.optimizers import OPTIMIZERS, SGD, STRIDE, Adam, Momentum, optimizer
from nn.schedules import SCHEDULES, schedule


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_finds_the_bottom_of_a_bowl(name: str) -> None:
    rule, p = optimizer(name), np.array([3.0, -2.0], np.float32)
    state = rule.initial_state(p)
    for step in range(1, 400):
        rule.update(p, 2 * p, state, 0.05, step)
    np.testing.assert_allclose(p, 0, atol=1e-2)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_moves_long_vectors_as_it_moves_short_ones(name: str) -> None:
    rng = np.random.default_rng(0)
    long = rng.standard_normal(2 * STRIDE + 5, np.float32)
    gradients = rng.standard_normal((3, long.size), np.float32)
    piece = slice(STRIDE - 3, STRIDE + 4)
    short = long[piece].copy()
    rule = optimizer(name)
    state, own = rule.initial_state(long), rule.initial_state(short)
    for step, gradient in enumerate(gradients, 1):
        rule.update(long, gradient.copy(), state, 0.01, step)
        rule.update(short, gradient[piece].copy(), own, 0.01, step)
    assert long.dtype == np.float32
    np.testing.assert_allclose(short, long[piece], rtol=1e-6)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_state_of_every_optimizer_is_what_it_names(name: str) -> None:
    rule = optimizer(name)
    state = rule.initial_state(np.ones(4, np.float32))
    assert tuple(state) == rule.state_names
    assert all(vector.shape == (4,) and not vector.any() for vector in state.values())


def test_sgd_by_hand() -> None:
    p = np.array([1.0])
    SGD().update(p, np.array([0.5]), {}, 0.1, 1)
    assert p == pytest.approx(1 - 0.1 * 0.5)


def test_momentum_by_hand() -> None:
    rule, p = Momentum(0.9), np.array([1.0])
    state = rule.initial_state(p)
    rule.update(p, np.array([0.5]), state, 0.1, 1)  # v = -0.05
    rule.update(p, np.array([0.2]), state, 0.1, 2)  # v = -0.045 - 0.02
    assert p == pytest.approx(1 - 0.05 - 0.065)


def test_the_first_step_of_adam_is_as_long_as_the_rate() -> None:
    rule, p = Adam(), np.array([1.0, 1.0])
    rule.update(p, np.array([1e-3, -50.0]), rule.initial_state(p), 0.01, 1)
    np.testing.assert_allclose(p, [0.99, 1.01], rtol=1e-5)


def test_an_unknown_optimizer_or_schedule_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ConfigurationError, match="sgd, momentum, adam"):
        optimizer("sdg")
    with pytest.raises(ConfigurationError, match="cosine"):
        schedule("cosin")


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_schedule_gives_a_share_of_the_rate(name: str) -> None:
    shares = [schedule(name)(progress) for progress in np.linspace(0, 1.2, 50)]
    assert all(0 <= share <= 1 + 1e-12 for share in shares)
    assert max(shares) > 0.99

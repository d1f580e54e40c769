"""Optimisers: each rule by hand, with g = 0.5 and then 0.2; what all have in common is in the contract."""

from __future__ import annotations

import numpy as np
import pytest

from nn.errors import ConfigurationError
from nn.optimizers import SGD, AdaGrad, Adam, Momentum, Nesterov, Optimizer, RMSprop, optimizer


def after_two_steps(rule: Optimizer) -> float:
    p = np.array([1.0])
    state = rule.initial_state(p)
    rule.update(p, np.array([0.5]), state, 0.1, 1)
    rule.update(p, np.array([0.2]), state, 0.1, 2)
    return float(p[0])


def test_sgd_by_hand() -> None:
    assert after_two_steps(SGD()) == pytest.approx(1 - 0.1 * 0.5 - 0.1 * 0.2)


def test_momentum_by_hand() -> None:
    # v = -0.05, then -0.045 - 0.02.
    assert after_two_steps(Momentum(0.9)) == pytest.approx(1 - 0.05 - 0.065)


def test_nesterov_by_hand() -> None:
    # v = -0.05: 1 + 0.9 * -0.05 - 0.05 = 0.905. Then v = -0.065: 0.905 - 0.9 * 0.065 - 0.02.
    assert after_two_steps(Nesterov(0.9)) == pytest.approx(0.905 - 0.0585 - 0.02)


def test_nesterov_is_momentum_at_the_place_looked_ahead_to() -> None:
    # By its own definition: the gradient of (x - 3)^2 is taken at x + mu v.
    mu, rate, x, v = 0.9, 0.05, 0.0, 0.0
    rule, ahead = Nesterov(mu), np.array([0.0])
    state = rule.initial_state(ahead)
    for step in range(1, 20):
        v = mu * v - rate * 2 * (x + mu * v - 3)
        x += v
        rule.update(ahead, 2 * (ahead - 3), state, rate, step)
        assert ahead[0] == pytest.approx(x + mu * v)


def test_adagrad_by_hand() -> None:
    # h = 0.25, then 0.29: each step is rate g / sqrt(h).
    assert after_two_steps(AdaGrad()) == pytest.approx(1 - 0.1 - 0.1 * 0.2 / 0.29**0.5, rel=1e-5)


def test_rmsprop_by_hand() -> None:
    # h = 0.1 * 0.25 = 0.025, then 0.0225 + 0.1 * 0.04 = 0.0265.
    expected = 1 - 0.1 * 0.5 / 0.025**0.5 - 0.1 * 0.2 / 0.0265**0.5
    assert after_two_steps(RMSprop(0.9)) == pytest.approx(expected, rel=1e-5)


def test_the_first_step_of_adam_is_as_long_as_the_rate() -> None:
    rule, p = Adam(), np.array([1.0, 1.0])
    rule.update(p, np.array([1e-3, -50.0]), rule.initial_state(p), 0.01, 1)
    np.testing.assert_allclose(p, [0.99, 1.01], rtol=1e-5)


def test_an_unknown_optimizer_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ConfigurationError, match="sgd, momentum, nesterov, adagrad, rmsprop, adam, adamw"):
        optimizer("sdg")

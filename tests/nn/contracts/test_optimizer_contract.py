"""What every optimiser keeps to; each rule by hand is in test_optimizers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from nn.errors import ConfigurationError
from nn.optimizers import OPTIMIZERS, optimizer

if TYPE_CHECKING:
    from nn.arrays import Array

RATES = {
    "sgd": 0.05,
    "momentum": 0.05,
    "nesterov": 0.05,
    "adagrad": 1.0,
    "rmsprop": 0.01,
    "adam": 0.05,
    "adamw": 0.05,
}
"""Every optimiser, with a rate at which it gets to the bottom of a bowl."""
SETTINGS = {
    "sgd": {},
    "momentum": {"mu": 0.5},
    "nesterov": {"mu": 0.5},
    "adagrad": {"epsilon": 1e-3},
    "rmsprop": {"decay": 0.9, "epsilon": 1e-3},
    "adam": {"beta1": 0.5, "beta2": 0.9, "epsilon": 1e-3},
    "adamw": {"beta1": 0.5, "beta2": 0.9, "epsilon": 1e-3},
}
every_optimizer = pytest.mark.parametrize("name", OPTIMIZERS)


def test_no_optimizer_is_left_out() -> None:
    assert set(RATES) == set(SETTINGS) == set(OPTIMIZERS)


@every_optimizer
def test_it_finds_the_bottom_of_a_bowl(name: str) -> None:
    rule, p = optimizer(name), np.array([3.0, -2.0], np.float32)
    state = rule.initial_state(p)
    for step in range(1, 600):
        rule.update(p, 2 * p, state, RATES[name], step)
    np.testing.assert_allclose(p, 0, atol=1e-2)


@every_optimizer
def test_it_moves_long_vectors_as_it_moves_short_ones(name: str) -> None:
    rng = np.random.default_rng(0)
    long = rng.standard_normal(40_005, np.float32)
    gradients = rng.standard_normal((3, long.size), np.float32)
    piece = slice(16_381, 16_388)
    short = long[piece].copy()
    rule = optimizer(name)
    state, own = rule.initial_state(long), rule.initial_state(short)
    for step, gradient in enumerate(gradients, 1):
        rule.update(long, gradient.copy(), state, 0.01, step)
        rule.update(short, gradient[piece].copy(), own, 0.01, step)
    np.testing.assert_allclose(short, long[piece], rtol=1e-6)


@every_optimizer
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_precision_stays_and_the_same_steps_give_the_same_bits(name: str, dtype: type) -> None:
    results = []
    for _ in range(2):
        rng, rule = np.random.default_rng(0), optimizer(name)
        p: Array = rng.standard_normal(50).astype(dtype)
        state = rule.initial_state(p)
        for step in range(1, 5):
            rule.update(p, rng.standard_normal(50).astype(dtype), state, 0.01, step)
        assert {vector.dtype for vector in (p, *state.values())} == {np.dtype(dtype)}
        results.append(b"".join(vector.tobytes() for vector in (p, *state.values())))
    assert results[0] == results[1]


@every_optimizer
def test_its_state_is_what_it_names(name: str) -> None:
    rule = optimizer(name)
    state = rule.initial_state(np.ones(4, np.float32))
    assert tuple(state) == rule.state_names
    assert all(vector.shape == (4,) and not vector.any() for vector in state.values())


@every_optimizer
def test_it_goes_on_from_a_copy_of_its_state(name: str) -> None:
    gradients = np.random.default_rng(0).standard_normal((6, 9)).astype(np.float32)
    rule, p = optimizer(name), np.ones(9, np.float32)
    state = rule.initial_state(p)
    for step in (1, 2, 3):
        rule.update(p, gradients[step - 1].copy(), state, 0.01, step)
    twin, q = optimizer(name, json.loads(json.dumps(rule.settings()))), p.copy()
    again = {key: vector.copy() for key, vector in state.items()}
    for step in (4, 5, 6):
        rule.update(p, gradients[step - 1].copy(), state, 0.01, step)
        twin.update(q, gradients[step - 1].copy(), again, 0.01, step)
    assert p.tobytes() == q.tobytes()


@every_optimizer
def test_a_gradient_of_zero_moves_nothing_from_rest(name: str) -> None:
    rule, p = optimizer(name), np.ones(4, np.float32)
    rule.update(p, np.zeros(4, np.float32), rule.initial_state(p), 0.1, 1)
    assert (p == 1).all()


@every_optimizer
def test_its_settings_are_all_settable_and_shown(name: str) -> None:
    rule = optimizer(name, SETTINGS[name])
    assert rule.settings() == SETTINGS[name]
    assert all(f"{setting}={value:g}" in repr(rule) for setting, value in SETTINGS[name].items())
    assert tuple(optimizer(name).settings()) == rule.setting_names


@every_optimizer
@pytest.mark.parametrize("value", [-0.1, 1.0, float("nan"), float("inf"), "much", True])
def test_a_setting_out_of_range_is_refused_by_name(name: str, value: float) -> None:
    for setting in SETTINGS[name]:
        with pytest.raises(ConfigurationError, match=f"{setting} = .*wanted a number"):
            optimizer(name, {setting: value})


@every_optimizer
def test_a_setting_it_does_not_have_is_refused_with_those_it_has(name: str) -> None:
    with pytest.raises(ConfigurationError, match=next(iter(SETTINGS[name]), "none")):
        optimizer(name, {"wormhole": 0.5})

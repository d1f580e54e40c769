"""The comparison with peers: what it measures, and what it refuses to compare."""

from __future__ import annotations

import numpy as np
import pytest

from nn.network import mlp
from versus_measuring import (
    Run,
    UnequalWorkError,
    demand_same_losses,
    demand_same_outputs,
    fastest,
    flops_of_training,
    in_turns,
    middle,
    sgemm_peak,
    spread,
)

LOSSES = np.linspace(2.3, 0.4, 100)


class Worker:
    def __init__(self, name: str, diary: list[str]) -> None:
        self._name, self._diary = name, diary

    def run(self) -> Run:
        self._diary.append(self._name)
        return Run(float(len(self._diary)), np.zeros(1))


def runs(*seconds: float) -> list[Run]:
    return [Run(each, np.zeros(1)) for each in seconds]


def test_the_sides_work_in_turns() -> None:
    diary: list[str] = []
    ours, theirs = in_turns([Worker("ours", diary), Worker("theirs", diary)], 3)
    assert diary == ["ours", "theirs"] * 3
    assert [run.seconds for run in ours] == [1, 3, 5]
    assert [run.seconds for run in theirs] == [2, 4, 6]


def test_one_slow_run_moves_neither_median_nor_spread_far() -> None:
    measured = runs(1.0, 1.1, 0.9, 1.0, 30.0)
    assert middle(measured) == 1.0
    assert spread(measured) == pytest.approx(0.1)


def test_the_fastest_way_is_found_by_its_better_try() -> None:
    tries = {"steady": [2.0, 2.0], "disturbed at first": [9.0, 1.0], "slow": [3.0, 3.0]}
    assert fastest(list(tries), lambda way: tries[way].pop(0)) == "disturbed at first"


def test_equal_losses_pass_with_the_rounding_of_float32() -> None:
    demand_same_losses(LOSSES, LOSSES * (1 + 1e-5), is_exact=True)
    demand_same_losses(LOSSES, LOSSES[::-1] * 1.1, is_exact=False)
    demand_same_losses(LOSSES, LOSSES.mean(keepdims=True), is_exact=True)


@pytest.mark.parametrize(
    ("theirs", "why"),
    [
        (LOSSES[:-1], "100 updates"),
        (np.concatenate([LOSSES[:1] * 1.1, LOSSES[1:]]), "from the beginning"),
        (np.concatenate([LOSSES[:20], LOSSES[20:] * 1.5]), "mean losses"),
        (LOSSES.mean(keepdims=True) * 1.1, "mean losses"),
        (np.full(100, np.nan), "from the beginning"),
    ],
)
def test_trainings_that_were_not_the_same_are_refused(
    theirs: np.ndarray[tuple[int], np.dtype[np.float64]], why: str
) -> None:
    with pytest.raises(UnequalWorkError, match=why):
        demand_same_losses(LOSSES, theirs, is_exact=True)


def test_outputs_must_agree_in_shape_and_value() -> None:
    outputs = np.random.default_rng(0).normal(size=(5, 10))
    demand_same_outputs(outputs, outputs + 1e-6)
    for others in (outputs[:4], outputs + 0.01, outputs * np.nan):
        with pytest.raises(UnequalWorkError):
            demand_same_outputs(outputs, others)


def test_a_training_multiplies_three_times_but_for_the_gradient_of_its_input() -> None:
    assert flops_of_training(mlp([784, 30, 10])) == 2 * (2 * 784 * 30 + 3 * 30 * 10)


def test_the_peak_is_that_of_real_matrix_products() -> None:
    assert 1e8 < sgemm_peak(1, side=128, seconds=0.02) < 1e13

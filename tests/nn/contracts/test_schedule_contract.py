"""What every schedule keeps to, alone and behind a warm-up."""

from __future__ import annotations

import numpy as np
import pytest

from nn.errors import ConfigurationError
from nn.schedules import SCHEDULES, halvings, schedule, warmed_up

SHAPES = {
    "constant": (1.0, 1.0, 1.0),
    "cosine": (1.0, 0.5, 0.0),
    "steps": (1.0, 0.1, 0.01),
    "exponential": (1.0, 0.1, 0.01),
    "one_cycle": (0.001, 0.587, 0.0),
}
"""Every schedule, with its share at the beginning, at half and at the end."""
every_schedule = pytest.mark.parametrize("name", SCHEDULES)


def test_no_schedule_is_left_out() -> None:
    assert set(SHAPES) == set(SCHEDULES)


@every_schedule
def test_its_shares_are_known(name: str) -> None:
    assert [schedule(name)(progress) for progress in (0.0, 0.5, 1.0)] == pytest.approx(SHAPES[name], abs=1e-3)


@every_schedule
@pytest.mark.parametrize("warm_up", [0.0, 0.25])
def test_it_gives_a_share_of_the_rate_and_all_of_it_once(name: str, warm_up: float) -> None:
    shares = [warmed_up(schedule(name), warm_up)(progress) for progress in np.linspace(0, 1.2, 481)]
    assert all(type(share) is float or isinstance(share, np.float64) for share in shares)
    assert all(0 <= share <= 1 + 1e-12 for share in shares)
    assert max(shares) == pytest.approx(1)


@every_schedule
def test_the_same_progress_gives_the_same_share(name: str) -> None:
    assert all(schedule(name)(progress) == schedule(name)(progress) for progress in (0.0, 0.3, 0.77, 1.0))


@every_schedule
def test_a_warm_up_rises_in_a_line_to_where_the_schedule_begins(name: str) -> None:
    warm = warmed_up(schedule(name), 0.2)
    assert [warm(progress) for progress in (0.05, 0.1, 0.15)] == pytest.approx([0.25, 0.5, 0.75])
    assert warm(0.0) > 0
    assert warm(0.2) == schedule(name)(0.0)
    assert warm(1.0) == schedule(name)(1.0)


def test_an_unknown_schedule_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ConfigurationError, match="cosine"):
        schedule("cosin")


@pytest.mark.parametrize(
    ("better", "patience", "count"),
    [("", 1, 0), ("+", 1, 0), ("+-", 1, 1), ("+---", 1, 3), ("+--+--", 2, 2), ("+-+-+-", 2, 0), ("+-----", 3, 1)],
)
def test_the_rate_is_halved_for_each_plateau(better: str, patience: int, count: int) -> None:
    assert halvings([{"is_best": sign == "+"} for sign in better], patience) == count

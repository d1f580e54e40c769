"""The gradient check as a command: a table for people, an object a line for machines, an exit code for both."""

from __future__ import annotations

import json

import pytest

from nn.__main__ import main
from nn.commands import check_gradients
from nn.layers import LAYERS, Step
from nn.losses import LOSSES


def test_every_layer_loss_and_network_agrees_and_the_price_of_doing_without_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["check-gradients", "--json"]) == 0
    *checks, speed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert all(check["agrees"] and check["along_directions"] < 1e-5 for check in checks)
    named = " ".join(check["name"] for check in checks)
    assert all(known.__name__ in named for known in (*LAYERS.values(), *LOSSES.values()) if known is not Step)
    assert {check["group"] for check in checks} == {"layer", "loss", "network"}
    assert speed["group"] == "speed"
    assert speed["parameters"] == 39_760
    assert speed["times_slower"] > 1_000


@pytest.fixture
def small_cases_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the whole networks, which one test has seen."""
    monkeypatch.setattr(check_gradients, "network_cases", lambda: ())


@pytest.mark.usefixtures("small_cases_only")
def test_people_read_a_table_and_the_days_it_would_take(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-gradients", "--seed", "3"]) == 0
    shown = capsys.readouterr().out
    assert "BatchNormalization" in shown
    assert "DIFFERS" not in shown
    assert "times as long" in shown
    assert "of the book's first training" in shown


@pytest.mark.usefixtures("small_cases_only")
def test_a_gradient_that_differs_is_told_and_fails(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_gradients, "TOLERANCE", 1e-12)
    assert main(["check-gradients"]) == 1
    shown = capsys.readouterr().out
    assert "DIFFERS" in shown
    assert "DO NOT agree" in shown


@pytest.mark.parametrize(
    ("seconds", "words"), [(3.2, "3.2 seconds"), (600, "10.0 minutes"), (9000, "2.5 hours"), (1.2e6, "13.9 days")]
)
def test_time_is_told_in_a_unit_that_fits(seconds: float, words: str) -> None:
    assert check_gradients._in_time(seconds) == words

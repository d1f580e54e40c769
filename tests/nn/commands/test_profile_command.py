"""`profile` as a command: a table for people, an object a line for machines."""

from __future__ import annotations

import json

import pytest

from nn.__main__ import main


def test_people_read_a_row_a_layer_and_where_the_time_goes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["profile", "nielsen-30", "--steps", "2"]) == 0
    shown = capsys.readouterr().out
    assert "0 Dense(784 -> 30)" in shown
    assert "A step of 10 digits" in shown
    assert "of it is matrix products." in shown


def test_machines_read_an_object_a_part_whose_shares_add_to_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["profile", "two-layer-net", "--steps", "2", "--batch-size", "50", "--json"]) == 0
    parts = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {"digits", "loss", "update", "1 ReLU()"} <= {part["part"] for part in parts}
    assert sum(part["share"] for part in parts) == pytest.approx(1)
    assert all(part["matmul"] <= part["forward"] + part["backward"] for part in parts)


@pytest.mark.parametrize("wrong", [["no-such-recipe"], ["nielsen-30", "--steps", "0"]])
def test_what_cannot_be_profiled_is_a_wrong_argument(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["profile", *wrong]) == 2
    assert wrong[-1] in capsys.readouterr().err

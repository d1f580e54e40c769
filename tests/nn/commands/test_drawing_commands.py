"""`experiment` and `train --plot`: pictures of curves, and what is refused before any work."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from nn.__main__ import main

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("small_mnist")

_TRAIN = ["train", "--hidden_size", "8", "--batch_size", "50", "--epochs", "2"]


def test_an_experiment_draws_a_picture_and_tells_its_numbers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "overfitting.svg"
    assert main(["experiment", "overfitting", "--quick", "--epochs", "2", "--out", str(out), "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["cure"] for row in rows] == ["nothing", "weight decay 0.1", "dropout 0.2", "both"]
    assert "Overfitting 300 digits" in out.read_text()
    small = ["--quick", "--epochs", "1", "--out", str(tmp_path / "a.png")]
    assert main(["experiment", "initial-values", *small]) == 0
    assert capsys.readouterr().out.splitlines()[0].split() == ["initial", "loss"]


@pytest.mark.parametrize("command", [["experiment", "activations", "--out"], [*_TRAIN, "--plot"]])
def test_a_picture_that_cannot_be_drawn_is_told_before_any_work(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, str(tmp_path / "p.gif")]) == 2
    assert "choose one of .png, .svg" in capsys.readouterr().err
    assert main([*command, str(tmp_path / "nowhere" / "p.png")]) == 1
    captured = capsys.readouterr()
    assert "nowhere" in captured.err
    assert captured.out == ""


def test_a_training_draws_its_curves(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "curves.svg"
    assert main([*_TRAIN, "--plot", str(out)]) == 0
    text = out.read_text()
    for word in ("784-8-10 relu", "Loss", "Accuracy", "training", "validation", "epoch"):
        assert word in text
    assert f"The curves are in {out}." in capsys.readouterr().err


def test_a_resumed_training_draws_the_epochs_before_it_too(tmp_path: Path) -> None:
    checkpoint, out = tmp_path / "checkpoint", tmp_path / "curves.png"
    assert main([*_TRAIN, "--checkpoint", str(checkpoint)]) == 0
    assert main(["train", "--resume", str(checkpoint), "--plot", str(out)]) == 0
    assert out.stat().st_size > 1000

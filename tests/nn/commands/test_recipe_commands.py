"""`recipes` and `reproduce`: what is listed, what is trained, what is kept, how an interrupted table goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nn.__main__ import main
from nn.commands.reproduce import REPRODUCIBLE
from nn.recipes import RECIPES, Published
from nn.reproduction import fingerprint, read_rows

pytestmark = pytest.mark.usefixtures("small_mnist")
_ROOT = Path(__file__).parents[3]


def records(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def small_recipe(monkeypatch: pytest.MonkeyPatch) -> str:
    """A recipe that is made in a moment, and keeps its promise."""
    name = "two-layer-net"
    small = replace(RECIPES[name], at_least=0.2, published=Published(0.9, "nowhere"))
    monkeypatch.setitem(RECIPES, name, replace(small, config=replace(small.config, epochs=5, batch_size=10)))
    return name


def test_every_recipe_is_listed_with_what_it_must_reach(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["recipes"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[1:]] == list(RECIPES)
    deep = next(line for line in lines if line.startswith("deep-conv-net"))
    assert "99.38%" in deep
    assert "99.35%" in deep


def test_one_recipe_is_told_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["recipes", "nielsen-30"]) == 0
    text = capsys.readouterr().out
    for told in ("biases N(0, 1)", "Dense(784 -> 30)", "rate 3.0", "95.42%", "chapter 1"):
        assert told in text
    assert main(["recipes", "nielsen-30", "--json"]) == 0
    (record,) = records(capsys.readouterr().out)
    assert record["config"]["rate"] == 3.0
    assert record["network"]["loss"]["kind"] == "squared_error"


def test_a_recipe_that_is_none_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["recipes", "lenet"]) == 2
    assert "no recipe 'lenet'" in capsys.readouterr().err
    assert main(["reproduce", "house-mlp"]) == 2
    assert "'house-mlp' is not one of" in capsys.readouterr().err


def test_what_others_published_is_what_is_reproduced() -> None:
    assert set(RECIPES) - set(REPRODUCIBLE) == {"house", "house-mlp", "synthetic-mlp"}


def test_measured_stands_beside_published(
    small_recipe: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page, results = tmp_path / "page.md", tmp_path / "rows"
    assert main(["reproduce", small_recipe, "--results", str(results), "--out", str(page), "--json"]) == 0
    (record,) = records(capsys.readouterr().out)
    assert (record["measured_on"], record["samples"], record["published"]) == ("MNIST test", 100, 0.9)
    assert record["reached"] is True
    assert record["accuracy"] == record["correct"] / 100
    text = page.read_text()
    assert f"| two-layer-net | {record['correct']}.00% | 90.00% | 20.00% | 0 | 5 |" in text
    assert record["date"] in text
    assert "two-layer-net: 90.00%, nowhere" in text


def test_a_row_that_is_there_is_not_trained_again_until_its_recipe_changes(
    small_recipe: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ["reproduce", small_recipe, "--results", str(tmp_path / "rows"), "--json"]
    assert main(command) == 0
    first = capsys.readouterr()
    assert "1 of 1" in first.err
    assert main(command) == 0
    second = capsys.readouterr()
    assert "1 of 1" not in second.err
    assert second.out == first.out
    assert main([*command, "--again"]) == 0
    again = capsys.readouterr()
    assert "1 of 1" in again.err
    assert records(again.out)[0]["correct"] == records(first.out)[0]["correct"]
    made = RECIPES[small_recipe]
    monkeypatch.setitem(RECIPES, small_recipe, replace(made, config=replace(made.config, rate=0.2)))
    assert main(command) == 0
    assert "1 of 1" in capsys.readouterr().err
    assert len(read_rows(tmp_path / "rows")) == 1


@pytest.mark.parametrize("name", ["house-mlp", "synthetic-mlp", "nielsen-30"])
def test_a_recipe_is_the_same_in_every_process(name: str) -> None:
    program = (
        "from nn.recipes import RECIPES; from nn.reproduction import fingerprint; "
        f"print(fingerprint(RECIPES[{name!r}]))"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == fingerprint(RECIPES[name])


def test_numbers_can_be_chosen_without_the_test_digits(
    small_recipe: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["reproduce", small_recipe, "--results", str(tmp_path / "rows"), "--json", "--validation"]
    assert main(command) == 0
    (record,) = records(capsys.readouterr().out)
    assert (record["measured_on"], record["samples"]) == ("MNIST validation", 50)


def test_a_broken_promise_is_a_failure_in_words(
    small_recipe: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RECIPES, small_recipe, replace(RECIPES[small_recipe], at_least=1.0))
    made = RECIPES[small_recipe]
    monkeypatch.setitem(RECIPES, small_recipe, replace(made, config=replace(made.config, epochs=1, rate=1e-6)))
    assert main(["reproduce", small_recipe, "--results", str(tmp_path / "rows")]) == 1
    captured = capsys.readouterr()
    assert "two-layer-net did not reach what it promises" in captured.err
    assert captured.out.splitlines()[0].split()[:2] == ["recipe", "measured"]


def test_results_and_table_cannot_be_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(tmp_path / "rows")
    assert main(["reproduce", "two-layer-net", "--results", path, "--out", path]) == 2
    assert "choose two names" in capsys.readouterr().err


def test_a_file_that_holds_no_results_is_refused_before_training(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = tmp_path / "rows"
    results.write_text('{"recipe": "x"}\n')
    assert main(["reproduce", "two-layer-net", "--results", str(results)]) == 1
    assert f"Line 1 of {results} is no result" in capsys.readouterr().err
    results.write_bytes(b"\xff\xfe\n")
    assert main(["reproduce", "two-layer-net", "--results", str(results)]) == 1
    assert "cannot be read" in capsys.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is a POSIX signal here")
def test_an_interrupted_table_keeps_its_finished_rows_and_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results, page = tmp_path / "rows", tmp_path / "page.md"
    page.write_text("the whole table of last time")
    command = ["reproduce", "n-layer", "nielsen-30", "nielsen-100", "--results", str(results), "--json"]
    command += ["--out", str(page)]
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "nn", *command],
        cwd=_ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        running.stdout.readline()
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=60)
    assert running.returncode == 130, err
    assert "the same command goes on" in err
    kept = [row.recipe for row in read_rows(results)]
    assert 1 <= len(kept) < 3
    assert page.read_text() == "the whole table of last time"
    assert f"{page} is as it was" in err
    main(command)
    captured = capsys.readouterr()
    assert captured.err.count(" of 3: ") == 3 - len(kept)
    assert [record["recipe"] for record in records(captured.out)] == ["n-layer", "nielsen-30", "nielsen-100"]
    assert "| nielsen-100 |" in page.read_text()

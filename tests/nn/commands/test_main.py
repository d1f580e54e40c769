"""The program without a window as a whole: help, exit codes, errors in a sentence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from nn.__main__ import COMMANDS, main

FULL = Path("/dev/full")


def test_without_arguments_it_shows_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    shown = " ".join(capsys.readouterr().out.split())  # a long purpose is folded
    for name, purpose in COMMANDS.items():
        assert name in shown
        assert purpose in shown


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_and_its_exit_codes(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, "--help"]) == 0
    shown = capsys.readouterr().out
    assert "--json" in shown
    assert "130  interrupted by Ctrl-C" in shown


def test_version_names_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("Inkling ")


@pytest.mark.parametrize(
    "arguments",
    [
        ["dream"],
        ["predict"],
        ["evaluate"],
        ["evaluate", "--mnist", "--ink", "file"],
        ["imagine", "ten"],
        ["imagine", "3", "--method", "dreaming"],
        ["imagine", "3", "--out", "picture.jpg"],
        ["imagine", "3", "--size", "5"],
        ["imagine", "3", "--size", "5000"],
        ["train", "--epochs", "0"],
        ["train", "--lr", "nan"],
        ["train", "--dropout", "1"],
        ["train", "--hidden_size", "-5"],
        ["train", "--seed", "-1"],
        ["train", "--initial", "best"],
        ["train", "--hidden_size", "99999999"],
    ],
)
def test_wrong_arguments_end_with_2_and_a_reason(
    arguments: list[str], small_mnist: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err


def test_an_expected_failure_is_one_sentence_and_ends_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["imagine", "3", "--weights", str(tmp_path / "none.safetensors")]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("inkling: ")
    assert "none.safetensors" in captured.err
    assert "Traceback" not in captured.err


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full to meet a really full disk")
@pytest.mark.parametrize("options", [[], ["--json"]], ids=["for people", "for machines"])
def test_an_output_that_cannot_be_written_is_one_sentence_too(options: list[str]) -> None:
    with FULL.open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "nn", "recipes", "nielsen-30", *options],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == (
        "inkling: the output could not be written: No space left on device. Send it to another place.\n"
    )


def test_the_list_of_commands_is_there_before_anything_heavy_is_loaded() -> None:
    program = "import sys; from nn.__main__ import main; main([]); sys.exit('rich' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], stdout=subprocess.DEVNULL, check=False).returncode == 0

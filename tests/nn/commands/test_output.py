"""What a command says is words: names from outside, of files and networks, do not steer the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nn.__main__ import main
from nn.commands.output import Output, complain
from nn.files.checkpoints import load_checkpoint, save_checkpoint

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RED = "\x1b[31mred\x1b]0;title\x07\x9b0m\x7f\r"
SHOWN = r"\x1b[31mred\x1b]0;title\x07\x9b0m\x7f\x0d"


def show_bar(output: Output) -> None:
    bar = output.progress()
    bar.add_task(RED, detail="")
    output.notes.print(bar.make_tasks_table(bar.tasks))


WAYS: dict[str, Callable[[Output], None]] = {
    "line": lambda output: output.line(RED),
    "note": lambda output: output.note(RED),
    "title": lambda output: output.table(["a"], [["b" * 99]], title=RED),
    "column": lambda output: output.table([RED], [["b"]]),
    "cell": lambda output: output.table(["a"], [[RED]]),
    "bar": show_bar,
    "error": lambda _: complain(ValueError(RED)),
}


@pytest.mark.parametrize("say", WAYS.values(), ids=WAYS)
def test_control_characters_are_shown_and_not_obeyed(
    say: Callable[[Output], None], capsys: pytest.CaptureFixture[str]
) -> None:
    say(Output(as_json=False))
    said = "".join(capsys.readouterr())
    assert r"\x1b[31mred\x1b]0;title" in said
    assert not set(said) & set("\x1b\x07\x9b\x7f\r")


def test_lines_and_words_of_any_language_stay_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    Output(as_json=False).line("Ünï 七 ✗\n  second line")
    assert capsys.readouterr().out == "Ünï 七 ✗\n  second line\n"


def test_the_name_of_a_network_in_a_checkpoint_is_shown_and_not_obeyed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "training"
    quick = ["--hidden-size", "--epochs", "1", "--batch-size", "500", "--data", "synthetic"]
    assert main(["train", *quick, "--checkpoint", str(path)]) == 0
    checkpoint = load_checkpoint(path)
    checkpoint.network.name = RED
    save_checkpoint(checkpoint, path)
    capsys.readouterr()
    assert main(["train", "--resume", str(path)]) == 0
    assert f"Training {SHOWN} (" in capsys.readouterr().err

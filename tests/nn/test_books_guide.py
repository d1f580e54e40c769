"""The guide for readers of the books: every file, command, recipe and experiment that it names is there."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

from nn.__main__ import COMMANDS
from nn.experiments import EXPERIMENTS
from nn.recipes import RECIPES

TEXT = (files("assets") / "guide" / "books.md").read_text(encoding="utf-8")
ROOT = Path(__file__).parents[2]


def test_every_file_it_names_is_there() -> None:
    named = re.findall(r"`(nn/[\w/]+(?:\.py)?)`", TEXT)
    assert len(named) > 30
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_command_it_names_is_one() -> None:
    assert set(re.findall(r"python -m nn ([\w-]+)", TEXT)) <= set(COMMANDS)


def test_every_experiment_and_every_recipe_of_a_book_is_in_it() -> None:
    assert set(re.findall(r"nn experiment ([\w-]+)", TEXT)) == set(EXPERIMENTS)
    assert set(re.findall(r"--recipe ([\w-]+)", TEXT)) - {"NAME"} <= set(RECIPES)
    for name in (
        "mnist-recognition",
        "nn-with-numpy-relu",
        "n-layer",
        "nielsen-100-cross-entropy",
        "deep-conv-net",
    ):
        assert name in TEXT

"""A thousand damaged files: each is refused in words, at once, in little memory, and nothing in it runs.

A bit that turns over in the middle of a pixel leaves a sound file, and that may be read: such are counted, not
forbidden. What may never happen is any other exception, a crash, a second, or two hundred megabytes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import nn

HERE = Path(__file__).parent
EACH = 60
SEALED = ("weights", "checkpoint")
"""Inkling's own, which carry a checksum: in them no damage passes."""


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a process of its own made of them all."""
    folder = tmp_path_factory.mktemp("damaged")
    path = os.pathsep.join([str(Path(nn.__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-W", "error", str(HERE / "read_damaged_files.py"), str(folder), str(EACH)],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": path},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    result: dict[str, Any] = json.loads(done.stdout)
    result["left behind"] = sorted({entry.name for entry in folder.iterdir()} - set(result["files"]))
    return result


def test_there_are_a_thousand_of_every_kind(outcome: dict[str, Any]) -> None:
    assert sum(told["files"] for told in outcome["kinds"].values()) >= 1000


def test_each_is_refused_in_words_within_a_second_and_200_mb(outcome: dict[str, Any]) -> None:
    assert outcome["faults"] == []


def test_nothing_in_them_runs(outcome: dict[str, Any]) -> None:
    assert outcome["seen"] == []
    assert outcome["left behind"] == []


def test_nearly_all_are_refused_and_of_our_own_files_all(outcome: dict[str, Any]) -> None:
    for name, told in outcome["kinds"].items():
        assert told["refused"] >= (told["files"] if name in SEALED else 0.75 * told["files"]), (name, told)

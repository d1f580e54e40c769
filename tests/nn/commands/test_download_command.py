"""`download`: what is there already is not fetched again, and a place that cannot be is told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from nn.__main__ import main
from nn.data.download import SHA256, SIZES

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_complete_folder_needs_no_network(
    data_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in SHA256:
        (tmp_path / name).symlink_to(data_folder / "mnist" / name)
    assert main(["download", "--folder", str(tmp_path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"folder": str(tmp_path), "bytes": sum(SIZES.values())}


def test_a_folder_that_cannot_be_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")
    assert main(["download", "--folder", str(file / "mnist")]) == 1
    captured = capsys.readouterr()
    assert captured.err.startswith("inkling: MNIST cannot be stored in")
    assert captured.out == ""

"""Data is looked for where a person said, then in the user's cache folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nn.data.locations import VARIABLE, cache_folder, data_folders, find_file
from nn.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path


def test_the_named_folder_comes_before_the_cache(tmp_path: Path) -> None:
    assert data_folders({VARIABLE: str(tmp_path)}) == (tmp_path, cache_folder())


@pytest.mark.parametrize("environment", [{}, {VARIABLE: ""}])
def test_without_a_named_folder_there_is_the_cache(environment: dict[str, str]) -> None:
    assert data_folders(environment) == (cache_folder(),)
    assert cache_folder().name == "inkling"


def test_a_named_folder_that_is_not_there_is_not_passed_over(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"INKLING_DATA names .* not a folder. Correct it, or unset it"):
        data_folders({VARIABLE: str(tmp_path / "nowhere")})


def test_a_file_is_found_in_the_named_folder_before_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "named"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "named" / "pens").mkdir(parents=True)
    assert find_file("pens/pen.txt") is None
    kept = cache_folder() / "pens" / "pen.txt"
    kept.parent.mkdir(parents=True)
    kept.touch()
    assert find_file("pens/pen.txt") == kept
    named = tmp_path / "named" / "pens" / "pen.txt"
    named.touch()
    assert find_file("pens/pen.txt") == named

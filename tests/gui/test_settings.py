"""What the window remembers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QByteArray

from gui.settings import (
    COLUMNS,
    FOLDER,
    RECENT,
    RECENT_FILES,
    TRAINING,
    Settings,
    settings_path,
    state_of,
    text_of,
)

if TYPE_CHECKING:
    from gui.settings import Values


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "made later" / "inkling.ini")


def test_nothing_remembered_is_the_initial_value(settings: Settings) -> None:
    assert settings.get(RECENT) == []
    assert settings.get(COLUMNS) == ""


def test_values_come_back_from_the_file(settings: Settings) -> None:
    form: Values = {"hidden": "50, 50", "rate": 0.1, "seed": None, "note": 'a "b"; c=ü'}
    settings.put(TRAINING, form)
    settings.flush()
    assert Settings(settings.path).get(TRAINING) == form


@pytest.mark.parametrize("text", ["nonsense", "[1", "7", '"text"', "{}"])
def test_a_value_that_does_not_fit_is_as_if_never_written(settings: Settings, text: str) -> None:
    settings.path.parent.mkdir()
    settings.path.write_text(f"[files]\nrecent={text}\n")
    assert Settings(settings.path).get(RECENT) == []


def test_the_latest_file_comes_first_and_none_twice(settings: Settings) -> None:
    for name in ("a", "b", "a"):
        settings.remember_file(Path("/nets", name))
    assert settings.recent_files() == [Path("/nets/a"), Path("/nets/b")]
    assert settings.get(FOLDER) == "/nets"


def test_only_so_many_files_are_remembered(settings: Settings) -> None:
    for number in range(20):
        settings.remember_file(Path(f"/nets/{number}"))
    assert len(settings.recent_files()) == RECENT_FILES
    assert settings.recent_files()[0] == Path("/nets/19")


def test_a_file_that_is_gone_is_forgotten(settings: Settings) -> None:
    settings.remember_file(Path("/nets/a"))
    settings.forget_file(Path("/nets/a"))
    assert settings.recent_files() == []


def test_the_folder_of_settings_can_be_chosen(tmp_path: Path) -> None:
    assert settings_path({"INKLING_SETTINGS": str(tmp_path)}) == tmp_path / "inkling.ini"


def test_a_state_survives_as_text() -> None:
    state = QByteArray(bytes(range(256)))
    assert state_of(text_of(state)) == state
    assert state_of("no such state!").isEmpty()

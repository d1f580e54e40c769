"""What the window remembers from one week to the next, declared as a table.

A setting is a name, and a value to begin with that also says its type. Values are kept as JSON in one small .ini
file that a person can read, edit or delete: whatever in it does not fit is as if it had never been written.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

import platformdirs
from PySide6.QtCore import QByteArray, QSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

Values: TypeAlias = dict[str, Any]
"""What a panel wants to be remembered, as JSON can hold it."""

T = TypeVar("T")

RECENT_FILES = 8
"""As many files as the menu of recent ones offers."""


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """One remembered value."""

    key: str
    initial: T


GEOMETRY = Setting("window/geometry", "")
COLUMNS = Setting("window/columns", "")
ROWS: Setting[list[str]] = Setting("window/rows", [])
FOLDER = Setting("files/folder", "")
RECENT: Setting[list[str]] = Setting("files/recent", [])
TRAINING: Setting[Values] = Setting("training/form", {})
IMAGINATION: Setting[Values] = Setting("imagination/view", {})


def settings_path(environment: Mapping[str, str] = os.environ) -> Path:
    """Tell where the settings are kept: in INKLING_SETTINGS, a folder, or where this system keeps such things."""
    folder = environment.get("INKLING_SETTINGS") or platformdirs.user_config_dir("inkling", appauthor=False)
    return Path(folder) / "inkling.ini"


class Settings:
    """The remembered values, typed; written to one file shortly after each change.

    Parameters
    ----------
    path
        The file; its folder is made when the first value is written.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._store = QSettings(str(path or settings_path()), QSettings.Format.IniFormat)

    @property
    def path(self) -> Path:
        """Where the values are kept."""
        return Path(self._store.fileName())

    def get(self, setting: Setting[T]) -> T:
        """Read a value; the initial one where none of the right type was written."""
        text = self._store.value(setting.key)
        try:
            value = json.loads(text) if isinstance(text, str) else None
        except ValueError:
            value = None
        return value if isinstance(value, type(setting.initial)) else setting.initial

    def put(self, setting: Setting[T], value: T) -> None:
        """Remember a value."""
        self._store.setValue(setting.key, json.dumps(value))

    def flush(self) -> None:
        """Write what is not written yet; done by itself a moment after each change and at the end."""
        self._store.sync()

    def remember_file(self, path: Path) -> None:
        """Put a file at the top of the recent ones, and its folder where the next dialog opens."""
        others = [name for name in self.get(RECENT) if name != str(path)]
        self.put(RECENT, [str(path), *others][:RECENT_FILES])
        self.put(FOLDER, str(path.parent))

    def forget_file(self, path: Path) -> None:
        """Take a file that is gone off the recent ones."""
        self.put(RECENT, [name for name in self.get(RECENT) if name != str(path)])

    def recent_files(self) -> list[Path]:
        """List the recent files, the latest first."""
        return [Path(str(name)) for name in self.get(RECENT)]


def text_of(state: QByteArray) -> str:
    """Turn a state that Qt made, such as a window's geometry, into text that a setting can hold."""
    return base64.b64encode(state.data()).decode()


def state_of(text: str) -> QByteArray:
    """Turn such a text back; an empty state, which Qt refuses politely, where it is damaged."""
    try:
        return QByteArray(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        return QByteArray()

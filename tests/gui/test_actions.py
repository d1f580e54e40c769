"""Menus come from tables: whole, without two keys alike, and found by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QMainWindow

from gui.actions import MENUS, Actions, Submenu, entries_of, shortcuts_table

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    window = QMainWindow()
    qtbot.addWidget(window)
    return window


def test_every_entry_is_an_action_in_a_menu(window: QMainWindow) -> None:
    actions = Actions(window)
    names = [entry.name for menu in MENUS for entry in entries_of(menu)]
    assert sorted(actions) == sorted(names)
    assert len(set(names)) == len(names)
    assert [action.text() for action in window.menuBar().actions()] == [menu.title for menu in MENUS]


def test_no_key_does_two_things() -> None:
    keys = [key for menu in MENUS for entry in entries_of(menu) for key in entry.keys]
    assert len(set(keys)) == len(keys)


def test_no_letter_is_underlined_twice_in_a_menu() -> None:
    for menu in MENUS:
        texts = [entry.title if isinstance(entry, Submenu) else entry.text for entry in menu.entries if entry]
        letters = [text[text.index("&") + 1].lower() for text in texts if "&" in text]
        assert len(set(letters)) == len(letters), menu.title


def test_of_a_choice_one_holds(window: QMainWindow) -> None:
    actions = Actions(window)
    actions.choose("pen")
    actions.choose("eraser")
    assert not actions["pen"].isChecked()
    assert actions["eraser"].isChecked()


def test_the_list_of_shortcuts_names_them_as_the_menu_does() -> None:
    table = dict(shortcuts_table())
    assert table["Save as"] == "Ctrl+Shift+S"
    assert table["Redo"] == "Ctrl+Shift+Z or Ctrl+Y"

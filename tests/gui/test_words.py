"""Every word of the window can be translated: with a translator that marks all it is asked for, all is marked."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import PySide6
import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QMainWindow,
    QWidget,
)

from gui.actions import Actions, shortcuts_table
from gui.help import Help
from gui.more_settings import MoreDialog, MoreSettings
from gui.new_network import NewNetworkDialog
from gui.pace import in_words
from gui.panels.training import TrainingPanel
from gui.which_network import WhichNetworkDialog
from nn.compat import override

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

MARK = "¤"


class Marking(QTranslator):
    def __init__(self) -> None:
        super().__init__()
        self.asked: set[tuple[str, str]] = set()
        self.filed: set[tuple[str, str]] | None = None

    @override
    def isEmpty(self) -> bool:
        return False

    @override
    def translate(
        self, context: str, text: str, _disambiguation: str | None = None, _count: int = -1
    ) -> str | None:
        self.asked.add((context, text))
        return MARK + text if self.filed is None or (context, text) in self.filed else None


@pytest.fixture(autouse=True)
def marked(qapp: QApplication) -> Iterator[Marking]:
    translator = Marking()
    qapp.installTranslator(translator)
    yield translator
    qapp.removeTranslator(translator)


def texts_of(holder: QWidget) -> Iterator[str]:
    for label in holder.findChildren(QLabel):
        yield label.text()
    for button in holder.findChildren(QAbstractButton):
        yield from (button.text(), button.toolTip())
    for box in holder.findChildren(QComboBox):
        yield from (box.itemText(position) for position in range(box.count()))
        yield box.toolTip()


def test_every_entry_of_the_menus_can_be_translated(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    actions = Actions(window)
    texts = [text for action in actions.values() for text in (action.text(), action.statusTip()) if text]
    texts += [menu.title() for menu in actions.menus.values()]
    texts += [what for what, _ in shortcuts_table()]
    assert [text for text in texts if not text.startswith(MARK)] == []


def test_every_word_of_the_training_panel_and_of_the_dialogs_can_be_translated(qtbot: QtBot) -> None:
    panel = TrainingPanel()
    qtbot.addWidget(panel)
    holders = (
        panel,
        MoreDialog(panel, MoreSettings()),
        NewNetworkDialog(panel),
        WhichNetworkDialog(panel, "weights.npz", MARK),
    )
    for holder in holders:
        texts = {text for text in texts_of(holder) if text}
        assert [text for text in sorted(texts) if not text.startswith(MARK)] == []


def test_the_list_of_keys_and_the_time_left_can_be_translated(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    Help(window).show_shortcuts()
    dialog = window.findChild(QWidget, "shortcuts")
    assert dialog is not None
    words = [label.text() for label in dialog.findChildren(QLabel)]
    assert all(word.startswith(MARK) for word in words[::2])
    assert [in_words(seconds) for seconds in (7, 95, 4000)] == ["¤7 s", "¤2 min", "¤1 h 7 min"]


def found_by_lupdate(tmp_path: Path) -> set[tuple[str, str]]:
    """Return each text that Qt's tool for translators finds in the code, under the class in which it finds it."""
    tool = next(Path(PySide6.__file__).parent.glob("lupdate*"), None)
    if tool is None:
        pytest.skip("this installation of Qt has no lupdate")
    folder, words = Path(__file__).parents[2] / "gui", tmp_path / "words.ts"
    subprocess.run([tool, *sorted(folder.rglob("*.py")), "-ts", words], check=True, capture_output=True)
    contexts = ET.parse(words).getroot().iter("context")  # noqa: S314 - written a moment ago
    return {(one.findtext("name") or "", text.text or "") for one in contexts for text in one.iter("source")}


def test_a_translation_is_looked_for_where_it_is_filed(qtbot: QtBot, marked: Marking, tmp_path: Path) -> None:
    marked.filed = found_by_lupdate(tmp_path)
    panel = TrainingPanel()
    qtbot.addWidget(panel)
    MoreDialog(panel, MoreSettings())
    NewNetworkDialog(panel)
    ours = {context for context, _ in marked.filed} - {""}
    asked = {text for context, text in marked.asked if context in ours}
    assert len(asked) > 50
    assert asked - {text for _, text in marked.asked & marked.filed} == set()

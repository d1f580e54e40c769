"""The dialog for a new network says at once what it would be, or why it cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialogButtonBox, QLabel, QLineEdit, QWidget

from gui.new_network import NewNetworkDialog

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_a_network_that_could_never_be_saved_cannot_be_begun(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    dialog = NewNetworkDialog(window)
    entry, buttons = dialog.findChild(QLineEdit, "new_hidden"), dialog.findChild(QDialogButtonBox)
    assert entry is not None
    assert buttons is not None
    ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
    entry.setText("4096 4096 4096 4096 4096")
    assert not ok.isEnabled()
    assert any("could never be saved" in label.text() for label in dialog.findChildren(QLabel))
    entry.setText("50")
    assert ok.isEnabled()

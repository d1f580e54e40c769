"""The Help menu: every key that does something, and what this program is."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QMessageBox, QWidget

from gui.actions import shortcuts_table
from gui.theme import MARGIN, SPACING
from gui.version import version
from gui.words import tr, translated

PAD_KEYS = (
    (tr("Move the keyboard's pen on the pad"), tr("arrow keys, with Shift in larger steps")),
    (tr("Put the pen down, or lift it"), tr("Space or Enter")),
    (tr("Drop the stroke in hand"), tr("Esc")),
    (tr("Letters and Del while a field of the form is in use"), tr("belong to the field")),
)


class Help(QObject):
    """What the Help menu does."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window

    def show_shortcuts(self) -> None:
        """List all keys, as the menus name what they do."""
        dialog = QDialog(self._window)
        dialog.setObjectName("shortcuts")
        dialog.setWindowTitle(self.tr("Keyboard shortcuts"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        grid = QGridLayout(dialog)
        grid.setContentsMargins(*[2 * MARGIN] * 4)
        grid.setHorizontalSpacing(4 * SPACING)
        pad_keys = [(translated(what), translated(keys)) for what, keys in PAD_KEYS]
        for row, (what, keys) in enumerate((*shortcuts_table(), *pad_keys)):
            grid.addWidget(QLabel(what), row, 0)
            grid.addWidget(QLabel(keys), row, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(dialog.reject)
        grid.addWidget(buttons, grid.rowCount(), 0, 1, 2)
        dialog.open()

    def show_about(self) -> None:
        """Say what this is, in which version and on which terms."""
        box = QMessageBox(self._window)
        box.setObjectName("about")
        box.setWindowTitle(self.tr("About Inkling"))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIconPixmap(self._window.windowIcon().pixmap(64, 64))
        box.setText(self.tr("Inkling {version}").format(version=version()))
        box.setInformativeText(
            self.tr(
                "Draw a digit, watch a neural network learn it, and see what it imagines.\n\n"
                "The network is plain numpy, written to be read. Free software under the MIT licence."
            )
        )
        box.open()

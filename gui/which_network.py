"""The dialog that asks what a file of another program leaves open.

Such files hold numbers and not what they mean: the same weights are one network with sigmoid and another with
ReLU. Whoever trained them knows.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QLabel, QWidget

from gui.training_fields import ACTIVATION_NAMES
from gui.words import tr, translated
from nn.scaling import SCALINGS

SCALING_NAMES = {
    "/255": tr("0 to 1"),
    "0.01..1": tr("0.01 to 1, as in Make Your Own Neural Network"),
    "standardised": tr("Mean 0 and deviation 1 (standardised)"),
}


class WhichNetworkDialog(QDialog):
    """Asks for the activation and the input scaling of a network whose file does not say.

    Parameters
    ----------
    parent
        The window that the dialog belongs to.
    name
        The file's name.
    why
        The sentence that says what is left open.
    """

    chosen = Signal(str, str)
    """Activation and scaling, by the names that the library knows them by."""

    def __init__(self, parent: QWidget, name: str, why: str) -> None:
        super().__init__(parent)
        self.setObjectName("which_network")
        self.setWindowTitle(self.tr("Open {name}").format(name=name))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._activation, self._scaling = QComboBox(), QComboBox()
        self._activation.setObjectName("which_activation")
        self._scaling.setObjectName("which_scaling")
        for activation, text in ACTIVATION_NAMES.items():
            self._activation.addItem(translated(text), activation)
        self._activation.setCurrentIndex(self._activation.findData("sigmoid"))
        for scaling in SCALINGS:
            self._scaling.addItem(translated(SCALING_NAMES.get(scaling, scaling)), scaling)
        self._lay_out(why)
        self.accepted.connect(self._choose)

    def _lay_out(self, why: str) -> None:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self._activation.setToolTip(self.tr("What follows each hidden layer; in the books mostly a sigmoid"))
        self._scaling.setToolTip(self.tr("From bytes 0..255 to what the network learned from"))
        form = QFormLayout(self)
        form.addRow(QLabel(why, wordWrap=True))
        form.addRow(self.tr("&Activation"), self._activation)
        form.addRow(self.tr("&Input scaling"), self._scaling)
        form.addRow(buttons)
        self.setMinimumWidth(440)

    def _choose(self) -> None:
        self.chosen.emit(self._activation.currentData(), self._scaling.currentData())

"""The dialog that asks what a new network should look like.

It offers what the plan of a perceptron knows, says at once whether what is typed can be built and how many
parameters it would have, and gives out a network that has learned nothing yet.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QWidget,
)

from gui.number_fields import WholeBox
from gui.training_fields import ACTIVATION_NAMES
from gui.training_plan import NetworkPlan, count_parameters, layers_text, parse_layers
from gui.words import translated
from nn.errors import ConfigurationError

LARGEST_SEED = 2**31 - 1


class NewNetworkDialog(QDialog):
    """Asks for hidden layers, activation and seed.

    Parameters
    ----------
    parent
        The window that the dialog belongs to.
    plan
        What the fields show first.
    """

    chosen = Signal(object)
    """The new `Network`, when the person has said yes."""

    def __init__(self, parent: QWidget, plan: NetworkPlan | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("new_network")
        self.setWindowTitle(self.tr("New network"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        plan = plan or NetworkPlan((128,), "relu")
        self._hidden = QLineEdit(layers_text(plan.hidden))
        self._hidden.setObjectName("new_hidden")
        self._activation = QComboBox()
        for name, text in ACTIVATION_NAMES.items():
            self._activation.addItem(translated(text), name)
        self._activation.setCurrentIndex(self._activation.findData(plan.activation))
        self._seed = WholeBox(0, LARGEST_SEED)
        self._verdict = QLabel(wordWrap=True)
        self._lay_out()
        self._hidden.textChanged.connect(self._judge)
        self.accepted.connect(self._choose)
        self._judge()

    def _lay_out(self) -> None:
        buttons = QDialogButtonBox.StandardButton
        self._buttons = QDialogButtonBox(buttons.Ok | buttons.Cancel)
        self._buttons.button(buttons.Ok).setText(self.tr("&Begin"))
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._hidden.setPlaceholderText(self.tr("none"))
        self._hidden.setToolTip(self.tr("Units of each hidden layer, such as 50 50; nothing for no hidden layer"))
        self._seed.setToolTip(self.tr("The same seed makes the same initial weights"))
        form = QFormLayout(self)
        form.addRow(self.tr("&Hidden layers"), self._hidden)
        form.addRow(self.tr("&Activation"), self._activation)
        form.addRow(self.tr("&Seed"), self._seed)
        form.addRow(self._verdict)
        form.addRow(self._buttons)
        self.setMinimumWidth(380)

    def _plan(self) -> NetworkPlan:
        return NetworkPlan(parse_layers(self._hidden.text()), self._activation.currentData())

    def _judge(self) -> None:
        try:
            hidden = self._plan().hidden
        except ConfigurationError as error:
            verdict, can_begin = str(error), False
        else:
            shape = " - ".join(map(str, (784, *hidden, 10)))
            words = self.tr("{shape}: {count:,} parameters")
            verdict, can_begin = words.format(shape=shape, count=count_parameters(hidden)), True
        self._verdict.setText(verdict)
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(can_begin)

    def _choose(self) -> None:
        self.chosen.emit(self._plan().build(self._seed.value()))

"""The fields of the training panel as they stand there: their kinds, words, keys, and values to begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from gui.number_fields import RateBox, number
from gui.theme import SPACING
from gui.words import tr, translated
from nn.compat import override
from nn.layers import ACTIVATIONS
from nn.optimizers import OPTIMIZERS
from nn.recipes import RECIPES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QPaintEvent

SOURCES = {"mnist": tr("MNIST handwriting"), "synthetic": tr("Built-in synthetic digits")}

ACTIVATION_NAMES = {
    "relu": "ReLU",
    "sigmoid": tr("Sigmoid"),
    "tanh": "Tanh",
    "leaky_relu": tr("Leaky ReLU"),
    "softplus": tr("Softplus"),
    "identity": tr("None (identity)"),
}

OPTIMIZER_NAMES = {
    "sgd": "SGD",
    "momentum": "Momentum",
    "nesterov": "Nesterov",
    "adagrad": "AdaGrad",
    "rmsprop": "RMSprop",
    "adam": "Adam",
    "adamw": "AdamW",
}

USUAL_RATES = {"sgd": 0.1, "momentum": 0.02, "nesterov": 0.02, "adagrad": 0.01}
"""Where a person should begin, by optimiser."""

USUAL_ADAPTIVE_RATE = 0.001
"""The same for Adam and its kin."""


class ChoiceBox(QComboBox):
    """A field to choose from that ends a text with dots where there is no room for all of it."""

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self).width()
        mode = Qt.TextElideMode.ElideRight
        option.currentText = self.fontMetrics().elidedText(option.currentText, mode, room - 2)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)


class TrainingFields(QWidget):
    """The fields, each with its label, its key and its explanation; they know nothing of each other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._make_fields()
        self._lay_out()
        self._explain()

    def _make_fields(self) -> None:
        self.recipe_box = choice({"": tr("Own settings"), **{name: name for name in RECIPES}})
        self.recipe_box.setObjectName("recipe")
        self.more = QPushButton(self.tr("&More…"))
        self.more.setObjectName("more")
        self.source_box = choice(SOURCES)
        self.source_box.setObjectName("source")
        self.get_mnist = QPushButton(self.tr("MNIST…"))
        self.layers = QLineEdit("50 50")
        self.layers.setObjectName("layers")
        self.layers.setMinimumWidth(50)
        self.activation = choice({name: ACTIVATION_NAMES.get(name, name) for name in ACTIVATIONS})
        self.activation.setObjectName("activation")
        self.optimizer = choice({name: OPTIMIZER_NAMES.get(name, name.title()) for name in OPTIMIZERS})
        self.optimizer.setObjectName("optimizer")
        self.rate = RateBox()
        self.rate.setObjectName("rate")
        self.rate.setMinimumWidth(50)
        # On its way to 0.05 what is typed may be 5, and a training that runs would take it.
        self.rate.setKeyboardTracking(False)
        self.rate.setValue(usual_rate(self.optimizer.currentData()))
        self.batch = number(1, 4096, 32)
        self.batch.setObjectName("batch_size")
        self.epochs = number(1, 1000, 10)
        self.epochs.setObjectName("epochs")
        self.seed = number(0, 2**31 - 1, 0)
        self.seed.setObjectName("seed")
        self.new_network = QCheckBox(self.tr("Ne&w network"))
        self.new_network.setChecked(True)
        self.new_network.setObjectName("new_network_choice")

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACING)
        grid.setVerticalSpacing(SPACING // 2)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        for row, (text, box, button) in enumerate(
            (
                (self.tr("Reci&pe"), self.recipe_box, self.more),
                (self.tr("D&ata"), self.source_box, self.get_mnist),
            )
        ):
            grid.addWidget(label(text, box), row, 0)
            line = QHBoxLayout()
            line.setSpacing(SPACING // 2)
            line.addWidget(box, 1)
            # Fusion gives a button room for a longer word than these.
            button.setFixedWidth(_width_of(self.more, self.get_mnist))
            line.addWidget(button)
            grid.addLayout(line, row, 1, 1, 3)
        pairs = (
            (self.tr("&Layers"), self.layers),
            (self.tr("Act&ivation"), self.activation),
            (self.tr("&Optimiser"), self.optimizer),
            (self.tr("&Rate"), self.rate),
            (self.tr("&Batch"), self.batch),
            (self.tr("Epo&chs"), self.epochs),
            (self.tr("See&d"), self.seed),
        )
        for position, (text, field) in enumerate(pairs):
            row, column = divmod(position, 2)
            grid.addWidget(label(text, field), row + 2, 2 * column)
            grid.addWidget(field, row + 2, 2 * column + 1)
        grid.addWidget(self.new_network, 5, 2, 1, 2)

    def _explain(self) -> None:
        for field, name, tip in (
            (self.recipe_box, self.tr("Recipe"), self.tr("A network with its digits and its training, by name")),
            (
                self.more,
                self.tr("More settings"),
                self.tr("Loss, initial weights, dropout, schedule, weight decay, patience…"),
            ),
            (self.source_box, self.tr("Data"), self.tr("Which digits the network learns from")),
            (self.get_mnist, self.tr("Get MNIST"), self.tr("Download 70,000 handwritten digits (12 MB), once")),
            (
                self.layers,
                self.tr("Hidden layers"),
                self.tr("Units of each hidden layer, from input to output: 128 64"),
            ),
            (self.activation, self.tr("Activation"), self.tr("What follows each hidden layer")),
            (self.optimizer, self.tr("Optimiser"), self.tr("How gradients become steps")),
            (self.rate, self.tr("Learning rate"), self.tr("How far each step goes; may change while it trains")),
            (self.batch, self.tr("Batch size"), self.tr("Digits that are looked at before each step")),
            (self.epochs, self.tr("Epochs"), self.tr("How many times all digits are gone through")),
            (self.seed, self.tr("Seed"), self.tr("The same seed gives the same training again")),
            (
                self.new_network,
                self.tr("Train a new network"),
                self.tr(
                    "Make the network of these fields, with random weights; if not, go on with the one in hand"
                ),
            ),
        ):
            field.setAccessibleName(name)
            field.setToolTip(tip)
        for position in range(1, self.recipe_box.count()):
            summary = RECIPES[self.recipe_box.itemData(position)].summary
            self.recipe_box.setItemData(position, summary, Qt.ItemDataRole.ToolTipRole)


def usual_rate(optimizer: str) -> float:
    """Tell the rate to begin with."""
    return USUAL_RATES.get(optimizer, USUAL_ADAPTIVE_RATE)


def choice(names: Mapping[str, str]) -> QComboBox:
    """Make a box to choose from, which may be narrower than what is in it."""
    box = ChoiceBox()
    for name, text in names.items():
        box.addItem(translated(text), name)
    box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    box.setMinimumContentsLength(4)
    box.setMinimumWidth(70)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return box


def label(text: str, field: QWidget) -> QLabel:
    """Make the label of a field, whose key leads into it."""
    made = QLabel(text)
    made.setBuddy(field)
    return made


def _width_of(*buttons: QPushButton) -> int:
    """Tell how wide buttons must be for the longest of their words."""
    return 16 + max(button.fontMetrics().horizontalAdvance(button.text()) for button in buttons)


def choose(box: QComboBox, value: object) -> None:
    """Choose the entry that stands for a value; nothing happens where there is none."""
    position = box.findData(value)
    if position >= 0:
        box.setCurrentIndex(position)

"""The fields of the training panel: what a person may choose before pressing Train.

What is in the fields becomes a plan for the network and a `TrainingConfig`. While a training runs everything is
locked but the rate, which may change at any moment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QWidget,
)

from gui.theme import SPACING
from gui.training_plan import NetworkPlan, layers_text, parse_layers
from nn.compat import override
from nn.layers import ACTIVATIONS
from nn.optimizers import OPTIMIZERS
from nn.training import TrainingConfig

if TYPE_CHECKING:
    from collections.abc import Mapping

SOURCES = {"mnist": "MNIST handwriting", "synthetic": "Synthetic digits"}

ACTIVATION_NAMES = {
    "relu": "ReLU",
    "sigmoid": "Sigmoid",
    "tanh": "Tanh",
    "leaky_relu": "Leaky ReLU",
    "softplus": "Softplus",
    "identity": "None (identity)",
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


class RateBox(QDoubleSpinBox):
    """A field for a learning rate: steps by a tenth of its size, and writes no more digits than it has."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDecimals(6)
        self.setRange(1e-6, 100.0)
        self.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)

    @override
    def textFromValue(self, value: float) -> str:
        text = self.locale().toString(value, "f", 6)
        return text.rstrip("0").rstrip(self.locale().decimalPoint())


class TrainingForm(QWidget):
    """The fields, each with its label and its key."""

    changed = Signal()
    """Some field has another value."""

    rate_changed = Signal(float)
    """The rate is another; also while everything else is locked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._make_fields()
        self._lay_out()
        self._explain()
        self._connect()
        self._has_mnist = True
        self.show_sources(has_mnist=False)

    def hidden(self) -> tuple[int, ...]:
        """Return the sizes of the hidden layers; ConfigurationError, with a sentence, if they are none."""
        return parse_layers(self._layers.text())

    def plan(self) -> NetworkPlan:
        """Return the network that the fields describe; ConfigurationError as `hidden`."""
        return NetworkPlan(self.hidden(), self._activation.currentData())

    def config(self) -> TrainingConfig:
        """Return how the fields say to train; ConfigurationError if nobody could."""
        return TrainingConfig(
            epochs=self._epochs.value(),
            batch_size=self._batch.value(),
            optimizer=self._optimizer.currentData(),
            rate=self.rate.value(),
            seed=self._seed.value(),
        )

    @property
    def source(self) -> str:
        """Which digits to train on: a name from `SOURCES`."""
        return str(self._source.currentData())

    @property
    def wants_new_weights(self) -> bool:
        """Whether the box for new weights is ticked."""
        return self.new_weights.isChecked()

    def show_plan(self, plan: NetworkPlan | None) -> None:
        """Put the shape of the current network into the fields."""
        if plan:
            self._layers.setText(layers_text(plan.hidden))
            self._choose(self._activation, plan.activation)
        self.new_weights.setChecked(False)

    def show_sources(self, *, has_mnist: bool) -> None:
        """Offer MNIST only where it is there, and choose it when it has just come."""
        if has_mnist == self._has_mnist:
            return
        self._has_mnist = has_mnist
        position = self._source.findData("mnist")
        self._source.model().item(position).setEnabled(has_mnist)  # type: ignore[attr-defined]
        self.get_mnist.setVisible(not has_mnist)
        self._choose(self._source, "mnist" if has_mnist else "synthetic")

    def lock(self, *, locked: bool) -> None:
        """Lock or free everything but the rate."""
        for field in (
            self._source,
            self._layers,
            self._activation,
            self._optimizer,
            self._batch,
            self._epochs,
            self._seed,
        ):
            field.setDisabled(locked)
        self.get_mnist.setDisabled(locked)

    def values(self) -> dict[str, Any]:
        """Return what is worth remembering until next week, as JSON can hold it; the layers are the network's."""
        return {
            "source": self.source,
            "optimizer": self._optimizer.currentData(),
            "rate": self.rate.value(),
            "batch_size": self._batch.value(),
            "epochs": self._epochs.value(),
            "seed": self._seed.value(),
        }

    def restore(self, values: Mapping[str, Any]) -> None:
        """Put remembered values back; what does not fit a field is as if it had never been remembered."""
        if values.get("source") != "mnist" or self._has_mnist:
            self._choose(self._source, values.get("source"))
        self._choose(self._optimizer, values.get("optimizer"))
        rate = values.get("rate")
        if isinstance(rate, float | int):
            self.rate.setValue(rate)
        for field, name in ((self._batch, "batch_size"), (self._epochs, "epochs"), (self._seed, "seed")):
            value = values.get(name)
            if isinstance(value, int) and abs(value) < 2**31:
                field.setValue(value)

    def _make_fields(self) -> None:
        self._source = _choice(SOURCES)
        self.get_mnist = QPushButton(self.tr("Get &MNIST…"))
        self._layers = QLineEdit("50 50")
        self._layers.setObjectName("layers")
        self._layers.setMinimumWidth(50)
        self._activation = _choice({name: ACTIVATION_NAMES.get(name, name) for name in ACTIVATIONS})
        self._optimizer = _choice({name: OPTIMIZER_NAMES.get(name, name.title()) for name in OPTIMIZERS})
        self._optimizer.setObjectName("optimizer")
        self.rate = RateBox()
        self.rate.setMinimumWidth(50)
        self.rate.setValue(usual_rate(self._optimizer.currentData()))
        self._batch = _number(1, 4096, 32)
        self._epochs = _number(1, 1000, 10)
        self._seed = _number(0, 2**31 - 1, 0)
        self.new_weights = QCheckBox(self.tr("Ne&w weights"))

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACING)
        grid.setVerticalSpacing(SPACING // 2)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        grid.addWidget(_label(self.tr("D&ata"), self._source), 0, 0)
        data = QHBoxLayout()
        data.setSpacing(SPACING)
        data.addWidget(self._source, 1)
        data.addWidget(self.get_mnist)
        grid.addLayout(data, 0, 1, 1, 3)
        pairs = (
            (self.tr("&Layers"), self._layers),
            (self.tr("Act&ivation"), self._activation),
            (self.tr("&Optimiser"), self._optimizer),
            (self.tr("&Rate"), self.rate),
            (self.tr("&Batch"), self._batch),
            (self.tr("Epo&chs"), self._epochs),
            (self.tr("See&d"), self._seed),
        )
        for position, (text, field) in enumerate(pairs):
            row, column = divmod(position, 2)
            grid.addWidget(_label(text, field), row + 1, 2 * column)
            grid.addWidget(field, row + 1, 2 * column + 1)
        grid.addWidget(self.new_weights, 4, 2, 1, 2)

    def _explain(self) -> None:
        tr = self.tr
        for field, name, tip in (
            (self._source, tr("Data"), tr("Which digits the network learns from")),
            (self.get_mnist, tr("Get MNIST"), tr("Download 70,000 handwritten digits (12 MB), once")),
            (self._layers, tr("Hidden layers"), tr("Units of each hidden layer, from input to output: 128 64")),
            (self._activation, tr("Activation"), tr("What follows each hidden layer")),
            (self._optimizer, tr("Optimiser"), tr("How gradients become steps")),
            (self.rate, tr("Learning rate"), tr("How far each step goes; may change while it trains")),
            (self._batch, tr("Batch size"), tr("Digits that are looked at before each step")),
            (self._epochs, tr("Epochs"), tr("How many times all digits are gone through")),
            (self._seed, tr("Seed"), tr("The same seed gives the same training again")),
            (
                self.new_weights,
                tr("Start from new weights"),
                tr("Forget what the network has learned and begin again with random weights"),
            ),
        ):
            field.setAccessibleName(name)
            field.setToolTip(tip)

    def _connect(self) -> None:
        self._optimizer_before = str(self._optimizer.currentData())
        self._optimizer.currentIndexChanged.connect(self._follow_optimizer)
        self.rate.valueChanged.connect(self.rate_changed)
        for signal in (
            self._source.currentIndexChanged,
            self._layers.textChanged,
            self._activation.currentIndexChanged,
            self._optimizer.currentIndexChanged,
            self.rate.valueChanged,
            self._batch.valueChanged,
            self._epochs.valueChanged,
            self._seed.valueChanged,
            self.new_weights.toggled,
        ):
            signal.connect(self._tell)

    def _tell(self) -> None:
        self.changed.emit()

    def _follow_optimizer(self) -> None:
        """Turn the usual rate of one optimiser into that of the other; a rate of one's own choice stays."""
        chosen = str(self._optimizer.currentData())
        if self.rate.value() == usual_rate(self._optimizer_before):
            self.rate.setValue(usual_rate(chosen))
        self._optimizer_before = chosen

    @staticmethod
    def _choose(box: QComboBox, value: object) -> None:
        position = box.findData(value)
        if position >= 0:
            box.setCurrentIndex(position)


def usual_rate(optimizer: str) -> float:
    """Tell the rate to begin with."""
    return USUAL_RATES.get(optimizer, USUAL_ADAPTIVE_RATE)


def _choice(names: Mapping[str, str]) -> QComboBox:
    box = QComboBox()
    for name, text in names.items():
        box.addItem(text, name)
    box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    box.setMinimumContentsLength(4)
    box.setMinimumWidth(70)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return box


def _number(least: int, most: int, value: int) -> QSpinBox:
    box = QSpinBox()
    box.setRange(least, most)
    box.setValue(value)
    box.setMinimumWidth(50)
    box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return box


def _label(text: str, field: QWidget) -> QLabel:
    label = QLabel(text)
    label.setBuddy(field)
    return label

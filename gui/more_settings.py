"""What a training has beside its first few fields: a small dialog behind the button “More…”.

All of it has a value that suits a beginning, so nobody needs to come here. What it gives out are plain values; the
form of the training panel keeps them and makes a plan and a configuration of them.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QWidget,
)

from gui.number_fields import DecimalBox, RateBox, WholeBox
from gui.theme import SPACING
from gui.words import tr, translated
from nn.data.augmentation import AUGMENTATIONS
from nn.initializers import INITIAL_NAMES
from nn.losses import LOSSES
from nn.schedules import SCHEDULES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gui.training_plan import NetworkPlan
    from nn.training_config import TrainingConfig

BY_DATA = "by the data"
"""The augmentation that `augmentation_for` chooses."""

MOST_DROPOUT, MOST_DECAY, MOST_PATIENCE = 0.9, 1.0, 1000

LOSS_NAMES = {
    "cross_entropy": tr("Cross-entropy"),
    "open_cross_entropy": tr("Cross-entropy with “no digit”"),
    "sigmoid_cross_entropy": tr("Cross-entropy of sigmoids"),
    "squared_error": tr("Squared error"),
}
INITIAL_RULES = {"": tr("As suits the activation"), "he": "He", "xavier": "Xavier", "glorot": "Glorot"}
SCHEDULE_NAMES = {
    "constant": tr("Constant"),
    "cosine": tr("Cosine"),
    "steps": tr("In steps"),
    "exponential": tr("Exponential"),
    "one_cycle": tr("One cycle"),
}
AUGMENTATION_NAMES = {
    BY_DATA: tr("As suits the digits"),
    "none": tr("None"),
    "rotations": tr("Rotations"),
    "gentle": tr("Gentle"),
    "strong": tr("Strong"),
}


def augmentation_for(source: str) -> str:
    """Tell the augmentation that suits a source of digits.

    Synthetic digits are neater than people's, and varied a little anew in each epoch they prepare better for
    these. MNIST's stay as they are, so that results can be set beside those of the books.
    """
    return "gentle" if source == "synthetic" else "none"


@dataclass(frozen=True, slots=True)
class MoreSettings:
    """The values behind “More…”; those to begin with are its defaults."""

    loss: str = "cross_entropy"
    initial: str = ""
    dropout: float = 0.0
    schedule: str = "constant"
    weight_decay: float = 0.0
    augmentation: str = BY_DATA
    patience: int = 0
    """Epochs without a better one before it stops early; 0 for never."""

    def with_network(self, plan: NetworkPlan) -> MoreSettings:
        """Return them as a network in hand has them."""
        return replace(self, loss=plan.loss, dropout=plan.dropout)

    def with_training(self, config: TrainingConfig) -> MoreSettings:
        """Return them as a recipe trains."""
        return replace(
            self,
            schedule=config.schedule,
            weight_decay=config.weight_decay,
            augmentation=config.augmentation,
            patience=config.patience or 0,
        )

    def for_training(self, source: str) -> dict[str, Any]:
        """Return what of them a `TrainingConfig` takes, by its names."""
        by_data = self.augmentation == BY_DATA
        return {
            "schedule": self.schedule,
            "weight_decay": self.weight_decay,
            "augmentation": augmentation_for(source) if by_data else self.augmentation,
            "patience": self.patience or None,
        }

    def values(self) -> dict[str, Any]:
        """Return them as JSON can hold them."""
        return asdict(self)

    def restored(self, values: Mapping[str, Any]) -> MoreSettings:
        """Return them with remembered values; what does not fit is as if it had never been remembered."""
        known = {field.name: values[field.name] for field in fields(self) if field.name in values}
        return replace(self, **{name: value for name, value in known.items() if _fits(name, value)})


_CHOICES: dict[str, Mapping[str, str]] = {
    "loss": {name: LOSS_NAMES.get(name, name) for name in LOSSES},
    "initial": INITIAL_RULES | {name: name.title() for name in INITIAL_NAMES if name not in INITIAL_RULES},
    "schedule": {name: SCHEDULE_NAMES.get(name, name) for name in SCHEDULES},
    "augmentation": AUGMENTATION_NAMES
    | {name: name.title() for name in AUGMENTATIONS if name not in AUGMENTATION_NAMES},
}
_MOST = {"dropout": MOST_DROPOUT, "weight_decay": MOST_DECAY, "patience": MOST_PATIENCE}


def _fits(name: str, value: object) -> bool:
    if name in _CHOICES:
        return isinstance(value, str) and value in _CHOICES[name]
    kind: tuple[type, ...] = (int,) if name == "patience" else (int, float)
    return isinstance(value, kind) and not isinstance(value, bool) and 0 <= value <= _MOST[name]  # type: ignore[operator]


class MoreDialog(QDialog):
    """Asks for all of it.

    Parameters
    ----------
    parent
        What the dialog belongs to.
    settings
        What the fields show first.
    fixed
        Why what belongs to the network cannot be chosen; "" where it can.
    """

    chosen = Signal(object)
    """The `MoreSettings` that the person said yes to."""

    def __init__(self, parent: QWidget, settings: MoreSettings, *, fixed: str = "") -> None:
        super().__init__(parent)
        self.setObjectName("more_settings")
        self.setWindowTitle(self.tr("More about the training"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._choices = {name: _choice(name, names) for name, names in _CHOICES.items()}
        self._make_numbers()
        self._lay_out(fixed)
        self._explain()
        for name in ("loss", "initial"):
            self._choices[name].setDisabled(bool(fixed))
        self.dropout.setDisabled(bool(fixed))
        self.show_settings(settings)
        self.accepted.connect(self._choose)

    def settings(self) -> MoreSettings:
        """Return what the fields say."""
        chosen: dict[str, Any] = {name: str(box.currentData()) for name, box in self._choices.items()}
        return MoreSettings(
            dropout=round(self.dropout.value(), 3),
            weight_decay=round(self.weight_decay.value(), 6),
            patience=self.patience.value(),
            **chosen,
        )

    def show_settings(self, settings: MoreSettings) -> None:
        """Put values into the fields; those that are fixed stay."""
        for name, box in self._choices.items():
            box.setCurrentIndex(max(0, box.findData(getattr(settings, name))))
        self.dropout.setValue(settings.dropout)
        self.weight_decay.setValue(settings.weight_decay)
        self.patience.setValue(settings.patience)

    def restore_defaults(self) -> None:
        """Show the values to begin with, but for what is fixed."""
        shown, first = self.settings(), MoreSettings()
        if not self.dropout.isEnabled():
            first = replace(first, loss=shown.loss, initial=shown.initial, dropout=shown.dropout)
        self.show_settings(first)

    def _make_numbers(self) -> None:
        self.dropout = DecimalBox(0.0, MOST_DROPOUT)
        self.dropout.setSingleStep(0.05)
        self.weight_decay = RateBox(0.0, MOST_DECAY)
        self.patience = WholeBox(0, MOST_PATIENCE)
        self.patience.setSpecialValueText(self.tr("Never stop early"))
        self.patience.setSuffix(self.tr(" epochs"))
        for name in ("dropout", "weight_decay", "patience"):
            getattr(self, name).setObjectName(f"more_{name}")

    def _lay_out(self, fixed: str) -> None:
        form = QFormLayout(self)
        form.setVerticalSpacing(SPACING)
        for text, field in (
            (self.tr("&Loss"), self._choices["loss"]),
            (self.tr("&Initial weights"), self._choices["initial"]),
            (self.tr("&Dropout"), self.dropout),
            (self.tr("&Schedule of the rate"), self._choices["schedule"]),
            (self.tr("&Weight decay (L2)"), self.weight_decay),
            (self.tr("&Augmentation"), self._choices["augmentation"]),
            (self.tr("&Patience"), self.patience),
        ):
            form.addRow(text, field)
        rule = self.tr(
            "As suits the digits: synthetic digits are varied a little anew in each epoch (gentle), because "
            "people's are less neat; MNIST's are left as they are."
        )
        for words in (rule, fixed):
            if words:
                form.addRow(QLabel(words, wordWrap=True))
        form.addRow(self._buttons())
        self.setMinimumWidth(400)

    def _buttons(self) -> QDialogButtonBox:
        kinds = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel | kinds.RestoreDefaults)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        buttons.button(kinds.RestoreDefaults).clicked.connect(self.restore_defaults)
        return buttons

    def _explain(self) -> None:
        for field, name, tip in (
            (self._choices["loss"], self.tr("Loss"), self.tr("What training makes small")),
            (
                self._choices["initial"],
                self.tr("Initial weights"),
                self.tr("How large a new network's random weights are"),
            ),
            (
                self.dropout,
                self.tr("Dropout"),
                self.tr("Share of each hidden layer's units that rests in each step"),
            ),
            (
                self._choices["schedule"],
                self.tr("Schedule"),
                self.tr("What becomes of the rate from the first step to the last"),
            ),
            (
                self.weight_decay,
                self.tr("Weight decay"),
                self.tr("How strongly weights are drawn to 0; biases are not"),
            ),
            (
                self._choices["augmentation"],
                self.tr("Augmentation"),
                self.tr("How much each digit is varied in each epoch"),
            ),
            (
                self.patience,
                self.tr("Patience"),
                self.tr("Epochs without a better one before it stops, and keeps the best network"),
            ),
        ):
            field.setAccessibleName(name)
            field.setToolTip(tip)

    def _choose(self) -> None:
        self.chosen.emit(self.settings())


def _choice(name: str, names: Mapping[str, str]) -> QComboBox:
    box = QComboBox()
    box.setObjectName(f"more_{name}")
    for key, text in names.items():
        box.addItem(translated(text), key)
    return box

"""Fields for numbers, which are written one way on every system: ``0.1``, as in all else that the program shows.

Where a system writes 0,1, a person may type either. What separates thousands elsewhere is never guessed at: Qt
would leave it out, and read the 0.001 of somebody whose system has points between thousands as 1.
"""

from __future__ import annotations

from PySide6.QtCore import QLocale
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QSizePolicy, QSpinBox, QWidget

from nn.compat import override


class WholeBox(QSpinBox):
    """A field for a whole number: digits and nothing between them."""

    def __init__(self, least: int = 0, most: int = 99, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setLocale(QLocale.c())
        self.setRange(least, most)

    @override
    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        # To Qt it separates thousands, and 1,5 would be 15.
        if "," in text:
            return QValidator.State.Invalid, text, position
        return super().validate(text, position)


class DecimalBox(QDoubleSpinBox):
    """A field for a number with a fraction behind a point or a comma."""

    def __init__(
        self, least: float = 0.0, most: float = 1.0, parent: QWidget | None = None, *, decimals: int = 2
    ) -> None:
        super().__init__(parent)
        self.setLocale(QLocale.c())
        # Before the limits, which are rounded to them.
        self.setDecimals(decimals)
        self.setRange(least, most)

    @override
    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        return super().validate(text.replace(",", "."), position)

    @override
    def valueFromText(self, text: str) -> float:
        return super().valueFromText(text.replace(",", "."))


class RateBox(DecimalBox):
    """A field for a rate: steps by a tenth of its size, and writes no more digits than it has."""

    def __init__(self, least: float = 1e-6, most: float = 100.0, parent: QWidget | None = None) -> None:
        super().__init__(least, most, parent, decimals=6)
        self.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)

    @override
    def textFromValue(self, value: float) -> str:
        return f"{value:.6f}".rstrip("0").rstrip(".")


def number(least: int, most: int, value: int) -> WholeBox:
    """Make a field for a whole number that shares a column with others."""
    box = WholeBox(least, most)
    box.setValue(value)
    box.setMinimumWidth(50)
    box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return box

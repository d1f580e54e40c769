"""What the network imagines: ten heat maps to choose from, one of them large, each with the network's own verdict.

Under each small picture stands what the network reads in it. One that it does not read as itself carries a cross
and another colour, so that it is found at a glance and without seeing colours. The large one says it in full.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QButtonGroup,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gui.heat_map import HeatMap, Thumbnail
from gui.percent import percent
from gui.theme import HEADING, SPACING, scaled_font
from nn.compat import override
from nn.explain.imagination import METHOD_NAMES, METHODS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtGui import QResizeEvent

    from nn.explain.imagination import Imagination
    from nn.recognition import Prediction

FIRST_METHOD = "principal"
"""What a person sees who has chosen nothing yet: of all methods, that by which most networks imagine digits."""

COLUMNS = 5

TALL = 1.3
"""From this ratio of height to width the words stand below the large picture."""


class ImaginationPanel(QWidget):
    """Shows ten imagined digits."""

    method_changed = Signal(str)
    """The method a person has chosen: one of `nn.explain.imagination.METHODS`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("imagination")
        self.setAccessibleName(self.tr("Imagination"))
        self._imaginations: Sequence[Imagination] = ()
        self._why_nothing = self.tr("Nothing imagined yet.")
        self._make_method()
        self._make_large()
        self._make_thumbnails()
        self._lay_out()
        self.choose(3)

    @property
    def method(self) -> str:
        """The chosen method."""
        return str(self._method.currentData())

    @property
    def digit(self) -> int:
        """Which digit is shown large."""
        return self._group.checkedId()

    def choose(self, digit: int) -> None:
        """Show another digit large."""
        self._thumbnails[digit].setChecked(True)

    def show_digits(self, imaginations: Sequence[Imagination]) -> None:
        """Show ten imagined digits, in order."""
        self._imaginations = imaginations
        for imagination, thumbnail in zip(imaginations, self._thumbnails, strict=True):
            verdict = self._in_words(imagination.verdict)
            thumbnail.show_picture(imagination.picture, _in_short(imagination), agrees=imagination.is_recognized)
            thumbnail.setToolTip(verdict)
            thumbnail.setAccessibleDescription(verdict)
        self._show_large()

    def show_failure(self, message: str) -> None:
        """Say why there is nothing to show."""
        self._imaginations, self._why_nothing = (), message
        for thumbnail in self._thumbnails:
            thumbnail.clear()
            thumbnail.setToolTip("")
            thumbnail.setAccessibleDescription("")
        self._show_large()

    def values(self) -> dict[str, Any]:
        """Return what is worth remembering, as JSON can hold it."""
        return {"method": self.method, "digit": self.digit}

    def restore(self, values: Mapping[str, Any]) -> None:
        """Put remembered values back; what does not fit is as if it had never been remembered."""
        position = self._method.findData(values.get("method"))
        if position >= 0:
            self._method.setCurrentIndex(position)
        digit = values.get("digit")
        if isinstance(digit, int) and digit in range(10):
            self.choose(digit)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the words beside the large picture or, where there is more height than width, below it."""
        super().resizeEvent(event)
        for thumbnail in self._thumbnails:
            thumbnail.limit_height((self.width() - (COLUMNS - 1) * SPACING // 2) // COLUMNS)
        is_tall = self.height() > TALL * self.width()
        way = QBoxLayout.Direction.TopToBottom if is_tall else QBoxLayout.Direction.LeftToRight
        if way != self._top.direction():
            self._top.setDirection(way)
            self._top.setStretch(1, 0 if is_tall else 1)
            self.verdict.setSizePolicy(
                QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum if is_tall else QSizePolicy.Policy.Expanding
            )

    def _make_method(self) -> None:
        self._method = QComboBox()
        self._method.setAccessibleName(self.tr("Method of imagining"))
        tips = {
            "transposed": self.tr("Each layer's weights, walked backwards from the digit to the pixels"),
            "backquery": self.tr("The network run backwards, undoing each layer in turn"),
            "ascent": self.tr("From noise, step by step, towards what the network wants to see more of"),
            "ascent-plain": self.tr("The same with nothing held: what convinces the network alone"),
            "principal": self.tr("From the average digit, step by step, among pictures that look like digits"),
        }
        for position, name in enumerate(METHODS):
            self._method.addItem(METHOD_NAMES[name], name)
            self._method.setItemData(position, tips[name], Qt.ItemDataRole.ToolTipRole)
        self._method.setCurrentIndex(METHODS.index(FIRST_METHOD))
        self._method.setToolTip(self.tr("How a label is turned back into a picture"))
        self._method.currentIndexChanged.connect(self._tell_method)

    def _make_large(self) -> None:
        self.large = HeatMap()
        self.large.setMinimumSize(84, 84)
        self.heading = QLabel()
        self.heading.setFont(scaled_font(self.font(), HEADING, bold=True))
        self.verdict = QLabel()
        self.verdict.setObjectName("verdict")
        self.verdict.setWordWrap(True)
        self.verdict.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.verdict.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)

    def _make_thumbnails(self) -> None:
        self._group = QButtonGroup(self)
        self._thumbnails = [Thumbnail(digit, COLUMNS) for digit in range(10)]
        for thumbnail in self._thumbnails:
            self._group.addButton(thumbnail, thumbnail.digit)
            thumbnail.moved.connect(self._move_to)
            thumbnail.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._group.idToggled.connect(self._follow_choice)

    def _lay_out(self) -> None:
        label = QLabel(self.tr("B&y"))
        label.setBuddy(self._method)
        method = QHBoxLayout()
        method.addWidget(label)
        method.addWidget(self._method, 1)
        words = QVBoxLayout()
        words.setSpacing(SPACING // 2)
        words.addLayout(method)
        words.addWidget(self.heading)
        words.addWidget(self.verdict, 1)
        self._top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._top.setSpacing(SPACING)
        self._top.addWidget(self.large, 1)
        self._top.addLayout(words, 1)
        grid = QGridLayout()
        grid.setSpacing(SPACING // 2)
        for digit, thumbnail in enumerate(self._thumbnails):
            grid.addWidget(thumbnail, *divmod(digit, COLUMNS))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addLayout(self._top, 5)
        layout.addLayout(grid, 4)

    def _tell_method(self) -> None:
        self.method_changed.emit(self.method)

    def _move_to(self, digit: int) -> None:
        if digit in range(10):
            self._thumbnails[digit].setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._thumbnails[digit].setChecked(True)

    def _follow_choice(self, digit: int, is_chosen: bool) -> None:  # noqa: FBT001 - the signal's own shape
        # Tab stops at the chosen one only; the arrows lead to the others.
        policy = Qt.FocusPolicy.StrongFocus if is_chosen else Qt.FocusPolicy.ClickFocus
        self._thumbnails[digit].setFocusPolicy(policy)
        if is_chosen:
            self._show_large()

    def _show_large(self) -> None:
        self.heading.setText(self.tr("A {0} as it imagines it").format(self.digit))
        if not self._imaginations:
            self.large.clear()
            self.large.setAccessibleName("")
            self.verdict.setText(self._why_nothing)
            return
        shown = self._imaginations[self.digit]
        self.large.show_picture(shown.picture)
        self.large.setAccessibleName(self.tr("The digit {0} as the network imagines it").format(self.digit))
        self.verdict.setText(self._in_words(shown.verdict))

    def _in_words(self, verdict: Prediction) -> str:
        if verdict.digit is None:
            return self.tr("It imagines nothing here: the picture is empty.")
        words = self.tr("Read as {0}; second guess {1}; ahead by {2}").format(
            verdict.digit, verdict.second, percent(verdict.lead)
        )
        return f"{words}. {verdict.reason}" if verdict.reason else words


def _in_short(imagination: Imagination) -> str:
    verdict = imagination.verdict
    if verdict.digit is None:
        return "–"
    mark = "" if imagination.is_recognized else "✗ "
    return f"{mark}{verdict.digit} · {percent(verdict.confidence)}"

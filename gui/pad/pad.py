"""The pad: five tools above a square of paper.

The actions belong to the pad; the window puts the same ones into its Edit menu, so a button, a menu entry and a
shortcut are one thing that is enabled and disabled once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from gui.actions import keys_of
from gui.pad.canvas import Canvas, Tool
from gui.pad.icons import SIZE, icon
from gui.theme import SPACING, theme_of
from nn.compat import override

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QResizeEvent

    from gui.pad.document import Document


class Pad(QWidget):
    """Where a person draws.

    Attributes
    ----------
    canvas
        The paper; its ``live_changed`` and ``live_drawing`` are what the recogniser follows.
    pen_action, eraser_action, undo_action, redo_action, clear_action
        The five tools, for a menu.
    """

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.setObjectName("pad")
        self.canvas = Canvas(document)
        self.pen_action, self.eraser_action = self._tool_actions()
        self.undo_action, self.redo_action = self._undo_actions()
        self.clear_action = QAction(self.tr("&Clear"), self)
        self.clear_action.triggered.connect(self.clear)
        for name, action in self.actions_by_name().items():
            action.setShortcuts(keys_of(name))
            action.setIconVisibleInMenu(False)
        self._dress()
        self._lay_out()
        for changed in (document.changed, self.canvas.live_changed):
            changed.connect(self._enable)
        document.undo_stack.undoTextChanged.connect(self._explain_undo)
        document.undo_stack.redoTextChanged.connect(self._explain_redo)
        self._enable()
        self._explain_all()

    def actions_by_name(self) -> dict[str, QAction]:
        """List the five actions in the order of the tool row."""
        return {
            "pen": self.pen_action,
            "eraser": self.eraser_action,
            "undo": self.undo_action,
            "redo": self.redo_action,
            "clear": self.clear_action,
        }

    def clear(self) -> None:
        """Empty the paper; a live stroke is dropped."""
        self.canvas.drop()
        self._document.clear()

    def join(self, actions: Mapping[str, QAction]) -> None:
        """Tie the window's actions of the same names to the pad's.

        Each then does what the pad's does and is enabled and chosen as the pad's is. The keys are the window's
        from now on, for a key that two actions claim would call neither.
        """
        for name, own in self.actions_by_name().items():
            if name in actions:
                own.setShortcuts([])
                _follow(actions[name], own)

    # How it is made

    def _tool_actions(self) -> tuple[QAction, QAction]:
        group = QActionGroup(self)
        pen, eraser = QAction(self.tr("&Pen"), group), QAction(self.tr("&Eraser"), group)
        for action in (pen, eraser):
            action.setCheckable(True)
            action.triggered.connect(self._choose)
        pen.setChecked(True)
        return pen, eraser

    def _undo_actions(self) -> tuple[QAction, QAction]:
        stack = self._document.undo_stack
        undo = stack.createUndoAction(self, self.tr("&Undo"))
        redo = stack.createRedoAction(self, self.tr("&Redo"))
        undo.setIconText(self.tr("Undo"))
        redo.setIconText(self.tr("Redo"))
        return undo, redo

    def _dress(self) -> None:
        theme = theme_of(self.palette())
        for name, action in self.actions_by_name().items():
            action.setIcon(icon(name, theme))

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(2)
        for name, action in self.actions_by_name().items():
            if name in ("undo", "clear"):
                row.addStretch()
            row.addWidget(self._button(name, action))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addLayout(row)
        layout.addWidget(_Square(self.canvas), 1)

    def _button(self, name: str, action: QAction) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setDefaultAction(action)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setIconSize(QSize(SIZE, SIZE))
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(action.iconText())
        return button

    # What follows what

    def _choose(self) -> None:
        tool: Tool = "eraser" if self.eraser_action.isChecked() else "pen"
        self.canvas.tool = tool

    def _enable(self) -> None:
        is_empty = self._document.is_blank and not self.canvas.is_drawing
        self.clear_action.setEnabled(not is_empty)

    def _explain_all(self) -> None:
        self._explain("pen", self.tr("Draw"))
        self._explain("eraser", self.tr("Erase whole strokes"))
        self._explain("clear", self.tr("Clear the paper"))
        self._explain_undo(self._document.undo_stack.undoText())
        self._explain_redo(self._document.undo_stack.redoText())

    def _explain_undo(self, step: str) -> None:
        self._explain("undo", self.tr("Undo {step}").format(step=step).strip())

    def _explain_redo(self, step: str) -> None:
        self._explain("redo", self.tr("Redo {step}").format(step=step).strip())

    def _explain(self, name: str, what: str) -> None:
        """Say in a tooltip what would happen, and by which key it happens too."""
        keys = keys_of(name)[0].toString(QKeySequence.SequenceFormat.NativeText)
        self.actions_by_name()[name].setToolTip(f"{what} ({keys})")

    @override
    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()
        super().changeEvent(event)


def _follow(follower: QAction, action: QAction) -> None:
    """Have an action do what another one does, and be enabled and chosen as it is."""
    follower.triggered.connect(action.trigger)
    action.enabledChanged.connect(follower.setEnabled)
    follower.setEnabled(action.isEnabled())
    if action.isCheckable():
        action.toggled.connect(follower.setChecked)
        follower.setChecked(action.isChecked())


class _Square(QWidget):
    """Keeps what it holds square, as large as there is room for, and in the middle."""

    def __init__(self, held: QWidget) -> None:
        super().__init__()
        self._held = held
        held.setParent(self)
        self.setMinimumSize(held.minimumSize())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @override
    def sizeHint(self) -> QSize:
        return self._held.sizeHint()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        side = min(self.width(), self.height())
        self._held.setGeometry((self.width() - side) // 2, (self.height() - side) // 2, side, side)
        super().resizeEvent(event)

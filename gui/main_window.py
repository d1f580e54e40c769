"""The window: three columns of panels, menus, and what it remembers of its own shape. No logic.

On the left what a person draws and how it is read, in the middle how the network learns, on the right what it
imagines. The window gives out what a person wants of it as signals, and is told what to show.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QMainWindow,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from gui.actions import Actions
from gui.pictures import picture_file_in
from gui.settings import COLUMNS, GEOMETRY, ROWS, state_of, text_of
from gui.theme import MARGIN
from nn.compat import override

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QCloseEvent, QDropEvent

    from gui.settings import Settings

FIRST_SIZE = QSize(1280, 800)
FRAME = QSize(2, 40)
"""What a desktop may draw around a window: nothing tells before the window is there."""

FIRST_COLUMNS = (424, 410, 446)
FIRST_ROWS = ((480, 240), (1, 1000), (1,))
"""From top to bottom in each column; one that is too small becomes as small as it can be."""

MESSAGE_MS = 6000


@dataclass(frozen=True, slots=True)
class Columns:
    """The panels of the window, column by column, each from top to bottom."""

    left: Sequence[QWidget]
    middle: Sequence[QWidget]
    right: Sequence[QWidget]


class MainWindow(QMainWindow):
    """All panels in sight at once.

    Parameters
    ----------
    columns
        What stands where.
    """

    close_requested = Signal()
    """Somebody wants the window closed; `let_close` allows it, now or later."""

    closed = Signal()
    """The window is about to go."""

    file_dropped = Signal(Path)
    """A file was dropped onto the window that is no picture."""

    picture_dropped = Signal(object)
    """A picture was dropped onto the window, pixels or a file: `QMimeData`."""

    def __init__(self, columns: Columns) -> None:
        super().__init__()
        self._may_close = self._is_asking = False
        self.setObjectName("main_window")
        self.setAcceptDrops(True)
        self.actions_by_name = Actions(self)
        parts = (columns.left, columns.middle, columns.right)
        self._rows = [_splitter(Qt.Orientation.Vertical, part) for part in parts]
        self._rows[0].setStretchFactor(0, 1)
        self._rows[1].setStretchFactor(1, 1)
        self._columns = _splitter(Qt.Orientation.Horizontal, self._rows)
        for position in range(len(parts)):
            self._columns.setStretchFactor(position, 1)
        self.setCentralWidget(_with_margin(self._columns))
        for child in self.findChildren(QWidget):
            if child.acceptDrops():
                child.installEventFilter(self)
        self.reset_layout()
        self.statusBar().setSizeGripEnabled(False)
        # So that it knows how small it may become before it is asked for a size, and before it is shown.
        if layout := self.layout():
            layout.activate()
        self.resize(FIRST_SIZE.boundedTo(self.screen().availableGeometry().size() - FRAME))

    def show_title(self, name: str, *, is_modified: bool) -> None:
        """Name the network in the title, with a star where it has changed."""
        self.setWindowTitle(f"{name}[*] - Inkling")
        self.setWindowModified(is_modified)

    def show_message(self, text: str) -> None:
        """Show a message in the status bar for a while."""
        self.statusBar().showMessage(text, MESSAGE_MS)

    def let_close(self) -> None:
        """Allow the close that was requested, and close if that has not happened yet."""
        self._may_close = True
        if not self._is_asking:
            self.close()

    def reset_layout(self) -> None:
        """Put all columns and rows back to the sizes they have at first."""
        self._columns.setSizes(FIRST_COLUMNS)
        for rows, sizes in zip(self._rows, FIRST_ROWS, strict=True):
            rows.setSizes(sizes)

    def toggle_full_screen(self) -> None:
        """Fill the screen, or stop filling it."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def remember(self, settings: Settings) -> None:
        """Write down where the window is and how its room is shared."""
        settings.put(GEOMETRY, text_of(self.saveGeometry()))
        settings.put(COLUMNS, text_of(self._columns.saveState()))
        settings.put(ROWS, [text_of(rows.saveState()) for rows in self._rows])

    def recall(self, settings: Settings) -> None:
        """Be as `remember` found it; what is damaged is as at first."""
        self.restoreGeometry(state_of(settings.get(GEOMETRY)))
        self._columns.restoreState(state_of(settings.get(COLUMNS)))
        states: list[str] = settings.get(ROWS)
        for rows, state in zip(self._rows, states, strict=False):
            rows.restoreState(state_of(str(state)))

    @override
    def event(self, event: QEvent) -> bool:
        # Whatever has the focus is asked first; what it does not want for itself comes here.
        if event.type() == QEvent.Type.ShortcutOverride and _is_for_field(event):
            event.accept()
            return True
        return super().event(event)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._may_close:
            self._is_asking = True
            self.close_requested.emit()
            self._is_asking = False
        event.setAccepted(self._may_close)
        if self._may_close:
            self.closed.emit()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep files and pictures from a field that would take them for text; the window is asked next."""
        if isinstance(event, QDragEnterEvent) and _is_for_window(event.mimeData()):
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _is_for_window(event.mimeData()):
            _accept_copy(event)

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        data = event.mimeData()
        path = _file_in(data)
        _accept_copy(event)
        if data.hasImage() or picture_file_in(data) is not None:
            self.picture_dropped.emit(data)
        elif path is not None:
            self.file_dropped.emit(path)
        else:
            self.show_message(self.tr("Drop one file of this computer: a picture of a digit, or weights."))


def _accept_copy(event: QDropEvent) -> None:
    """Accept what is dragged as a copy: whoever proposes to move it would delete it after the drop."""
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()


def _is_for_window(data: QMimeData) -> bool:
    return data.hasUrls() or data.hasImage()


def _file_in(data: QMimeData) -> Path | None:
    """Find the one file that is being dragged."""
    urls = data.urls()
    return Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None


def _is_for_field(event: QEvent) -> bool:
    """Tell whether a key that may be a shortcut is what is typed into a field: a letter, a sign, or Del."""
    fields = (QLineEdit, QComboBox, QAbstractSpinBox)
    if not isinstance(event, QKeyEvent) or not isinstance(QApplication.focusWidget(), fields):
        return False
    if event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier):
        return False
    return event.key() == Qt.Key.Key_Delete or (event.text() != "" and event.text().isprintable())


def _splitter(orientation: Qt.Orientation, widgets: Sequence[QWidget]) -> QSplitter:
    splitter = QSplitter(orientation)
    splitter.setChildrenCollapsible(False)
    splitter.setHandleWidth(MARGIN)
    for widget in widgets:
        splitter.addWidget(widget)
    return splitter


def side_by_side(wide: QWidget, narrow: QWidget) -> QWidget:
    """Put two panels into one row; two thirds of it for the first."""
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(MARGIN)
    layout.addWidget(wide, 2)
    layout.addWidget(narrow, 1, Qt.AlignmentFlag.AlignVCenter)
    return row


def _with_margin(widget: QWidget) -> QWidget:
    frame = QWidget()
    frame.setObjectName("panels")
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
    layout.addWidget(widget)
    return frame

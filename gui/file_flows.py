"""From the File menu to files and back: open, save, save as, begin anew, and a picture of the drawing.

Every dialog is opened and left to itself; what it brings comes back as a signal. What goes wrong is shown by the
one door for messages, and leaves the network and the files as they were.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from gui.leaving import Leaving
from gui.new_network import NewNetworkDialog
from gui.opener import Opener
from gui.pictures import SUFFIXES
from gui.png import gray_image, write_png
from gui.settings import FOLDER
from gui.which_network import WhichNetworkDialog
from nn.errors import InklingError, UndeterminedError
from nn.files.shipped import shipped_network
from nn.files.weights import SUFFIX

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.errors import Messages
    from gui.model_store import ModelStore
    from gui.opener import OpenedFile
    from gui.pad.document import Document
    from gui.settings import Settings
    from gui.training_session import TrainingSession
    from nn.network import Network

PICTURE_SIZE = 560
"""Pixels on each side of a saved drawing: twenty for each of the frame's."""


class FileFlows(QObject):
    """What the File menu does.

    Parameters
    ----------
    window
        What the dialogs belong to.
    store, document, session
        The network that is opened and saved, the drawing of which a picture is saved, and the training that is
        ended before its network is dropped.
    settings
        Remembers the last folder and the recent files.
    messages
        Shows what went wrong.
    """

    told = Signal(str)
    """Something was done, in words for the status bar."""

    picture_chosen = Signal(str)
    """A picture of a digit is to be read from this file."""

    recent_changed = Signal()
    """The recent files are others."""

    def __init__(
        self,
        window: QWidget,
        store: ModelStore,
        document: Document,
        session: TrainingSession,
        settings: Settings,
        messages: Messages,
    ) -> None:
        super().__init__(window)
        self._window, self._store, self._document = window, store, document
        self._settings, self._messages = settings, messages
        self._leaving = Leaving(window, store, session, self.save_then)
        self._dropped: Path | None = None
        self._opener = Opener(self)
        self._opener.began.connect(self._tell_of_reading)
        self._opener.opened.connect(self._take)
        self._opener.failed.connect(self._refuse)

    def before_losing(self, action: Callable[[], None]) -> None:
        """Do `action`, which drops the network, after asking where something would be lost."""
        self._leaving.then(action)

    def new_network(self) -> None:
        """Ask for the shape of a new network, and begin with it."""
        dialog = NewNetworkDialog(self._window)
        dialog.chosen.connect(self._begin_with)
        dialog.open()

    def open_file(self) -> None:
        """Ask for a file and open it."""
        kinds = f"{self._networks()};;{self.tr('All files (*)')}"  # other programs' weights end in anything
        dialog = self._dialog("open_dialog", self.tr("Open weights"), kinds, self.open_path)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.open()

    def open_picture(self) -> None:
        """Ask for a picture of a digit."""
        kinds = self.tr("Pictures ({names})").format(names=" ".join(f"*{suffix}" for suffix in SUFFIXES))
        dialog = self._dialog(
            "open_picture_dialog", self.tr("Open a picture of a digit"), kinds, self._choose_picture
        )
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.open()

    def open_path(self, path: Path | str, *, at_once: bool = False, is_dropped: bool = False) -> None:
        """Open a file: one that was chosen, dropped, recent, or named on the command line, which waits for it."""
        chosen = Path(path).absolute()
        self._dropped = chosen if is_dropped else None
        self._opener.read(chosen, at_once=at_once)

    def open_shipped(self) -> None:
        """Open the network that came with the program."""
        try:
            network = shipped_network()
        except InklingError as error:
            self._messages.show_error(error)
        else:
            self.before_losing(partial(self._store.new, network, is_example=True))

    def save(self) -> None:
        """Save the network to its file; ask for one where it has none."""
        self.save_then(_do_nothing)

    def save_then(self, tell: Callable[[bool], None]) -> None:
        """Save, and tell whether that has worked: not if it failed, or no file was chosen."""
        if self._store.path is None:
            self._ask_where(tell)
        else:
            tell(self._save(self._store.path))

    def save_as(self) -> None:
        """Ask for a file and save the network to it."""
        self._ask_where(_do_nothing)

    def save_picture(self) -> None:
        """Ask for a file and save a picture of what is on the pad to it."""
        title = self.tr("Save picture of the drawing")
        dialog = self._dialog("picture_dialog", title, self.tr("Pictures (*.png)"), self._save_picture)
        _make_saving(dialog, "png", "drawing.png")
        dialog.open()

    def _choose_picture(self, path: str) -> None:
        self._settings.put(FOLDER, str(Path(path).parent))
        self.picture_chosen.emit(path)

    def _begin_with(self, network: Network) -> None:
        self.before_losing(lambda: self._store.new(network))

    def _tell_of_reading(self, path: Path) -> None:
        self.told.emit(self.tr("Reading {name}…").format(name=path.name))

    def _take(self, file: OpenedFile) -> None:
        self.before_losing(partial(self._put_in, file))

    def _put_in(self, file: OpenedFile) -> None:
        self._store.open(file)
        self._remember(file.path)
        self.told.emit(self.tr("Opened {name}.").format(name=file.path.name))

    def _refuse(self, path: Path, error: Exception) -> None:
        if isinstance(error, UndeterminedError):
            dialog = WhichNetworkDialog(self._window, path.name, str(error))
            dialog.chosen.connect(partial(self._opener.read, path))
            dialog.open()
            return
        if not path.exists():
            self._settings.forget_file(path)
            self.recent_changed.emit()
        if isinstance(error, InklingError) and path == self._dropped and path.suffix != SUFFIX:
            self._messages.show_error(f"{error} {self._what_can_be_dropped()}")
        else:
            self._messages.show_error(error)

    def _what_can_be_dropped(self) -> str:
        words = self.tr("A file of weights can be dropped here, or a picture of a digit: {names}.")
        return words.format(names=", ".join(SUFFIXES))

    def _ask_where(self, tell: Callable[[bool], None]) -> None:
        def save(path: str) -> None:
            tell(self._save(path))

        def give_up() -> None:
            tell(False)  # noqa: FBT003 - as a signal tells it

        dialog = self._dialog("save_dialog", self.tr("Save the network"), self._networks(), save)
        dialog.rejected.connect(give_up)
        _make_saving(dialog, SUFFIX, self._store.path.name if self._store.path else f"network{SUFFIX}")
        dialog.open()

    def _save(self, path: Path | str) -> bool:
        """Save, and return whether that has worked."""
        chosen = Path(path)
        try:
            self._store.save(chosen)
        except InklingError as error:
            self._messages.show_error(error)
            return False
        self._remember(chosen)
        self.told.emit(self.tr("Saved {name}.").format(name=chosen.name))
        return True

    def _save_picture(self, path: str) -> None:
        from nn.ink.raster import picture_of_drawing  # noqa: PLC0415 -- for this moment only

        try:
            write_png(gray_image(picture_of_drawing(self._document.drawing(), PICTURE_SIZE)), Path(path))
        except InklingError as error:
            self._messages.show_error(error)
        else:
            self._settings.put(FOLDER, str(Path(path).parent))
            self.told.emit(self.tr("Saved {name}.").format(name=Path(path).name))

    def _remember(self, path: Path) -> None:
        self._settings.remember_file(path)
        self.recent_changed.emit()

    def _dialog(self, name: str, title: str, kinds: str, then: Callable[[str], None]) -> QFileDialog:
        dialog = QFileDialog(self._window, title, self._folder(), kinds)
        dialog.setObjectName(name)
        # Qt's own dialog looks and behaves alike on every desktop, and never waits for a portal.
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(then)
        return dialog

    def close(self) -> bool:
        """Wait a moment for a file that is being read, and hear no more of it."""
        return self._opener.close()

    def _networks(self) -> str:
        return self.tr("Networks (*{suffix})").format(suffix=SUFFIX)

    def _folder(self) -> str:
        folder = self._settings.get(FOLDER)
        return folder if folder and Path(folder).is_dir() else str(Path.home())


def _do_nothing(_has_worked: bool) -> None:  # noqa: FBT001 - told as a signal tells it
    """Leave it at that."""


def _make_saving(dialog: QFileDialog, suffix: str, name: str) -> None:
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setDefaultSuffix(suffix)
    dialog.selectFile(name)

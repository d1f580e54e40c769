"""Everything a menu or a key can do, declared as tables.

An entry says what it is called, which key calls it and what it tells in the status bar; what it does is joined
to it in ``gui.app``, by its name. The list of keyboard shortcuts in the Help menu comes from the same tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from gui.words import tr, translated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QMainWindow, QMenu


@dataclass(frozen=True, slots=True)
class Entry:
    """One action: ``name`` is what the code calls it, ``text`` what the menu calls it."""

    name: str
    text: str
    keys: tuple[str, ...] = ()
    tip: str = ""
    choice: str = ""
    """The group of which one is always chosen, for an entry that is a choice."""
    role: QAction.MenuRole = QAction.MenuRole.NoRole


@dataclass(frozen=True, slots=True)
class Submenu:
    """A menu within a menu, filled while the program runs or from entries of its own."""

    name: str
    title: str
    entries: tuple[Entry | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu of the bar; None among its entries is a line between them."""

    name: str
    title: str
    entries: tuple[Entry | Submenu | None, ...]


MENUS: tuple[Menu, ...] = (
    Menu(
        "file",
        tr("&File"),
        (
            Entry(
                "new", tr("&New network…"), ("Ctrl+N",), tr("Begin with a network that has learned nothing yet")
            ),
            Entry("open", tr("&Open weights…"), ("Ctrl+O",), tr("Open a network from a file")),
            Submenu("recent", tr("Open &recent")),
            Entry(
                "open_shipped",
                tr("Open the network that came &with Inkling"),
                (),
                tr("Open the trained network again"),
            ),
            None,
            Entry(
                "open_picture",
                tr("Open p&icture…"),
                ("Ctrl+I",),
                tr("Read a digit from a photograph, scan or picture"),
            ),
            None,
            Entry("save", tr("&Save"), ("Ctrl+S",), tr("Save the network to its file")),
            Entry("save_as", tr("Save &as…"), ("Ctrl+Shift+S",), tr("Save the network to another file")),
            Entry("save_picture", tr("Save &picture of the drawing…"), ("Ctrl+E",), tr("Save what is on the pad")),
            None,
            Entry("quit", tr("&Quit"), ("Ctrl+Q",), tr("Leave Inkling"), role=QAction.MenuRole.QuitRole),
        ),
    ),
    Menu(
        "edit",
        tr("&Edit"),
        (
            Entry("undo", tr("&Undo"), ("Ctrl+Z",), tr("Take back the last change on the pad")),
            Entry("redo", tr("&Redo"), ("Ctrl+Shift+Z", "Ctrl+Y"), tr("Do again what was taken back")),
            None,
            Entry(
                "paste", tr("P&aste a picture"), ("Ctrl+V",), tr("Read a digit from the picture on the clipboard")
            ),
            Entry("clear", tr("&Clear the pad"), ("Del", "Ctrl+Backspace"), tr("Take all strokes off the pad")),
            None,
            Entry("pen", tr("&Pen"), ("P",), tr("Draw strokes"), choice="tool"),
            Entry("eraser", tr("&Eraser"), ("E",), tr("Wipe strokes off"), choice="tool"),
        ),
    ),
    Menu(
        "train",
        tr("&Train"),
        (
            Entry("train", tr("&Train"), ("F5",), tr("Let the network learn, from the settings in the panel")),
            Entry("pause", tr("&Pause or go on"), ("F6",), tr("Rest between two steps, or go on")),
            Entry("step", tr("St&ep"), ("F7",), tr("Take one training step and rest")),
            Entry("stop", tr("&Stop"), ("F8",), tr("End the training; what was learned stays")),
            None,
            Entry("get_mnist", tr("&Get MNIST…"), (), tr("Download the classic 70,000 handwritten digits")),
        ),
    ),
    Menu(
        "view",
        tr("&View"),
        (
            Entry("reset_layout", tr("&Reset the layout"), (), tr("Put all panels back where they were at first")),
            Entry("full_screen", tr("&Full screen"), ("F11",), tr("Fill the screen, or stop filling it")),
        ),
    ),
    Menu(
        "help",
        tr("&Help"),
        (
            Entry("shortcuts", tr("&Keyboard shortcuts"), ("F1",), tr("Every key that does something")),
            Entry("about", tr("&About Inkling"), role=QAction.MenuRole.AboutRole),
        ),
    ),
)


class Actions(dict[str, QAction]):
    """The actions of the tables by name, and the menus that hold them."""

    def __init__(self, window: QMainWindow, table: tuple[Menu, ...] = MENUS) -> None:
        super().__init__()
        self.menus: dict[str, QMenu] = {}
        self._groups: dict[str, QActionGroup] = {}
        self._window = window
        for menu in table:
            self._fill(self._menu(menu.name, menu.title, window.menuBar().addMenu("")), menu.entries)

    def choose(self, name: str) -> None:
        """Mark a choice as the one that holds, without calling it."""
        self[name].setChecked(True)

    def _menu(self, name: str, title: str, menu: QMenu) -> QMenu:
        menu.setObjectName(f"{name}_menu")
        menu.setTitle(translated(title))
        self.menus[name] = menu
        return menu

    def _fill(self, menu: QMenu, entries: tuple[Entry | Submenu | None, ...]) -> None:
        for entry in entries:
            if entry is None:
                menu.addSeparator()
            elif isinstance(entry, Submenu):
                self._fill(self._menu(entry.name, entry.title, menu.addMenu("")), entry.entries)
            else:
                menu.addAction(self._action(entry))

    def _action(self, entry: Entry) -> QAction:
        action = QAction(translated(entry.text), self._window)
        action.setObjectName(f"{entry.name}_action")
        action.setShortcuts([QKeySequence(key) for key in entry.keys])
        action.setStatusTip(translated(entry.tip))
        action.setMenuRole(entry.role)
        if entry.choice:
            action.setCheckable(True)
            self._group(entry.choice).addAction(action)
        self[entry.name] = action
        return action

    def _group(self, name: str) -> QActionGroup:
        return self._groups.setdefault(name, QActionGroup(self._window))


def entries_of(menu: Menu | Submenu) -> Iterator[Entry]:
    """Go through the entries of a menu and of the menus within it."""
    for entry in menu.entries:
        if isinstance(entry, Submenu):
            yield from entries_of(entry)
        elif entry is not None:
            yield entry


def keys_of(name: str) -> list[QKeySequence]:
    """Tell which keys call an entry, the usual one first."""
    (entry,) = (entry for menu in MENUS for entry in entries_of(menu) if entry.name == name)
    return [QKeySequence(key) for key in entry.keys]


def plain(text: str) -> str:
    """Strip a menu's text of what marks its letter and its dialog."""
    return text.replace("&", "").rstrip("…")


def shortcuts_table() -> list[tuple[str, str]]:
    """List what can be done by keyboard, and by which keys, as this system writes them."""
    native, between = QKeySequence.SequenceFormat.NativeText, translated(tr(" or "))
    return [
        (plain(translated(entry.text)), between.join(QKeySequence(key).toString(native) for key in entry.keys))
        for menu in MENUS
        for entry in entries_of(menu)
        if entry.keys
    ]

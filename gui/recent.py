"""The menu of recent files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QMenu

    from gui.settings import Settings


class RecentMenu(QObject):
    """Offers the files that were opened or saved last.

    Parameters
    ----------
    menu
        The menu to fill; greyed out while there are none.
    settings
        Where they are remembered.
    """

    chosen = Signal(Path)

    def __init__(self, menu: QMenu, settings: Settings) -> None:
        super().__init__(menu)
        self._menu, self._settings = menu, settings
        menu.triggered.connect(self._choose)
        self.refill()

    def refill(self) -> None:
        """Read the recent files again."""
        self._menu.clear()
        for position, path in enumerate(self._settings.recent_files(), start=1):
            # An ampersand in a name is no mark for a letter.
            name = path.name.replace("&", "&&")
            action = self._menu.addAction(f"&{position}  {name}")
            action.setData(str(path))
            action.setStatusTip(str(path))
        self._menu.setEnabled(not self._menu.isEmpty())

    def _choose(self, action: QAction) -> None:
        self.chosen.emit(Path(action.data()))

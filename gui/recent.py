"""The menu of recent files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from collections.abc import Sequence

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
        paths = self._settings.recent_files()
        for position, (path, name) in enumerate(zip(paths, told_apart(paths), strict=True), start=1):
            # An ampersand in a name is no mark for a letter.
            action = self._menu.addAction(f"&{position}  {name.replace('&', '&&')}")
            action.setData(str(path))
            action.setStatusTip(str(path))
        self._menu.setEnabled(not self._menu.isEmpty())

    def _choose(self, action: QAction) -> None:
        self.chosen.emit(Path(action.data()))


def told_apart(paths: Sequence[Path]) -> list[str]:
    """Name files so that no two look alike: where names are the same, with as much of the folder as it takes.

    Examples
    --------
    >>> told_apart([Path("/runs/a/net.safetensors"), Path("/runs/b/net.safetensors"), Path("/runs/a/mlp.npz")])
    ['net.safetensors – a', 'net.safetensors – b', 'mlp.npz']
    """
    return [_apart_from(path, [other for other in paths if other != path]) for path in paths]


def _apart_from(path: Path, others: Sequence[Path]) -> str:
    count = 1
    while count < len(path.parts) and any(other.parts[-count:] == path.parts[-count:] for other in others):
        count += 1
    folders = path.parts[-count:-1]
    return f"{path.name} – {Path(*folders)}" if folders else path.name

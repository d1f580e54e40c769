"""``inkling --screenshot``: a picture of the window where there is no display."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtGui import QColor, QImage

from gui.theme import DARK

ROOT = Path(__file__).parents[2]


def take(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("QT_", "XDG_")) and name not in {"DISPLAY", "WAYLAND_DISPLAY"}
    }
    return subprocess.run(
        [sys.executable, "-m", "gui", "--screenshot", *arguments],
        cwd=ROOT,
        env={**kept, "HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def has(picture: QImage, color: QColor, top: int, bottom: int) -> bool:
    return any(picture.pixelColor(x, y) == color for y in range(top, bottom, 2) for x in range(0, 2048, 2))


def test_a_picture_is_written_sharp_and_without_a_trace(tmp_path: Path) -> None:
    path = tmp_path / "window.png"
    ended = take(str(path), "--size", "1024x700", "--dark", home=tmp_path / "home")
    assert (ended.returncode, ended.stderr) == (0, "")
    picture = QImage(str(path))
    assert (picture.width(), picture.height()) == (2048, 1400)
    assert picture.pixelColor(4, 1200) == QColor(DARK.window)
    letters = sum(picture.pixelColor(x, 20).lightness() > 150 for x in range(400))
    assert letters > 10, "the menu has no words"
    for what, top in (("loss", 500), ("accuracy", 950)):
        assert has(picture, DARK.validation, top, top + 400), f"the curves of {what} are not drawn"
    assert not (tmp_path / "home").exists()


def test_a_place_that_cannot_be_written_to_is_a_sentence(tmp_path: Path) -> None:
    ended = take(str(tmp_path / "nowhere" / "window.png"), home=tmp_path / "home")
    assert ended.returncode == 1
    assert ended.stderr.startswith("inkling: ")
    assert "Traceback" not in ended.stderr

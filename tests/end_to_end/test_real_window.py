"""The whole program as a person has it: another process, a real X display, a mouse and a keyboard.

Nothing reaches into the program. The mouse and the keyboard are xdotool's; what the window shows is read from the
display's own pixels and from its title; what it saved is read from the disk.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from gui.theme import LIGHT
from nn.files.weights import load_network

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray
    from PySide6.QtGui import QColor

ROOT = Path(__file__).parents[2]
RECORDED = Path(__file__).with_name("digits.jsonl").read_text(encoding="utf-8").splitlines()
STROKES = {record["label"]: record["strokes"] for record in map(json.loads, RECORDED)}
PAPER = 1000.0
MAIN = " Inkling$"
"""How the title of the main window ends."""

LONG, SHORT = 120.0, 15.0
"""Seconds that a slow and busy machine may take: to train, and for anything else."""


def eventually(is_so: Callable[[], Any], what: str, patience: float = SHORT) -> None:
    deadline = monotonic() + patience
    while not is_so():
        assert monotonic() < deadline, f"waited {patience:.0f} s in vain: {what}"
        sleep(0.1)


@dataclass
class Desktop:
    """A display with a person in front of it.

    Attributes
    ----------
    folder
        The person's home.
    environment
        What programs are started with.
    """

    folder: Path
    environment: dict[str, str]
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        program = subprocess.Popen([sys.executable, "-m", "gui", *arguments], cwd=ROOT, env=self.environment)
        self.started.append(program)
        self.find(MAIN)
        eventually(lambda: _is_like(self.screen(), LIGHT.paper).sum() > 50_000, "the window to be painted")
        return program

    def close(self) -> None:
        for program in self.started:
            program.kill()
            program.wait()

    def xdotool(self, *words: str | float) -> str:
        command = ["xdotool", *(str(word) for word in words)]
        ended = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        return ended.stdout.strip()

    def find(self, title: str) -> str:
        """Wait for a window whose title holds these words, and give it the keyboard, as a window manager does."""
        eventually(lambda: self._windows(title), f"a window called {title!r}")
        window = self._windows(title)[0]
        self.xdotool("windowfocus", "--sync", window)
        return window

    def title(self) -> str:
        windows = self._windows(MAIN)
        return self.xdotool("getwindowname", windows[0]) if windows else ""

    def press(self, keys: str) -> None:
        self.find(MAIN)
        self.xdotool("key", keys)

    def answer(self, dialog: str, words: str) -> None:
        """Type words into a dialog that has come up, and press Return."""
        self.find(dialog)
        sleep(0.5)  # for its first paint and focus; nothing on the screen tells when a field listens
        self.xdotool("type", "--delay", 5, words)
        self.xdotool("key", "Return")
        eventually(lambda: not self._windows(dialog), f"{dialog!r} to close")

    def draw(self, digit: int) -> None:
        left, top, side = self.paper()
        for stroke in STROKES[digit]:
            places = [(round(left + x * side / PAPER), round(top + y * side / PAPER)) for x, y in stroke]
            words: list[str | float] = ["mousemove", *places[0], "mousedown", 1]
            for start, end in pairwise(places):
                middle = (start[0] + end[0]) // 2, (start[1] + end[1]) // 2
                words += ["mousemove", *middle, "sleep", 0.01, "mousemove", *end, "sleep", 0.01]
            self.xdotool(*words, "mouseup", 1)

    def quit(self, program: subprocess.Popen[bytes]) -> int:
        self.press("ctrl+q")
        return program.wait(SHORT)

    # What an eye sees

    def screen(self) -> NDArray[np.uint8]:
        """Read the display's memory, an XWD file: shape (h, w, 3), red, green, blue."""
        raw = (self.folder / "Xvfb_screen0").read_bytes()
        header = np.frombuffer(raw, ">u4", 25)
        size, width, height, per_line, colors = (int(header[place]) for place in (0, 4, 5, 12, 19))
        pixels = np.frombuffer(raw, np.uint8, per_line * height, size + 12 * colors)
        return pixels.reshape(height, per_line // 4, 4)[:, :width, 2::-1]

    def paper(self) -> tuple[int, int, int]:
        """Find the pad's empty paper: left, top, side."""
        left_third = _is_like(self.screen()[:, :420], LIGHT.paper)
        rows = np.flatnonzero(left_third.sum(axis=1) > 250)
        columns = np.flatnonzero(left_third[rows].sum(axis=0) > 250)
        assert len(rows) > 250, "there is no paper in sight"
        return int(columns[0]), int(rows[0]), len(rows)

    def reading(self) -> int | None:
        """Which of the ten bars below the pad is the winner's; None if there is no winner."""
        lower_left = self.screen()[530:, :270]
        winner = _is_like(lower_left, LIGHT.accent)
        bars = winner | _is_like(lower_left, LIGHT.track) | _is_like(lower_left, LIGHT.bar)
        is_bar = bars.sum(axis=1) > 120
        tops = np.flatnonzero(is_bar[1:] & ~is_bar[:-1])
        ends = np.flatnonzero(~is_bar[1:] & is_bar[:-1])
        if len(tops) != 10 or len(ends) != 10:
            return None
        shares = [winner[top + 1 : end].sum() for top, end in zip(tops, ends, strict=True)]
        return int(np.argmax(shares)) if max(shares) else None

    def imagination(self) -> NDArray[np.uint8]:
        return self.screen()[:, 830:].copy()

    def _windows(self, title: str) -> list[str]:
        return self.xdotool("search", "--onlyvisible", "--name", title).split()


def _is_like(pixels: NDArray[np.uint8], color: QColor) -> NDArray[np.bool_]:
    wanted = np.array([color.red(), color.green(), color.blue()], np.int16)
    near: NDArray[np.bool_] = (np.abs(pixels.astype(np.int16) - wanted) <= 3).all(axis=2)
    return near


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[Desktop]:
    for tool in ("Xvfb", "xdotool"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed: the window is not tried on a real display")
    command = [
        "Xvfb",
        "-displayfd",
        "1",
        "-screen",
        "0",
        "1280x800x24",
        "-fbdir",
        str(tmp_path),
        "-nolisten",
        "tcp",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        assert server.stdout is not None
        display = server.stdout.readline().decode().strip()
        desktop = Desktop(tmp_path, _environment(tmp_path, f":{display}"))
        yield desktop
        desktop.close()
        server.terminate()


def _environment(home: Path, display: str) -> dict[str, str]:
    """Give a program a home of its own, and nothing of this machine's desktop or data."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("XDG_", "QT_", "INKLING_", "WAYLAND_"))
    }
    return {**kept, "DISPLAY": display, "HOME": str(home)}


def test_draw_train_imagine_save_and_come_back(desktop: Desktop) -> None:
    weights, picture = desktop.folder / "mine.safetensors", desktop.folder / "seven.png"

    program = desktop.start()
    desktop.draw(7)
    eventually(lambda: desktop.reading() == 7, "a 7 to be read while nothing is trained")

    desktop.press("ctrl+e")
    desktop.answer("Save picture of the drawing", str(picture))
    eventually(picture.exists, "the picture of the drawing")
    assert read_without_a_window(desktop, picture) == 7

    eventually(lambda: _is_like(desktop.imagination(), LIGHT.heat[-1]).any(), "ten imagined digits")
    before = desktop.imagination()
    desktop.press("F5")
    eventually(lambda: "*" in desktop.title(), "the network to change", LONG)
    eventually(lambda: not np.array_equal(desktop.imagination(), before), "the imagination to follow")
    desktop.press("F8")

    desktop.press("ctrl+shift+s")
    desktop.answer("Save the network", str(weights))
    eventually(lambda: desktop.title() == "mine.safetensors - Inkling", "the title to name the saved file")
    sleep(2)
    assert desktop.title() == "mine.safetensors - Inkling", "a stopped training changed the network"
    saved = load_network(weights)
    assert desktop.quit(program) == 0

    program = desktop.start(str(weights))
    desktop.find("mine.safetensors")
    shutil.copy(weights, desktop.folder / "copy.safetensors")
    desktop.press("ctrl+o")
    desktop.answer("Open weights", str(desktop.folder / "copy.safetensors"))
    eventually(lambda: desktop.title() == "copy.safetensors - Inkling", "the title to name the opened file")
    assert desktop.quit(program) == 0
    assert np.array_equal(load_network(weights).parameters, saved.parameters)


def read_without_a_window(desktop: Desktop, picture: Path) -> int | None:
    command = [sys.executable, "-m", "nn", "predict", "--json", str(picture)]
    ended = subprocess.run(command, cwd=ROOT, env=desktop.environment, capture_output=True, text=True, check=True)
    digit: int | None = json.loads(ended.stdout)["digit"]
    return digit

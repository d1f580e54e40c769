"""Where no window can open, the program says so in words, and never by Qt's abort."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import gui.startup
from gui.__main__ import main, parse
from gui.startup import complaint, libraries_sentence, missing_library, wanted_platforms

ROOT = Path(__file__).parents[2]
linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="displays are Linux's business")


def started(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Start the program as a person does, with no display but what is given."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DISPLAY", "WAYLAND_DISPLAY"} and not name.startswith("QT_")
    }
    return subprocess.run(
        [sys.executable, "-m", "gui", *arguments],
        cwd=ROOT,
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@linux_only
def test_without_a_display_the_program_says_what_to_set() -> None:
    ended = started()
    assert ended.returncode == 1
    assert "no display" in ended.stderr
    assert "DISPLAY" in ended.stderr
    assert "python -m nn" in ended.stderr
    assert "Traceback" not in ended.stderr


@linux_only
def test_a_display_that_nobody_answers_on_is_named() -> None:
    ended = started(DISPLAY=":397")
    assert ended.returncode == 1
    assert "cannot reach the display :397" in ended.stderr


@linux_only
def test_a_wayland_display_that_nobody_answers_on_is_a_sentence(tmp_path: Path) -> None:
    ended = started(WAYLAND_DISPLAY="wayland-7", XDG_RUNTIME_DIR=str(tmp_path))
    assert ended.returncode == 1
    assert ended.stderr.startswith("inkling: Inkling")


@linux_only
def test_a_platform_that_qt_does_not_have_is_named_beside_those_it_has() -> None:
    trouble = complaint({"QT_QPA_PLATFORM": "papyrus"})
    assert trouble is not None
    assert "'papyrus'" in trouble
    assert "offscreen" in trouble


@linux_only
@pytest.mark.parametrize("plugins", [("wayland",), ("wayland-egl", "wayland-generic"), ("wayland-generic",)])
@pytest.mark.parametrize("platform", ["wayland", "wayland-egl"])
def test_wayland_is_known_in_however_many_files_qt_has_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, plugins: tuple[str, ...], platform: str
) -> None:
    # What is loaded here is another plugin, for Wayland's own libraries may be missing.
    for plugin in plugins:
        (tmp_path / f"libq{plugin}.so").symlink_to(gui.startup._plugin_folder() / "libqoffscreen.so")
    monkeypatch.setattr("gui.startup._plugin_folder", lambda: tmp_path)
    trouble = complaint({"QT_QPA_PLATFORM": platform, "XDG_RUNTIME_DIR": str(tmp_path)})
    assert trouble is not None
    assert "cannot reach the Wayland display" in trouble


@linux_only
def test_a_platform_without_a_display_has_no_complaint() -> None:
    assert complaint({"QT_QPA_PLATFORM": "offscreen"}) is None


def test_help_needs_no_display() -> None:
    ended = started("--help")
    assert ended.returncode == 0
    assert "--screenshot" in ended.stdout


def test_arguments_it_does_not_know_end_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["--size", "wide"])
    assert "1280x800" in capsys.readouterr().err


def test_a_size_is_read_as_width_and_height() -> None:
    assert parse(["--screenshot", "a.png", "--size", "1024x700"]).size == (1024, 700)


@pytest.mark.parametrize(
    ("message", "library"),
    [
        ("libEGL.so.1: cannot open shared object file: No such file or directory", "libEGL.so.1"),
        ("libglib-2.0.so.0: cannot open shared object file: No such file or directory", "libglib-2.0.so.0"),
        ("/usr/lib/libxcb-cursor.so.0: file too short", "libxcb-cursor.so.0"),
        ("/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.34' not found (required by libQt6Core.so.6)", None),
        ("dynamic module does not define module export function", None),
    ],
)
def test_what_the_loader_says_names_the_library(message: str, library: str | None) -> None:
    assert missing_library(message) == library


@pytest.mark.parametrize(
    ("release", "command"),
    [
        ("ID=debian\n", "sudo apt-get install libegl1 libxcb-cursor0"),
        ('ID=linuxmint\nID_LIKE="ubuntu debian"\n', "sudo apt-get install libegl1 libxcb-cursor0"),
        ("ID=fedora\n", "sudo dnf install libglvnd-egl xcb-util-cursor"),
        ("ID=arch\n", "sudo pacman -S libglvnd xcb-util-cursor"),
    ],
)
def test_missing_libraries_come_with_the_command_of_this_linux(release: str, command: str) -> None:
    sentence = libraries_sentence(["libxcb-cursor.so.0", "libEGL.so.1"], release)
    assert "libEGL.so.1, libxcb-cursor.so.0" in sentence
    assert sentence.splitlines()[-1].strip() == command


def test_a_linux_that_is_not_known_gets_the_commands_of_all() -> None:
    sentence = libraries_sentence(["libEGL.so.1"], "ID=plan9\n")
    assert all(tool in sentence for tool in ("apt-get", "dnf", "pacman", "Debian", "Fedora", "Arch"))


def test_a_library_that_no_table_knows_is_still_named() -> None:
    sentence = libraries_sentence(["libodd.so.5"], "ID=debian\n")
    assert "libodd.so.5" in sentence
    assert "apt-get" not in sentence


@pytest.mark.parametrize(
    ("environment", "platforms"),
    [
        ({}, ()),
        ({"DISPLAY": ":0"}, ("xcb",)),
        ({"DISPLAY": ""}, ()),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, ("wayland", "xcb")),
        ({"QT_QPA_PLATFORM": "offscreen"}, ("offscreen",)),
        ({"QT_QPA_PLATFORM": "wayland;xcb:nograb", "DISPLAY": ":0"}, ("wayland", "xcb")),
    ],
)
def test_the_platform_follows_the_environment(environment: dict[str, str], platforms: tuple[str, ...]) -> None:
    assert wanted_platforms(environment) == platforms


def test_a_window_appears_without_what_it_needs_only_later() -> None:
    heavy = (
        "PIL",
        "requests",
        "pooch",
        "matplotlib",
        "rich",
        "nn.data.synthetic",
        "nn.data.download",
        "nn.commands",
    )
    program = "import sys, gui.run; print(*sys.modules, sep='\\n')"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "gui.app" in done.stdout.split()
    assert set(done.stdout.split()).isdisjoint(heavy)

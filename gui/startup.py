"""What Qt needs before it may be loaded: its system libraries, and a display that answers.

Qt ends the whole process when one of them is missing, with words for programmers. So both are tried here first,
without Qt and in a few milliseconds: libraries by loading them, the display by knocking at it. What is found is
one sentence that names the package to install or the variable to set. ``gui.__main__`` prints it.
"""

from __future__ import annotations

import ctypes
import importlib
import importlib.util
import os
import re
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# library: the package that holds it in (Debian and Ubuntu, Fedora, Arch)
PACKAGES: Mapping[str, tuple[str, str, str]] = {
    "libEGL.so.1": ("libegl1", "libglvnd-egl", "libglvnd"),
    "libGL.so.1": ("libgl1", "libglvnd-glx", "libglvnd"),
    "libX11-xcb.so.1": ("libx11-xcb1", "libX11-xcb", "libx11"),
    "libX11.so.6": ("libx11-6", "libX11", "libx11"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus-libs", "dbus"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig", "fontconfig"),
    "libfreetype.so.6": ("libfreetype6", "freetype", "freetype2"),
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2", "glib2"),
    "libgthread-2.0.so.0": ("libglib2.0-0", "glib2", "glib2"),
    "libxcb-cursor.so.0": ("libxcb-cursor0", "xcb-util-cursor", "xcb-util-cursor"),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "xcb-util-wm", "xcb-util-wm"),
    "libxcb-image.so.0": ("libxcb-image0", "xcb-util-image", "xcb-util-image"),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1", "xcb-util-keysyms", "xcb-util-keysyms"),
    "libxcb-randr.so.0": ("libxcb-randr0", "libxcb", "libxcb"),
    "libxcb-render-util.so.0": ("libxcb-render-util0", "xcb-util-renderutil", "xcb-util-renderutil"),
    "libxcb-render.so.0": ("libxcb-render0", "libxcb", "libxcb"),
    "libxcb-shape.so.0": ("libxcb-shape0", "libxcb", "libxcb"),
    "libxcb-shm.so.0": ("libxcb-shm0", "libxcb", "libxcb"),
    "libxcb-sync.so.1": ("libxcb-sync1", "libxcb", "libxcb"),
    "libxcb-util.so.1": ("libxcb-util1", "xcb-util", "xcb-util"),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0", "libxcb", "libxcb"),
    "libxcb-xkb.so.1": ("libxcb-xkb1", "libxcb", "libxcb"),
    "libxcb.so.1": ("libxcb1", "libxcb", "libxcb"),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0", "libxkbcommon-x11", "libxkbcommon-x11"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon", "libxkbcommon"),
    "libzstd.so.1": ("libzstd1", "libzstd", "zstd"),
}
WAYLAND_PACKAGES: Mapping[str, tuple[str, str, str]] = {
    "libwayland-client.so.0": ("libwayland-client0", "libwayland-client", "wayland"),
    "libwayland-cursor.so.0": ("libwayland-cursor0", "libwayland-cursor", "wayland"),
    "libwayland-egl.so.1": ("libwayland-egl1", "libwayland-egl", "wayland"),
}
_INSTALLERS = ("sudo apt-get install", "sudo dnf install", "sudo pacman -S")
_FAMILIES = (("debian", "ubuntu"), ("fedora", "rhel", "centos"), ("arch",))
_FAMILY_NAMES = ("Debian, Ubuntu", "Fedora", "Arch")

NO_DISPLAY = (
    "Inkling found no display: neither DISPLAY nor WAYLAND_DISPLAY is set.\n"
    "Start it from a desktop session, or set DISPLAY (with ssh, connect by `ssh -X`).\n"
    "Without a window there are `python -m nn` and `inkling --screenshot FILE.png`."
)


def complaint(environment: Mapping[str, str] = os.environ) -> str | None:
    """Say why no window can open here, and what to do about it; None where one can.

    Loads Qt's widgets on the way, so nothing is loaded twice when all is well.
    """
    if trouble := _qt_trouble():
        return trouble
    if not sys.platform.startswith("linux"):
        return None
    platforms = wanted_platforms(environment)
    if not platforms:
        return NO_DISPLAY
    troubles = [_platform_trouble(platform, environment) for platform in platforms]
    return None if None in troubles else troubles[-1]


def wanted_platforms(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Name the Qt platforms that will be tried, in order; none where there is no display."""
    if chosen := environment.get("QT_QPA_PLATFORM"):
        return tuple(name.partition(":")[0] for name in chosen.split(";") if name)
    displays = (("WAYLAND_DISPLAY", "wayland"), ("DISPLAY", "xcb"))
    return tuple(platform for variable, platform in displays if environment.get(variable))


def missing_library(message: str) -> str | None:
    """Find the library that the system's loader could not load in what it said.

    >>> missing_library("libEGL.so.1: cannot open shared object file: No such file or directory")
    'libEGL.so.1'
    """
    found = re.match(r"(?:.*/)?(lib[\w.+-]+\.so[\w.]*): (?:cannot open|file too short|invalid ELF)", message)
    return found[1] if found else None


def libraries_sentence(missing: Iterable[str], release: str) -> str:
    """Name missing libraries and how to install them.

    Parameters
    ----------
    missing
        Names of libraries, as "libEGL.so.1".
    release
        The text of /etc/os-release, to know which kind of Linux this is; all kinds are told where it does not say.
    """
    libraries = sorted(set(missing))
    known = [names for library, names in (*PACKAGES.items(), *WAYLAND_PACKAGES.items()) if library in libraries]
    kinds = _kinds_of_linux(release)
    lines = [
        f"Inkling's window needs {_counted(libraries)} that this system does not have: {', '.join(libraries)}."
    ]
    lines += ["Install with:" if len(kinds) == 1 else "Install with the line for your Linux:"]
    for kind in kinds:
        packages = sorted({names[kind] for names in known})
        note = "" if len(kinds) == 1 else f"    # {_FAMILY_NAMES[kind]}"
        lines.append(f"    {_INSTALLERS[kind]} {' '.join(packages)}{note}")
    if not known:
        lines[1:] = ["Install the package that holds it with your system's package manager."]
    return "\n".join(lines)


def display_answers(display: str) -> bool:
    """Knock at an X display, as ":0", by the library that Qt itself uses for it.

    A connection that was made stays open: a display without other programs, such as a fresh Xvfb, starts anew when
    its last one leaves, and would turn Qt away meanwhile.
    """
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # nothing to knock with; Qt may know better
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = (ctypes.c_char_p, ctypes.c_void_p)
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = (ctypes.c_void_p,)
    connection = xcb.xcb_connect(display.encode(), None)
    failed = bool(xcb.xcb_connection_has_error(connection))
    if failed:
        xcb.xcb_disconnect(connection)
    return not failed


def _qt_trouble() -> str | None:
    try:
        importlib.import_module("PySide6.QtWidgets")
    except ModuleNotFoundError:
        return (
            "Inkling's window needs PySide6, which this Python does not have.\n"
            f"Install it with:\n    {sys.executable} -m pip install PySide6-Essentials pyqtgraph"
        )
    except ImportError as error:
        return _loading_trouble(str(error))
    return None


def _platform_trouble(platform: str, environment: Mapping[str, str]) -> str | None:
    is_wayland = platform.partition("-")[0] == "wayland"
    # Older ones of Qt come in several files, as libqwayland-egl.so and libqwayland-generic.so.
    names = "libqwayland*.so" if is_wayland else f"libq{platform}.so"
    plugins = sorted(_plugin_folder().glob(names))
    if not plugins:
        return _unknown_platform(platform)
    troubles = [_plugin_trouble(plugin) for plugin in plugins]
    if None not in troubles:
        return troubles[0]
    if platform == "xcb":
        return _display_trouble(environment.get("DISPLAY", ""))
    return _wayland_trouble(environment) if is_wayland else None


def _plugin_trouble(plugin: Path) -> str | None:
    try:
        ctypes.CDLL(str(plugin))
    except OSError as error:
        return _loading_trouble(str(error))
    return None


def _display_trouble(display: str) -> str | None:
    if not display:
        return NO_DISPLAY
    if display_answers(display):
        return None
    return (
        f"Inkling cannot reach the display {display}, which DISPLAY names: nothing answers there, or it lets "
        "nobody in.\n"
        "Set DISPLAY to the display of your desktop session (often :0), or connect by `ssh -X`.\n"
        "Without a window there are `python -m nn` and `inkling --screenshot FILE.png`."
    )


def _wayland_trouble(environment: Mapping[str, str]) -> str | None:
    path = Path(environment.get("XDG_RUNTIME_DIR", "/"), environment.get("WAYLAND_DISPLAY") or "wayland-0")
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(path))
        except OSError:
            return (
                f"Inkling cannot reach the Wayland display {path}: nothing answers there.\n"
                "Set WAYLAND_DISPLAY and XDG_RUNTIME_DIR as in your desktop session."
            )
    return None


def _loading_trouble(message: str) -> str:
    first = missing_library(message)
    if first is None:
        return f"Qt cannot be loaded here: {message}\nQt 6 wants a 64-bit Linux not older than about 2022."
    alike = WAYLAND_PACKAGES if first in WAYLAND_PACKAGES else PACKAGES
    return libraries_sentence({first, *_missing_of(alike)}, _os_release())


def _missing_of(libraries: Iterable[str]) -> list[str]:
    """Try them all, since the loader names only the first that is missing and nobody likes a second round."""
    missing = []
    for library in libraries:
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(library)
    return missing


def _unknown_platform(platform: str) -> str:
    known = sorted(path.stem.removeprefix("libq") for path in _plugin_folder().glob("libq*.so"))
    return (
        f"QT_QPA_PLATFORM asks for {platform!r}, which this Qt does not have; it has {', '.join(known)}.\n"
        "Unset QT_QPA_PLATFORM to open a window on your desktop."
    )


def _plugin_folder() -> Path:
    spec = importlib.util.find_spec("PySide6")
    places = spec.submodule_search_locations if spec else None
    return Path(places[0] if places else "", "Qt", "plugins", "platforms")


def _os_release() -> str:
    try:
        return Path("/etc/os-release").read_text(encoding="utf-8")
    except OSError:
        return ""


def _kinds_of_linux(release: str) -> tuple[int, ...]:
    words = set(re.findall(r'^ID(?:_LIKE)?="?([^"\n]*)', release, re.MULTILINE))
    names = {name for line in words for name in line.split()}
    kinds = tuple(kind for kind, family in enumerate(_FAMILIES) if names.intersection(family))
    return kinds or tuple(range(len(_FAMILIES)))


def _counted(libraries: list[str]) -> str:
    return "a library" if len(libraries) == 1 else f"{len(libraries)} libraries"

"""A program for `test_damaged_files`: read damaged files one by one, and print what came of it as JSON."""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import importlib.util
import json
import resource
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nn.errors import InklingError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

_FORBIDDEN = (
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
    "os.remove",
    "os.rename",
    "subprocess.Popen",
    "pickle.find_class",
    "socket.connect",
    "shutil.rmtree",
    "ctypes.dlopen",
)
_ADDRESS_SPACE = 4 * 2**30
_MEMORY = 200 * 2**20


class Watch:
    """Notes what Python's own audit reports while a file is being read."""

    def __init__(self) -> None:
        self.is_on = False
        self.seen: list[str] = []
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.is_on and (event in _FORBIDDEN or (event == "open" and _writes(arguments))):
            self.seen.append(f"{event} {arguments}"[:200])


def _writes(arguments: tuple[Any, ...]) -> bool:
    mode = arguments[1]
    return isinstance(mode, str) and any(letter in mode for letter in "wax+")


class Reading:
    """Reads damaged files and keeps account."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.watch = folder, Watch()
        self.kinds: dict[str, dict[str, Any]] = {}
        self.faults: list[str] = []
        self.baseline = 0

    def read(self, name: str, kind: Any, files: Iterator[bytes]) -> None:
        """Read damaged files of one kind."""
        told = self.kinds[name] = {"files": 0, "refused": 0, "slowest": (0.0, 0), "memory": (0, 0)}
        path = self.folder / kind.file
        for number, data in enumerate(files):
            path.write_bytes(data)
            _give_back()
            _peak(reset=True)
            start = time.process_time()
            fault, is_refused = self._try(_reader(kind), path)
            seconds, grown = time.process_time() - start, _peak() - self.baseline
            if seconds > 1 or grown > _MEMORY:
                fault = f"{seconds:.2f} s, {grown >> 20} MB"
            if fault:
                self.faults.append(f"{name} {number}: {fault}"[:300])
            told["files"] += 1
            told["refused"] += is_refused
            told["slowest"] = max(told["slowest"], (round(seconds, 3), number))
            told["memory"] = max(told["memory"], (grown >> 20, number))

    def _try(self, reader: Callable[[Path], object], path: Path) -> tuple[str, bool]:
        self.watch.is_on = True
        try:
            reader(path)
        except InklingError as error:
            return ("" if len(str(error).split()) > 5 else "no message"), True
        except BaseException as error:
            return f"{type(error).__name__}: {error}", False
        finally:
            self.watch.is_on = False
        return "", False


def main(folder: Path, count: int) -> None:
    """Read everything; the last line printed is the result."""
    faulthandler.enable()
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, resource.RLIM_INFINITY))
    damage = _damage()
    known = damage.kinds()
    for kind in known.values():
        for good in kind.good:
            (folder / kind.file).write_bytes(good)
            _reader(kind)(folder / kind.file)
    reading = Reading(folder)
    _give_back()
    reading.baseline = _peak(reset=True)
    for name, kind in known.items():
        reading.read(name, kind, damage.damaged(kind, count, seed=len(name)))
    files = [kind.file for kind in known.values()]
    result = {"kinds": reading.kinds, "faults": reading.faults, "seen": reading.watch.seen, "files": files}
    print(json.dumps(result))  # noqa: T201


def _reader(kind: Any) -> Callable[[Path], object]:
    module, _, function = kind.reader.partition(":")
    reader: Callable[[Path], object] = getattr(import_module(module), function)
    return reader


def _damage() -> ModuleType:
    place = Path(__file__).with_name("damage.py")
    specification = importlib.util.spec_from_file_location("damage", place)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules["damage"] = module
    specification.loader.exec_module(module)
    return module


def _give_back() -> None:
    """Have the C library return what making the files has left behind: it is not the reader's."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def _peak(*, reset: bool = False) -> int:
    """Return the most memory that was in use since the last reset; where Linux tells, else since the beginning."""
    try:
        if reset:
            Path("/proc/self/clear_refs").write_text("5")
        status = Path("/proc/self/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) * 2**10
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 2**10


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))

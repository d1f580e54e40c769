"""A program for `test_large_pictures`: read picture files one by one, and print what each cost as JSON."""

from __future__ import annotations

import contextlib
import json
import resource
import sys
import time
from pathlib import Path

from nn.errors import InkError
from nn.ink import frame_from_picture_file


def main(small: Path, path: Path) -> None:
    """Read a small picture, then the one in question, and tell by how much that was more."""
    frame_from_picture_file(small)
    before, start = _peak(), time.process_time()
    try:
        told = str(frame_from_picture_file(path).shape)
    except InkError as error:
        told = str(error)
    print(json.dumps({"told": told, "seconds": time.process_time() - start, "memory": _peak() - before}))  # noqa: T201


def _peak() -> int:
    # What ru_maxrss begins with is the memory of the program that started this one.
    with contextlib.suppress(OSError):
        status = Path("/proc/self/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) * 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 2**10


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

"""The running program: what ends it."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys
from PySide6.QtCore import QTimer
from gui import run

build = run.create_window
def tell_when_shown(arguments):
    window = build(arguments)
    QTimer.singleShot(300, window, lambda: print("shown", flush=True))
    return window
run.create_window = tell_when_shown
sys.exit(run.run_window([]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT from outside")
def test_ctrl_c_ends_the_program_cleanly(tmp_path: Path) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path)}
    environment["INKLING_SETTINGS"] = str(tmp_path / "settings")
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout is not None
        assert select.select([program.stdout], [], [], 60)[0], "the window never came"
        assert program.stdout.readline() == "shown\n"
        program.send_signal(signal.SIGINT)
        _, trouble = program.communicate(timeout=20)
    assert (program.returncode, trouble) == (0, "")
    assert (tmp_path / "settings" / "inkling.ini").exists(), "what is remembered was not written"

"""What every test may ask for: the real data where it is, and nothing of the user's own folders."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

if "DISPLAY" not in os.environ and "WAYLAND_DISPLAY" not in os.environ:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(scope="session", autouse=True)
def own_cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Give the tests, and the programs they start, a cache folder of their own."""
    before = os.environ.get("XDG_CACHE_HOME")
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))
    yield
    del os.environ["XDG_CACHE_HOME"]
    if before is not None:
        os.environ["XDG_CACHE_HOME"] = before


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The folder of real data; a test that asks for it is skipped by name where there is none."""
    folder = os.environ.get("INKLING_DATA", "")
    if not folder:
        pytest.skip("INKLING_DATA is not set: tests on real data are skipped")
    return Path(folder)

"""Waiting for what another process does, as long as a machine under load may take."""

from __future__ import annotations

from time import monotonic, sleep
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 60.0
"""Seconds: a machine under load takes long to begin a process."""


def eventually(happens: Callable[[], bool]) -> bool:
    """Wait until it happens; return whether it did."""
    end = monotonic() + PATIENCE
    while not happens():
        if monotonic() > end:
            return False
        sleep(0.01)
    return True

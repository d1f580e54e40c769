"""The machine that something was measured on, and the library that multiplies numpy's matrices there."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np  # noqa: F401 - brings the library that is named
from threadpoolctl import threadpool_info

if TYPE_CHECKING:
    from collections.abc import Mapping

BOUNDS = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
"""Settings of the environment that say for which kind of core OpenBLAS, below numpy and scikit-learn, is to work.

Without them it looks at the core by itself. Where they name an older kind, as for results that are the same on all
machines of a house, it works at half of its speed, and PyTorch, which has a library of its own, at all of it.
"""


def machine() -> str:
    """Name the machine in a line."""
    model = platform.processor() or platform.machine()
    if (cpuinfo := Path("/proc/cpuinfo")).exists():
        names = [line.split(":")[1].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line]
        model = names[0] if names else model
    parts = [f"{os.cpu_count()} cores", model, platform.system(), f"Python {platform.python_version()}"]
    return ", ".join([*parts, *_kernels()])


def _kernels() -> list[str]:
    """Name the library of matrix products and, where it tells, the kind of core that it works for."""
    found = [library for library in threadpool_info() if library["user_api"] == "blas"]
    return [f"{each['internal_api']} for {each.get('architecture', 'any core')}" for each in found[:1]]


def bounds_of(environment: Mapping[str, str]) -> list[str]:
    """Return those of the `BOUNDS` that are set, as they are written."""
    return [f"{name}={environment[name]}" for name in BOUNDS if environment.get(name)]


def without_bounds(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without them."""
    return {name: value for name, value in environment.items() if name not in BOUNDS}

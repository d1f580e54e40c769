"""The machine is named with the kernels that numpy works with, and no setting holds them back."""

from __future__ import annotations

import os
import platform

from threadpoolctl import threadpool_info

from machine import BOUNDS, bounds_of, machine, without_bounds


def test_the_line_names_cores_language_and_the_library_of_matrix_products() -> None:
    line = machine()
    assert line.startswith(f"{os.cpu_count()} cores, ")
    assert platform.python_version() in line
    for library in threadpool_info():
        assert f"{library['internal_api']} for " in line or library["user_api"] != "blas"


def test_settings_that_hold_the_library_back_are_found_and_left_out() -> None:
    environment = {"PATH": "/bin", "OPENBLAS_CORETYPE": "Haswell", "OPENBLAS_L2_SIZE": ""}
    assert bounds_of(environment) == ["OPENBLAS_CORETYPE=Haswell"]
    assert without_bounds(environment) == {"PATH": "/bin"}
    assert not bounds_of(without_bounds(dict.fromkeys(BOUNDS, "1")))

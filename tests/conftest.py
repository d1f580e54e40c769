"""What every test may ask for: the real data where it is, a network that refuses, no folder of the user's own."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from nn.calibration import Calibration
from nn.layers import Dense
from nn.losses import OpenCrossEntropy
from nn.network import Network, mlp

if TYPE_CHECKING:
    from collections.abc import Iterator

if "DISPLAY" not in os.environ and "WAYLAND_DISPLAY" not in os.environ:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# A slow machine is no fault of the program: speed is for the benchmarks.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


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


@pytest.fixture
def line_reader() -> Network:
    """Return a network that reads an upright line as a 1, and calls everything else no digit."""
    network = mlp([784, 10], loss=OpenCrossEntropy(), name="line reader")
    network.calibration = Calibration(temperature=1.5, threshold=0.6)
    (layer,) = network.layers
    assert isinstance(layer, Dense)
    pixels = layer.weight.reshape(28, 28, 10)
    pixels[...], layer.bias[:] = 0, -6
    pixels[..., 1] = -0.5
    pixels[:, 12:16, 1] = 0.5
    return network

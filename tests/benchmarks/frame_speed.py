"""How long a frame takes from a drawing, and the reading after it: both while the pen still moves.

Run it with ``python tests/benchmarks/frame_speed.py``.
"""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console
from rich.table import Table
from threadpoolctl import threadpool_limits

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))

from nn.files.shipped import shipped_names, shipped_network
from nn.ink import Drawing, Stroke, frame_from_drawing
from nn.recognition import recognize

if TYPE_CHECKING:
    from collections.abc import Callable

    from nn.network import Network


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement in milliseconds, and the median that is allowed."""

    what: str
    median: float
    percentile_99: float
    limit: float

    @property
    def is_met(self) -> bool:
        """Whether the median keeps the limit."""
        return self.median <= self.limit


def rows(repeats: int = 300) -> list[Row]:
    """Measure the frame of each kind of drawing, and frame and reading by each network that ships."""
    rng = np.random.default_rng(7)
    cases = [
        ("a typical digit, 60 points", _digit(60), 1.0),
        ("the same digit with pressure", _digit(60, pressure=True), 1.0),
        ("a digit of 2,000 points", _digit(2000), 5.0),
        ("the same 2,000 points with pressure", _digit(2000, pressure=True), 5.0),
        ("a scribble of 2,000 points", Drawing((Stroke(rng.random((2000, 2)).astype(np.float32)),)), 5.0),
    ]
    with threadpool_limits(limits=1, user_api="blas"):
        frames = [
            Row(f"frame from {what}", *_measured(partial(frame_from_drawing, drawing), repeats), limit)
            for what, drawing, limit in cases
        ]
        return [*frames, *(_read(name, repeats) for name in shipped_names())]


def _read(name: str, repeats: int) -> Row:
    network, drawing = shipped_network(name).ready(), _digit(60)
    read = partial(_framed_and_read, network, drawing)
    return Row(f"frame and reading by {name}, one core", *_measured(read, repeats), 4.0)


def _framed_and_read(network: Network, drawing: Drawing) -> None:
    recognize(network, frame_from_drawing(drawing))


def main() -> int:
    """Print the measurements as a table; the exit code is 1 where a limit is missed."""
    measured = rows()
    machine = (
        f"{platform.node()}: {platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}"
    )
    table = Table("what", "median ms", "99th percentile ms", "limit ms", "", title=machine)
    for row in measured:
        mark = "met" if row.is_met else "missed"
        table.add_row(row.what, f"{row.median:.2f}", f"{row.percentile_99:.2f}", f"{row.limit:g}", mark)
    Console().print(table)
    return 0 if all(row.is_met for row in measured) else 1


def _digit(points: int, *, pressure: bool = False) -> Drawing:
    """Return an eight-like loop and a crossing stroke, with a hand's tremor."""
    rng = np.random.default_rng(points)
    turn = np.linspace(0.3, 6.2, points * 3 // 4)
    bar = np.linspace(-1, 1, points - len(turn))
    loop = np.stack([120 * np.sin(2 * turn), 200 * np.cos(turn)], axis=1)
    cross = np.stack([110 * bar, 20 + 8 * bar], axis=1)
    paths = [(path + rng.normal(scale=0.5, size=path.shape)).astype(np.float32) for path in (loop, cross)]
    return Drawing(
        tuple(Stroke(path, rng.random(len(path)).astype(np.float32) if pressure else None) for path in paths)
    )


def _measured(work: Callable[[], object], repeats: int) -> tuple[float, float]:
    work()
    times = np.empty(repeats)
    for at in range(repeats):
        begin = perf_counter()
        work()
        times[at] = perf_counter() - begin
    return float(np.median(times) * 1e3), float(np.percentile(times, 99) * 1e3)


if __name__ == "__main__":
    sys.exit(main())

"""Inkling beside PyTorch and scikit-learn, at the work that it exists for.

Install the peers with ``pip install -e '.[bench]'`` (PyTorch is large), then run
``python tests/benchmarks/versus.py``; with ``--json`` each row is an object on a line. All sides work as quickly
as they can on this machine: settings that hold OpenBLAS to an older kind of core are left out (`machine`).

The files ``versus_*.py`` beside this one are its parts: `versus_rows` says what is compared and what is asked,
`versus_ours`, `versus_pytorch` and `versus_sklearn` are the sides, `versus_twin` makes PyTorch's networks from
ours, `versus_measuring` measures and refuses unequal work.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console
from rich.table import Table

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import versus_memory
from machine import bounds_of, machine, without_bounds
from nn.parallel import available_cores, one_blas_thread
from versus_measuring import (
    Run,
    demand_same_losses,
    demand_same_outputs,
    flops_of_training,
    in_turns,
    middle,
    sgemm_peak,
    spread,
)
from versus_ours import OurReading, OurTraining, sixty_thousand_digits
from versus_report import COLUMNS, Record, cells, page, record_of
from versus_rows import ALL, PYTORCH, SCIKIT_LEARN_DOUBLE, FirstLoss, Memory, Reading, Training

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nn.data.dataset import Dataset
    from nn.network import Network
    from versus_pytorch import PytorchReading, PytorchTraining
    from versus_rows import Asked
    from versus_sklearn import ScikitTraining

ROOT = Path(__file__).resolve().parents[2]
MEMORY_REPEATS = 3


@dataclass(frozen=True)
class Comparison:
    """One run of this command: how often each side works, and whether PyTorch's compiler is tried."""

    repeats: int = 5
    compiles: bool = True

    @cached_property
    def digits(self) -> Dataset:
        """The digits that all learn from and read."""
        return sixty_thousand_digits()

    def records(self, work: Training | Reading | Memory | FirstLoss) -> Iterator[Record]:
        """Measure one piece of work beside each of its peers."""
        match work:
            case Memory():
                yield self._memory(work)
            case Training():
                yield from self._training(work)
            case Reading():
                yield self._reading(work)
            case FirstLoss():
                yield self._first_loss(work)

    def _training(self, work: Training) -> Iterator[Record]:
        network, threads = work.build(), available_cores()
        ours = OurTraining(work, network, self.digits, threads)
        alone = OurTraining(work, network, self.digits, 1)
        peers = [self._trained_by(asked.peer, work, network, threads) for asked in work.asked]
        own, single, *others = in_turns([ours, alone, *peers], self.repeats)
        is_exact = not any(layer.is_random or layer.statistic_names for layer in network.layers)
        share = flops_of_training(network) * work.batch * work.updates / middle(own) / sgemm_peak(threads)
        for asked, peer, runs in zip(work.asked, peers, others, strict=True):
            demand_same_losses(own[0].values, runs[0].values, is_exact=is_exact)
            yield _record(work, asked, (own, runs), peer.way, sgemm_share=share, one_thread=middle(single))

    def _trained_by(
        self, peer: str, work: Training, network: Network, threads: int
    ) -> PytorchTraining | ScikitTraining:
        if peer == PYTORCH:
            from versus_pytorch import PytorchTraining  # noqa: PLC0415 - peers are loaded where they are asked for

            return PytorchTraining(work, network, self.digits, threads, compiles=self.compiles)
        from versus_sklearn import ScikitTraining  # noqa: PLC0415 - as above

        dtype = np.float64 if peer == SCIKIT_LEARN_DOUBLE else np.float32
        return ScikitTraining(work, network, self.digits, threads, dtype)

    def _reading(self, work: Reading) -> Record:
        from versus_pytorch import PytorchReading  # noqa: PLC0415 - as above

        network, threads = work.build(), available_cores()
        frames = self.digits.images[: work.frames]
        peer: PytorchReading = PytorchReading(work, network, frames, threads, compiles=self.compiles)
        own, theirs = in_turns([OurReading(work, network, frames), peer], self.repeats)
        demand_same_outputs(own[0].values, theirs[0].values)
        share = 2 * network.work * work.frames / middle(own) / sgemm_peak(threads)
        return _record(work, work.asked[0], (own, theirs), peer.way, sgemm_share=share)

    def _memory(self, work: Memory) -> Record:
        from versus_pytorch import pickled_training  # noqa: PLC0415 - as above

        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            versus_memory.write_digits(folder, self.digits.images, self.digits.labels)
            theirs = pickled_training(work, available_cores(), folder)
            sizes = [
                (
                    versus_memory.peak_bytes("ours", work.name, folder),
                    versus_memory.peak_bytes("pytorch", theirs, folder),
                )
                for _ in range(MEMORY_REPEATS)
            ]
        own, peer = (median(column) for column in zip(*sizes, strict=True))
        asked = work.asked[0]
        return Record(
            name=work.name,
            work=work.words,
            peer=asked.peer,
            ours=own,
            theirs=peer,
            at_least=asked.at_least,
            aim=asked.aim,
            unit="bytes",
        )

    def _first_loss(self, work: FirstLoss) -> Record:
        command = [sys.executable, str(Path(__file__).with_name("first_loss.py")), "--json"]
        told = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout
        asked = work.asked[0]
        return Record(
            name=work.name,
            work=work.words,
            peer=asked.peer,
            ours=json.loads(told)["median"],
            theirs=work.limit_s,
            at_least=asked.at_least,
            aim=asked.aim,
        )


def _record(
    work: Training | Reading,
    asked: Asked,
    runs: tuple[Sequence[Run], Sequence[Run]],
    way: object,
    *,
    sgemm_share: float,
    one_thread: float | None = None,
) -> Record:
    own, theirs = runs
    return Record(
        name=work.name,
        work=work.words,
        peer=asked.peer,
        ours=middle(own),
        theirs=middle(theirs),
        at_least=asked.at_least,
        aim=asked.aim,
        way=str(way),
        spread_ours=spread(own),
        spread_theirs=spread(theirs),
        sgemm_share=sgemm_share,
        one_thread=one_thread,
    )


def show(records: Sequence[Record]) -> None:
    """Print the table for people."""
    table = Table(*COLUMNS, title=machine())
    for record in records:
        table.add_row(*cells(record))
    console = Console(width=None if sys.stdout.isatty() else 180)
    console.print(table)
    for record in records:
        if record.way:
            console.print(f"{record.work}: {record.peer} did best with {record.way}.", soft_wrap=True)


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [work.name for work in ALL]
    parser.add_argument("--json", action="store_true", help="one object a row, and nothing else")
    parser.add_argument("--rows", nargs="+", metavar="NAME", choices=names, help=f"of {', '.join(names)}")
    parser.add_argument("--repeats", type=int, default=5, help="of each side (default: 5)")
    parser.add_argument("--quick", action="store_true", help="three repeats, and do not try PyTorch's compiler")
    parser.add_argument("--page", type=Path, metavar="FILE", help="write the table as a page of the guide too")
    parser.add_argument(
        "--as-set", action="store_true", help="keep what the environment says of OpenBLAS, even if it is held back"
    )
    parser.add_argument(
        "--measured", type=Path, metavar="FILE", help="do not measure: take the rows from what --json has written"
    )
    return parser.parse_args()


def main() -> int:
    """Measure, tell, and return 1 where a row falls short."""
    options = arguments()
    if not options.as_set and (bounds := bounds_of(os.environ)):
        sys.stderr.write(f"Without {' and '.join(bounds)}, which would hold numpy and scikit-learn back:\n")
        # Such settings are read when numpy is loaded: it has to be loaded anew.
        return subprocess.run([sys.executable, *sys.argv], env=without_bounds(os.environ), check=False).returncode
    one_blas_thread()
    comparison = Comparison(3, compiles=False) if options.quick else Comparison(options.repeats)
    if options.measured:
        records = [record_of(line) for line in options.measured.read_text().splitlines()]
    else:
        records = []
        for work in (work for work in ALL if options.rows is None or work.name in options.rows):
            sys.stderr.write(f"{work.words}\n")
            for record in comparison.records(work):
                records.append(record)
                if options.json:
                    print(record.line(), flush=True)
    if not options.json:
        show(records)
    if options.page:
        versions = {name: version(name).partition("+")[0] for name in ("torch", "scikit-learn")}
        text = page(records, versions=versions, repeats=comparison.repeats, machine=machine())
        options.page.write_text(text, encoding="utf-8")
    return 0 if all(record.is_met for record in records) else 1


if __name__ == "__main__":
    sys.exit(main())

"""What was measured, a record for each row: for machines, as a table for people, and as a page of the guide."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

COLUMNS = ["work", "peer", "ours", "theirs", "ratio", "at least", "aim", "", "of sgemm's peak", "2 threads"]

_PAGE = """\
# How fast

What `python tests/benchmarks/versus.py` measured: Inkling beside PyTorch {pytorch} and scikit-learn {sklearn},
in one process, in turns, medians of {repeats} repeats; {machine}.
A ratio above 1 says that Inkling is so many times as fast, or needs so many times less memory.

{table}

The work is the same on both sides, and the run ends where it is not: the same initial weights, batches, number
of updates, and losses that agree. PyTorch has its digits in memory as tensors, scaled beforehand, and of its
ways (one thread or all, both memory formats, plain and fused optimisers, eager, compiled, and for reading
frozen) the quickest counts. Inkling scales its bytes on the way, within the time. Batch normalisation is over a
whole batch in PyTorch and over a quarter of it here, whatever the number of threads. scikit-learn works in the
precision of its digits: float64 where bytes are divided by 255.0, as in its own example for MNIST, and float32
where somebody asks for it. numpy and scikit-learn multiply matrices by OpenBLAS, which looks at the machine by
itself: where the environment holds it to an older kind of core (`OPENBLAS_CORETYPE`) they would be half as quick,
and so it is left out, for all; with `--as-set` it stays.

Memory is the highest resident size of a process that does nothing else, all that it has loaded included, with the
digits as bytes on both sides; our helper process counts with it, and pages that the two share count once.

"Of sgemm's peak" is the share of what matrix products of 1024 x 1024 reach side by side on the same cores,
counted by the multiplications that the layers' definitions ask for; "2 threads" says how many times as fast we
are with as many threads as cores as with one. A thread is a process here where a step is many small calls
(`nn/parallel`): it is begun before the first of the repeats, as PyTorch's threads are.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One row: a piece of work beside one peer."""

    name: str
    work: str
    peer: str
    ours: float
    """Seconds, or bytes."""
    theirs: float
    at_least: float
    aim: float
    unit: str = "s"
    way: str = ""
    """How the peer was asked to work."""
    spread_ours: float | None = None
    spread_theirs: float | None = None
    """Between the quartiles, as a share of the median."""
    sgemm_share: float | None = None
    one_thread: float | None = None
    """Our seconds with one thread."""

    @property
    def ratio(self) -> float:
        """How many times as fast, or as small, we are."""
        return self.theirs / self.ours

    @property
    def scaling(self) -> float | None:
        """How many times as fast all threads are as one."""
        return None if self.one_thread is None else self.one_thread / self.ours

    @property
    def is_met(self) -> bool:
        """Whether the row is what is asked."""
        return self.ratio >= self.at_least

    def line(self) -> str:
        """Return the row as one line of JSON."""
        told = asdict(self) | {"ratio": self.ratio, "scaling": self.scaling}
        return json.dumps({key: value for key, value in told.items() if value is not None})


def record_of(line: str) -> Record:
    """Read a row back from its line of JSON."""
    told = json.loads(line)
    return Record(**{key: value for key, value in told.items() if key not in ("ratio", "scaling")})


def cells(record: Record) -> list[str]:
    """Return the row as text, in the order of `COLUMNS`."""
    verdict = "aim" if record.ratio >= record.aim else "met" if record.is_met else "SHORT"
    return [
        record.work,
        record.peer,
        in_words(record.ours, record.unit),
        in_words(record.theirs, record.unit),
        f"{record.ratio:.2f}",
        f"{record.at_least:g}",
        f"{record.aim:g}",
        verdict,
        "" if record.sgemm_share is None else f"{record.sgemm_share:.0%}",
        "" if record.scaling is None else f"{record.scaling:.2f}",
    ]


def page(records: Sequence[Record], *, versions: dict[str, str], repeats: int, machine: str) -> str:
    """Return the page of the guide."""
    shown = [at for at, column in enumerate(COLUMNS) if column not in ("aim", "")]
    lines = [COLUMNS, ["---", "---"] + ["---:"] * (len(COLUMNS) - 2), *(cells(record) for record in records)]
    table = "\n".join(f"| {' | '.join(line[at] for at in shown)} |" for line in lines)
    return _PAGE.format(
        pytorch=versions["torch"], sklearn=versions["scikit-learn"], repeats=repeats, machine=machine, table=table
    )


def in_words(amount: float, unit: str) -> str:
    """Write seconds or bytes for people.

    Examples
    --------
    >>> in_words(0.00123, "s"), in_words(1.5, "s"), in_words(2.5e-5, "s"), in_words(157_286_400, "bytes")
    ('1.23 ms', '1.50 s', '25.0 us', '150 MB')
    """
    if unit == "bytes":
        return f"{amount / 2**20:.0f} MB"
    for factor, name in ((1, "s"), (1e3, "ms")):
        if amount * factor >= 1:
            return f"{_three_digits(amount * factor)} {name}"
    return f"{_three_digits(amount * 1e6)} us"


def _three_digits(number: float) -> str:
    return f"{number:.2f}" if number < 10 else f"{number:.1f}" if number < 100 else f"{number:.0f}"

"""All digits by all methods: what a network reads in its imagination, as a table and as a sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nn.explain.imagination import METHOD_NAMES, METHODS, Imagination, imagine_all

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nn.arrays import Bytes
    from nn.network import Network

_COLUMNS = 5
LEGEND = (
    "Under each digit: how sure it is, in percent; ✗8 where it reads an 8 instead, – where the picture is empty."
)


@dataclass(frozen=True, slots=True, eq=False)
class TableRow:
    """Ten digits by one method."""

    method: str
    imagined: tuple[Imagination, ...]
    judged: tuple[int, ...]
    """What another network reads in them; empty without one."""

    @property
    def recognized(self) -> int:
        """How many the network reads as itself."""
        return sum(imagination.is_recognized for imagination in self.imagined)

    @property
    def agreed(self) -> int:
        """How many the other network reads as what was meant."""
        return sum(read == meant.digit for read, meant in zip(self.judged, self.imagined, strict=True))


def judged_rows(network: Network, judge: Network | None, *, seed: int) -> list[TableRow]:
    """Imagine all digits by all methods, and show them to another network too."""
    rows = []
    for method in METHODS:
        imagined = imagine_all(network, method, seed=seed)
        frames = np.stack([imagination.frame for imagination in imagined])
        read = judge.predict(frames).argmax(axis=1).tolist() if judge else []
        rows.append(TableRow(method, imagined, tuple(read)))
    return rows


def table(rows: Sequence[TableRow]) -> tuple[list[str], list[list[str]]]:
    """Return headings and rows for people."""
    has_judge = any(row.judged for row in rows)
    digits = [str(imagination.digit) for imagination in rows[0].imagined]
    headings = ["method", *digits, "recognised", *(["by the judge"] if has_judge else [])]
    return headings, [_cells(row) for row in rows]


def in_markdown(rows: Sequence[TableRow]) -> str:
    """Return the table as a page of the guide has it."""
    headings, cells = table(rows)
    lines = [headings, ["---"] + ["---:"] * (len(headings) - 1), *cells]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def sheet(imagined: Sequence[Imagination], size: int, columns: int = _COLUMNS) -> Bytes:
    """Return one picture, or rows of them with white between; ink is dark, and pixels are squares."""
    gap = max(1, size // 28)
    columns = min(columns, len(imagined))
    rows = -(-len(imagined) // columns)
    drawn = np.full((rows * (size + gap) - gap, columns * (size + gap) - gap), 255, np.uint8)
    blown_up = np.arange(size) * 28 // size
    for number, imagination in enumerate(imagined):
        top, left = ((size + gap) * place for place in divmod(number, columns))
        drawn[top : top + size, left : left + size] = 255 - imagination.frame[np.ix_(blown_up, blown_up)]
    return drawn


def _cells(row: TableRow) -> list[str]:
    count = len(row.imagined)
    judged = [f"{row.agreed} of {count}"] if row.judged else []
    verdicts = (_verdict(imagination) for imagination in row.imagined)
    return [METHOD_NAMES[row.method], *verdicts, f"{row.recognized} of {count}", *judged]


def _verdict(imagination: Imagination) -> str:
    verdict = imagination.verdict
    if verdict.digit is None:
        return "–"
    return f"{verdict.confidence:.0%}".rstrip("%") if imagination.is_recognized else f"✗{verdict.digit}"

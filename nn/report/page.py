"""The page: all that was measured, in Markdown, with its pictures beside it."""

from __future__ import annotations

from dataclasses import astuple, dataclass, field
from typing import TYPE_CHECKING

from nn.files.atomic import write_atomically
from nn.report import prose
from nn.report.card import data_and_terms, head, limits
from nn.report.pictures import MOST_SHOWN, misread, save_curves, save_misread, save_reliability
from nn.report.tables import (
    certainty_table,
    confusion_table,
    curve_tables,
    mix_ups_table,
    refusals_table,
    reliability_table,
    sets_table,
)
from nn.reproduction import machine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from nn.network import Network
    from nn.report.measure import Report, SetResult


def write_page(
    path: Path,
    network: Network,
    report: Report,
    *,
    file: str,
    with_digits: bool = True,
    tell: Callable[[str], None] = lambda _: None,
) -> list[Path]:
    """Write a report, and its pictures beside it; return the paths of all.

    Parameters
    ----------
    path
        Of the page. Its pictures begin with its name.
    file
        Name of the network's file, for whoever reads the page.
    with_digits
        Whether misread digits are drawn: those pictures are copies of data that somebody else has rights in.
    tell
        Hears of each picture before it is drawn.
    """
    pictures = _Pictures(path, tell)
    sections = [
        head(network, file),
        *_reading(report),
        *_robustness(report, pictures),
        *_confidence(report, pictures),
        *_refusals(report),
        _pace(report),
        *_mistakes(report),
        prose.MISREADING,
        *(_misread(report, pictures) if with_digits else [prose.PICTURES_ELSEWHERE.format(file=file)]),
        limits(network),
        data_and_terms(network),
    ]
    write_atomically(path, ("\n\n".join(sections) + "\n").encode())
    return [path, *pictures.paths]


@dataclass(frozen=True, slots=True)
class _Pictures:
    """Pictures beside a page."""

    page: Path
    tell: Callable[[str], None]
    paths: list[Path] = field(default_factory=list)

    def drawn(self, what: str, draw: Callable[[Path], object]) -> str:
        """Draw a picture and return the line that shows it."""
        place = self.page.with_name(f"{self.page.stem}-{what}.png")
        self.tell(place.name)
        draw(place)
        self.paths.append(place)
        return f"![{what}]({place.name})"


def _reading(report: Report) -> Iterator[str]:
    yield prose.READING
    yield sets_table(report).in_markdown()
    if report.missing:
        yield prose.MISSING.format(names=", ".join(report.missing))


def _robustness(report: Report, pictures: _Pictures) -> Iterator[str]:
    yield prose.BEARING
    yield pictures.drawn("robustness", lambda place: save_curves(report, place))
    for table in curve_tables(report):
        yield f"**{table.title}**"
        yield table.in_markdown()


def _confidence(report: Report, pictures: _Pictures) -> Iterator[str]:
    yield prose.BELIEVING
    yield certainty_table(report).in_markdown()
    yield pictures.drawn("reliability", lambda place: save_reliability(report, place))
    yield reliability_table(report).in_markdown()


def _refusals(report: Report) -> Iterator[str]:
    if report.refusals:
        yield prose.REFUSING
        yield refusals_table(report).in_markdown()


def _pace(report: Report) -> str:
    median, slow, frame = (seconds * 1e3 for seconds in astuple(report.pace))
    return prose.PACE.format(median=median, slow=slow, frame=frame, machine=machine())


def _mistakes(report: Report) -> Iterator[str]:
    yield prose.MISTAKING
    yield mix_ups_table(report).in_markdown()
    table = confusion_table(report)
    yield f"{table.title}:"
    yield table.in_markdown()


def _misread(report: Report, pictures: _Pictures) -> Iterator[str]:
    for number, result in enumerate(report.sets, 1):
        count = misread(result.answers)
        yield f"**{result.digits.name}**: {_how_many(count)}"
        if count:
            yield pictures.drawn(f"misread-{number}", _sheet_of(result))


def _sheet_of(result: SetResult) -> Callable[[Path], object]:
    return lambda place: save_misread(result, place)


def _how_many(count: int) -> str:
    if not count:
        return "nothing is misread or refused."
    first = f", the {MOST_SHOWN} surest of them" if count > MOST_SHOWN else ""
    return f"{count:,} misread or refused{first}."

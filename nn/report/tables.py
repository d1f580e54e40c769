"""A report's figures as tables, for a page and for a screen alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nn.calibration import SURE
from nn.report.answers import NOTHING
from nn.report.reliability import reliability

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nn.report.answers import Answers
    from nn.report.measure import Curve, Refusal, Report

_DIGITS = tuple(str(digit) for digit in range(10))
_MIX_UPS = 6


@dataclass(frozen=True, slots=True)
class Table:
    """Headings and rows, all as text; the first `words` columns are words, the others numbers."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: int = 1

    def in_markdown(self) -> str:
        """Return the table as Markdown has it, without its title."""
        columns = len(self.headings)
        marks = ["---"] * self.words + ["---:"] * (columns - self.words)
        return "\n".join(f"| {' | '.join(line)} |" for line in (self.headings, marks, *self.rows))


def percent(share: float) -> str:
    """Write a share 0..1 for people."""
    return f"{share:.2%}".replace("%", " %")


def sets_table(report: Report) -> Table:
    """Each set and each of its groups: read right, misread, refused, and read right by digit."""
    rows = []
    for result in report.sets:
        for number, (name, answers) in enumerate(result.parts()):
            indented = name if number == 0 else f"– {name}"
            rows.append((indented, *_figures(answers), *_by_digit(answers)))
    return Table("Digits", ("digits", "samples", "read right", "misread", "refused", *_DIGITS), tuple(rows))


def _figures(answers: Answers) -> tuple[str, ...]:
    misread = int((~answers.is_right).sum())
    return f"{len(answers):,}", percent(answers.right), f"{misread:,}", percent(answers.refused)


def _by_digit(answers: Answers) -> Iterator[str]:
    for digit in range(10):
        of_digit = answers.chosen(answers.labels == digit)
        yield f"{of_digit.right * 100:.1f}" if len(of_digit) else ""


def curve_tables(report: Report) -> Iterator[Table]:
    """Yield a table for each distortion: percent read right at each strength, and refused where any is."""
    for distortion in dict.fromkeys(curve.distortion for curve in report.curves):
        curves = [curve for curve in report.curves if curve.distortion is distortion]
        rows = tuple(row for curve in curves for row in _curve_rows(curve))
        strengths = (f"{value:g}".replace("-", "−") for value in distortion.values)
        yield Table(f"{distortion.name.capitalize()}, {distortion.unit}", ("percent", *strengths), rows)


def _curve_rows(curve: Curve) -> Iterator[tuple[str, ...]]:
    yield curve.digits, *(f"{share * 100:.2f}" for share in curve.right)
    if any(curve.refused):
        yield "– refused", *(f"{share * 100:.2f}" for share in curve.refused)


def reliability_table(report: Report) -> Table:
    """Confidence and truth on validation digits, bin by bin."""
    rows = tuple(
        (
            f"{each.low * 100:.0f} to {each.high * 100:.0f} %",
            f"{each.count:,}",
            percent(each.confidence),
            percent(each.right),
        )
        for each in report.validation().bins
    )
    return Table("Validation digits", ("confidence", "answers", "mean confidence", "right"), rows)


def certainty_table(report: Report) -> Table:
    """How far confidence may be believed on each set."""
    rows = []
    for name, judged in (
        *((result.digits.name, reliability(result.answers)) for result in report.sets),
        ("All validation digits", report.validation()),
    ):
        error = percent(judged.calibration_error)
        rows.append(
            (name, error, f"{judged.sure:,}", str(judged.sure_and_wrong), percent(judged.wrong_though_sure))
        )
    sure = f"shown with {SURE:.0%} or more".replace("%", " %")
    return Table("Each set", ("digits", "calibration error", sure, "of these wrong", "share"), tuple(rows))


def refusals_table(report: Report) -> Table:
    """List what is no digit: how often that is said, and what it looks like most often."""
    rows = [
        (each.source, f"`{each.name}`", f"{each.samples:,}", percent(each.refused), _taken_for(each))
        for each in report.refusals
    ]
    for source in dict.fromkeys(each.source for each in report.refusals):
        asked = [each for each in report.refusals if each.source == source and not each.is_how_some_write]
        samples = sum(each.samples for each in asked)
        refused = sum(each.samples * each.refused for each in asked) / samples
        left_out = [
            f"`{each.name}`" for each in report.refusals if each.source == source and each.is_how_some_write
        ]
        name = f"all but {' and '.join(left_out)}" if left_out else "all"
        rows.append((source, name, f"{samples:,}", percent(refused), ""))
    return Table("No digits", ("drawn by", "what", "samples", "refused", "most like"), tuple(rows), words=2)


def _taken_for(refusal: Refusal) -> str:
    return "nothing" if refusal.taken_for == NOTHING else str(refusal.taken_for)


def mix_ups_table(report: Report) -> Table:
    """List the most frequent mistakes of each set."""
    rows = tuple((result.digits.name, _mix_ups(result.answers)) for result in report.sets)
    return Table("Most frequent mistakes", ("digits", "meant → read: times"), rows, words=2)


def _mix_ups(answers: Answers) -> str:
    counts = answers.confusion()
    np.fill_diagonal(counts, 0)
    order = np.argsort(-counts, axis=None, kind="stable")[:_MIX_UPS]
    found = [(*divmod(int(place), 10), int(counts.flat[place])) for place in order if counts.flat[place]]
    return ", ".join(f"{meant} → {read}: {times}" for meant, read, times in found) or "none"


def confusion_table(report: Report) -> Table:
    """Who is taken for whom, all sets together."""
    counts = sum((result.answers.confusion() for result in report.sets), np.zeros((10, 10), np.int64))
    rows = tuple(
        (str(digit), *(f"{count:,}" if count else "." for count in row)) for digit, row in enumerate(counts)
    )
    return Table("All sets together", ("meant", *(f"read {digit}" for digit in range(10))), rows)

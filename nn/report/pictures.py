"""A report in pictures: the curves, confidence against truth, and sheets of what is misread."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nn.plots import Curve as Line
from nn.plots import Panel, save_plot, save_sheet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nn.report.answers import Answers
    from nn.report.measure import Curve, Report, SetResult

MOST_SHOWN = 120
"""Digits on one sheet."""

_FLOOR = 90.0


def save_curves(report: Report, path: Path) -> None:
    """Draw a panel for each distortion, with a line for each set and a thin one for what of it is not refused."""
    panels = []
    for distortion in dict.fromkeys(curve.distortion for curve in report.curves):
        curves = [curve for curve in report.curves if curve.distortion is distortion]
        lines = (*map(_right, curves), *map(_not_refused, curves, range(len(curves))))
        lowest = min(float(np.min(line.y)) for line in lines)
        # One scale for all of them, but where a curve would fall off it.
        scale = (min(_FLOOR, lowest - 1), 100.2)
        panels.append(Panel(distortion.name, distortion.unit, "% read right", lines, y_range=scale))
    save_plot(path, panels, columns=3)


def _right(curve: Curve) -> Line:
    return Line(curve.digits, [share * 100 for share in curve.right], curve.distortion.values)


def _not_refused(curve: Curve, place: int) -> Line:
    # Refused digits count as read all the same: without this line, one would not see that nobody is answered.
    shares = [100 - share * 100 for share in curve.refused]
    return Line(f"{curve.digits}: not refused", shares, curve.distortion.values, beside=place)


def save_reliability(report: Report, path: Path) -> None:
    """Draw confidence against truth on validation digits; on the thin line both agree."""
    bins = report.validation().bins
    lines = (
        Line("", [0, 1], [0, 1]),
        Line("validation digits", [each.right for each in bins], [each.confidence for each in bins]),
    )
    save_plot(path, [Panel("Is it as sure as it may be?", "mean confidence", "share right", lines)])


def save_misread(result: SetResult, path: Path) -> int:
    """Draw what of a set is misread or refused, the surest mistakes first; return how many there are in all."""
    chosen = _worst_first(result.answers)
    shown = chosen[:MOST_SHOWN]
    captions = list(_captions(result.answers, shown))
    title = f"{result.digits.name}: meant → read, and how sure"
    save_sheet(path, result.digits.digits.images[shown], captions, title=title)
    return len(chosen)


def misread(answers: Answers) -> int:
    """Count the digits that are misread or refused."""
    return len(_worst_first(answers))


def _worst_first(answers: Answers) -> np.typing.NDArray[np.intp]:
    wrong = np.flatnonzero(~answers.is_right | answers.is_refused)
    order = np.lexsort((-answers.confidences[wrong], answers.is_refused[wrong]))
    return wrong[order]


def _captions(answers: Answers, shown: np.typing.NDArray[np.intp]) -> Iterator[str]:
    for index in shown:
        read = f"{answers.readings[index]}  {answers.confidences[index]:.1%}"
        yield f"{answers.labels[index]} → {'refused' if answers.is_refused[index] else read}"

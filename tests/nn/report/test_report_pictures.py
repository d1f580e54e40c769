"""The pictures of a report show what a table of it would."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn.report.distortions import DISTORTIONS
from nn.report.measure import Curve, Report
from nn.report.pace import Pace
from nn.report.pictures import save_curves

if TYPE_CHECKING:
    from pathlib import Path


def test_the_curves_show_what_is_refused_beside_what_is_read_right(tmp_path: Path) -> None:
    shaking = next(distortion for distortion in DISTORTIONS if distortion.name == "shaking")
    right, refused = (0.99, 0.99, 0.98, 0.96, 0.92, 0.86), (0.0, 0.01, 0.05, 0.2, 0.5, 0.73)
    curves = (Curve(shaking, "Pen digits", right, refused), Curve(shaking, "MNIST", right, right))
    path = tmp_path / "curves.svg"
    save_curves(Report((), curves, (), Pace(0, 0, 0), ()), path)
    picture = path.read_text()
    for line in ("Pen digits", "Pen digits: not refused", "MNIST: not refused"):
        assert f">{line}<" in picture
    assert ">40<" in picture, "the scale reaches down to the 27 % that are answered"

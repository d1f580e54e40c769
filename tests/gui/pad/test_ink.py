"""How strokes look, asked of rendered pixels."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath

from gui.pad.ink import WIDTH, SmoothPath, paint_stroke, widths_of
from nn.ink.strokes import Stroke

SIDE = 400


def inked(
    points: list[list[float]], pressure: list[float] | None = None
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Paint a stroke black on white, a pixel a unit; give the ink of each pixel, 0..1."""
    image = QImage(SIDE, SIDE, QImage.Format.Format_Grayscale8)
    image.fill(255)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    stroke = Stroke(np.array(points), None if pressure is None else np.array(pressure))
    paint_stroke(painter, stroke, QColor("#000000"))
    painter.end()
    return 1 - np.frombuffer(image.constBits(), dtype=np.uint8).reshape(SIDE, SIDE) / 255


@pytest.mark.parametrize("pressure", [None, [0.5]])
def test_a_point_is_a_round_dot_as_wide_as_the_pen(pressure: list[float] | None) -> None:
    ink = inked([[200, 200]], pressure)
    assert ink.sum() == pytest.approx(np.pi * (WIDTH / 2) ** 2, rel=0.02)
    assert ink[200].sum() == pytest.approx(WIDTH, abs=1)
    assert ink[:, 200].sum() == pytest.approx(WIDTH, abs=1)


@pytest.mark.parametrize("pressure", [None, [0.5, 0.5, 0.5]])
def test_a_line_is_as_wide_as_the_pen_and_has_round_ends(pressure: list[float] | None) -> None:
    ink = inked([[100, 200], [200, 200], [300, 200]], pressure)
    assert ink[:, 200].sum() == pytest.approx(WIDTH, abs=1)
    assert ink.sum() == pytest.approx(200 * WIDTH + np.pi * (WIDTH / 2) ** 2, rel=0.02)


def test_pressure_makes_the_line_wider_on_its_way() -> None:
    ink = inked([[100, 200], [200, 200], [300, 200]], [0, 0.5, 1])
    widths = [ink[:, x].sum() for x in (100, 150, 200, 250, 300)]
    assert np.allclose(widths, widths_of(np.array([0, 0.25, 0.5, 0.75, 1])), atol=1.5)


def test_a_stroke_with_pressure_has_no_holes_however_it_turns() -> None:
    turns = np.linspace(0, 6 * np.pi, 90)
    knot = np.stack([200 + 30 * np.cos(turns) + turns, 200 + 15 * np.sin(turns)], axis=1)
    ink = inked(knot.tolist(), (0.5 + 0.5 * np.sin(turns)).tolist())
    for x, y in knot.round().astype(int):
        assert ink[y - 3 : y + 4, x - 3 : x + 4].min() == 1


def path_of(points: list[tuple[float, float]]) -> QPainterPath:
    curve = SmoothPath()
    for x, y in points:
        curve.append(QPointF(x, y))
    return curve.path()


def test_a_curve_is_smooth_and_a_corner_stays_one() -> None:
    gentle = path_of([(0, 0), (100, 0), (190, 50)])
    corner = path_of([(0, 0), (100, 0), (0, 50)])
    assert gentle.boundingRect().right() == 190
    assert not gentle.contains(gentle.pointAtPercent(0) + gentle.pointAtPercent(1) * 2)
    assert corner.boundingRect().right() == 100
    kinds = [gentle.elementAt(index).type for index in range(gentle.elementCount())]
    assert gentle.ElementType.CurveToElement in kinds
    kinds = [corner.elementAt(index).type for index in range(corner.elementCount())]
    assert corner.ElementType.CurveToElement not in kinds


def test_a_path_begins_and_ends_where_the_pen_did() -> None:
    path = path_of([(3, 4), (50, 60), (70, 20), (71, 21)])
    assert path.pointAtPercent(0).toTuple() == (3, 4)
    assert path.currentPosition().toTuple() == (71, 21)

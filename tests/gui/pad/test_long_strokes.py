"""Strokes of thousands of points: painted piece by piece, each piece once, and nobody can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from gui.pad.ink import RUN, Ink, PlainInk, PressedInk, ink_of
from gui.theme import DARK, LIGHT, palette_of
from nn.ink.strokes import Drawing, Stroke

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QColor, QPainter
    from PySide6.QtWidgets import QWidget

    from gui.pad.canvas import Canvas
    from gui.pad.document import Document
    from gui.theme import Theme
    from nn.arrays import Bytes

    Pixels = Callable[[QWidget], Bytes]


def scribble(count: int) -> list[QPointF]:
    """A curve of many points over most of the paper."""
    turns = np.linspace(0, 9 * np.pi, count)
    places = 500 + np.stack([300 * np.sin(1.01 * turns), 350 * np.cos(0.37 * turns)], axis=1)
    return [QPointF(x, y) for x, y in places.tolist()]


def begin_scribble(canvas: Canvas, points: list[QPointF], pressure: float | None) -> None:
    canvas.pen_down("hand", points[0], pressure)
    for index, point in enumerate(points[1:]):
        canvas.pen_to("hand", point, pressure)
        if index % 50 == 0:
            canvas.repaint(100, 100, 20, 20)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("pressure", [None, 0.3])
def test_a_long_stroke_looks_the_same_live_finished_and_painted_anew(
    canvas: Canvas, document: Document, pixels: Pixels, pressure: float | None, theme: Theme
) -> None:
    canvas.setPalette(palette_of(theme))
    document.add_stroke(Stroke(np.array([[100, 100], [900, 900]])))
    begin_scribble(canvas, scribble(3 * RUN + 20), pressure)
    live = pixels(canvas)
    canvas.pen_up("hand")
    finished = pixels(canvas)
    canvas.resize(200, 200)
    pixels(canvas)
    canvas.resize(300, 300)
    assert (finished == live).all()
    assert (pixels(canvas) == live).all()


def test_a_long_stroke_that_is_dropped_leaves_no_ink(canvas: Canvas, document: Document, pixels: Pixels) -> None:
    document.add_stroke(Stroke(np.array([[100, 100], [900, 900]])))
    before = pixels(canvas)
    begin_scribble(canvas, scribble(3 * RUN), None)
    assert canvas.drop()
    assert (pixels(canvas) == before).all()


@pytest.mark.parametrize("change", ["undo", "theme", "size"])
def test_a_long_live_stroke_follows_what_changes_under_it(
    canvas: Canvas, document: Document, pixels: Pixels, change: str
) -> None:
    document.add_stroke(Stroke(np.array([[100, 500], [900, 500]])))
    begin_scribble(canvas, scribble(3 * RUN + 20), None)
    changes: dict[str, Callable[[], None]] = {
        "undo": document.undo_stack.undo,
        "theme": lambda: canvas.setPalette(palette_of(DARK)),
        "size": lambda: canvas.resize(200, 200),
    }
    changes[change]()
    live = pixels(canvas)
    canvas.pen_up("hand")
    strokes = document.strokes
    document.clear()
    pixels(canvas)
    document.set_drawing(Drawing(strokes))
    assert (pixels(canvas) == live).all()


@pytest.mark.parametrize("kind", [PlainInk, PressedInk])
def test_a_piece_of_a_long_stroke_is_painted_once(
    canvas: Canvas, document: Document, monkeypatch: pytest.MonkeyPatch, kind: type[Ink]
) -> None:
    painted: list[int] = []
    paint = kind.paint

    def watched(ink: Ink, painter: QPainter, color: QColor, first: int = 0, end: int | None = None) -> None:
        painted.extend(range(first, ink.settled if end is None else end))
        paint(ink, painter, color, first, end)

    monkeypatch.setattr(kind, "paint", watched)
    begin_scribble(canvas, scribble(5 * RUN), 0.5 if kind is PressedInk else None)
    canvas.repaint()
    canvas.pen_up("hand")
    canvas.repaint()
    settled = ink_of(document.strokes[0]).settled
    assert settled >= 5
    assert painted == list(range(settled))

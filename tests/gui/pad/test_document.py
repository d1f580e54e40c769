"""The document: every change is one undo step, and undo is exact."""

from __future__ import annotations

import gc
import weakref
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QImage

from gui.pad.document import MOST_STEPS, SIDE, Document, fitted
from gui.pad.picture import Picture
from nn.ink.strokes import Drawing, Stroke

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot


def stroke(x: float = 0) -> Stroke:
    return Stroke(np.array([[x, 0], [x, 10]]))


def test_a_new_document_is_blank(document: Document) -> None:
    assert document.is_blank
    assert document.drawing().is_blank
    assert not document.undo_stack.canUndo()


def test_each_change_is_one_undo_step_and_one_signal(document: Document, qtbot: QtBot) -> None:
    first, second = stroke(1), stroke(2)
    changes: list[Callable[[], None]] = [
        lambda: document.add_stroke(first),
        lambda: document.add_stroke(second),
        lambda: document.erase([0]),
        lambda: document.set_drawing(Drawing((first, second))),
        document.clear,
    ]
    for steps, change in enumerate(changes, start=1):
        with qtbot.waitSignal(document.changed, timeout=0):
            change()
        assert document.undo_stack.count() == steps
    seen = []
    while document.undo_stack.canUndo():
        document.undo_stack.undo()
        seen.append(document.strokes)
    assert seen == [(first, second), (second,), (first, second), (first,), ()]


def test_what_changes_nothing_is_no_undo_step(document: Document) -> None:
    document.clear()
    document.erase([])
    document.set_drawing(Drawing())
    assert document.undo_stack.count() == 0


def test_a_change_after_an_undo_forgets_what_was_undone(document: Document) -> None:
    first, second, third = stroke(1), stroke(2), stroke(3)
    document.add_stroke(first)
    document.add_stroke(second)
    document.undo_stack.undo()
    document.add_stroke(third)
    assert not document.undo_stack.canRedo()
    seen = [document.strokes]
    document.undo_stack.undo()
    seen.append(document.strokes)
    assert seen == [(first, third), (first,)]


def test_forgetting_all_steps_keeps_the_drawing(document: Document) -> None:
    first, second = stroke(1), stroke(2)
    document.add_stroke(first)
    document.undo_stack.clear()
    assert document.strokes == (first,)
    document.add_stroke(second)
    document.undo_stack.undo()
    assert document.strokes == (first,)
    assert not document.undo_stack.canUndo()


def picture() -> Picture:
    return Picture(QImage(8, 8, QImage.Format.Format_RGB32), np.zeros((28, 28), np.uint8))


def test_a_picture_is_a_step_like_any_other(document: Document) -> None:
    first, laid = stroke(1), picture()
    document.add_stroke(first)
    document.put(laid)
    assert (document.strokes, document.picture, document.is_blank) == ((), laid, False)
    document.add_stroke(first)
    assert (document.strokes, document.picture) == ((first,), None)
    seen = []
    for go in (*[document.undo_stack.undo] * 3, *[document.undo_stack.redo] * 3):
        go()
        seen.append((document.strokes, document.picture))
    there, gone = ((), laid), ((first,), None)
    assert seen == [there, gone, ((), None), gone, there, gone]


@pytest.mark.parametrize("name", ["clear", "erase", "set"])
def test_what_takes_a_picture_away_can_be_undone(document: Document, name: str) -> None:
    laid = picture()
    document.put(laid)
    edit(document, name)
    seen = [document.picture]
    document.undo_stack.undo()
    seen.append(document.picture)
    assert seen == [None, laid]
    assert document.undo_stack.count() == 2


def test_steps_long_past_and_their_pictures_are_let_go(document: Document) -> None:
    laid = [picture() for _ in range(MOST_STEPS + 5)]
    known = [weakref.ref(one.image) for one in laid]
    kept = laid[-MOST_STEPS:]
    for one in laid:
        document.put(one)
    del laid, one
    assert sum(ref() is not None for ref in known) == MOST_STEPS + 1, "one is what there was before the first step"
    seen = []
    while document.undo_stack.canUndo():
        seen.append(document.picture)
        document.undo_stack.undo()
    assert seen == kept[::-1]
    while document.undo_stack.canRedo():
        document.undo_stack.redo()
    assert document.picture is kept[-1]


def test_the_menu_says_what_would_be_undone(document: Document) -> None:
    document.add_stroke(stroke())
    assert document.undo_stack.undoText() == "stroke"
    document.erase([0])
    assert document.undo_stack.undoText() == "erasing"


def test_a_document_that_nobody_needs_is_freed_at_once() -> None:
    document = Document()
    for count in range(5):
        document.add_stroke(stroke(count))
    document.undo_stack.undo()
    known = weakref.ref(document)
    gc.disable()
    try:
        del document
        assert known() is None, "a ring of references keeps it, which the collector may free in the wrong order"
    finally:
        gc.enable()


EDITS = st.lists(st.sampled_from(["add", "erase", "clear", "set", "undo", "redo"]), max_size=30)


def edit(document: Document, name: str) -> None:
    {
        "add": lambda: document.add_stroke(stroke(len(document.strokes))),
        "erase": lambda: document.erase(range(0, len(document.strokes), 2)),
        "clear": document.clear,
        "set": lambda: document.set_drawing(Drawing((stroke(-1), stroke(-2)))),
        "undo": document.undo_stack.undo,
        "redo": document.undo_stack.redo,
    }[name]()


@given(names=EDITS)
@settings(max_examples=60, deadline=None)
def test_undo_after_redo_is_identity(names: list[str]) -> None:
    document = Document()
    for name in names:
        edit(document, name)
    before = document.strokes
    stack = document.undo_stack
    if stack.canRedo():
        stack.redo()
        stack.undo()
        assert document.strokes == before
    if stack.canUndo():
        stack.undo()
        stack.redo()
        assert document.strokes == before
    stack.setIndex(0)
    assert document.is_blank


@pytest.mark.parametrize("factor", [0.001, 1.0, 5000.0])
def test_a_drawing_of_any_unit_is_fitted_to_the_paper(factor: float) -> None:
    points = (np.array([[0, 0], [2, 1], [1, 4]]) - 17) * factor
    drawing = fitted(Drawing((Stroke(points.astype(np.float32)),), label=4))
    fit = drawing.strokes[0].points
    assert drawing.label == 4
    assert np.allclose(fit.min(axis=0), [SIDE / 2 - 0.175 * SIDE, 0.15 * SIDE], atol=0.01)
    assert np.allclose(fit.max(axis=0), [SIDE / 2 + 0.175 * SIDE, 0.85 * SIDE], atol=0.01)


def test_a_dot_and_an_empty_drawing_are_fitted_too() -> None:
    assert fitted(Drawing()).is_blank
    dot = fitted(Drawing((Stroke(np.array([[3.0, 9.0]])),)))
    assert dot.strokes[0].points.tolist() == [[SIDE / 2, SIDE / 2]]

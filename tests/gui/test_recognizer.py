"""The recogniser: at once, then at most once a display frame, and never late with the last point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtTest import QTest

from gui.recognizer import DOT, Recognizer, without_slips
from nn.ink.strokes import Drawing, Stroke
from nn.network import mlp
from nn.recognition import NOTHING_DRAWN, ONLY_A_DOT, Prediction

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


class Paper:
    """A drawing and a network that can be exchanged, and all that was read."""

    def __init__(self) -> None:
        self.drawing = Drawing()
        self.network = mlp([784, 10], seed=1)
        self.readings: list[tuple[Prediction, Any]] = []

    def read(self, prediction: Prediction, frame: Any) -> None:
        self.readings.append((prediction, frame))


ONE = Drawing((Stroke(np.array([[500, 100], [500, 900]])),))
DASH = Drawing((Stroke(np.array([[100, 500], [900, 500]])),))


@pytest.fixture
def paper() -> Paper:
    return Paper()


def recognizer_of(paper: Paper, interval_ms: int) -> Recognizer:
    recognizer = Recognizer(lambda: paper.drawing, lambda: paper.network, interval_ms=interval_ms)
    recognizer.recognized.connect(paper.read)
    return recognizer


def test_an_empty_pad_has_no_digit(qtbot: QtBot, paper: Paper) -> None:
    recognizer = recognizer_of(paper, 0)
    recognizer.wake()
    (prediction, frame) = paper.readings[0]
    assert prediction == NOTHING_DRAWN
    assert frame.shape == (28, 28)
    assert not frame.any()


def test_a_drawing_is_framed_and_read_by_the_network(qtbot: QtBot, paper: Paper) -> None:
    recognizer = recognizer_of(paper, 0)
    paper.drawing = ONE
    recognizer.wake()
    prediction, frame = paper.readings[-1]
    assert frame.any()
    assert prediction.probabilities == pytest.approx(paper.network.predict(frame[np.newaxis])[0])


def test_another_network_reads_the_same_drawing(qtbot: QtBot, paper: Paper) -> None:
    recognizer = recognizer_of(paper, 0)
    paper.drawing = ONE
    recognizer.wake()
    paper.network = mlp([784, 10], seed=2)
    recognizer.wake()
    first, second = paper.readings
    assert (first[1] == second[1]).all()
    assert first[0] != second[0]


def test_without_an_interval_every_call_is_answered(qtbot: QtBot, paper: Paper) -> None:
    recognizer = recognizer_of(paper, 0)
    for _ in range(5):
        recognizer.wake()
    assert len(paper.readings) == 5
    assert not recognizer.is_waiting


def test_the_first_call_is_answered_at_once_and_the_rest_together(qtbot: QtBot, paper: Paper) -> None:
    recognizer = recognizer_of(paper, 40)
    paper.drawing = ONE
    recognizer.wake()
    assert len(paper.readings) == 1
    for _ in range(20):
        recognizer.wake()
    paper.drawing = DASH
    recognizer.wake()
    assert len(paper.readings) == 1
    assert recognizer.is_waiting
    qtbot.waitUntil(lambda: len(paper.readings) == 2, timeout=1000)
    QTest.qWait(80)
    assert len(paper.readings) == 2
    frame = paper.readings[-1][1]
    assert frame.any(axis=0).sum() > frame.any(axis=1).sum(), "the last drawing is the one that was read"


def test_after_a_rest_the_answer_comes_at_once_again(qtbot: QtBot, paper: Paper) -> None:
    recognizer = recognizer_of(paper, 20)
    recognizer.wake()
    QTest.qWait(30)
    recognizer.wake()
    assert len(paper.readings) == 2


def test_a_steady_hand_is_read_at_most_once_a_display_frame(qtbot: QtBot, paper: Paper) -> None:
    recognizer = recognizer_of(paper, 25)
    for _ in range(100):
        recognizer.wake()
        QTest.qWait(2)
    qtbot.waitUntil(lambda: not recognizer.is_waiting, timeout=1000)
    assert 2 <= len(paper.readings) <= 40


def test_who_wakes_it_from_its_own_answer_does_not_lock_it_up(qtbot: QtBot, paper: Paper) -> None:
    recognizer = recognizer_of(paper, 10)
    answers = 0

    def again() -> None:
        nonlocal answers
        answers += 1
        if answers < 3:
            recognizer.wake()

    recognizer.recognized.connect(again)
    recognizer.wake()
    assert answers == 1
    qtbot.waitUntil(lambda: answers == 3, timeout=1000)


def test_a_touch_that_slipped_is_a_dot_and_the_smallest_digit_is_none(qtbot: QtBot, paper: Paper) -> None:
    recognizer = recognizer_of(paper, 0)
    for length, is_a_dot in ((0, True), (DOT, True), (50, False)):
        paper.drawing = Drawing((Stroke(np.array([[500, 500], [503, 500 + length]])),))
        recognizer.wake()
        prediction, _ = paper.readings[-1]
        assert (prediction == ONLY_A_DOT) == is_a_dot


def test_a_touch_elsewhere_on_the_pad_changes_nothing(qtbot: QtBot, paper: Paper) -> None:
    recognizer = recognizer_of(paper, 0)
    for strokes in (ONE.strokes, (*ONE.strokes, Stroke(np.array([[900, 60]])))):
        paper.drawing = Drawing(strokes)
        recognizer.wake()
    alone, touched = paper.readings
    assert alone[0] == touched[0]
    assert (alone[1] == touched[1]).all()


def test_touches_far_apart_stay_as_they_are() -> None:
    touches = Drawing(tuple(Stroke(np.array([[x, 500]])) for x in (100, 900)))
    assert without_slips(touches) is touches
    assert without_slips(Drawing()).is_blank

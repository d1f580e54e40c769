"""Answers: what is right, what is refused, and who is taken for whom."""

from __future__ import annotations

import numpy as np

from nn.calibration import Calibration
from nn.data.dataset import Dataset
from nn.losses import OpenCrossEntropy
from nn.network import mlp
from nn.report.answers import NOTHING, Answers, answers_to, joined_answers, refusals

ANSWERS = Answers(
    np.array([7, 7, 1, 4]),
    np.array([7, 1, 1, 9]),
    np.array([0.9, 0.8, 0.7, 0.6]),
    np.array([0, 0, 1, 1], np.bool_),
)


def test_a_refused_digit_counts_by_what_would_have_been_read() -> None:
    assert ANSWERS.right == 0.5
    assert ANSWERS.refused == 0.5
    assert ANSWERS.shown().labels.tolist() == [7, 7]


def test_rows_of_the_confusion_are_what_was_meant() -> None:
    counts = ANSWERS.confusion()
    assert counts.sum() == 4
    assert counts[7].tolist() == [0, 1, 0, 0, 0, 0, 0, 1, 0, 0]
    assert counts[4, 9] == counts[1, 1] == 1


def test_answers_one_after_the_other_are_all_of_them() -> None:
    both = joined_answers(ANSWERS, ANSWERS.chosen(ANSWERS.labels == 4))
    assert both.labels.tolist() == [7, 7, 1, 4, 4]
    assert both.is_refused.tolist() == [False, False, True, True, True]


def test_no_answers_have_no_share() -> None:
    nothing = ANSWERS.chosen(ANSWERS.labels == 3)
    assert (len(nothing), nothing.right, nothing.refused) == (0, 0, 0)


def test_a_dot_has_no_reading_and_is_refused_by_every_network() -> None:
    dot = np.zeros((1, 28, 28), np.uint8)
    dot[0, 12:16, 12:16] = 255
    answers = answers_to(mlp([784, 10], seed=0), Dataset(dot, np.zeros(1, np.uint8)))
    assert (answers.readings.tolist(), answers.right, answers.refused) == ([NOTHING], 0, 1)
    assert answers.confusion().sum() == 0


def test_what_a_network_refuses_is_up_to_its_threshold() -> None:
    network = mlp([784, 10], loss=OpenCrossEntropy(), seed=0)
    frames = np.random.default_rng(0).integers(0, 256, (50, 28, 28)).astype(np.uint8)
    none = network.read(frames).none
    network.calibration = Calibration(threshold=float(np.median(none)))
    answers = answers_to(network, Dataset(frames, np.zeros(50, np.uint8)))
    assert answers.refused == 0.5
    refused, readings = refusals(network, frames)
    assert refused.tolist() == answers.is_refused.tolist()
    assert readings.tolist() == answers.readings.tolist() == network.predict(frames).argmax(axis=1).tolist()

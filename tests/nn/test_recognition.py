"""From a frame to an answer: a digit, or none and the reason why."""

from __future__ import annotations

import numpy as np
import pytest

from nn.calibration import Calibration
from nn.ink.frame import frame_from_drawing
from nn.ink.strokes import Drawing, Stroke
from nn.network import Network, mlp
from nn.recognition import (
    NO_NUMBER,
    NOT_A_DIGIT,
    NOTHING_DRAWN,
    ONLY_A_DOT,
    SEVERAL_DIGITS,
    WOULD_BE_REFUSED,
    nearest,
    prediction_of,
    recognize,
    recognize_drawings,
    recognize_each,
)


def drawing_of(*strokes: list[list[float]]) -> Drawing:
    return Drawing(tuple(Stroke(np.array(points, np.float32)) for points in strokes))


def frame_of(*strokes: list[list[float]]) -> np.typing.NDArray[np.uint8]:
    return frame_from_drawing(drawing_of(*strokes))


def thick_scribble() -> Drawing:
    return drawing_of(np.random.default_rng(1).uniform(0, 900, (120, 2)).tolist())


LINE = frame_of([[0, 0], [0, 40]])
CROSS = frame_of([[0, 20], [40, 20]], [[20, 0], [20, 40]])
LINES = frame_of([[0, 0], [0, 40]], [[20, 0], [20, 40]])
DOT = frame_of([[7, 7]])
BLANK = np.zeros((28, 28), np.uint8)


def test_a_digit_is_read_with_its_probability(line_reader: Network) -> None:
    read = recognize(line_reader, LINE)
    assert read.digit == 1
    assert read.reason == ""
    assert not read.is_refused
    assert read.confidence == max(read.probabilities) > 0.9


def test_what_is_no_digit_is_refused_and_told_what_it_comes_nearest_to(line_reader: Network) -> None:
    read = recognize(line_reader, CROSS)
    assert (read.digit, read.confidence) == (None, 0)
    assert read.is_refused
    assert read.reason.startswith("This does not look like a digit.")
    assert sum(read.probabilities) == pytest.approx(1)


def test_the_nearest_digit_is_named_where_one_is_much_nearer_than_the_others(line_reader: Network) -> None:
    line_reader.calibration = Calibration(threshold=0)
    assert recognize(line_reader, LINE).reason == "This does not look like a digit. It comes nearest to 1."
    line_reader.parameters[:] = -0.01
    assert recognize(line_reader, LINE).reason == "This does not look like a digit."


def test_several_digits_at_once_are_called_so(line_reader: Network) -> None:
    assert recognize(line_reader, LINES).reason == SEVERAL_DIGITS


def test_a_network_that_knows_digits_alone_reads_everything_but_dots_and_nothing() -> None:
    network = mlp([784, 10], seed=1)
    read = recognize_each(network, np.stack([LINE, CROSS, LINES, DOT, BLANK]))
    assert [prediction.digit is None for prediction in read] == [False, False, False, True, True]
    assert read[3:] == [ONLY_A_DOT, NOTHING_DRAWN]
    assert recognize(network, CROSS) == prediction_of(network.predict(CROSS[np.newaxis])[0])


def test_what_is_not_a_number_is_no_digit(line_reader: Network) -> None:
    line_reader.parameters[3] = np.nan
    for read in (recognize(line_reader, LINE), *nearest(line_reader, LINE[np.newaxis])):
        assert (read.digit, read.confidence, read.probabilities) == (None, 0.0, (0.0,) * 10)
        assert "not a number" in read.reason


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("place", [0, 5, 9])
def test_probabilities_that_are_no_numbers_name_no_digit(value: float, place: int) -> None:
    probabilities = np.full(10, 0.1, np.float32)
    probabilities[place] = value
    assert prediction_of(probabilities) == NO_NUMBER


def test_the_nearest_digit_is_told_of_what_would_be_refused_too(line_reader: Network) -> None:
    line, cross, blank = nearest(line_reader, np.stack([LINE, CROSS, BLANK]))
    assert (line.digit, line.reason) == (1, "")
    assert cross.digit is not None
    assert cross.reason == WOULD_BE_REFUSED
    assert blank == NOTHING_DRAWN


def test_a_calibration_changes_how_sure_it_is_and_not_of_what(line_reader: Network) -> None:
    warm = recognize(line_reader, LINE)
    line_reader.calibration = Calibration(threshold=line_reader.calibration.threshold)
    assert recognize(line_reader, LINE).confidence > warm.confidence


def test_a_touch_beside_a_drawn_digit_does_not_keep_it_from_being_read(line_reader: Network) -> None:
    alone, touched = drawing_of([[0, 0], [0, 40]]), drawing_of([[0, 0], [0, 40]], [[160, 10]])
    assert recognize(line_reader, frame_from_drawing(touched)).digit is None
    read, frames = recognize_drawings(line_reader, [alone, touched, Drawing()])
    assert [prediction.digit for prediction in read] == [1, 1, None]
    assert read[2] == NOTHING_DRAWN
    np.testing.assert_array_equal(frames, np.stack([LINE, LINE, BLANK]))


def test_digits_that_run_together_in_the_frame_are_called_several(line_reader: Network) -> None:
    word = drawing_of(*([[x, 0.0], [x + 20, 0], [x + 8, 40]] for x in (0.0, 22.0, 44.0)))
    assert recognize(line_reader, frame_from_drawing(word)).reason != SEVERAL_DIGITS
    ((read,), _) = recognize_drawings(line_reader, [word])
    assert read.reason == SEVERAL_DIGITS


def test_a_thick_scribble_is_no_digit_to_any_network_and_not_called_a_dot(line_reader: Network) -> None:
    scribble = thick_scribble()
    assert recognize(line_reader, frame_from_drawing(scribble)) == ONLY_A_DOT
    for network in (line_reader, mlp([784, 10], seed=1)):
        ((read,), _) = recognize_drawings(network, [scribble])
        assert read.is_refused
        assert read.reason.startswith(NOT_A_DIGIT)


def test_a_touch_of_the_pen_is_called_a_dot(line_reader: Network) -> None:
    read, _ = recognize_drawings(line_reader, [drawing_of([[7, 7]]), drawing_of([[7, 7], [7, 7]])])
    assert read == [ONLY_A_DOT] * 2


def test_a_scribble_read_by_a_network_gone_wrong_is_told_of_the_network(line_reader: Network) -> None:
    line_reader.parameters[3] = np.nan
    assert recognize_drawings(line_reader, [thick_scribble()])[0] == [NO_NUMBER]

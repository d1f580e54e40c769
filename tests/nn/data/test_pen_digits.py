"""Recorded pens are read stroke by stroke, with label and writer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nn.data.pen_digits import VALIDATION_WRITERS, read_pendigits, split_by_writer
from nn.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

HEADER = '.INCLUDE        dene.doc\n\n.LEXICON "0" "1"\n.HIERARCHY      DIGIT\n\n'
SEVEN = """.SEGMENT DIGIT    0-1 ? "7"
.COMMENT 7  5   12
.PEN_DOWN
 100  400
 200  400
 150  100
.PEN_UP
.DT 100
.PEN_DOWN
 120  250
.PEN_UP
.DT 100

"""
ONE = SEVEN.replace('"7"', '"1"').replace(".COMMENT 7  5", ".COMMENT 1 30")


def test_strokes_label_and_writer_are_read_and_y_points_down(tmp_path: Path) -> None:
    (tmp_path / "tra").write_text(HEADER + SEVEN + ONE)
    seven, one = read_pendigits(tmp_path / "tra")
    assert (seven.drawing.label, seven.writer) == (7, 5)
    assert (one.drawing.label, one.writer) == (1, 30)
    assert [stroke.points.tolist() for stroke in seven.drawing.strokes] == [
        [[100, 100], [200, 100], [150, 400]],
        [[120, 250]],
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "holds no digits"),
        ("hello", "holds no digits"),
        (HEADER + SEVEN.replace('"7"', '"1"'), "digit 1 of the file is damaged"),
        (HEADER + ONE + SEVEN.replace(".COMMENT", ".X"), "digit 2 of the file is damaged"),
        (HEADER + SEVEN[: SEVEN.index(".PEN_DOWN")], "digit 1 of the file is damaged"),
        (HEADER + SEVEN[: SEVEN.rindex(".PEN_UP")], "the pen is not lifted"),
        (HEADER + SEVEN.replace(".DT", ".XY"), "the pen is not lifted"),
        (HEADER + SEVEN.replace(" 150  100\n", " 150\n"), "a stroke of digit 1"),
        (HEADER + SEVEN.replace("150", "nan"), "a stroke of digit 1"),
        (HEADER + SEVEN.replace("150", "x"), "a stroke of digit 1"),
        (HEADER + SEVEN.replace(" 120  250\n", ""), "a stroke of digit 1"),
        (HEADER + SEVEN.replace("?", "ä"), "cannot be read"),
    ],
)
def test_damage_is_told_with_its_place(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "tra").write_text(text)
    with pytest.raises(DataError, match=words):
        read_pendigits(tmp_path / "tra")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="No such file"):
        read_pendigits(tmp_path / "tra")


def test_the_real_recording_has_thirty_writers_and_is_split_between_them(data_folder: Path) -> None:
    digits = read_pendigits(data_folder / "pendigits" / "pendigits-orig.tra")
    assert len(digits) == 7494
    assert sum(len(digit.drawing.strokes) for digit in digits) == 9433
    by_writer = [sum(digit.writer == writer for digit in digits) for writer in range(1, 31)]
    assert sum(by_writer) == 7494
    assert min(by_writer) == 247
    assert max(by_writer) == 250
    training, validation = split_by_writer(digits)
    assert {digit.writer for digit in validation} == VALIDATION_WRITERS
    assert len({digit.writer for digit in training}) == 24
    assert {digit.drawing.label for digit in validation} == set(range(10))
    assert len(training) + len(validation) == 7494

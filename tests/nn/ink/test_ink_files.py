"""Ink files: what is written is read again, and each damaged line is told by its number."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn.errors import InkError, InklingError
from nn.ink import Drawing, Stroke, read_drawings, write_drawings

if TYPE_CHECKING:
    from pathlib import Path

finite = st.floats(width=32, allow_nan=False, allow_infinity=False)
pressures = st.floats(0, 1, width=32)


@st.composite
def strokes(draw: st.DrawFn) -> Stroke:
    points = draw(st.lists(st.tuples(finite, finite), min_size=1, max_size=6))
    pressure = draw(st.none() | st.lists(pressures, min_size=len(points), max_size=len(points)))
    return Stroke(
        np.array(points, dtype=np.float32), None if pressure is None else np.array(pressure, dtype=np.float32)
    )


drawings = st.builds(
    Drawing, st.lists(strokes(), max_size=4).map(tuple), st.none() | st.integers(min_value=0, max_value=9)
)


@pytest.fixture(scope="module")
def ink_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ink") / "digits.jsonl"


def _read(path: Path, text: str | bytes) -> list[Drawing]:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_drawings(path)


@given(st.lists(drawings, max_size=4))
@settings(max_examples=30, deadline=None)
def test_what_is_written_is_read_again_to_the_last_bit(ink_file: Path, written: list[Drawing]) -> None:
    write_drawings(ink_file, written)
    got = read_drawings(ink_file)
    assert [drawing.label for drawing in got] == [drawing.label for drawing in written]
    for before, after in zip(written, got, strict=True):
        for one, other in zip(before.strokes, after.strokes, strict=True):
            np.testing.assert_array_equal(one.points, other.points)
            if one.pressure is None:
                assert other.pressure is None
            else:
                np.testing.assert_array_equal(one.pressure, other.pressure)


def test_a_written_line_is_the_documented_one(ink_file: Path) -> None:
    points = np.array([[1, 2.5], [0.1, -4]], dtype=np.float32)
    write_drawings(ink_file, [Drawing((Stroke(points),), 7), Drawing()])
    first, second = ink_file.read_text(encoding="utf-8").splitlines()
    assert first == '{"label":7,"strokes":[[[1,2.5],[0.1,-4]]]}'
    assert json.loads(second) == {"label": None, "strokes": []}


@pytest.mark.parametrize(
    "line", ['{"strokes": [[[1, 2]]]}', '{"label": null, "strokes": [[[1, 2]]], "writer": 3}']
)
def test_the_label_is_optional_and_other_names_are_passed_over(ink_file: Path, line: str) -> None:
    (drawing,) = _read(ink_file, line)
    assert drawing.label is None
    assert drawing.strokes[0].points.tolist() == [[1, 2]]


def test_blank_lines_windows_line_ends_and_a_byte_order_mark_are_accepted(ink_file: Path) -> None:
    text = b'\xef\xbb\xbf{"label": 1, "strokes": [[[1, 2, 0.5]]]}\r\n\r\n  \n{"strokes": []}\r\n'
    one, blank = _read(ink_file, text)
    assert one.label == 1
    assert one.strokes[0].pressure is not None
    assert blank.is_blank


def test_strokes_without_points_left_no_ink(ink_file: Path) -> None:
    drawing, blank = _read(ink_file, '{"strokes": [[], [[1, 2]]]}\n{"strokes": [[]]}')
    assert len(drawing.strokes) == 1
    assert blank.is_blank


def test_an_empty_file_holds_no_drawings(ink_file: Path) -> None:
    assert _read(ink_file, b"") == []


def _with_point(point: str) -> str:
    return f'{{"strokes": [[[0, 0], {point}]]}}'


REFUSED = {
    "no JSON": ("{strokes}", "not JSON"),
    "cut off": ('{"label": 7, "strokes": [[[1,', "not JSON"),
    "a list": ("[[1, 2]]", "a list, not an object"),
    "a number": ("7", "a number, not an object"),
    "no strokes": ('{"label": 7}', '"strokes" is missing'),
    "strokes no list": ('{"strokes": {"a": 1}}', '"strokes" is an object'),
    "stroke no list": ('{"strokes": [5]}', "stroke 1 is a number"),
    "points not nested": ('{"strokes": [[1, 2]]}', "point 1 of stroke 1 is 1"),
    "nested too deep by one": ('{"strokes": [[[[1, 2]]]]}', "point 1 of stroke 1"),
    "label 10": ('{"label": 10, "strokes": []}', "a digit 0 to 9"),
    "label -1": ('{"label": -1, "strokes": []}', "a digit 0 to 9"),
    "label text": ('{"label": "7", "strokes": []}', "a digit 0 to 9"),
    "label true": ('{"label": true, "strokes": []}', "a digit 0 to 9"),
    "label 7.5": ('{"label": 7.5, "strokes": []}', "a digit 0 to 9"),
    "label huge": (f'{{"label": {"9" * 400}, "strokes": []}}', "a digit 0 to 9"),
    "one coordinate": (_with_point("[1]"), r"point 2 of stroke 1 is \[1\]"),
    "four coordinates": (_with_point("[1, 2, 3, 4]"), "point 2"),
    "text": (_with_point('[1, "2"]'), 'has "2"'),
    "true": (_with_point("[1, true]"), "has true"),
    "null": (_with_point("[1, null]"), "has null"),
    "NaN": (_with_point("[1, NaN]"), "NaN is not a finite"),
    "Infinity": (_with_point("[-Infinity, 1]"), "Infinity is not a finite"),
    "overflow": (_with_point("[1, 1e400]"), "finite number"),
    "too large": (_with_point("[1, 1e39]"), "finite number"),
    "a long integer": (_with_point(f"[1, {'9' * 400}]"), "finite number"),
    "an endless integer": (_with_point(f"[1, {'9' * 9000}]"), "too many digits"),
    "pressure at some": (_with_point("[1, 2, 0.5]"), "pressure at some points"),
    "pressure 2": ('{"strokes": [[[0, 0, 2]]]}', "pressure outside"),
    "very deep": ("[" * 200_000, "nested too deep"),
    "very deep within": ('{"strokes": ' + "[" * 200_000, "nested too deep"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_damaged_line_is_told_by_file_and_number(ink_file: Path, case: str) -> None:
    line, what = REFUSED[case]
    with pytest.raises(InkError, match=rf"digits\.jsonl, line 3: .*{what}") as caught:
        _read(ink_file, '{"strokes": []}\n\n' + line + "\n")
    assert "Wanted" in str(caught.value)
    assert len(str(caught.value)) < 400 + len(str(ink_file))


def test_bytes_that_are_no_text_are_told(ink_file: Path) -> None:
    with pytest.raises(InkError, match=r"line 1: .*UTF-8"):
        _read(ink_file, b"\xff\xfe{}")


def test_an_absurdly_long_line_is_refused_without_being_parsed(ink_file: Path) -> None:
    with pytest.raises(InkError, match=r"line 1: .*longer than 32 MB"):
        _read(ink_file, b" " * (33 * 2**20))


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(InkError, match="does not exist"):
        read_drawings(tmp_path / "nowhere.jsonl")
    with pytest.raises(InkError, match="cannot be read"):
        read_drawings(tmp_path)


def test_drawings_that_fail_half_way_leave_the_old_file(ink_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "digits.jsonl"
    write_drawings(path, [Drawing((), 3)])
    with pytest.raises(InklingError):
        write_drawings(tmp_path / "no" / "folder.jsonl", [Drawing()])
    with pytest.raises(AttributeError):
        write_drawings(path, [Drawing(), None])  # type: ignore[list-item]
    assert [drawing.label for drawing in read_drawings(path)] == [3]

"""`imagine`: a picture in a file or in text, and the network's verdict."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from nn.__main__ import main
from nn.calibration import Calibration
from nn.explain.imagination import METHOD_NAMES, METHODS, imagine
from nn.files.weights import load_network, save_network

if TYPE_CHECKING:
    from pathlib import Path

    from nn.network import Network


@pytest.mark.parametrize("method", METHODS)
def test_the_picture_is_written_dark_on_white_as_large_as_was_asked(
    method: str, weights: Path, tmp_path: Path
) -> None:
    out = tmp_path / "three.png"
    options = ["--method", method, "--weights", str(weights), "--out", str(out), "--size", "56"]
    assert main(["imagine", "3", *options]) == 0
    with Image.open(out) as picture:
        pixels = np.asarray(picture)
    assert pixels.shape == (56, 56)
    np.testing.assert_array_equal(pixels[::2, ::2], 255 - imagine(load_network(weights), 3, method).frame)


def test_a_sheet_has_all_ten_in_rows_of_five(
    weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "all.png"
    assert main(["imagine", "all", "--weights", str(weights), "--out", str(out), "--size", "28"]) == 0
    with Image.open(out) as picture:
        assert picture.size == (5 * 28 + 4, 2 * 28 + 1)
        corner = np.asarray(picture)[29:, 116:]
    np.testing.assert_array_equal(corner, 255 - imagine(load_network(weights), 9).frame)
    assert capsys.readouterr().out.count("read as") == 10


def test_without_a_file_the_picture_is_shown_in_text(weights: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["imagine", "7", "--weights", str(weights)]) == 0
    shown = capsys.readouterr().out
    assert "@@" in shown
    assert "7: read as 7" in shown


def test_json_tells_the_verdict_and_nothing_else(weights: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["imagine", "all", "--weights", str(weights), "--json"]) == 0
    captured = capsys.readouterr()
    records = [json.loads(line) for line in captured.out.splitlines()]
    assert [record["digit"] for record in records] == list(range(10))
    for record in records:
        assert record["read"] == record["digit"]
        assert len(record["probabilities"]) == 10
        assert record["lead"] == pytest.approx(record["confidence"] - record["probabilities"][record["second"]])
    assert captured.err == ""


def test_a_place_that_cannot_be_written_is_told_before_any_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "nowhere" / "three.png"
    assert main(["imagine", "3", "--out", str(out), "--weights", "no such file"]) == 1
    assert str(out) in capsys.readouterr().err


def test_a_table_lays_all_methods_side_by_side(
    weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "table.png"
    options = ["--table", "--weights", str(weights), "--judge", str(weights), "--out", str(out), "--size", "28"]
    assert main(["imagine", *options]) == 0
    lines = capsys.readouterr().out.splitlines()
    for name, line in zip(METHOD_NAMES.values(), lines[1:], strict=False):
        assert line.startswith(name)
        recognized, judged = re.findall(r"(\d+) of 10", line)
        assert recognized == judged == str(10 - line.count("✗"))
    with Image.open(out) as picture:
        assert picture.size == (10 * 28 + 9, len(METHODS) * 28 + len(METHODS) - 1)


def test_a_table_for_machines_and_for_the_guide_say_the_same(
    weights: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["imagine", "--table", "--weights", str(weights), "--json"]) == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(record["method"], record["digit"]) for record in records] == [
        (m, d) for m in METHODS for d in range(10)
    ]
    assert main(["imagine", "--table", "--weights", str(weights), "--markdown"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("| method | 0 | 1 |")
    for method, line in zip(METHODS, lines[2:], strict=True):
        recognized = sum(record["read"] == record["digit"] for record in records if record["method"] == method)
        assert line.startswith(f"| {METHOD_NAMES[method]} |")
        assert line.endswith(f"| {recognized} of 10 |")


@pytest.mark.parametrize("options", [[], ["3", "--table"], ["3", "--markdown"], ["3", "--judge", "other"]])
def test_a_digit_or_a_table_is_wanted_and_not_both(
    options: list[str], weights: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["imagine", *options, "--weights", str(weights)]) == 2
    assert "table" in capsys.readouterr().err


def test_what_would_be_refused_as_a_drawing_is_told_with_what_it_is_nearest_to(
    line_reader: Network, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    weights = tmp_path / "weights"
    line_reader.calibration = Calibration(threshold=0)
    save_network(line_reader, weights)
    assert main(["imagine", "1", "--weights", str(weights), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["read"], told["refused"]) == (1, True)
    assert main(["imagine", "1", "--weights", str(weights)]) == 0
    assert capsys.readouterr().out.rstrip().endswith("it would not pass for a digit.")

"""`evaluate`: samples, correct, accuracy and who is taken for whom."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from nn.__main__ import main
from nn.files.weights import save_network
from nn.ink.frame import frame_from_drawing
from nn.ink.ink_files import write_drawings
from nn.ink.strokes import Drawing, Stroke

if TYPE_CHECKING:
    from pathlib import Path

    from nn.network import Network

_STROKES = (Stroke(np.array([[0, 0], [3, 40]], np.float32)),)


def measured(capsys: pytest.CaptureFixture[str]) -> tuple[dict[str, Any], str]:
    captured = capsys.readouterr()
    (line,) = captured.out.splitlines()
    return json.loads(line), captured.err


@pytest.mark.usefixtures("small_mnist")
def test_the_test_set_is_counted(weights: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--mnist", "--json", "--weights", str(weights)]) == 0
    result, _ = measured(capsys)
    assert list(result) == ["samples", "correct", "accuracy", "confusion", "refused"]
    confusion = np.array(result["confusion"])
    assert confusion.shape == (10, 10)
    assert confusion.sum() == result["samples"] == 100
    assert np.trace(confusion) == result["correct"]
    assert result["accuracy"] == result["correct"] / 100 > 0.9


@pytest.mark.usefixtures("small_mnist")
def test_people_get_a_row_for_each_digit_and_a_sentence(weights: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--mnist", "--weights", str(weights)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[1:11]] == list("0123456789")
    assert lines[-1].startswith("MNIST test: ")


def test_drawings_without_a_label_are_not_counted_and_blank_ones_are_misread(
    weights: Path, taught: Network, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reading = int(taught.predict(frame_from_drawing(Drawing(_STROKES))[np.newaxis]).argmax())
    wrong = (reading + 1) % 10
    path = tmp_path / "drawings.jsonl"
    drawings = [Drawing(_STROKES, reading)] * 3 + [
        Drawing(_STROKES, wrong),
        Drawing(_STROKES),
        Drawing((), reading),
    ]
    write_drawings(path, drawings)
    assert main(["evaluate", "--ink", str(path), "--json", "--weights", str(weights)]) == 0
    result, notes = measured(capsys)
    assert (result["samples"], result["correct"]) == (5, 3)
    assert result["accuracy"] == pytest.approx(0.6)
    assert result["confusion"][reading][reading] == 3
    assert result["confusion"][wrong][reading] == 1
    assert sum(map(sum, result["confusion"])) == 4
    assert "Not counted for want of a label: 1." in notes
    assert "Counted as misread, being without strokes, and in no column: 1." in notes


def test_a_file_without_labels_is_told(weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "drawings.jsonl"
    write_drawings(path, [Drawing(_STROKES)])
    assert main(["evaluate", "--ink", str(path), "--weights", str(weights)]) == 1
    assert "no drawing with a label" in capsys.readouterr().err


def test_only_blank_drawings_are_all_misread(
    weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "drawings.jsonl"
    write_drawings(path, [Drawing((), 3)])
    assert main(["evaluate", "--ink", str(path), "--json", "--weights", str(weights)]) == 0
    result, _ = measured(capsys)
    assert (result["samples"], result["correct"], result["accuracy"]) == (1, 0, 0)


def test_digits_that_would_be_refused_are_told_beside_what_they_come_nearest_to(
    line_reader: Network, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    weights, ink = tmp_path / "line reader.safetensors", tmp_path / "two.jsonl"
    save_network(line_reader, weights)
    upright, level = [[0, 0], [0, 40]], [[0, 0], [40, 0]]
    write_drawings(ink, [Drawing((Stroke(np.array(points, np.float32)),), label=1) for points in (upright, level)])
    assert main(["evaluate", "--ink", str(ink), "--json", "--weights", str(weights)]) == 0
    result, _ = measured(capsys)
    assert (result["samples"], result["refused"]) == (2, 1)
    assert main(["evaluate", "--ink", str(ink), "--weights", str(weights)]) == 0
    assert "Of these digits 1 would be refused as none, 50.00%." in capsys.readouterr().out

"""`predict`: one answer for each picture and drawing, whatever else is wrong with the others."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from nn.__main__ import main
from nn.files.weights import save_network
from nn.ink.frame import frame_from_drawing
from nn.ink.ink_files import write_drawings
from nn.ink.picture_files import save_picture
from nn.ink.pictures import frame_from_picture_file
from nn.ink.strokes import Drawing, Stroke

if TYPE_CHECKING:
    from nn.network import Network

_ROOT = Path(__file__).parents[3]
_BAR = Drawing((Stroke(np.array([[0, 0], [3, 40]], np.float32)),), label=1)
_RING = Drawing((Stroke(np.array([[0, 0], [20, 0], [20, 30], [0, 30], [0, 0]], np.float32)),))
_BLANK = Drawing()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """Return a picture of a stroke, dark on light."""
    pixels = np.full((120, 90), 255, np.uint8)
    pixels[20:100, 40:52] = 10
    path = tmp_path / "stroke.png"
    save_picture(path, pixels)
    return path


@pytest.fixture
def ink(tmp_path: Path) -> Path:
    """Return a file of three drawings, the second without strokes."""
    path = tmp_path / "drawings.jsonl"
    write_drawings(path, [_BAR, _BLANK, _RING])
    return path


def records(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_pictures_and_drawings_are_answered_in_order(
    picture: Path, ink: Path, weights: Path, taught: Network, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["predict", "--json", "--weights", str(weights), str(picture), str(ink), str(picture)]) == 0
    captured = capsys.readouterr()
    answers = records(captured.out)
    assert captured.err == ""
    assert [(answer["source"], answer["index"]) for answer in answers] == [
        (str(picture), 0),
        (str(ink), 0),
        (str(ink), 1),
        (str(ink), 2),
        (str(picture), 0),
    ]
    assert [list(answer) for answer in answers] == [
        ["source", "index", "digit", "confidence", "probabilities", "reason"]
    ] * 5
    frames = [frame_from_picture_file(picture), frame_from_drawing(_BAR), frame_from_drawing(_RING)]
    expected = taught.predict(np.stack(frames))
    for answer, probabilities in zip([answers[0], answers[1], answers[3]], expected, strict=True):
        np.testing.assert_allclose(answer["probabilities"], probabilities, atol=1e-6)
        assert answer["digit"] == int(probabilities.argmax())
        assert answer["confidence"] == max(answer["probabilities"])
        assert answer["reason"] is None


def test_what_has_no_ink_has_no_digit(
    ink: Path, weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    white = tmp_path / "white.bmp"
    save_picture(white, np.full((50, 50), 255, np.uint8))
    assert main(["predict", "--json", "--weights", str(weights), str(white), str(ink)]) == 0
    first, _, blank, _ = records(capsys.readouterr().out)
    for answer in (first, blank):
        assert answer["digit"] is None
        assert answer["confidence"] == 0
        assert answer["probabilities"] == [0.0] * 10
    assert first["reason"] == "No digit was found in the picture."
    assert blank["reason"] == "Nothing is drawn yet."


def test_people_get_a_table(ink: Path, weights: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["predict", "--weights", str(weights), str(ink)]) == 0
    header, first, blank, last = capsys.readouterr().out.splitlines()
    assert header.split() == ["source", "index", "digit", "confidence", "second", "guess,", "or", "why", "none"]
    assert blank.endswith("Nothing is drawn yet.")
    assert blank.split()[1:3] == ["1", "none"]
    assert all(line.startswith(str(ink)) for line in (first, last))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("missing.png", None),
        ("missing.jsonl", None),
        ("text.png", b"this is no picture"),
        ("cut.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
        ("text.jsonl", b"this is no drawing\n"),
        ("half.json", b'{"strokes": [[[0, 0], [1, 1]]]}\n{"strokes": 5}\n'),
        ("empty", b""),
        ("empty.jsonl", b""),
        ("lines.jsonl", b"\n\n"),
    ],
)
def test_an_input_that_cannot_be_read_does_not_keep_the_others_from_an_answer(
    name: str,
    content: bytes | None,
    ink: Path,
    weights: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    bad = tmp_path / name
    if content is not None:
        bad.write_bytes(content)
    assert main(["predict", "--json", "--weights", str(weights), str(bad), str(ink)]) == 1
    captured = capsys.readouterr()
    assert len(records(captured.out)) == 3
    assert captured.err.count("\n") == 1
    assert captured.err.startswith("inkling: ")
    assert name in captured.err


def test_drawings_are_known_by_their_content_whatever_the_file_is_called(
    ink: Path, weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    renamed = tmp_path / "strange [bold].name"
    renamed.write_bytes(b"\xef\xbb\xbf\n  " + ink.read_bytes())
    assert main(["predict", "--json", "--weights", str(weights), str(renamed)]) == 0
    answers = records(capsys.readouterr().out)
    assert [answer["index"] for answer in answers] == [0, 1, 2]
    assert main(["predict", "--weights", str(weights), str(renamed)]) == 0
    assert str(renamed) in capsys.readouterr().out


def test_pictures_are_known_by_their_content_too(
    picture: Path, weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    renamed = tmp_path / "photograph"
    renamed.write_bytes(picture.read_bytes())
    assert main(["predict", "--json", "--weights", str(weights), str(renamed)]) == 0
    assert records(capsys.readouterr().out)[0]["digit"] is not None


def test_a_thousand_drawings_are_answered_each_with_its_index(
    weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "many.jsonl"
    write_drawings(path, [_BAR, _RING] * 300)
    assert main(["predict", "--json", "--weights", str(weights), str(path)]) == 0
    answers = records(capsys.readouterr().out)
    assert [answer["index"] for answer in answers] == list(range(600))
    assert answers[0]["probabilities"] == pytest.approx(answers[598]["probabilities"], abs=1e-6)


def run(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nn", *arguments],
        cwd=_ROOT,
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )


def test_drawings_may_come_on_the_standard_input(ink: Path, weights: Path) -> None:
    done = run("predict", "--json", "--weights", str(weights), "-", text=ink.read_text())
    assert done.returncode == 0
    assert [(answer["source"], answer["index"]) for answer in records(done.stdout)] == [("-", n) for n in range(3)]
    bad = run("predict", "--json", "--weights", str(weights), "-", text="{}\n")
    assert bad.returncode == 1
    assert bad.stderr.startswith("inkling: the standard input, line 1")


@pytest.mark.parametrize("source", ["-", "empty.jsonl"])
def test_an_input_without_a_drawing_is_said_to_hold_none(source: str, weights: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    path = source if source == "-" else str(empty)
    done = run("predict", "--weights", str(weights), path)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "holds no drawing" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_reader_that_goes_away_is_no_fault(weights: Path, tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    write_drawings(path, [_BAR] * 2000)
    command = [sys.executable, "-m", "nn", "predict", "--json", "--weights", str(weights), str(path)]
    with subprocess.Popen(
        command, cwd=_ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert json.loads(running.stdout.readline())["index"] == 0
        running.stdout.close()
        assert running.stderr.read() == ""
        assert running.wait(timeout=30) == 141


def test_what_is_no_digit_is_answered_with_null_and_the_reason(
    line_reader: Network, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, weights = tmp_path / "drawings.jsonl", tmp_path / "line reader.safetensors"
    dot = Drawing((Stroke(np.array([[5, 5]], np.float32)),))
    write_drawings(path, [_BAR, _RING, dot])
    save_network(line_reader, weights)
    assert main(["predict", "--json", "--weights", str(weights), str(path)]) == 0
    bar, ring, touch = records(capsys.readouterr().out)
    assert (bar["digit"], bar["reason"]) == (1, None)
    assert (ring["digit"], ring["confidence"]) == (None, 0)
    assert ring["reason"].startswith("This does not look like a digit.")
    assert sum(ring["probabilities"]) == pytest.approx(1)
    assert (touch["digit"], touch["reason"]) == (None, "This is only a dot.")


def test_a_dot_is_no_digit_to_a_network_that_knows_digits_alone(
    weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "dot.jsonl"
    write_drawings(path, [Drawing((Stroke(np.array([[5, 5]], np.float32)),))])
    assert main(["predict", "--json", "--weights", str(weights), str(path)]) == 0
    assert records(capsys.readouterr().out)[0]["digit"] is None


def test_a_touch_beside_a_digit_of_a_file_changes_nothing(
    line_reader: Network, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, weights = tmp_path / "drawings.jsonl", tmp_path / "line reader.safetensors"
    write_drawings(path, [_BAR, Drawing((*_BAR.strokes, Stroke(np.array([[40, 30]], np.float32))))])
    save_network(line_reader, weights)
    assert main(["predict", "--json", "--weights", str(weights), str(path)]) == 0
    alone, touched = records(capsys.readouterr().out)
    assert alone["digit"] == 1
    assert touched["probabilities"] == alone["probabilities"]

"""`report`: everything that is here on a page, what is not here by name, and the same for machines."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from nn.__main__ import main
from nn.report.distortions import DISTORTIONS

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("small_mnist")


def test_the_page_shows_every_section_and_the_pictures_beside_it(weights: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    assert main(["report", "--weights", str(weights), "--out", str(page)]) == 0
    text = page.read_text()
    assert text.startswith("# taught\n")
    assert "| MNIST test | 100 | " in text
    assert "| Synthetic digits | 2,000 | " in text
    assert "left out: pen digits (pendigits/pendigits-orig.tra), number pad (numberpad/numberpad.json)." in text
    for distortion in DISTORTIONS:
        assert (f"**{distortion.name.capitalize()}, {distortion.unit}**" in text) == (distortion.touch is not None)
    assert "| 93 to 100 % |" in text
    assert "| Inkling | `spiral` | 40 | " in text
    assert "ms on one core" in text
    pictures = re.findall(r"\]\((.+?\.png)\)", text)
    assert {"page-robustness.png", "page-reliability.png", "page-misread-3.png"} <= set(pictures)
    assert sorted([page.name, *pictures]) == sorted(entry.name for entry in tmp_path.iterdir())


def test_machines_get_a_line_for_each_measurement_and_a_page_may_go_without_digits(
    weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "card.md"
    assert main(["report", "--weights", str(weights), "--out", str(page), "--no-pictures", "--json"]) == 0
    assert sorted(entry.name for entry in tmp_path.iterdir()) == [
        "card-reliability.png",
        "card-robustness.png",
        "card.md",
    ]
    assert f"python -m nn report --weights {weights.name} --out report.md" in page.read_text()
    captured = capsys.readouterr()
    records = [json.loads(line) for line in captured.out.splitlines()]
    sets = {record["digits"]: record for record in records if record["kind"] == "set"}
    assert sets["MNIST test"]["samples"] == 100
    assert sets["MNIST test"]["right"] > 0.9
    assert sets["MNIST test"]["refused"] == 0
    curves = {record["distortion"]: record for record in records if record["kind"] == "curve"}
    assert curves["rotation"]["digits"] == "MNIST validation"
    assert len(curves["rotation"]["values"]) == len(curves["rotation"]["right"]) == 13
    assert max(curves["rotation"]["right"]) > curves["rotation"]["right"][0]
    assert {record["kind"] for record in records} == {"set", "curve", "refusal", "pace"}
    assert records[-1]["median"] > 0
    assert "Not here, and left out: pen digits" in captured.err


def test_what_cannot_be_written_is_told_before_any_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "--out", str(tmp_path / "nowhere" / "page.md")]) == 1
    assert "nowhere" in capsys.readouterr().err
    assert main(["report", "--out", "net.safetensors", "--weights", "./net.safetensors"]) == 2
    assert "choose two names" in capsys.readouterr().err
    assert main(["report", "--no-pictures"]) == 2
    assert "--no-pictures belongs to a page" in capsys.readouterr().err

"""Pictures of curves: by their names PNG or SVG, readable, repeatable, whole or not at all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nn.errors import ConfigurationError, FileError
from nn.plots import COLORS, Curve, Panel, save_plot, save_sheet

PANELS = (
    Panel("Loss", "step", "loss of the batch", (Curve("sgd", [3, 2, 1]), Curve("adam", [3, 1, 0]))),
    Panel("Layer 1", values=np.arange(100) / 100, x_range=(0, 1)),
)


def test_words_of_an_svg_stay_words(tmp_path: Path) -> None:
    save_plot(tmp_path / "p.svg", PANELS, title="Optimisers compared")
    text = (tmp_path / "p.svg").read_text()
    for word in ("Optimisers compared", "Loss", "step", "loss of the batch", "sgd", "adam", "Layer 1"):
        assert word in text
    assert text.startswith("<?xml")


def test_a_png_shows_each_curve_in_its_own_colour(tmp_path: Path) -> None:
    save_plot(tmp_path / "p.PNG", PANELS)
    with Image.open(tmp_path / "p.PNG") as picture:
        pixels = np.asarray(picture.convert("RGB")).reshape(-1, 3)
    for color in COLORS[:2]:
        wanted = [int(color[at : at + 2], 16) for at in (1, 3, 5)]
        assert (pixels == wanted).all(axis=1).sum() > 50


def test_noise_is_drawn_faintly_and_smoothed_above(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).random(200)
    for name, is_noisy in (("smooth.svg", True), ("raw.svg", False)):
        save_plot(tmp_path / name, [Panel("", curves=(Curve("loss", noise, is_noisy=is_noisy),))])
    assert "opacity: 0.2" in (tmp_path / "smooth.svg").read_text()
    assert "opacity: 0.2" not in (tmp_path / "raw.svg").read_text()


def test_a_curve_that_goes_with_another_is_thin_and_has_its_colour(tmp_path: Path) -> None:
    curves = (Curve("right", [3, 2, 1]), Curve("others", [1, 2, 3]), Curve("answered", [2, 1, 0], beside=1))
    save_plot(tmp_path / "plot.svg", [Panel("", curves=curves)])
    drawn = (tmp_path / "plot.svg").read_text().lower()
    assert drawn.count(COLORS[1].lower()) > drawn.count(COLORS[0].lower())
    assert COLORS[2].lower() not in drawn


@pytest.mark.parametrize("name", ["p.svg", "p.png"])
def test_the_same_curves_make_the_same_file(name: str, tmp_path: Path) -> None:
    save_plot(tmp_path / name, PANELS)
    before = (tmp_path / name).read_bytes()
    save_plot(tmp_path / name, PANELS)
    assert (tmp_path / name).read_bytes() == before


def size(path: Path) -> tuple[int, int]:
    with Image.open(path) as picture:
        return picture.size


def test_panels_stand_in_the_columns_asked_for(tmp_path: Path) -> None:
    save_plot(tmp_path / "wide.png", PANELS, columns=2)
    save_plot(tmp_path / "tall.png", PANELS, columns=1)
    wide, tall = size(tmp_path / "wide.png"), size(tmp_path / "tall.png")
    assert wide[0] == 2 * tall[0]
    assert tall[1] == 2 * wide[1]


def test_a_sheet_shows_each_frame_with_its_caption(tmp_path: Path) -> None:
    frames = np.zeros((5, 28, 28), np.uint8)
    frames[3, 10:20, 10:20] = 255
    captions = [f"{number} → $9" for number in range(5)]
    save_sheet(tmp_path / "s.svg", frames, captions, title="What is misread", columns=2)
    text = (tmp_path / "s.svg").read_text()
    assert all(caption in text for caption in (*captions, "What is misread"))
    save_sheet(tmp_path / "s.png", frames, [""] * 5, columns=2)
    with Image.open(tmp_path / "s.png") as picture:
        dark = np.asarray(picture.convert("L")) < 128
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    assert rows.min() > dark.shape[0] / 3  # the fourth frame stands in the second of three rows, on the right
    assert columns.min() > dark.shape[1] / 2
    assert np.ptp(rows) == pytest.approx(np.ptp(columns), abs=2)
    with pytest.raises(ConfigurationError, match="at least one"):
        save_sheet(tmp_path / "s.png", frames[:0], [])


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"p\.gif ends in no format.*\.png, \.svg"):
        save_plot(tmp_path / "p.gif", PANELS)
    with pytest.raises(ConfigurationError, match="at least one panel"):
        save_plot(tmp_path / "p.png", [])
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="its folder does not exist"):
        save_plot(tmp_path / "nowhere" / "p.png", PANELS)


def test_commands_load_matplotlib_only_to_draw() -> None:
    code = "import sys, nn.commands.train, nn.commands.experiment; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], check=False).returncode == 0

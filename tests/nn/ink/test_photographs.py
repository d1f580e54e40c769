"""Photographs by the camera of these tests: what the paper, the light and the pen add is no part of the digit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn.data.synthetic import synthetic_drawings
from nn.files.shipped import shipped_network
from nn.ink import Drawing, Stroke, centre_of_mass, frame_from_drawing, frame_from_picture
from nn.ink.pieces import pieces_of
from nn.ink.rules import without_rules
from nn.ink.thickness import thickness, with_thickness
from tests.nn.ink.camera import Scene, photograph
from tests.nn.ink.scenes import EFFECTS

if TYPE_CHECKING:
    from nn.arrays import Mask
    from tests.nn.ink.camera import Colour

HARD = {"at its worst", "felt pen"}
SINGLE = sorted(set(EFFECTS) - HARD - {"all together", "many pixels"})


def _scenes(effect: str, count: int) -> list[Scene]:
    rng = np.random.default_rng([sum(effect.encode()), 2])
    scenes = [EFFECTS[effect](rng) for _ in range(count)]
    return [replace(scene, size=(scene.size[0] * 3 // 4, scene.size[1] * 3 // 4)) for scene in scenes]


@pytest.mark.parametrize("effect", SINGLE)
def test_one_trouble_changes_hardly_anything_in_the_frame(effect: str) -> None:
    drawings = synthetic_drawings(4, seed=31)
    for drawing, scene in zip(drawings, _scenes(effect, 4), strict=True):
        frame = frame_from_picture(photograph(drawing, scene))
        clean = frame_from_drawing(drawing)
        assert all(13.5 <= balance <= 14.5 for balance in centre_of_mass(frame))
        alike = np.corrcoef(frame.ravel(), clean.ravel())[0, 1]
        # A digit that is seen from the side is another one, a little; so is one in a thinner pen.
        assert alike > (0.5 if effect in ("seen from the side", "jpeg") else 0.75), (effect, scene)


def test_digits_with_every_trouble_at_once_are_read() -> None:
    drawings = synthetic_drawings(20, seed=32)
    pictures = [
        photograph(drawing, scene) for drawing, scene in zip(drawings, _scenes("all together", 20), strict=True)
    ]
    network, labels = shipped_network(), np.array([drawing.label for drawing in drawings])
    clean = network.predict(np.stack([frame_from_drawing(drawing) for drawing in drawings])).argmax(axis=1)
    read = network.predict(np.stack([frame_from_picture(picture) for picture in pictures])).argmax(axis=1)
    assert np.count_nonzero(read == labels) >= np.count_nonzero(clean == labels) - 1


@pytest.mark.parametrize("size", [(600, 800), (3000, 4000)])
def test_a_digit_in_a_ball_pen_is_found(size: tuple[int, int]) -> None:
    for drawing in synthetic_drawings(3, seed=33):
        scene = Scene(size=size, height=0.3, pen=1 / 60, blur=0.8, noise=2, seed=2)
        frame = frame_from_picture(photograph(drawing, scene))
        assert np.corrcoef(frame.ravel(), frame_from_drawing(drawing).ravel())[0, 1] > 0.75


@pytest.mark.parametrize("colour", [(110, 80, 60), (25, 25, 25)])
def test_a_sheet_on_a_dark_desk_is_no_chalk_on_a_board(colour: Colour) -> None:
    for seed, drawing in enumerate(synthetic_drawings(4, seed=34)):
        scene = Scene(height=0.4, pen=0.05, desk_all_round=0.14, desk_colour=colour, noise=2, seed=seed)
        frame = frame_from_picture(photograph(drawing, scene))
        assert np.corrcoef(frame.ravel(), frame_from_drawing(drawing).ravel())[0, 1] > 0.75


@pytest.mark.parametrize("pen", [0.04, 0.08])
def test_chalk_that_fills_the_board_is_no_sheet_on_a_desk(pen: float) -> None:
    for seed, drawing in enumerate(synthetic_drawings(4, seed=35)):
        scene = Scene(height=0.9, pen=pen, ink=(225, 225, 220), paper=(35, 60, 45), noise=2, seed=seed)
        frame = frame_from_picture(photograph(drawing, scene))
        assert np.corrcoef(frame.ravel(), frame_from_drawing(drawing).ravel())[0, 1] > 0.75


def test_two_digits_far_apart_are_both_in_the_frame() -> None:
    one, other = (drawing.strokes for drawing in synthetic_drawings(2, seed=36))
    extent = np.ptp(np.concatenate([stroke.points for stroke in one]), axis=0).max()
    beside = tuple(Stroke(stroke.points + np.array([3 * extent, 0], np.float32)) for stroke in other)
    both = Drawing((*one, *beside))
    frame = frame_from_picture(photograph(both, Scene(height=0.9, pen=0.02, noise=2, seed=4)))
    assert np.corrcoef(frame.ravel(), frame_from_drawing(both).ravel())[0, 1] > 0.6


@pytest.mark.parametrize("effect", ["plain", "vignette", "grain", "jpeg", "squared paper", "dust", "chalk"])
def test_empty_paper_gives_an_empty_frame(effect: str) -> None:
    for scene in _scenes(effect, 2):
        assert not frame_from_picture(photograph(Drawing(), scene)).any(), scene


def test_dark_strips_along_the_border_are_no_digit() -> None:
    rng = np.random.default_rng(8)
    sheet = np.full((600, 450), 230.0)
    sheet[:50, 441:] = 60
    sheet[97:150, 441:] = 60
    picture = np.clip(sheet + rng.normal(scale=2, size=sheet.shape), 0, 255).astype(np.uint8)
    assert not frame_from_picture(picture).any()


def test_a_one_is_no_printed_line() -> None:
    one = Drawing((Stroke(np.array([[0, 0], [0.5, 20]], np.float32)),))
    for rules in ("", "ruled", "squares"):
        scene = Scene(rules=rules, noise=1.5, seed=3)
        frame = frame_from_picture(photograph(one, scene))
        assert np.count_nonzero(frame.any(axis=1)) == 20
        assert np.count_nonzero(frame.any(axis=0)) <= 5


def test_printed_lines_go_and_strokes_across_them_stay_whole() -> None:
    ink = np.zeros((200, 300), dtype=bool)
    stroke = ink.copy()
    stroke[30:170, 140:152] = True
    ink |= stroke
    for row in (20, 80, 140):
        ink[row : row + 4] = True
    cleared = without_rules(ink, ink)
    assert cleared[stroke].all()
    assert np.count_nonzero(cleared & ~stroke) <= 40


@pytest.mark.parametrize("thick", [4, 6, 12])
@pytest.mark.parametrize("slope", [0.0, 0.6, 2.0])
def test_the_thickness_of_a_line_is_measured_whatever_way_it_goes(thick: int, slope: float) -> None:
    mask = _band(thick, slope)
    assert thickness(mask) == pytest.approx(thick, rel=0.2)
    assert thickness(with_thickness(mask, 4.0) > 0.5) == pytest.approx(thick + 4, rel=0.15)
    assert thickness(with_thickness(mask, -1.5) > 0.5) == pytest.approx(thick - 1.5, rel=0.4)


def _band(thick: int, slope: float) -> Mask:
    y, x = np.mgrid[0:160, 0:160] - 79.5
    along = (x + slope * y) / np.hypot(1, slope)
    across = (y - slope * x) / np.hypot(1, slope)
    band: Mask = (np.abs(across) < thick / 2) & (np.abs(along) < 60)
    return band


@given(st.integers(0, 2**32 - 1), st.floats(0.05, 0.7))
@settings(max_examples=60, deadline=None)
def test_pieces_are_what_a_flood_would_reach(seed: int, share: float) -> None:
    mask = np.random.default_rng(seed).random((14, 17)) < share
    pieces = pieces_of(mask)
    masks = [pieces.mask(np.arange(len(pieces)) == number) for number in range(len(pieces))]
    assert np.array_equal(np.sum(masks, axis=0) if masks else np.zeros(mask.shape), mask)
    for number, piece in enumerate(masks):
        reached = _flooded(mask, piece)
        assert np.array_equal(reached, piece)
        assert pieces.area[number] == piece.sum()
        rows, columns = np.flatnonzero(piece.any(axis=1)), np.flatnonzero(piece.any(axis=0))
        assert (pieces.top[number], pieces.bottom[number]) == (rows[0], rows[-1] + 1)
        assert (pieces.left[number], pieces.right[number]) == (columns[0], columns[-1] + 1)


def _flooded(mask: Mask, piece: Mask) -> Mask:
    reached = np.zeros_like(mask)
    reached[tuple(np.argwhere(piece)[0])] = True
    while True:
        padded = np.pad(reached, 1)
        wider = np.zeros_like(mask)
        for down in range(3):
            for across in range(3):
                wider |= padded[down : down + mask.shape[0], across : across + mask.shape[1]]
        wider &= mask
        if np.array_equal(wider, reached):
            return reached
        reached = wider

"""The pixel recipe on pictures made here: polarity, colour, transparency, grain, and what has no ink."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nn.errors import InkError
from nn.ink import Drawing, Stroke, centre_of_mass, frame_from_drawing, frame_from_picture, picture_of_drawing
from nn.ink.thickness import thickness

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nn.arrays import Bytes

FIVE = Drawing(
    (
        Stroke(np.array([[2, 0], [1, 9], [6, 7], [10, 11], [9, 17], [4, 20], [0, 17]], dtype=np.float32)),
        Stroke(np.array([[2, 0], [10, 1]], dtype=np.float32)),
    )
)


@pytest.fixture
def five() -> Bytes:
    """A picture of a five, dark on white."""
    return picture_of_drawing(FIVE, (300, 260))


def _difference(one: Bytes, other: Bytes) -> float:
    return float(np.abs(one.astype(int) - other).mean())


def _alike(one: Bytes, other: Bytes) -> float:
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])


def test_a_picture_of_a_drawing_gives_the_frame_of_the_drawing(five: Bytes) -> None:
    assert _difference(frame_from_picture(five), frame_from_drawing(FIVE)) < 1.5


def test_a_pen_twice_as_thick_leaves_in_a_picture_what_it_leaves_in_a_frame() -> None:
    picture = picture_of_drawing(FIVE, 300, pen=5.0)
    assert _difference(frame_from_picture(picture), frame_from_drawing(FIVE, 5.0)) < 1.5


def test_a_pen_broader_than_any_of_mnist_is_made_as_broad_as_the_broadest_and_no_finer() -> None:
    angles = np.linspace(0, 2 * np.pi, 60, dtype=np.float32)
    # Both loops are full of ink: made as fine as most digits, the waist of such an eight may be worn through.
    eight = Drawing((Stroke(np.stack([2.5 * np.sin(2 * angles), -10 * np.cos(angles)], axis=1)),))
    frame = frame_from_picture(picture_of_drawing(eight, 300, pen=6.0))
    assert 5 < thickness(frame > 127) < 6 < thickness(frame_from_drawing(eight, 6.0) > 127)


def test_dark_on_light_and_light_on_dark_give_the_same_frame(five: Bytes) -> None:
    np.testing.assert_array_equal(frame_from_picture(five), frame_from_picture(255 - five))


@pytest.mark.parametrize("pen", [1.2, 2.5])
def test_a_picture_cropped_to_its_ink_is_read(pen: float) -> None:
    picture = picture_of_drawing(FIVE, 300, pen=pen)
    inked = picture < 128
    cut = picture[np.ix_(inked.any(axis=1), inked.any(axis=0))]
    assert _alike(frame_from_picture(cut), frame_from_picture(picture)) > 0.75


@pytest.mark.parametrize("width", [1, 2, 4])
@pytest.mark.parametrize("tone", [0, 160])
@pytest.mark.parametrize("is_dark", [True, False])
def test_the_frame_around_a_whole_picture_is_not_its_paper(
    five: Bytes, width: int, tone: int, *, is_dark: bool
) -> None:
    framed = five.copy()
    for side in (framed, framed[::-1], framed.T, framed.T[::-1]):
        side[:width] = tone
    assert _alike(frame_from_picture(framed if is_dark else 255 - framed), frame_from_picture(five)) > 0.9


@pytest.mark.parametrize("inset", [6, 30])
@pytest.mark.parametrize("width", [1, 3])
def test_a_box_drawn_around_a_digit_is_no_ink(five: Bytes, inset: int, width: int) -> None:
    form = np.pad(five, inset, constant_values=255)
    field = form[inset // 2 : -inset // 2, inset // 2 : -inset // 2]
    for side in (field, field[::-1], field.T, field.T[::-1]):
        side[:width] = 0
    assert _alike(frame_from_picture(form), frame_from_picture(five)) > 0.95


@pytest.mark.parametrize("inside", [[[0, -0.1], [0, 0.1]], [[-4, 6], [4, -6]]], ids=["dot", "slash"])
def test_what_is_drawn_into_a_nought_leaves_it_whole(inside: list[list[float]]) -> None:
    angles = np.linspace(0, 2 * np.pi, 60, dtype=np.float32)
    nought = Stroke(np.stack([8 * np.sin(angles), -10 * np.cos(angles)], axis=1))
    picture = picture_of_drawing(Drawing((nought, Stroke(np.array(inside, np.float32)))), 300, pen=1.5)
    alone = frame_from_picture(picture_of_drawing(Drawing((nought,)), 300, pen=1.5))
    assert frame_from_picture(picture)[alone > 200].min() > 100


@pytest.mark.parametrize("kind", ["float", "0..255 float", "sixteen bits", "one channel", "colour", "integers"])
def test_the_kind_of_number_makes_no_difference(five: Bytes, kind: str) -> None:
    same: dict[str, NDArray[Any]] = {
        "float": five / 255,
        "0..255 float": five.astype(np.float32),
        "sixteen bits": five.astype(np.uint16) * 257,
        "one channel": five[:, :, np.newaxis],
        "colour": np.repeat(five[:, :, np.newaxis], 3, axis=2),
        "integers": five.astype(np.int64),
    }
    assert _difference(frame_from_picture(same[kind]), frame_from_picture(five)) < 0.05


def test_a_picture_of_two_tones_is_read() -> None:
    bar = np.ones((60, 60), dtype=bool)
    bar[10:50, 27:33] = False
    frame = frame_from_picture(bar)
    assert np.ptp(np.flatnonzero(frame.any(axis=1))) + 1 == 20
    assert np.ptp(np.flatnonzero(frame.any(axis=0))) + 1 in (3, 4)


def test_coloured_ink_on_coloured_paper_is_ink(five: Bytes) -> None:
    share = (five / 255)[:, :, np.newaxis]
    picture = share * np.array([250, 240, 200]) + (1 - share) * np.array([30, 60, 160])
    assert _difference(frame_from_picture(picture.astype(np.uint8)), frame_from_picture(five)) < 0.5


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (200, 30, 30)])
def test_transparent_is_paper_whatever_the_colour_of_the_ink(five: Bytes, colour: tuple[int, ...]) -> None:
    picture = np.empty((*five.shape, 4), dtype=np.uint8)
    picture[:, :, :3] = colour
    picture[:, :, 3] = 255 - five
    assert _difference(frame_from_picture(picture), frame_from_picture(five)) < 0.05


def test_a_sheet_with_transparent_surroundings_is_a_sheet(five: Bytes) -> None:
    sheet = np.stack([five, np.full_like(five, 255)], axis=2)
    picture = np.pad(sheet, ((40, 40), (50, 50), (0, 0)))
    assert _difference(frame_from_picture(picture), frame_from_picture(five)) < 0.05


@pytest.mark.parametrize(
    "picture",
    [
        np.zeros((28, 28), dtype=np.uint8),
        np.full((50, 40, 3), 255, dtype=np.uint8),
        np.full((1, 1), 7, dtype=np.uint8),
        np.zeros((30, 30, 4), dtype=np.uint8),
        np.full((30, 30, 2), 255, dtype=np.uint8),
        np.full((20, 20), -3.5),
        np.random.default_rng(3).normal(200, 4, size=(200, 200)).clip(0, 255).astype(np.uint8),
    ],
    ids=["black", "white", "one pixel", "transparent", "opaque", "below zero", "grain alone"],
)
def test_a_picture_without_ink_gives_a_blank_frame(picture: NDArray[Any]) -> None:
    frame = frame_from_picture(picture)
    assert frame.shape == (28, 28)
    assert not frame.any()


@pytest.mark.parametrize("is_dark", [True, False])
def test_grain_and_uneven_light_of_a_photograph_are_no_ink(five: Bytes, *, is_dark: bool) -> None:
    rng = np.random.default_rng(11)
    y, x = np.mgrid[0 : 1 : five.shape[0] * 1j, 0 : 1 : five.shape[1] * 1j]
    tones = five if is_dark else 255 - five
    photograph = (0.55 * tones + 60) * (0.75 + 0.2 * x + 0.1 * y * y) + rng.normal(scale=3, size=five.shape)
    frame = frame_from_picture(photograph.clip(0, 255).astype(np.uint8))
    assert _difference(frame, frame_from_picture(five)) < 6


def test_a_small_dot_stays_a_dot() -> None:
    picture = np.full((100, 100), 255, dtype=np.uint8)
    picture[60:62, 30:32] = 0
    frame = frame_from_picture(picture)
    assert np.flatnonzero(frame.any(axis=0)).tolist() == np.flatnonzero(frame.any(axis=1)).tolist()
    assert np.count_nonzero(frame) == 16, "two pixels of the least box, ten, are four of the frame"


def test_mass_far_to_one_side_is_not_cut_off() -> None:
    picture = np.full((100, 200), 255, dtype=np.uint8)
    picture[10:90, 170:190] = 0
    picture[48:52, 10:14] = 0
    frame = frame_from_picture(picture)
    assert all(13.5 <= balance <= 14.5 for balance in centre_of_mass(frame))
    assert np.count_nonzero(frame.any(axis=0)) < np.ptp(np.flatnonzero(frame.any(axis=0))), "the dot is apart"


def test_a_large_picture_is_read_like_a_small_one(five: Bytes) -> None:
    large = np.kron(five, np.ones((13, 13), dtype=np.uint8))
    assert _difference(frame_from_picture(large), frame_from_picture(five)) < 1


@given(
    hnp.arrays(
        np.uint8,
        st.tuples(st.integers(1, 40), st.integers(1, 40))
        | st.tuples(*[st.integers(1, 12)] * 2, st.integers(1, 4)),
        elements=st.sampled_from([0, 1, 30, 128, 200, 255]),
    )
)
@settings(max_examples=150, deadline=None)
def test_any_picture_gives_a_frame_that_is_centred_or_blank(picture: Bytes) -> None:
    frame = frame_from_picture(picture)
    assert frame.shape == (28, 28)
    assert frame.dtype == np.uint8
    if frame.any():
        assert frame.max() == 255
        assert all(13.5 <= balance <= 14.5 for balance in centre_of_mass(frame))


@pytest.mark.parametrize(
    "picture",
    [
        np.zeros((0, 5), dtype=np.uint8),
        np.zeros(7),
        np.zeros((5, 5, 5)),
        np.zeros((2, 2), dtype=complex),
        np.array([["a"]]),
        np.array([[0.0, np.nan]]),
        np.array([[0.0, np.inf]]),
        np.broadcast_to(np.uint8(0), (100_000, 100_000)),
    ],
    ids=["empty", "a row", "five channels", "complex", "text", "nan", "infinite", "enormous"],
)
def test_what_is_no_picture_is_refused_in_a_sentence(picture: NDArray[Any]) -> None:
    with pytest.raises(InkError, match="picture"):
        frame_from_picture(picture)

"""Strokes that are no digit: what a network that may say "none of these" learns to refuse.

The picture behind it: somebody who does not mean a digit. He dots, scribbles, crosses something out, writes two
digits at once, draws an arrow or a heart. Every family is a function that draws one figure by lot (in
``scribbles``, ``line_shapes``, ``curved_shapes``, ``spoiled_digits``); a hand then draws it unsteadily
(``freehand``), and it is inked like digits are. There is no alphabet among them: plain geometry, turned every way,
passes by some letters, but that a network refuses letters is what it has to show.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from nn.data import curved_shapes, line_shapes, scribbles, spoiled_digits
from nn.data.dataset import NO_DIGIT, Dataset
from nn.data.freehand import unsteady
from nn.data.pen_variation import SKIPS, reported
from nn.data.synthetic import synthetic_drawings
from nn.errors import ConfigurationError
from nn.ink.frame import frame_from_drawing
from nn.ink.strokes import Drawing, Stroke

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from nn.arrays import Array

    Family = Callable[[np.random.Generator], list[Array]]
    Spoiling = Callable[[Sequence[Drawing], np.random.Generator], list[Array]]

FAMILIES: dict[Family, float] = {
    scribbles.dots: 3.0,
    scribbles.blot: 2.0,
    scribbles.to_and_fro: 3.0,
    scribbles.spiral: 2.0,
    scribbles.coil: 1.5,
    scribbles.wandering: 3.0,
    scribbles.hatching: 1.5,
    scribbles.rings: 1.5,
    scribbles.medley: 4.0,
    line_shapes.crossing: 8.0,
    line_shapes.corner: 4.0,
    line_shapes.peak: 4.0,
    line_shapes.junction: 3.0,
    line_shapes.star: 2.0,
    line_shapes.comb: 3.0,
    line_shapes.bridge: 3.0,
    line_shapes.parallels: 3.0,
    line_shapes.polygon: 3.0,
    line_shapes.arrow: 3.0,
    line_shapes.staircase: 3.0,
    curved_shapes.hook_with_tail: 10.0,
    curved_shapes.loop_with_tail: 6.0,
    curved_shapes.arc_with_dot: 3.0,
    curved_shapes.open_arc: 4.0,
    curved_shapes.stem_with_bow: 4.0,
    curved_shapes.wave: 3.0,
    curved_shapes.heart: 1.0,
    curved_shapes.lying_eight: 1.0,
    curved_shapes.ringed: 2.0,
}
"""How often each family is drawn, in any unit."""

SPOILED: dict[Spoiling, float] = {
    spoiled_digits.several: 6.0,
    spoiled_digits.overlapping: 2.0,
    spoiled_digits.crossed_out: 3.0,
    spoiled_digits.cluttered: 3.0,
    spoiled_digits.encircled: 2.0,
    spoiled_digits.mirrored: 4.0,
    spoiled_digits.turned_over: 2.0,
}
"""The same for figures made of synthetic digits."""

CHUNK = 500

# Widths of the pen in frame pixels: lognormal, as MNIST's are, cut where a figure would break up or fill up.
_PEN_MEDIAN, _PEN_SPREAD, _PEN_RANGE = 2.5, 0.25, (1.4, 4.8)

_DRAWING, _INKING = 0, 1  # two streams of chance: drawings are the same with and without ink


def no_digit_drawings(count: int, *, seed: int) -> list[Drawing]:
    """Draw `count` figures that are no digit, all families mixed, without a label.

    The same seed gives the same drawings.

    Raises
    ------
    ConfigurationError
        If `count` or `seed` is negative.
    """
    if count < 0 or seed < 0:
        raise ConfigurationError(f"Cannot draw {count} figures with seed {seed}: wanted at least 0 both.")
    return [
        drawing for start in range(0, count, CHUNK) for drawing in _drawn(min(CHUNK, count - start), seed, start)
    ]


def no_digit_dataset(count: int, *, seed: int, name: str = "figures that are no digit") -> Dataset:
    """Draw `count` figures and ink them with pens as thick as MNIST's; all labels are `NO_DIGIT`."""
    drawings = no_digit_drawings(count, seed=seed)
    rng = np.random.default_rng((seed, _INKING))
    pens = np.clip(_PEN_MEDIAN * np.exp(rng.normal(0, _PEN_SPREAD, count)), *_PEN_RANGE)
    images = np.zeros((count, 28, 28), np.uint8)
    for image, drawing, pen in zip(images, drawings, pens.tolist(), strict=True):
        image[...] = frame_from_drawing(drawing, pen)
    return Dataset(images, np.full(count, NO_DIGIT, np.uint8), name)


def no_digits_by_family(count: int, *, seed: int) -> dict[str, list[Drawing]]:
    """Draw `count` figures of each family, by the name of the family: to see which of them pass for a digit."""
    rng = np.random.default_rng((seed, _DRAWING))
    families = _families(synthetic_drawings(2 * count + 20, seed=seed), rng)
    return {name: [_drawing(draw(), rng) for _ in range(count)] for name, draw in families.items()}


def _drawn(count: int, seed: int, start: int) -> Iterator[Drawing]:
    rng = np.random.default_rng((seed, _DRAWING, start))
    digits = synthetic_drawings(2 * count + 20, seed=int(rng.integers(2**31)))
    draw = list(_families(digits, rng).values())
    weights = np.array([*FAMILIES.values(), *SPOILED.values()])
    for chosen in rng.choice(len(draw), count, p=weights / weights.sum()):
        yield _drawing(draw[chosen](), rng)


def _families(digits: Sequence[Drawing], rng: np.random.Generator) -> dict[str, Callable[[], list[Array]]]:
    """Return by its name what draws the next figure of each family, spoiled digits last."""
    free = {family.__name__: partial(family, rng) for family in FAMILIES}
    spoiled = {spoil.__name__: partial(spoil, digits, rng) for spoil in SPOILED}
    return {**free, **spoiled}


def _drawing(figure: list[Array], rng: np.random.Generator) -> Drawing:
    """Let a hand draw the figure; a mouse reports few points of it as of digits, lest they tell which it is."""
    skip = int(rng.choice(SKIPS))
    paths = (reported(path, skip, rng) for path in unsteady(figure, rng))
    return Drawing(tuple(Stroke(path.astype(np.float32)) for path in paths))

"""Built-in digits: a hand that has never seen a data set writes as many as one likes.

Where no MNIST is at hand, training must still work at once. So styles from the copybook (``stroke_templates``) are
played by random writers (``pen_motion``) and inked by the same recipe that inks a person's own strokes
(``nn.ink.frame``): what a network learns from them, it can use on the pad.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nn.data.dataset import Dataset, joined
from nn.data.pen_motion import Hand, stroke_lengths, written
from nn.data.stroke_templates import styles
from nn.errors import ConfigurationError
from nn.ink.frame import frame_from_drawing
from nn.ink.strokes import Drawing, Stroke

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nn.arrays import Bytes, Float32
    from nn.data.stroke_templates import Style

CHUNK = 500
"""Digits written in one go: about a quarter of a second."""

# Widths of the pen in frame pixels: lognormal, with MNIST's 5th and 95th percentile (1.76 and 3.94; Yadav, Bottou
# 2019, Cold Case: the Lost MNIST Digits), cut where a digit would break up or fill up.
_PEN_MEDIAN, _PEN_SPREAD, _PEN_RANGE = 2.63, 0.245, (1.5, 4.8)

# The same pen is thinner in the frame where a digit is written larger, as nines are, and thicker in small round
# noughts. Chosen so that each digit has as much ink as among MNIST's training digits.
_PEN_OF_DIGIT = np.array([1.08, 0.98, 0.95, 0.98, 0.89, 0.96, 0.86, 0.97, 0.88, 0.82])

_WRITING, _INKING = 0, 1  # two streams of chance: drawings are the same with and without ink


def synthetic_drawings(count: int, *, seed: int) -> list[Drawing]:
    """Write `count` labelled digits, as many of each as of another, in random order.

    The same seed gives the same drawings. Coordinates are in digit heights, y down.

    Raises
    ------
    ConfigurationError
        If `count` or `seed` is negative.
    """
    return [drawing for part in _parts(count, seed) for drawing in _write(*part, seed)]


def synthetic_dataset(count: int, *, seed: int, name: str = "built-in synthetic digits") -> Dataset:
    """Write `count` digits and ink them with pens as thick as MNIST's; the same seed gives the same bytes."""
    return joined(_no_digits(name), *synthetic_batches(count, seed=seed, name=name), name=name)


def synthetic_batches(
    count: int, *, seed: int, chunk: int = CHUNK, name: str = "built-in synthetic digits"
) -> Iterator[Dataset]:
    """Write and ink `count` digits in chunks, so that a window can show progress between them, and stop.

    Together the default chunks are the data set of `synthetic_dataset`; another `chunk` gives other digits.

    Raises
    ------
    ConfigurationError
        If `count` or `seed` is negative or `chunk` is not positive.
    """
    return (_inked(*part, seed, name) for part in _parts(count, seed, chunk))


def _parts(count: int, seed: int, chunk: int = CHUNK) -> list[tuple[int, int]]:
    """Cut `count` into chunks: (number of the chunk, digits in it)."""
    if count < 0 or chunk < 1 or seed < 0:
        raise ConfigurationError(
            f"Cannot write {count} synthetic digits in chunks of {chunk} with seed {seed}: "
            "wanted at least 0, 1 and 0."
        )
    return [(number, min(chunk, count - start)) for number, start in enumerate(range(0, count, chunk))]


def _no_digits(name: str) -> Dataset:
    return Dataset(np.zeros((0, 28, 28), np.uint8), np.zeros(0, np.uint8), name)


def _inked(number: int, count: int, seed: int, name: str) -> Dataset:
    drawings = _write(number, count, seed)
    labels = np.array([drawing.label for drawing in drawings], np.uint8)
    images = np.empty((count, 28, 28), np.uint8)
    pens = _pens(labels, _generator(seed, number, _INKING))
    for image, drawing, pen in zip(images, drawings, pens, strict=True):
        image[...] = frame_from_drawing(drawing, pen)
    return Dataset(images, labels, name)


def _pens(labels: Bytes, rng: np.random.Generator) -> list[float]:
    spread = np.exp(_PEN_SPREAD * rng.standard_normal(len(labels)))
    pens: list[float] = np.clip(_PEN_MEDIAN * _PEN_OF_DIGIT[labels] * spread, *_PEN_RANGE).tolist()
    return pens


def _generator(seed: int, number: int, stream: int) -> np.random.Generator:
    """Give each chunk its own streams: it does not matter in which order or thread chunks are written."""
    return np.random.default_rng((seed, number, stream))


def _write(number: int, count: int, seed: int) -> list[Drawing]:
    rng = _generator(seed, number, _WRITING)
    # Whole rounds of ten digits, and of the last round as many as are left, drawn by lot.
    labels = np.concatenate([np.repeat(np.arange(10), count // 10), rng.permutation(10)[: count % 10]])
    drawings = [
        drawing
        for digit, digits in enumerate(np.bincount(labels, minlength=10))
        for drawing in _write_digit(digit, int(digits), rng)
    ]
    return [drawings[index] for index in rng.permutation(count)]


def _write_digit(digit: int, count: int, rng: np.random.Generator) -> Iterator[Drawing]:
    choices = styles(digit)
    weights = np.array([style.weight for style in choices])
    for style, times in zip(choices, rng.multinomial(count, weights / weights.sum()), strict=True):
        yield from _drawings(style, written(style, int(times), rng, Hand()))


def _drawings(style: Style, paths: Float32) -> Iterator[Drawing]:
    cuts = np.cumsum(stroke_lengths(style))[:-1]
    for path in paths:
        yield Drawing(tuple(Stroke(points) for points in np.split(path, cuts)), style.digit)

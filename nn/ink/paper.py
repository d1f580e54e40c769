"""Telling ink from paper: which of the two is dark, how light the paper is, and how much of it is noise.

Paper is what there is most of, above all along the border; ink is what differs from it. On perfectly flat paper
(a digital picture) all that differs is ink, down to the faintest grey of an antialiased edge. Paper that is not
flat was scanned or photographed: its slow change of light is fitted by a quadratic surface and taken away, and
what is left of its grain sets the threshold that ink has to pass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from nn.ink.tones import level_between_tones

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nn.arrays import Float32

    Mask: TypeAlias = NDArray[np.bool_]

# The level that parts ink from paper is found in so many steps.
_STEPS = 256

# The border of a picture is so much of its shorter side wide: a frame drawn around the whole is less.
_BORDER = 20

# Ink that differs from its paper by less than ten levels of 255 is no ink.
_LEAST_CONTRAST = 10 / 255

# On paper with grain, ink stands out by so many standard deviations and by so much of the darkest ink.
_GRAINS, _SHARE = 5.0, 0.25

# Grain below a third of a level of 255 is rounding, not paper.
_FLAT = 0.3 / 255

# On flat paper that swings beside the ink, this share of the strongest ink is none; what counts as faintest grey,
# how much of it antialiased ink has at most, and from which mean swing on, relative to the greys, paper swings.
_RIPPLE, _FAINTEST, _MUCH_FAINT, _SWING = 0.06, 8 / 255, 0.25, 0.5

# Fewer faint greys than these say nothing about the paper.
_FEW = 100

# As many pixels as a quadratic surface is fitted to, at most.
_FITTED = 20_000


def is_grainy(light: Float32) -> bool:
    """Whether most of a picture's paper has grain, as what a camera or a scanner saw has."""
    some = light[::3, ::3]
    return _grain(some[np.abs(some - np.median(some)) < 0.25]) > _FLAT


def ink_of_light(light: Float32) -> Float32:
    """Return the ink of a picture: 0 on paper and above 0 where there is ink, stronger where there is more.

    Parameters
    ----------
    light
        (h, w), 0..1; dark ink on light paper or light ink on dark.

    Returns
    -------
    ink
        float32 (h, w), in the unit of `light`; zeros where the picture has no ink.
    """
    if float(light.max() - light.min()) < _LEAST_CONTRAST:
        return np.zeros_like(light)
    is_dark = light < level_between_tones(light, _STEPS)
    is_paper = is_dark if _is_mostly_paper(is_dark) else ~is_dark
    sign = np.float32(1 if is_paper is is_dark else -1)
    paper = np.median(light[is_paper])
    ink = sign * (light - paper)
    grain = _grain(ink[is_paper])
    if grain > _FLAT:
        ink, grain = _flattened(ink, is_paper)
    return _thresholded(ink, grain)


def _is_mostly_paper(mask: Mask) -> bool:
    """Return whether a tone is that of the paper; the border of a picture knows it better than its middle."""
    width = max(1, min(mask.shape) // _BORDER)
    beside = mask[width:-width]
    parts = mask[:width], mask[-width:], beside[:, :width], beside[:, -width:]
    border = np.concatenate([part.ravel() for part in parts])
    return float(2 * border.mean() + mask.mean()) > 1.5


def _grain(paper: Float32) -> float:
    """Return the standard deviation of the paper from its median deviation, which a little ink does not move."""
    return 1.4826 * float(np.median(np.abs(paper - np.median(paper))))


def _flattened(ink: Float32, is_paper: Mask) -> tuple[Float32, float]:
    """Return the ink without the paper's slow change of light, and the grain that is left."""
    rows, columns = ink.shape
    y, x = np.linspace(-1, 1, rows, dtype=np.float32)[:, np.newaxis], np.linspace(-1, 1, columns, dtype=np.float32)
    step = max(1, int(np.sqrt(ink.size / _FITTED)))
    some = (slice(None, None, step), slice(None, None, step))
    terms = [np.broadcast_to(term, ink.shape) for term in (np.float32(1), x, y, x * x, y * y, x * y)]
    basis = np.stack([term[some].ravel() for term in terms], axis=1)
    values, chosen = ink[some].ravel(), is_paper[some].ravel()
    contrast = float(np.percentile(ink, 99.5))
    surface = np.zeros_like(ink)
    for _ in range(4):
        weights = np.linalg.lstsq(basis[chosen], values[chosen], rcond=None)[0]
        chosen = np.abs(values - basis @ weights) < max(contrast / 4, _LEAST_CONTRAST)
        if chosen.sum() < len(weights):
            break
    for weight, term in zip(weights, terms, strict=True):
        surface += np.float32(weight) * term
    flat = ink - surface
    paper = flat[np.abs(flat) < max(contrast / 4, _LEAST_CONTRAST)]
    return flat, _grain(paper) if paper.size else 0.0


def _thresholded(ink: Float32, grain: float) -> Float32:
    is_flat = grain <= _FLAT
    strongest = float(ink.max()) if is_flat else float(np.percentile(ink, 99.9))
    if strongest < max(_LEAST_CONTRAST, _GRAINS * grain):
        return np.zeros_like(ink)
    if is_flat:
        least = _RIPPLE * strongest if _is_rippled(ink / strongest) else 0.0
        return np.where(ink > least, ink, np.float32(0))
    is_ink = _without_specks(ink > max(_GRAINS * grain, _SHARE * strongest))
    return np.where(is_ink, ink, np.float32(0))


def _is_rippled(ink: Float32) -> bool:
    """Return whether the paper beside the ink swings, as JPEG and sharpening enlargers leave it, on flat paper.

    Such a picture has far more of the faintest greys than antialiased edges have, or greys among which each
    differs from its neighbours, where true faint ink is even or slopes evenly.
    """
    faintest = np.count_nonzero((ink > 0) & (ink < _FAINTEST))
    if faintest > _MUCH_FAINT * np.count_nonzero(ink >= _FAINTEST):
        return True
    before, here, after = ink[:, :-2], ink[:, 1:-1], ink[:, 2:]
    is_faint = (here > 0) & (here < _RIPPLE) & (np.abs(before) < _RIPPLE) & (np.abs(after) < _RIPPLE)
    if np.count_nonzero(is_faint) <= _FEW:
        return False
    swing = np.abs(before - 2 * here + after)[is_faint].mean()
    return bool(swing > _SWING * here[is_faint].mean())


def _without_specks(mask: Mask) -> Mask:
    """Return the mask without pixels that have fewer than two neighbours of the eight."""
    padded = np.pad(mask.astype(np.uint8), 1)
    rows = padded[:-2] + padded[1:-1] + padded[2:]
    around = rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]
    kept: Mask = mask & (around >= 3)
    return kept

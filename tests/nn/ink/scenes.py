"""What happens to photographs, one trouble at a time and all together: random scenes for the camera."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.nn.ink.camera import BLACK, Colour, Scene

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

_INKS: tuple[Colour, ...] = ((30, 40, 150), (190, 30, 40), (20, 120, 60), (230, 110, 20), (120, 40, 140))
_RULES: tuple[Colour, ...] = ((175, 200, 235), (200, 200, 200), (150, 165, 190), (225, 180, 185))
_PAPERS: tuple[Colour, ...] = ((250, 249, 245), (235, 230, 215), (225, 225, 230), (255, 255, 255))


def plain(rng: np.random.Generator) -> Scene:
    """Return a scene without any trouble: a ball pen or a fibre pen, and the faintest grain of a sensor."""
    size = ((600, 800), (800, 600), (700, 700))[int(rng.integers(3))]
    return Scene(
        size=size,
        height=float(rng.uniform(0.35, 0.75)),
        place=(float(rng.random()), float(rng.random())),
        pen=float(rng.uniform(0.06, 0.12)),
        paper=_PAPERS[int(rng.integers(len(_PAPERS)))],
        noise=float(rng.uniform(0.8, 2)),
        blur=float(rng.uniform(0.4, 1)),
        seed=int(rng.integers(2**31)),
    )


def light_falls_off(rng: np.random.Generator) -> Scene:
    return replace(plain(rng), falloff=_pair(rng, 0.7))


def vignette(rng: np.random.Generator) -> Scene:
    return replace(plain(rng), vignette=float(rng.uniform(0.3, 0.9)))


def shadow_of_a_hand(rng: np.random.Generator) -> Scene:
    return replace(plain(rng), shadow=float(rng.uniform(0.3, 0.75)))


def grain(rng: np.random.Generator) -> Scene:
    return replace(plain(rng), noise=float(rng.uniform(5, 16)))


def jpeg(rng: np.random.Generator) -> Scene:
    return replace(plain(rng), jpeg=int(rng.integers(20, 70)), noise=float(rng.uniform(1, 4)))


def out_of_focus(rng: np.random.Generator) -> Scene:
    return replace(plain(rng), blur=float(rng.uniform(2, 5)))


def ruled_paper(rng: np.random.Generator) -> Scene:
    return _on_lines(plain(rng), "ruled", float(rng.uniform(0.5, 1.3)), rng)


def squared_paper(rng: np.random.Generator) -> Scene:
    return _on_lines(plain(rng), "squares", float(rng.uniform(0.3, 1)), rng)


def lines_as_dark_as_the_pen(rng: np.random.Generator) -> Scene:
    scene = squared_paper(rng) if rng.random() < 0.5 else ruled_paper(rng)
    dark: Colour = (40, 50, 110) if rng.random() < 0.5 else (70, 70, 70)
    return replace(scene, rule=dark, rule_pen=float(rng.uniform(0.008, 0.02)))


def thin_pen(rng: np.random.Generator) -> Scene:
    return replace(plain(rng), pen=float(rng.uniform(0.015, 0.035)))


def felt_pen(rng: np.random.Generator) -> Scene:
    return replace(plain(rng), pen=float(rng.uniform(0.17, 0.24)))


def coloured_ink(rng: np.random.Generator) -> Scene:
    return replace(plain(rng), ink=_INKS[int(rng.integers(len(_INKS)))])


def pencil(rng: np.random.Generator) -> Scene:
    return replace(
        plain(rng),
        ink=(110, 110, 115),
        cover=float(rng.uniform(0.4, 0.8)),
        texture=float(rng.uniform(0.3, 0.7)),
        pen=float(rng.uniform(0.03, 0.07)),
        noise=float(rng.uniform(1, 4)),
    )


def chalk(rng: np.random.Generator) -> Scene:
    board: Colour = (40, 60, 50) if rng.random() < 0.5 else (35, 35, 40)
    return replace(plain(rng), ink=(235, 235, 230), paper=board, texture=0.5, falloff=_pair(rng, 0.4))


def dust(rng: np.random.Generator) -> Scene:
    return replace(plain(rng), dust=int(rng.integers(5, 40)))


def desk_beside_the_paper(rng: np.random.Generator) -> Scene:
    desks: tuple[Colour, ...] = ((110, 80, 60), (40, 40, 45), (190, 160, 120), (60, 90, 80))
    scene = plain(rng)
    place = (scene.place[0], float(rng.uniform(0.75, 1)))
    desk = float(rng.uniform(0.02, 0.2))
    return replace(
        scene, desk=desk, desk_colour=desks[int(rng.integers(4))], height=min(scene.height, 0.5), place=place
    )


def seen_from_the_side(rng: np.random.Generator) -> Scene:
    return replace(plain(rng), perspective=float(rng.uniform(0.01, 0.05)), turned=float(rng.uniform(-5, 5)))


def small_on_the_page(rng: np.random.Generator) -> Scene:
    return replace(plain(rng), height=float(rng.uniform(0.1, 0.25)), pen=float(rng.uniform(0.06, 0.12)))


def few_pixels(rng: np.random.Generator) -> Scene:
    side = int(rng.integers(100, 300))
    return replace(plain(rng), size=(side, side), blur=float(rng.uniform(0.3, 0.7)))


def many_pixels(rng: np.random.Generator) -> Scene:
    return replace(plain(rng), size=(2250, 3000), blur=float(rng.uniform(1, 2)), noise=float(rng.uniform(2, 6)))


def all_together(rng: np.random.Generator) -> Scene:
    """Return a scene as a phone on a kitchen table sees it: some of every trouble at once."""
    paper = (plain, ruled_paper, squared_paper)[int(rng.integers(3))](rng)
    inks: tuple[Colour, ...] = (BLACK, BLACK, *_INKS[:3], (70, 70, 75))
    return replace(
        paper,
        pen=float(rng.uniform(0.03, 0.13)),
        height=float(rng.uniform(0.25, 0.7)),
        ink=inks[int(rng.integers(len(inks)))],
        falloff=_pair(rng, 0.4),
        vignette=float(rng.uniform(0, 0.4)),
        shadow=float(rng.uniform(0, 0.5)) if rng.random() < 0.5 else 0.0,
        noise=float(rng.uniform(1, 8)),
        blur=float(rng.uniform(0.4, 1.5)),
        dust=int(rng.integers(0, 12)),
        perspective=float(rng.uniform(0, 0.03)),
        turned=float(rng.uniform(-4, 4)),
        jpeg=int(rng.integers(50, 92)),
    )


def at_its_worst(rng: np.random.Generator) -> Scene:
    """Return a scene that a person would photograph again: faint or fine lines in bad light on squared paper."""
    scene = all_together(rng)
    is_pencil = rng.random() < 0.5
    return replace(
        scene,
        ink=(110, 110, 115) if is_pencil else scene.ink,
        cover=float(rng.uniform(0.6, 0.9)) if is_pencil else 1.0,
        texture=float(rng.uniform(0.3, 0.6)) if is_pencil else 0.0,
        rule=((40, 50, 110), (110, 120, 160), (150, 165, 190))[int(rng.integers(3))],
        pen=float(rng.uniform(0.025, 0.07)),
        falloff=_pair(rng, 0.6),
        shadow=float(rng.uniform(0.2, 0.6)),
        noise=float(rng.uniform(4, 12)),
        blur=float(rng.uniform(0.8, 2)),
        jpeg=int(rng.integers(25, 70)),
        desk=float(rng.uniform(0.02, 0.15)) if rng.random() < 0.3 else 0.0,
        place=(scene.place[0], float(rng.uniform(0.6, 1))),
    )


EFFECTS: dict[str, Callable[[np.random.Generator], Scene]] = {
    make.__name__.replace("_", " "): make
    for make in (
        plain,
        light_falls_off,
        vignette,
        shadow_of_a_hand,
        grain,
        jpeg,
        out_of_focus,
        ruled_paper,
        squared_paper,
        lines_as_dark_as_the_pen,
        thin_pen,
        felt_pen,
        coloured_ink,
        pencil,
        chalk,
        dust,
        desk_beside_the_paper,
        seen_from_the_side,
        small_on_the_page,
        few_pixels,
        many_pixels,
        all_together,
        at_its_worst,
    )
}
"""Every trouble by its name; each makes a scene from a source of chance."""


def _pair(rng: np.random.Generator, most: float) -> tuple[float, float]:
    return float(rng.uniform(-most, most)), float(rng.uniform(-most, most))


def _on_lines(scene: Scene, rules: str, gap: float, rng: np.random.Generator) -> Scene:
    rule = _RULES[int(rng.integers(len(_RULES)))]
    return replace(scene, rules=rules, rule_gap=gap, rule=rule, rule_pen=float(rng.uniform(0.008, 0.025)))

"""A camera for tests: recorded strokes become ink on paper, paper lies on a desk, and the desk is photographed.

Everything that makes a photograph unlike a drawing is a number of a `Scene`: pen and ink, lines printed on the
paper, the light that falls on it, how it lies, what the lens and the sensor add, and the JPEG that is kept of it.
Light is added up as light, not as the numbers of a file, which stand for its root.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

if TYPE_CHECKING:
    from nn.arrays import Array, Bytes, Float32
    from nn.ink.strokes import Drawing

Colour: TypeAlias = tuple[int, int, int]

WHITE, BLACK = (250, 249, 245), (25, 25, 30)
_GAMMA = 2.2


@dataclass(frozen=True, slots=True)
class Scene:
    """How a digit was written and photographed; without arguments, in the best of all ways.

    Lengths are shares: of the picture's shorter side where it is about the picture, of the digit's height where
    it is about the digit.
    """

    size: tuple[int, int] = (600, 800)
    """Rows and columns."""
    height: float = 0.5
    """How much of the picture the digit takes."""
    place: tuple[float, float] = (0.5, 0.5)
    """Where the digit is in the room that is left: 0 at the top and on the left."""
    pen: float = 0.1
    """Thickness of the pen, of the digit's longer side."""
    ink: Colour = BLACK
    paper: Colour = WHITE
    cover: float = 1.0
    """How much of the paper the ink hides."""
    texture: float = 0.0
    """How unevenly it does so: pencil and chalk skip over the paper's grain."""
    rules: str = ""
    """Printed on the paper: "ruled", "squares", or nothing."""
    rule: Colour = (170, 190, 215)
    rule_gap: float = 0.6
    """Between two lines, of the digit's longer side."""
    rule_pen: float = 0.012
    dust: int = 0
    turned: float = 0.0
    """Degrees."""
    perspective: float = 0.0
    """How far the corners are moved."""
    desk: float = 0.0
    """How much of the picture, from the left, shows no paper but the desk."""
    desk_all_round: float = 0.0
    """The same from every side."""
    desk_colour: Colour = (110, 80, 60)
    falloff: tuple[float, float] = (0.0, 0.0)
    """How much of the light is lost from left to right and from top to bottom; below 0 the other way."""
    vignette: float = 0.0
    """How much of the light is lost in the corners."""
    shadow: float = 0.0
    """How much of the light a hand takes away."""
    blur: float = 0.0
    """Of the lens, in pixels."""
    noise: float = 0.0
    """Standard deviation of the sensor's noise, in levels of 255."""
    jpeg: int | None = None
    """Quality of the file."""
    seed: int = 0


def photograph(drawing: Drawing, scene: Scene) -> Bytes:
    """Return the picture of a drawing, or of empty paper where it is blank: uint8 (h, w, 3)."""
    rng = np.random.default_rng(scene.seed)
    paper = _inked(_paper(scene, rng), drawing, scene, rng)
    light = np.asarray(_laid(paper, scene, rng), np.float32) / 255
    light = light**_GAMMA * _light(scene, rng)[:, :, np.newaxis]
    seen = Image.fromarray(np.rint(255 * np.clip(light, 0, 1) ** (1 / _GAMMA)).astype(np.uint8))
    if scene.blur:
        seen = seen.filter(ImageFilter.GaussianBlur(scene.blur))
    return _kept(_sensed(np.asarray(seen), scene, rng), scene)


def _paper(scene: Scene, rng: np.random.Generator) -> Image.Image:
    rows, columns = scene.size
    paper = Image.new("RGB", (columns, rows), scene.paper)
    if scene.rules:
        _ruled(paper, scene, rng)
    return paper


def _ruled(paper: Image.Image, scene: Scene, rng: np.random.Generator) -> None:
    """Print lines all over the paper."""
    unit = scene.height * min(paper.size)
    gap, width = max(6.0, scene.rule_gap * unit), max(1, round(scene.rule_pen * unit))
    draw, (columns, rows) = ImageDraw.Draw(paper), paper.size
    for y in np.arange(rng.uniform(0, gap), rows, gap):
        draw.line((0, y, columns, y), fill=scene.rule, width=width)
    if scene.rules == "squares":
        for x in np.arange(rng.uniform(0, gap), columns, gap):
            draw.line((x, 0, x, rows), fill=scene.rule, width=width)


def _inked(paper: Image.Image, drawing: Drawing, scene: Scene, rng: np.random.Generator) -> Image.Image:
    cover = np.asarray(_strokes(drawing, scene, paper.size), np.float32) / 255
    if scene.texture:
        cover = cover * np.clip(1 - scene.texture * _cloth(cover.shape, 1.2, rng), 0, 1)
    if scene.dust:
        cover = np.maximum(cover, np.asarray(_specks(scene, paper.size, rng), np.float32) / 255)
    mask = Image.fromarray(np.rint(255 * scene.cover * cover).astype(np.uint8))
    return Image.composite(Image.new("RGB", paper.size, scene.ink), paper, mask)


def _strokes(drawing: Drawing, scene: Scene, size: tuple[int, int]) -> Image.Image:
    """Return how much of each pixel the pen covered; drawn twice as large where that is no great picture."""
    fine = 2 if max(size) <= 1500 else 1
    mask = Image.new("L", (fine * size[0], fine * size[1]))
    if drawing.is_blank:
        return mask.resize(size)
    draw, points = ImageDraw.Draw(mask), np.concatenate([stroke.points for stroke in drawing.strokes])
    low, extent = points.min(axis=0), float(np.ptp(points, axis=0).max()) or 1.0
    unit = scene.height * min(mask.size)
    pen = max(1.0, scene.pen * unit)
    room = np.array(mask.size) - np.ptp(points, axis=0) / extent * (unit - pen) - pen
    corner = room * np.array(scene.place[::-1]) * 0.9 + room * 0.05 + pen / 2
    for stroke in drawing.strokes:
        path = (stroke.points - low) / extent * (unit - pen) + corner
        draw.line([tuple(point) for point in path.tolist()], fill=255, width=max(1, round(pen)))
        for x, y in path.tolist():
            draw.ellipse((x - pen / 2, y - pen / 2, x + pen / 2, y + pen / 2), fill=255)
    return mask.reduce(fine) if fine > 1 else mask


def _specks(scene: Scene, size: tuple[int, int], rng: np.random.Generator) -> Image.Image:
    specks = Image.new("L", size)
    draw, unit = ImageDraw.Draw(specks), scene.height * min(size)
    for _ in range(scene.dust):
        x, y = rng.uniform(0, 1, 2) * size
        across, down = rng.uniform(0.004, 0.018, 2) * unit + 0.5
        draw.ellipse((x - across, y - down, x + across, y + down), fill=int(rng.integers(120, 256)))
    return specks


def _laid(paper: Image.Image, scene: Scene, rng: np.random.Generator) -> Image.Image:
    """Return the paper as it lies there: turned, seen from the side, and not in the whole of the picture."""
    if not (scene.turned or scene.perspective or scene.desk or scene.desk_all_round):
        return paper
    columns, rows = paper.size
    if scene.desk:
        ImageDraw.Draw(paper).rectangle((-1, -1, scene.desk * columns, rows), fill=scene.desk_colour)
    if scene.desk_all_round:
        width = round(scene.desk_all_round * min(rows, columns))
        ImageDraw.Draw(paper).rectangle((0, 0, columns - 1, rows - 1), outline=scene.desk_colour, width=width)
    corners = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], dtype=float)
    moved = corners + rng.uniform(-1, 1, (4, 2)) * scene.perspective * min(paper.size)
    turn = np.deg2rad(scene.turned)
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    middle = np.array([columns, rows]) / 2
    seen = (moved - middle) @ matrix.T + middle
    # What lies beyond the paper's edge is more of the paper: it is larger than the picture.
    wide = np.pad(np.asarray(paper), ((rows // 8,) * 2, (columns // 8,) * 2, (0, 0)), mode="reflect")
    offset = np.array([columns // 8, rows // 8])
    form = Image.Transform.PERSPECTIVE
    warp = _homography(seen, corners + offset)
    return Image.fromarray(wide).transform(paper.size, form, warp, Image.Resampling.BILINEAR)


def _homography(begin: Array, end: Array) -> list[float]:
    """Return the eight numbers of Pillow's perspective that lead four points to four others."""
    rows, values = [], []
    for (x, y), (u, v) in zip(begin.tolist(), end.tolist(), strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    solved: list[float] = np.linalg.solve(np.array(rows), np.array(values)).tolist()
    return solved


def _light(scene: Scene, rng: np.random.Generator) -> Float32:
    rows, columns = scene.size
    y, x = np.linspace(0, 1, rows)[:, np.newaxis], np.linspace(0, 1, columns)
    across, down = scene.falloff
    light = (1 - abs(across) * (x if across > 0 else 1 - x)) * (1 - abs(down) * (y if down > 0 else 1 - y))
    light = light * (1 - scene.vignette * 2 * ((x - 0.5) ** 2 + (y - 0.5) ** 2))
    if scene.shadow:
        light = light * (1 - scene.shadow * _hand(scene, rng))
    return light.astype(np.float32)


def _hand(scene: Scene, rng: np.random.Generator) -> Float32:
    """Return where the shadow of a hand falls, 0..1: an arm from the border, and fingers, soft at their edges."""
    rows, columns = 150, max(1, round(150 * scene.size[1] / scene.size[0]))
    shade = Image.new("L", (columns, rows))
    draw = ImageDraw.Draw(shade)
    tip = rng.uniform(0.2, 0.8, 2) * (columns, rows)
    for _ in range(4):
        root = np.array([columns * rng.uniform(0.6, 1.4), rows * 1.1])
        draw.line([*tip.tolist(), *root.tolist()], fill=255, width=int(rng.integers(12, 40)))
        tip = tip + rng.normal(0, 12, 2)
    shade = shade.filter(ImageFilter.GaussianBlur(float(rng.uniform(2, 6))))
    grown = shade.resize((scene.size[1], scene.size[0]), Image.Resampling.BICUBIC)
    return np.asarray(grown, np.float32) / np.float32(255)


def _cloth(shape: tuple[int, ...], coarse: float, rng: np.random.Generator) -> Float32:
    """Return smooth noise, 0..1, whose grains are about `coarse` pixels."""
    rows, columns = shape[0], shape[1]
    small = rng.random((max(2, int(rows / coarse)), max(2, int(columns / coarse))), dtype=np.float32)
    grown = Image.fromarray(small).resize((columns, rows), Image.Resampling.BILINEAR)
    return np.asarray(grown, np.float32)


def _sensed(picture: Bytes, scene: Scene, rng: np.random.Generator) -> Bytes:
    if not scene.noise:
        return picture
    noise = rng.standard_normal(picture.shape, dtype=np.float32) * np.float32(scene.noise)
    sensed: Bytes = np.clip(np.rint(picture + noise), 0, 255).astype(np.uint8)
    return sensed


def _kept(picture: Bytes, scene: Scene) -> Bytes:
    if scene.jpeg is None:
        return picture
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=scene.jpeg)
    kept: Bytes = np.asarray(Image.open(file))
    return kept

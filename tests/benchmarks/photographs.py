"""How well photographs are read: the same digits, clean and through a camera, trouble by trouble.

Run with ``python tests/benchmarks/photographs.py [--count N] [--network NAME] [--sheet FOLDER] [EFFECT ...]``.
The digits are pen digits of writers nobody learned from where INKLING_DATA is set, and synthetic ones
otherwise. Beside what is read right stands how often empty paper, photographed the same way, gives an empty
frame. With ``--sheet`` the photographs and their frames are saved to look at, what was misread first.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from rich.console import Console
from rich.table import Table

from nn.data.locations import find_file
from nn.data.pen_digits import PEN_DIGITS, read_pendigits, split_by_writer
from nn.data.synthetic import synthetic_drawings
from nn.files.shipped import shipped_network
from nn.ink import Drawing, frame_from_drawing, frame_from_picture
from tests.nn.ink.camera import photograph
from tests.nn.ink.scenes import EFFECTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nn.arrays import Bytes
    from nn.network import Network

_THUMBNAIL = 168
_BLANK = Drawing()


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one effect."""

    effect: str
    clean: float
    read: float
    empty: float
    milliseconds: float


def some_drawings(count: int) -> list[Drawing]:
    """Return labelled drawings by hands that the network does not know."""
    recording = find_file(PEN_DIGITS)
    if recording is None:
        return synthetic_drawings(count, seed=77)
    unknown = [digit.drawing for digit in split_by_writer(read_pendigits(recording))[1]]
    chosen = np.random.default_rng(5).permutation(len(unknown))[:count]
    return [unknown[at] for at in chosen]


def measured(effect: str, drawings: Sequence[Drawing], network: Network, sheet: Path | None) -> Row:
    """Photograph each drawing, and every fifth time empty paper, and read what comes of it."""
    rng = np.random.default_rng([sum(effect.encode()), 1])
    labels = np.array([drawing.label for drawing in drawings])
    pictures, frames, empty, spent = [], [], [], 0.0
    for at, drawing in enumerate(drawings):
        scene = EFFECTS[effect](rng)
        picture = photograph(drawing, scene)
        begin = time.process_time()
        frames.append(frame_from_picture(picture))
        spent += time.process_time() - begin
        pictures.append(_thumbnail(picture) if sheet else picture[:1, :1])
        if at % 5 == 0:
            empty.append(not frame_from_picture(photograph(_BLANK, scene)).any())
    reading = network.predict(np.stack(frames)).argmax(axis=1)
    clean = network.predict(np.stack([frame_from_drawing(drawing) for drawing in drawings])).argmax(axis=1)
    if sheet:
        order = np.argsort(reading == labels, kind="stable")[:40]
        _save_sheet(sheet / f"{effect.replace(' ', '_')}.png", [(pictures[at], frames[at]) for at in order])
    share = float((reading == labels).mean()), float((clean == labels).mean())
    return Row(effect, share[1], share[0], float(np.mean(empty)), 1000 * spent / len(drawings))


def _thumbnail(picture: Bytes) -> Bytes:
    image = Image.fromarray(picture)
    image.thumbnail((_THUMBNAIL, _THUMBNAIL))
    thumbnail = Image.new("RGB", (_THUMBNAIL, _THUMBNAIL))
    thumbnail.paste(image)
    return np.asarray(thumbnail)


def _save_sheet(path: Path, pairs: Sequence[tuple[Bytes, Bytes]]) -> None:
    """Save photographs with their frames beneath, ten in a row."""
    side, rows = _THUMBNAIL, -(-len(pairs) // 10)
    sheet = Image.new("RGB", (10 * side, 2 * rows * side))
    for at, (picture, frame) in enumerate(pairs):
        row, column = divmod(at, 10)
        grown = Image.fromarray(frame).resize((side - 8, side - 8), Image.Resampling.NEAREST)
        sheet.paste(Image.fromarray(picture), (column * side, 2 * row * side))
        sheet.paste(grown, (column * side + 4, (2 * row + 1) * side + 4))
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(path)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("effects", nargs="*", metavar="EFFECT", help=f"of {', '.join(EFFECTS)}; all unless given")
    parser.add_argument("--count", type=int, default=200, help="digits for each effect")
    parser.add_argument("--network", default="mlp", help="which of the networks that came with Inkling reads")
    parser.add_argument("--sheet", type=Path, help="folder for pictures of the photographs and their frames")
    options = parser.parse_args()
    drawings, network = some_drawings(options.count), shipped_network(options.network)
    table = Table("effect", "clean", "photographed", "points lost", "empty stays empty", "ms")
    for effect in options.effects or EFFECTS:
        row = measured(effect, drawings, network, options.sheet)
        lost = 100 * (row.clean - row.read)
        cells = (
            f"{row.clean:.1%}",
            f"{row.read:.1%}",
            f"{lost:+.1f}",
            f"{row.empty:.0%}",
            f"{row.milliseconds:.0f}",
        )
        table.add_row(effect, *cells)
    Console().print(table)


if __name__ == "__main__":
    main()

"""Pictures of curves, histograms and frames, as files: the only module that knows matplotlib.

It is imported when the first picture is drawn, since it takes longer to load than a small network to train.
Colours are those of Okabe and Ito (2008), which people tell apart whatever colours they see; curves differ by
their dashes too, for who prints in grey.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nn.errors import ConfigurationError
from nn.files.atomic import write_atomically
from nn.smoothing import smoothed

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike

    from nn.arrays import Bytes

SUFFIXES = (".png", ".svg")
COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
_DASHES = ("-", "--", "-.", ":")
_WIDTH, _HEIGHT = 4.4, 3.1  # of a panel, in inches
_CELL = (40, 38)  # rows and columns of a sheet that a frame of 28 x 28 and its caption take
_AN_INCH = 44  # such rows and columns, on paper


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """One curve of a panel."""

    label: str
    """In the legend; none for a curve that is only there to compare by."""
    y: ArrayLike
    x: ArrayLike | None = None
    """1, 2, 3, ... where it is not given."""
    is_noisy: bool = False
    """Draw it faintly, and smoothed above that."""
    beside: int | None = None
    """The place of the curve that it goes with: it is drawn in that one's colour, thin."""


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """One pair of axes: curves, or a histogram of values."""

    title: str
    x_label: str = ""
    y_label: str = ""
    curves: tuple[Curve, ...] = ()
    values: ArrayLike | None = None
    """To be counted in 30 bars over `x_range`."""
    x_range: tuple[float, float] | None = None
    y_range: tuple[float, float] | None = None


def check_plot_name(path: str | os.PathLike[str]) -> None:
    """Refuse a name whose ending says no format that is written.

    Raises
    ------
    ConfigurationError
        If it ends neither in .png nor in .svg.
    """
    if Path(path).suffix.lower() not in SUFFIXES:
        raise ConfigurationError(f"{path} ends in no format that is drawn; choose one of {', '.join(SUFFIXES)}.")


def save_plot(
    path: str | os.PathLike[str], panels: Sequence[Panel], *, title: str = "", columns: int | None = None
) -> None:
    """Draw panels side by side and write them, as PNG or SVG by the name's ending.

    Parameters
    ----------
    columns
        Panels in a row; by default as many rows as columns.

    Raises
    ------
    ConfigurationError
        If the name ends otherwise, or there is no panel.
    FileError
        If the file cannot be written.
    """
    check_plot_name(path)
    if not panels:
        raise ConfigurationError("A picture of curves needs at least one panel.")
    columns = columns or math.ceil(math.sqrt(len(panels)))
    rows = math.ceil(len(panels) / columns)

    def draw(figure: Figure) -> None:
        if title:
            figure.suptitle(title)
        _draw_panels(figure, panels, rows, columns)

    write_atomically(path, _drawn((_WIDTH * columns, _HEIGHT * rows), Path(path).suffix, draw))


def save_sheet(
    path: str | os.PathLike[str], frames: Bytes, captions: Sequence[str], *, title: str = "", columns: int = 12
) -> None:
    """Draw frames in rows, each with a caption below it, and write them, as PNG or SVG by the name's ending.

    Parameters
    ----------
    frames
        uint8 (n, 28, 28): 0 paper, drawn white, and 255 ink.
    captions
        One for each frame.

    Raises
    ------
    ConfigurationError
        If the name ends otherwise, or there is no frame.
    FileError
        If the file cannot be written.
    """
    check_plot_name(path)
    if not len(frames):
        raise ConfigurationError("A sheet of frames needs at least one.")
    columns = min(columns, len(frames))
    height, width = (side / _AN_INCH for side in (_CELL[0] * math.ceil(len(frames) / columns), _CELL[1] * columns))

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.set_title(title)
        _draw_sheet(axes, frames, captions, columns)

    write_atomically(path, _drawn((width + 0.3, height + 0.5), Path(path).suffix, draw))


def _drawn(size: tuple[float, float], suffix: str, draw: Callable[[Figure], None]) -> bytes:
    """Return the file of a figure of that size, in inches, after `draw` has filled it."""
    # Loaded here: most runs of the program draw nothing. A Figure of its own needs no window and no global state.
    import matplotlib as mpl  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    with mpl.rc_context():
        mpl.rc("font", size=10)
        mpl.rc("axes", **{"grid": True, "axisbelow": True, "spines.top": False, "spines.right": False})
        mpl.rc("grid", alpha=0.3)
        # The same curves make the same file, and its words stay words.
        mpl.rc("svg", hashsalt="inkling", fonttype="none")
        figure = Figure(figsize=size, layout="tight", dpi=110)
        draw(figure)
        picture = io.BytesIO()
        kind = suffix.lower().removeprefix(".")
        figure.savefig(picture, format=kind, metadata={"Date": None} if kind == "svg" else None)
    return picture.getvalue()


def _draw_panels(figure: Figure, panels: Sequence[Panel], rows: int, columns: int) -> None:
    for number, panel in enumerate(panels, 1):
        _draw_panel(figure.add_subplot(rows, columns, number), panel)


def _draw_sheet(axes: Axes, frames: Bytes, captions: Sequence[str], columns: int) -> None:
    """Draw frames side by side into one picture, which is quicker than one pair of axes each."""
    height, width = _CELL
    sheet = np.zeros((math.ceil(len(frames) / columns) * height, columns * width), np.uint8)
    for number, (frame, caption) in enumerate(zip(frames, captions, strict=True)):
        top, left = height * (number // columns), width * (number % columns)
        sheet[top : top + 28, left : left + 28] = frame
        axes.text(left + 14, top + 30, caption, ha="center", va="top", fontsize=7, parse_math=False)
    axes.imshow(255 - sheet, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
    axes.set_axis_off()


def _draw_panel(axes: Axes, panel: Panel) -> None:
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415

    axes.set_title(panel.title, fontsize=10)
    axes.set_xlabel(panel.x_label)
    axes.set_ylabel(panel.y_label)
    if panel.values is not None:
        axes.hist(np.ravel(panel.values), 30, range=panel.x_range, color=COLORS[0])
    for number, curve in enumerate(panel.curves):
        _draw_curve(axes, curve, number if curve.beside is None else curve.beside)
    if panel.x_label == "epoch":
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    if panel.x_range is not None:
        axes.set_xlim(*panel.x_range)
    if panel.y_range is not None:
        axes.set_ylim(*panel.y_range)
    if any(curve.label for curve in panel.curves):
        axes.legend(fontsize=8)


def _draw_curve(axes: Axes, curve: Curve, number: int) -> None:
    y = np.asarray(curve.y, np.float64)
    x = np.arange(1, len(y) + 1) if curve.x is None else np.asarray(curve.x)
    color, dashes = COLORS[number % len(COLORS)], _DASHES[number % len(_DASHES)]
    if not curve.label:
        axes.plot(x, y, color="#999999", linewidth=0.6)
    elif curve.is_noisy:
        axes.plot(x, y, color=color, linewidth=0.5, alpha=0.2)
        axes.plot(x, smoothed(y), dashes, color=color, label=curve.label)
    else:
        marker = "o" if len(y) < 12 else None
        (line,) = axes.plot(x, y, dashes, color=color, label=curve.label, marker=marker, markersize=3)
        if curve.beside is not None:
            line.set(linestyle=":", linewidth=1, marker="", alpha=0.8)

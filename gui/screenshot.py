"""``inkling --screenshot FILE.png``: a picture of the window with an example in it, also with no display.

The window is the real one, caught in the middle of a small training: a digit is on the pad, a few epochs on
synthetic digits have drawn the curves, and the network that learned from them reads and imagines. The same seed
every time, so the same picture every time. The user's own settings are neither read nor written.
"""

from __future__ import annotations

import sys
import tempfile
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QDeadlineTimer, QEventLoop, QSize

from gui.app import Program, create_window
from gui.pad.document import SIDE
from gui.panels.imagination import FIRST_METHOD
from gui.png import write_png
from gui.run import make_application
from gui.settings import Settings
from gui.theme import DARK, palette_of
from gui.training_plan import NetworkPlan
from gui.training_session import SessionState
from nn.data.sources import loading_digits
from nn.errors import InklingError
from nn.ink.strokes import Stroke
from nn.training import Event, StepTaken, TrainingConfig, train

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.main_window import MainWindow
    from nn.network import Network

SEED = 0
DIGIT = 3
KNOTS = (
    (32, 26),
    (45, 16),
    (60, 19),
    (64, 31),
    (57, 42),
    (45, 47),
    (59, 51),
    (68, 62),
    (65, 75),
    (52, 83),
    (31, 76),
)
"""Where the pen of the example goes, in hundredths of the paper."""

PLAN = NetworkPlan((100,), "relu")
CONFIG = TrainingConfig(
    epochs=10, batch_size=32, optimizer="sgd", rate=0.1, weight_decay=1e-3, augmentation="gentle", seed=SEED
)
TRAINING_DIGITS, VALIDATION_DIGITS = 8_000, 1_000
STEPS_SHOWN = 6 * TRAINING_DIGITS // 32 + 200
LONGEST_WAIT_MS = 30_000


def run(path: Path, *, size: tuple[int, int], is_dark: bool, weights: str | None) -> int:
    """Write the picture; return the program's exit code, after a sentence where it is not 0."""
    if not path.absolute().parent.is_dir():
        sys.stderr.write(f"inkling: {path} cannot be written: its folder does not exist. Make the folder first.\n")
        return 1
    application = make_application()
    if application is None:
        return 1
    with tempfile.TemporaryDirectory() as folder:
        window = create_window([weights] if weights else [], settings=Settings(Path(folder) / "inkling.ini"))
        if is_dark:
            application.setPalette(palette_of(DARK))
        try:
            picture(window, path, size=size, trains=weights is None)
        except InklingError as error:
            sys.stderr.write(f"inkling: {error}\n")
            return 1
        finally:
            window.let_close()
    return 0


def picture(window: MainWindow, path: Path, *, size: tuple[int, int], trains: bool) -> None:
    """Put the example into a window and write its picture.

    Raises
    ------
    InklingError
        If the place cannot be written to.
    """
    program = window.findChild(Program)
    assert program is not None, "every window is owned by its program"  # noqa: S101
    window.resize(QSize(*size))
    window.show()
    if trains:
        show_training(program)
    program.document.add_stroke(example())
    program.imagination.restore({"method": FIRST_METHOD, "digit": DIGIT})
    wait_for_imagination(program)
    # The plots are redrawn in turns, and a picture does not wait for theirs.
    program.curves.redraw()
    write_png(window.grab().toImage(), path)


def example() -> Stroke:
    """Draw a digit as a hand does: a curve through its knots, each passed in the direction of its neighbours."""
    knots = np.array(KNOTS, np.float32) * (SIDE / 100)
    slopes = np.gradient(knots, axis=0)
    t = np.linspace(0, 1, 8, endpoint=False, dtype=np.float32)[:, np.newaxis, np.newaxis]
    there, here = t * t * (3 - 2 * t), t * (1 - t)
    curves = (1 - there) * knots[:-1] + there * knots[1:] + here * ((1 - t) * slopes[:-1] - t * slopes[1:])
    return Stroke(curves.swapaxes(0, 1).reshape(-1, 2))


def show_training(program: Program) -> None:
    """Train a small network for a few epochs and show it as the window does while it trains."""
    network = PLAN.build(SEED)
    events = trained(network)
    program.store.new(network.copy())
    program.store.replace(network)
    program.training.show_state(SessionState.LOADING)
    program.training.show_state(SessionState.TRAINING)
    program.training.add(events)
    program.curves.add(events)


def trained(network: Network) -> Sequence[Event]:
    """Train for as many epochs as are shown; return what happened."""
    counts = {"training": TRAINING_DIGITS, "validation": VALIDATION_DIGITS}
    # Nothing of the user's own folders is read or written for a picture.
    *_, last = loading_digits("synthetic", seed=SEED, keeps=False, **counts)
    data = last.data
    assert data is not None, "the last event carries the data"  # noqa: S101
    training = train(network, data, CONFIG)
    events = list(takewhile(_is_shown, training))
    training.close()
    return events


def wait_for_imagination(program: Program) -> None:
    """Let the window live until the network has imagined all it is asked for."""
    loop = QEventLoop()
    deadline = QDeadlineTimer(LONGEST_WAIT_MS)
    while program.imaginer.is_busy and not deadline.hasExpired():
        loop.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    # Words of another length lay the panels out anew, a moment later.
    loop.processEvents()


def _is_shown(event: Event) -> bool:
    return not (isinstance(event, StepTaken) and event.step > STEPS_SHOWN)

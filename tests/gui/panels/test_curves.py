from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtWidgets import QApplication

from gui.panels.curves import CurvesPanel
from gui.series import Series, Smoothed, rounded_up
from gui.theme import DARK, LIGHT, palette_of
from nn.training import EpochEnded, StepTaken, TrainingStarted

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def panel(qtbot: QtBot) -> CurvesPanel:
    panel = CurvesPanel()
    qtbot.addWidget(panel)
    panel.setPalette(palette_of(LIGHT))
    panel.resize(400, 380)
    panel.show()
    return panel


def learning(steps: int, per_epoch: int = 100) -> list[object]:
    """Events of a training whose loss falls like 1 / step."""
    events: list[object] = [TrainingStarted(10, per_epoch, 0)]
    for step in range(1, steps + 1):
        epoch = (step - 1) // per_epoch + 1
        events.append(StepTaken(step, epoch, 10 / step, 1 - 0.9 / step, 0.1))
        if step % per_epoch == 0:
            events.append(EpochEnded(epoch, step, 0.1, 0.2, 0.9, 10 / step, 1 - 1 / step, is_best=True))
    return events


def curve(panel: CurvesPanel, name: str, which: int) -> tuple[Any, Any]:
    panel.redraw()
    plot = panel.findChild(pg.PlotWidget, name)
    assert plot is not None
    x, y = plot.getPlotItem().listDataItems()[which].getOriginalDataset()
    return x, y


def test_a_series_keeps_all_points_while_its_buffer_doubles() -> None:
    series = Series(first=4)
    for point in range(1000):
        series.append(point, -point)
    assert (series.x == np.arange(1000)).all()
    assert (series.y == -np.arange(1000)).all()
    series.clear()
    assert len(series) == 0


@pytest.mark.parametrize(
    ("value", "end"), [(2.31, 2.5), (0.07, 0.08), (0.0, 1.0), (10.0, 10.0), (99.0, 100.0), (0.3, 0.3)]
)
def test_the_end_of_an_axis_is_a_number_of_few_digits(value: float, end: float) -> None:
    assert rounded_up(value) == pytest.approx(end)


def test_smoothing_keeps_a_constant_as_it_is_from_the_first_step() -> None:
    smoothed = Smoothed()
    for step in range(200):
        smoothed.append(step, 3.0)
    assert smoothed.y == pytest.approx(3.0)


def test_curves_are_drawn_over_epochs(panel: CurvesPanel) -> None:
    panel.add(learning(250))
    x, y = curve(panel, "loss", 0)
    assert (x[0], x[-1], len(x)) == (0.01, 2.5, 250)
    assert y[0] == pytest.approx(10)
    x, y = curve(panel, "loss", 1)
    assert (x.tolist(), y.tolist()) == ([1.0, 2.0], [0.1, 0.05])
    x, y = curve(panel, "accuracy", 1)
    assert y.tolist() == pytest.approx([99.0, 99.5])


def test_a_new_training_begins_with_empty_plots_and_a_resumed_one_draws_on(panel: CurvesPanel) -> None:
    panel.add(learning(250))
    panel.add([TrainingStarted(10, 100, 250), StepTaken(251, 3, 0.1, 0.9, 0.1)])
    assert len(curve(panel, "loss", 0)[0]) == 251
    panel.add([TrainingStarted(10, 100, 0), StepTaken(1, 1, 0.1, 0.9, 0.1)])
    assert len(curve(panel, "loss", 0)[0]) == 1
    assert curve(panel, "loss", 1)[0] is None or len(curve(panel, "loss", 1)[0]) == 0


def test_a_loss_that_is_no_number_is_not_drawn(panel: CurvesPanel) -> None:
    nan = float("nan")
    panel.add([TrainingStarted(1, 10, 0), StepTaken(1, 1, 2.0, 0.1, 0.1), StepTaken(2, 1, nan, 0.1, 0.1)])
    panel.add([EpochEnded(1, 10, 0.1, nan, 0.1, nan, 0.1, is_best=False)])
    panel.grab()
    assert len(curve(panel, "loss", 0)[0]) == 1


def test_empty_plots_say_so_and_curves_take_their_place(panel: CurvesPanel) -> None:
    assert panel.loss.hint.isVisible()
    panel.add(learning(20))
    panel.redraw()
    assert not panel.loss.hint.isVisible()
    panel.clear()
    assert panel.accuracy.hint.isVisible()


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_training_and_validation_are_drawn_in_the_colours_of_the_theme(panel: CurvesPanel, theme: Any) -> None:
    panel.setPalette(palette_of(theme))
    panel.add(learning(300))
    panel.redraw()
    picture = panel.grab().toImage()
    colors = {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}
    assert {theme.training.name(), theme.validation.name(), theme.surface.name()} <= colors


def test_a_hundred_epochs_are_drawn_without_a_hitch(panel: CurvesPanel) -> None:
    panel.add(learning(100_000, per_epoch=1000))
    x, y = curve(panel, "loss", 0)
    assert 200 < len(x) <= 401
    assert (x[0], x[-1]) == (0.001, 100.0)
    assert (np.diff(y) < 0).all()


def test_a_thinned_line_keeps_its_points_while_it_grows() -> None:
    series = Series()
    before: set[float] = set()
    for point in range(5000):
        series.append(point, 0)
        if point % 100 == 0:
            x, _ = series.thinned()
            assert x[-1] == point
            stride = x[1] - x[0] if len(x) > 2 else 1
            assert {kept for kept in before if kept % stride == 0} <= set(x.tolist())
            before = set(x[:-1].tolist())


def drawn(panel: CurvesPanel) -> tuple[int, int]:
    loss, accuracy = (plot.plot.getPlotItem().listDataItems()[0] for plot in (panel.loss, panel.accuracy))
    return len(loss.getOriginalDataset()[0]), len(accuracy.getOriginalDataset()[0])


def test_the_first_events_are_drawn_at_once_and_those_that_follow_in_turns(
    qtbot: QtBot, panel: CurvesPanel
) -> None:
    panel.add(learning(20))
    assert drawn(panel) == (20, 20)
    panel.add([StepTaken(21, 1, 0.1, 0.9, 0.1)])
    panel.add([StepTaken(22, 1, 0.1, 0.9, 0.1)])
    assert drawn(panel) == (20, 20)
    qtbot.waitUntil(lambda: drawn(panel) == (22, 20))
    qtbot.waitUntil(lambda: drawn(panel) == (22, 22))


def test_the_first_loss_is_drawn_at_once_also_of_a_training_that_follows_another(panel: CurvesPanel) -> None:
    panel.add([TrainingStarted(10, 100, 0)])
    panel.add([StepTaken(1, 1, 0.5, 0.9, 0.1)])
    assert drawn(panel) == (1, 1)
    panel.add(learning(20)[1:])
    panel.add([TrainingStarted(10, 100, 0)])
    panel.add([StepTaken(1, 1, 0.5, 0.9, 0.1)])
    assert drawn(panel) == (1, 1)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_a_change_of_theme_leaves_empty_plots_empty(panel: CurvesPanel, theme: Any) -> None:
    panel.setPalette(palette_of(theme))
    assert not panel.loss.plot.getPlotItem().getAxis("left").isVisible()
    panel.add(learning(20))
    panel.setPalette(palette_of(LIGHT))
    assert panel.loss.plot.getPlotItem().getAxis("left").isVisible()


def test_small_numbers_are_written_as_they_are_and_not_in_thousandths(panel: CurvesPanel, qtbot: QtBot) -> None:
    qtbot.waitExposed(panel)
    panel.add([TrainingStarted(10, 1000, 0)])
    panel.add([StepTaken(step, 1, 0.2, 0.95, 0.1) for step in range(1, 500)])
    panel.redraw()
    QApplication.processEvents()
    for name in ("loss", "accuracy"):
        plot = panel.findChild(pg.PlotWidget, name)
        assert plot is not None
        for side in ("left", "bottom"):
            axis = plot.getPlotItem().getAxis(side)
            assert "0.001" not in axis.labelString()
            assert axis.autoSIPrefixScale == 1


def stuck(steps: int, *, loss: float, accuracy: float) -> list[object]:
    """Events of a whole training in which nothing gets better."""
    events: list[object] = [TrainingStarted(1, steps, 0)]
    return events + [StepTaken(step, 1, loss, accuracy, 0.1) for step in range(1, steps + 1)]


@pytest.mark.parametrize("name", ["loss", "accuracy"])
@pytest.mark.parametrize("course", [stuck(300, loss=2.3, accuracy=0.1), learning(1000)], ids=["stuck", "learning"])
def test_the_legend_lies_beside_the_curve_whether_or_not_the_network_learns(
    panel: CurvesPanel, name: str, course: list[object]
) -> None:
    panel.add(course)
    x, y = curve(panel, name, 0)
    plot = panel.findChild(pg.PlotWidget, name)
    assert plot is not None
    item = plot.getPlotItem()
    box = item.legend.sceneBoundingRect()
    points = [item.getViewBox().mapViewToScene(pg.Point(*point)) for point in zip(x, y, strict=True)]
    assert box.width() > 0
    assert not any(box.contains(point) for point in points)

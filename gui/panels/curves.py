"""Loss and accuracy while a network learns: the only module that draws with pyqtgraph.

Two plots share one axis of epochs. Training is a solid line of all steps, smoothed, because the loss of a single
batch says more about the batch than about the network; validation is measured once an epoch, so it is marks on a
dashed line.

Painting a curve is the dearest thing that this window does: some 20 ms for a line of 6,000 points, most of them
between two pixels, and as much again for axes that change with every point. So a line is thinned to a few hundred
points, axes grow in few large steps, and the two plots are redrawn in turns a few times a second: a hand that
draws on the pad meanwhile never waits for both.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QFontInfo
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from gui.series import MOST_POINTS, Series, Smoothed, rounded_up
from gui.theme import SMALL, SPACING, TRAINING_LINE, VALIDATION_LINE, scaled_font, theme_of
from nn.compat import override
from nn.events import EpochEnded, StepTaken, TrainingStarted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QHideEvent

pg.setConfigOptions(imageAxisOrder="row-major", antialias=True)

REDRAW_MS = 100
"""Between two redrawings, which take turns: five a second for each plot."""

LEGEND_FROM = 0.5
"""Share of a plot's width from which a line may meet the legend."""

UNDECIDED = 0.1
"""Share of a plot's height about its middle where either corner does: a line there shall not move the legend."""


class Plot(QWidget):
    """One quantity, for training and for validation.

    Parameters
    ----------
    name
        The object's name.
    title
        What stands beside the axis.
    empty
        What stands in place of curves as long as there are none.
    is_share
        Whether it is percent: then it goes up to 100, and its legend begins out of its way below.
    """

    def __init__(self, name: str, title: str, empty: str, *, is_share: bool) -> None:
        super().__init__()
        self.training, self.validation = Smoothed(), Series(64)
        self._title, self._is_share = title, is_share
        self._range = (0.0, 0.0, 0.0)
        self._is_empty = True
        self.plot: Any = pg.PlotWidget(parent=self)
        self.plot.setObjectName(name)
        self.plot.setAccessibleName(title)
        self.plot.setMinimumHeight(90)
        self._item: Any = self.plot.getPlotItem()
        self._legend: Any = self._item.addLegend(verSpacing=-6)
        self._put_legend(is_below=is_share)
        self._lines: tuple[Any, Any] = (
            self.plot.plot(name=self.tr("training"), skipFiniteCheck=True),
            self.plot.plot(name=self.tr("validation"), symbol="o", symbolSize=5),
        )
        self._tame()
        self.hint = QLabel(empty, self.plot)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hint.setWordWrap(True)
        self.hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.plot)
        self.dress()
        self.redraw(1.0)

    def dress(self) -> None:
        """Take the colours of the palette."""
        theme = theme_of(self.palette())
        self.plot.setBackground(theme.surface)
        for side in ("left", "bottom"):
            axis = self._item.getAxis(side)
            axis.setPen(theme.border)
            axis.setTextPen(theme.muted)
            axis.setTickFont(scaled_font(self.font(), SMALL))
        self._item.setLabel("left", self._title, color=theme.muted.name())
        self._lines[0].setPen(pg.mkPen(theme.training, width=1.5, style=TRAINING_LINE))
        self._lines[1].setPen(pg.mkPen(theme.validation, width=1.5, style=VALIDATION_LINE))
        self._lines[1].setSymbolBrush(theme.validation)
        self._lines[1].setSymbolPen(None)
        small = f"{QFontInfo(scaled_font(self.font(), SMALL)).pointSizeF():.1f}pt"
        for _sample, label in self._legend.items:
            label.setText(label.text, color=theme.text, size=small)
        # To dress an axis shows it.
        self._show_empty(is_empty=self._is_empty)
        palette = self.hint.palette()
        palette.setColor(palette.ColorRole.WindowText, theme.muted)
        self.hint.setPalette(palette)

    def name_epochs(self) -> None:
        """Say what the lower axis counts; done below, for both plots."""
        self._item.setLabel("bottom", self.tr("epochs"))
        self._show_empty(is_empty=True)

    def redraw(self, epochs: float) -> None:
        """Show what is in the buffers, as the beginning of so many epochs."""
        for line, series in zip(self._lines, (self.training, self.validation), strict=True):
            line.setData(*series.thinned())
        self._fit(epochs)
        self._keep_legend_aside(epochs)
        is_empty = not len(self.training) and not len(self.validation)
        if is_empty != self._is_empty:
            self._show_empty(is_empty=is_empty)

    def _show_empty(self, *, is_empty: bool) -> None:
        # Even to show an axis that is there already makes pyqtgraph draw it anew.
        self._is_empty = is_empty
        self.hint.setVisible(is_empty)
        for side in ("left", "bottom"):
            self._item.showAxis(side, not is_empty)
        self._legend.setVisible(not is_empty)

    def _fit(self, epochs: float) -> None:
        """Make room for all there is, rounded up, so that the axes change seldom."""
        values = np.concatenate((self.training.y, self.validation.y))
        if self._is_share:
            low, high = 10 * math.floor(min(90, values.min(initial=90)) / 10), 100.0
        else:
            low, high = 0.0, rounded_up(float(values.max(initial=0)))
        if self._range != (epochs, low, high):
            self._range = (epochs, low, high)
            self._item.setRange(xRange=(0, epochs), yRange=(low, high), padding=0.06)

    def _keep_legend_aside(self, epochs: float) -> None:
        """Move the legend, which is on the right, out of the way of a line that has come as far.

        It begins where the line of a network that learns will not be; one that does not learn goes elsewhere.
        """
        _, low, high = self._range
        if not len(self.training) or self.training.x[-1] < LEGEND_FROM * epochs:
            is_below = self._is_share
        elif abs(height := (self.training.y[-1] - low) / (high - low) - 0.5) < UNDECIDED:
            return
        else:
            is_below = bool(height > 0)
        if is_below != self._is_legend_below:
            self._put_legend(is_below=is_below)

    def _put_legend(self, *, is_below: bool) -> None:
        self._is_legend_below = is_below
        corner = (1, int(is_below))
        self._legend.anchor(itemPos=corner, parentPos=corner, offset=(-6, -6 if is_below else 6))

    @override
    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self.hint.setGeometry(self.plot.rect().adjusted(SPACING, SPACING, -SPACING, -SPACING))

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self.dress()

    def _tame(self) -> None:
        """Leave of pyqtgraph's gestures only those that help: nothing to zoom into by mistake, no menus."""
        self._item.setMenuEnabled(False)
        self._item.hideButtons()
        self._item.setMouseEnabled(x=False, y=False)
        self._item.showGrid(x=False, y=True, alpha=0.15)
        self._item.disableAutoRange()
        for side in ("left", "bottom"):
            # A loss of 0.2 is not "200 (x0.001)".
            self._item.getAxis(side).enableAutoSIPrefix(False)  # noqa: FBT003 - pyqtgraph's own way
        self._item.getAxis("left").setWidth(round(4.6 * self.fontMetrics().averageCharWidth()) + 24)


class CurvesPanel(QWidget):
    """Loss above, accuracy below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Curves"))
        self._steps_per_epoch = self._epochs = 1
        self._outdated: list[Plot] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REDRAW_MS)
        self._timer.timeout.connect(self._redraw_one)
        while_learning = self.tr("The loss will appear here while the network learns.")
        self.loss = Plot("loss", self.tr("loss"), while_learning, is_share=False)
        how_many = self.tr("And here how many digits it reads right.")
        self.accuracy = Plot("accuracy", self.tr("accuracy, %"), how_many, is_share=True)
        self.accuracy.name_epochs()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(self.loss)
        layout.addWidget(self.accuracy)

    def clear(self) -> None:
        """Begin with empty plots."""
        for plot in (self.loss, self.accuracy):
            plot.training.clear()
            plot.validation.clear()
        self.redraw()

    def redraw(self) -> None:
        """Show at once what is there."""
        self._timer.stop()
        self._outdated.clear()
        self.loss.redraw(self._epochs_shown())
        self.accuracy.redraw(self._epochs_shown())

    def add(self, events: Sequence[object]) -> None:
        """Draw on, at once or soon, with a list of events of `nn.training`; a new training empties the plots."""
        for event in events:
            match event:
                case TrainingStarted():
                    self._begin(event)
                case StepTaken():
                    self._add_step(event)
                case EpochEnded():
                    self._add_epoch(event)
        if not len(self.accuracy.training):
            # A training that has only begun: its first loss shall find the plots rested.
            return
        if self._timer.isActive():
            self._outdated += [plot for plot in (self.loss, self.accuracy) if plot not in self._outdated]
        else:
            self.redraw()
            if self.isVisible():
                self._timer.start()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.redraw()

    def _redraw_one(self) -> None:
        """Redraw the plot that has waited longest, and rest before the next."""
        if self._outdated:
            self._outdated.pop(0).redraw(self._epochs_shown())
            self._timer.start()

    def _epochs_shown(self) -> float:
        """Half of all epochs, a quarter, an eighth: the least that has room for what there is."""
        there = self.accuracy.training.x[-1] if len(self.accuracy.training) else 0
        shown = float(self._epochs)
        while shown / 2 > max(there, MOST_POINTS / 2 / self._steps_per_epoch):
            shown /= 2
        return shown

    def _begin(self, event: TrainingStarted) -> None:
        self._steps_per_epoch, self._epochs = max(1, event.steps_per_epoch), max(1, event.epochs)
        # A training that goes on from a checkpoint draws on in the same plots.
        if event.step == 0:
            self.clear()

    def _add_step(self, event: StepTaken) -> None:
        epoch = event.step / self._steps_per_epoch
        if math.isfinite(event.loss):
            self.loss.training.append(epoch, event.loss)
        self.accuracy.training.append(epoch, 100 * event.accuracy)

    def _add_epoch(self, event: EpochEnded) -> None:
        epoch = event.step / self._steps_per_epoch
        if math.isfinite(event.validation_loss):
            self.loss.validation.append(epoch, event.validation_loss)
        self.accuracy.validation.append(epoch, 100 * event.validation_accuracy)

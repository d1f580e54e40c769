"""Where everything is built and joined: who is woken by whom, and who shows what.

The panels do not know each other, nor the store, nor the training; here each one's intent is led to whoever can do
it, and each one's news to whoever shows it. Reading this file from top to bottom is reading what the program does.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from gui import theme
from gui.errors import Messages
from gui.file_flows import FileFlows
from gui.help import Help
from gui.icon import window_icon
from gui.imaginer import Imaginer
from gui.main_window import Columns, MainWindow, side_by_side
from gui.mnist_download import MnistDownload
from gui.model_store import ModelStore
from gui.pad.document import Document
from gui.pad.pad import Pad
from gui.panels.curves import CurvesPanel
from gui.panels.frame import FramePanel
from gui.panels.imagination import ImaginationPanel
from gui.panels.prediction import PredictionPanel
from gui.panels.training import TrainingPanel
from gui.pictures import Pictures
from gui.recent import RecentMenu
from gui.recognizer import Recognizer
from gui.settings import IMAGINATION, TRAINING, Settings
from gui.training_plan import plan_of
from gui.training_session import TrainingSession
from nn.data.locations import cache_folder
from nn.data.mnist import find_mnist
from nn.data.sources import loading_digits
from nn.errors import InklingError
from nn.events import TrainingEnded
from nn.files.shipped import shipped_names, shipped_network
from nn.network import mlp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from gui.training_plan import TrainingRequest
    from nn.arrays import Bytes
    from nn.data.download import DownloadProgress
    from nn.data.sources import LoadingProgress
    from nn.network import Network
    from nn.recognition import Prediction

UNTRAINED = (784, 128, 10)
"""The network to begin with where none came with the program: it has learned nothing yet."""


def create_window(
    arguments: Sequence[str] = (),
    *,
    settings: Settings | None = None,
    load: Callable[[str], Iterator[LoadingProgress]] = loading_digits,
) -> MainWindow:
    """Build the whole window, joined up and ready to be shown; the application object must be there.

    Parameters
    ----------
    arguments
        The file of weights to open, or nothing.
    settings
        What is remembered; from the user's own folder, or INKLING_SETTINGS, unless given.
    load
        Where digits to learn from come from: as `nn.data.sources.loading_digits`.
    """
    application = QApplication.instance()
    if isinstance(application, QApplication):
        theme.apply(application)
    program = Program(settings or Settings(), load)
    if arguments:
        program.flows.open_path(arguments[0], at_once=True)
    return program.window


class Program(QObject):
    """All collaborators, and the wires between them. It lives as long as its window, which owns it."""

    def __init__(self, settings: Settings, load: Callable[[str], Iterator[LoadingProgress]]) -> None:
        super().__init__()
        self.settings = settings
        self.session = TrainingSession(self, load=load)
        self._is_new_coming = False
        self._build_panels()
        self._build_machinery()
        self._join_ink()
        self._join_network()
        self._join_training()
        self._join_download()
        self._join_imagination()
        self._join_menus()
        self._begin()

    def _build_panels(self) -> None:
        self.document = Document(self)
        self.pad, self.prediction, self.frame = Pad(self.document), PredictionPanel(), FramePanel()
        self.training, self.curves, self.imagination = TrainingPanel(), CurvesPanel(), ImaginationPanel()
        # Before anybody hears of the method: else the network would be asked twice.
        view = self.settings.get(IMAGINATION)
        self.imagination.restore(view)
        reading = side_by_side(self.prediction, self.frame)
        columns = Columns((self.pad, reading), (self.training, self.curves), (self.imagination,))
        self.window = MainWindow(columns)
        self.setParent(self.window)

    def _build_machinery(self) -> None:
        self.messages = Messages(self.window)
        network, is_example = self._first_network()
        self.store = ModelStore(network, self, is_example=is_example)
        canvas = self.pad.canvas
        self.recognizer = Recognizer(canvas.live_drawing, self._reader, picture=canvas.picture_frame, parent=self)
        self.pictures = Pictures(canvas, self.messages, self)
        self.imaginer = Imaginer(self.store, self, method=self.imagination.method)
        self.download = MnistDownload(cache_folder() / "mnist", self)
        self.flows = FileFlows(self.window, self.store, self.document, self.session, self.settings, self.messages)

    # Ink -> reading

    def _join_ink(self) -> None:
        self.document.changed.connect(self.recognizer.wake)
        self.pad.canvas.live_changed.connect(self.recognizer.wake)
        self.recognizer.recognized.connect(self._show_reading)

    def _show_reading(self, prediction: Prediction, frame: Bytes) -> None:
        self.prediction.show_prediction(prediction)
        self.frame.show_frame(frame)

    # Network -> everything that shows it

    def _join_network(self) -> None:
        self.store.changed.connect(self.recognizer.wake)
        self.store.another.connect(self._show_plan)
        self.store.title_changed.connect(self._show_title)

    def _reader(self) -> Network:
        return self.store.reader

    def _show_plan(self) -> None:
        plan = plan_of(self.store.network)
        # One that came with the program reads all it will ever read; to see one learn takes a new one.
        self.training.show_plan(plan, begin_anew=self.store.is_example and plan is None)

    def _show_title(self) -> None:
        self.window.show_title(self.store.title, is_modified=self.store.is_modified)

    def _first_network(self) -> tuple[Network, bool]:
        """Return the network to begin with, and whether it is one that came with the program."""
        try:
            if shipped_names():
                return shipped_network(), True
        except InklingError as error:
            self.messages.show_error(error)
        return mlp(UNTRAINED, name=self.tr("Untrained network")), False

    # Training -> curves, progress and the network

    def _join_training(self) -> None:
        panel, session = self.training, self.session
        panel.train_requested.connect(self._train)
        panel.pause_requested.connect(session.pause)
        panel.resume_requested.connect(session.resume)
        panel.step_requested.connect(session.step)
        panel.stop_requested.connect(session.stop)
        panel.rate_changed.connect(session.set_rate)
        session.state_changed.connect(panel.show_state)
        session.loading.connect(self._show_loading)
        session.started.connect(self._begin_training)
        session.events.connect(panel.add)
        session.events.connect(self.curves.add)
        session.snapshot.connect(self.store.replace)
        session.finished.connect(self._end_training)

    def _train(self, request: TrainingRequest) -> None:
        if request.plan is None:
            self._start(request)
        else:
            self.flows.before_losing(partial(self._start, request))

    def _start(self, request: TrainingRequest) -> None:
        self._is_new_coming = request.plan is not None
        make = partial(request.network_from, self.store.network)
        self.session.start(make, request.config, request.source, one_step=request.one_step)

    def _begin_training(self, network: Network) -> None:
        # A new network takes the place of the one in hand only when there are digits for it.
        if self._is_new_coming:
            self.store.new(network)
        # Now, and not only at the end, which a killed program never comes to.
        self.settings.put(TRAINING, self.training.values())

    def _show_loading(self, progress: LoadingProgress) -> None:
        self.training.show_loading(progress.message, progress.done / max(1, progress.total))

    def _end_training(self, outcome: object) -> None:
        # One that was stopped while its digits were on their way never began, and tells nothing.
        if not isinstance(outcome, TrainingEnded) or not outcome.step:
            self.training.show_failure()
        if isinstance(outcome, Exception):
            self.messages.show_error(outcome)

    # MNIST from the network

    def _join_download(self) -> None:
        self.training.download_requested.connect(self.download.start)
        self.training.download_stop_requested.connect(self.download.stop)
        self.download.progressed.connect(self._show_download)
        self.download.finished.connect(self._end_download)

    def _show_download(self, progress: DownloadProgress) -> None:
        self.training.show_download(progress.message, progress.done / max(1, progress.total))

    def _end_download(self, outcome: object) -> None:
        self.training.show_download(None)
        if isinstance(outcome, Exception):
            self.messages.show_error(outcome)
        elif outcome:
            self.session.forget_data()
            self._look_for_mnist()
            self.window.show_message(self.tr("MNIST is here."))

    def _look_for_mnist(self) -> None:
        try:
            self.training.show_sources(has_mnist=find_mnist() is not None)
        except InklingError as error:
            self.messages.show_error(error)

    # What it imagines

    def _join_imagination(self) -> None:
        self.imagination.method_changed.connect(self.imaginer.set_method)
        self.imaginer.imagined.connect(self.imagination.show_digits)
        self.imaginer.failed.connect(self._fail_to_imagine)

    def _fail_to_imagine(self, error: Exception) -> None:
        if isinstance(error, InklingError):
            self.imagination.show_failure(str(error))
        else:
            self.messages.show_error(error)

    # Menus, files, and the end

    def _join_menus(self) -> None:
        window, flows, panel = self.window, self.flows, self.training
        actions = window.actions_by_name
        self.help = Help(window)
        self.recent = RecentMenu(actions.menus["recent"], self.settings)
        for name, what in (
            ("new", flows.new_network),
            ("open", flows.open_file),
            ("open_shipped", flows.open_shipped),
            ("open_picture", flows.open_picture),
            ("paste", self.pictures.paste),
            ("save", flows.save),
            ("save_as", flows.save_as),
            ("save_picture", flows.save_picture),
            ("quit", window.close),
            ("train", panel.train.click),
            ("pause", panel.pause.click),
            ("step", panel.step.click),
            ("stop", panel.stop.click),
            ("get_mnist", panel.form.get_mnist.click),
            ("reset_layout", window.reset_layout),
            ("full_screen", window.toggle_full_screen),
            ("shortcuts", self.help.show_shortcuts),
            ("about", self.help.show_about),
        ):
            actions[name].triggered.connect(what)
        self.pad.join(actions)
        # Not when the menu opens: the key of an action that is not enabled is dead.
        panel.buttons_changed.connect(self._enable_training)
        actions.menus["train"].aboutToShow.connect(self._name_download)
        self.document.changed.connect(self._enable_picture)
        self.recent.chosen.connect(flows.open_path)
        flows.recent_changed.connect(self.recent.refill)
        flows.told.connect(window.show_message)
        window.file_dropped.connect(partial(flows.open_path, is_dropped=True))
        window.picture_dropped.connect(self.pictures.take)
        flows.picture_chosen.connect(self.pictures.open_path)
        self.pictures.told.connect(window.show_message)
        window.close_requested.connect(self._leave)
        window.closed.connect(self._end)

    def _enable_training(self) -> None:
        panel, actions = self.training, self.window.actions_by_name
        buttons = {"train": panel.train, "pause": panel.pause, "step": panel.step, "stop": panel.stop}
        for name, button in (*buttons.items(), ("get_mnist", panel.form.get_mnist)):
            actions[name].setEnabled(button.isEnabled() and not button.isHidden())

    def _name_download(self) -> None:
        action, stops = self.window.actions_by_name["get_mnist"], self.download.is_running
        action.setText(self.tr("Stop &getting MNIST") if stops else self.tr("&Get MNIST…"))
        action.setStatusTip(self.training.form.get_mnist.toolTip())

    def _enable_picture(self) -> None:
        self.window.actions_by_name["save_picture"].setEnabled(not self.document.drawing().is_blank)

    def _begin(self) -> None:
        self.window.setWindowIcon(window_icon())
        self.window.recall(self.settings)
        self._show_title()
        self._show_plan()
        self._look_for_mnist()
        form = self.settings.get(TRAINING)
        self.training.restore(form)
        self._enable_picture()
        self._enable_training()
        self.window.actions_by_name["open_shipped"].setEnabled(bool(shipped_names()))
        self.imaginer.wake()

    def _leave(self) -> None:
        self.flows.before_losing(self.window.let_close)

    def _end(self) -> None:
        self.window.remember(self.settings)
        self.settings.put(TRAINING, self.training.values())
        self.settings.put(IMAGINATION, self.imagination.values())
        self.settings.flush()
        # A worker may be busy with something that takes long; nobody needs to look on while it is waited for.
        self.window.hide()
        for worker in (self.session, self.imaginer, self.download, self.flows, self.pictures):
            worker.close()

"""Messages: an expected error is its own sentence, an unexpected one goes to the log and is said once."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QMessageBox, QWidget

from gui.errors import LOGGER, FaultCatcher, Messages, start_log
from nn.errors import WeightsError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "logs" / "inkling.log"
    handler = start_log(path)
    yield path
    LOGGER.removeHandler(handler)
    handler.close()


@pytest.fixture
def messages(qtbot: QtBot, log: Path) -> Messages:
    window = QWidget()
    qtbot.addWidget(window)
    return Messages(window, log)


def boxes(messages: Messages) -> list[QMessageBox]:
    parent = messages.parent()
    assert isinstance(parent, QWidget)
    return [box for box in parent.findChildren(QMessageBox) if box.isVisible()]


def failure(text: str) -> Exception:
    """Make an error as it is after somebody raised it, with its traceback."""
    with pytest.raises(RuntimeError) as caught:
        raise RuntimeError(text)
    return caught.value


def test_an_expected_error_is_shown_as_it_is_and_not_logged(messages: Messages, log: Path) -> None:
    messages.show_error(WeightsError("digits.png is no file of weights.\nOpen a .safetensors file."))
    (box,) = boxes(messages)
    assert box.text() == "digits.png is no file of weights."
    assert box.informativeText() == "Open a .safetensors file."
    assert not log.exists()


def test_an_unexpected_error_is_logged_whole_and_said_once(messages: Messages, log: Path) -> None:
    messages.show_error(failure("first"))
    messages.show_error(failure("second"))
    (box,) = boxes(messages)
    assert str(log) in box.informativeText()
    assert "RuntimeError: first" in box.detailedText()
    written = log.read_text(encoding="utf-8")
    assert "RuntimeError: first" in written
    assert "RuntimeError: second" in written


def test_after_it_was_read_the_next_fault_is_said_again(messages: Messages) -> None:
    messages.show_fault(failure("first"))
    boxes(messages)[0].accept()
    messages.show_fault(failure("second"))
    assert "second" in boxes(messages)[0].detailedText()


def test_an_error_in_a_thread_is_shown_in_the_window(qtbot: QtBot, messages: Messages) -> None:
    catcher = FaultCatcher(messages)
    before = sys.excepthook, threading.excepthook
    catcher.install()

    def fail() -> None:
        raise ValueError("in a thread")

    try:
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
        qtbot.waitUntil(lambda: bool(boxes(messages)))
    finally:
        catcher.remove()
    assert "ValueError: in a thread" in boxes(messages)[0].detailedText()
    assert (sys.excepthook, threading.excepthook) == before


def test_a_log_that_cannot_be_made_is_no_second_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    handler = start_log(tmp_path / "file" / "inkling.log")
    LOGGER.error("anything")
    LOGGER.removeHandler(handler)

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gui.mnist_download import MnistDownload
from nn.data.download import DownloadProgress
from nn.errors import DownloadError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot


class Server:
    """Stands in for the internet: sends a piece whenever it is asked, and notes when nobody asks any more."""

    def __init__(self, pieces: int, *, breaks: bool = False) -> None:
        self.pieces, self.breaks = pieces, breaks
        self.was_left = False

    def __call__(self, folder: Path) -> Iterator[DownloadProgress]:
        try:
            for piece in range(1, self.pieces + 1):
                (folder / "digits.part").write_bytes(b"x" * piece)
                yield DownloadProgress("digits", piece, self.pieces, "Downloading digits")
            if self.breaks:
                raise DownloadError("No mirror could deliver.")
        except GeneratorExit:
            self.was_left = True
            raise


def heard(download: MnistDownload) -> tuple[list[DownloadProgress], list[object]]:
    progress: list[DownloadProgress] = []
    outcomes: list[object] = []
    download.progressed.connect(progress.append)
    download.finished.connect(outcomes.append)
    return progress, outcomes


pytestmark = pytest.mark.usefixtures("qapp")


def test_a_download_tells_how_far_it_is_and_that_it_is_done(qtbot: QtBot, tmp_path: Path) -> None:
    download = MnistDownload(tmp_path, fetch=Server(20), interval_ms=1)
    progress, outcomes = heard(download)
    download.start()
    download.start()
    qtbot.waitUntil(lambda: bool(outcomes))
    assert outcomes == [True]
    assert progress[-1].done == 20


def test_a_stopped_download_lets_go_of_the_server_and_keeps_what_came(qtbot: QtBot, tmp_path: Path) -> None:
    server = Server(1_000_000)
    download = MnistDownload(tmp_path, fetch=server, interval_ms=1)
    progress, outcomes = heard(download)
    download.start()
    qtbot.waitUntil(lambda: bool(progress))
    download.stop()
    qtbot.waitUntil(lambda: bool(outcomes))
    assert outcomes == [False]
    assert server.was_left
    assert (tmp_path / "digits.part").exists()


def test_a_failed_download_tells_why(qtbot: QtBot, tmp_path: Path) -> None:
    download = MnistDownload(tmp_path, fetch=Server(1, breaks=True), interval_ms=1)
    _, outcomes = heard(download)
    download.start()
    qtbot.waitUntil(lambda: bool(outcomes))
    assert isinstance(outcomes[0], DownloadError)


def test_closing_ends_a_download_without_a_word(qtbot: QtBot, tmp_path: Path) -> None:
    download = MnistDownload(tmp_path, fetch=Server(1_000_000), interval_ms=1)
    progress, outcomes = heard(download)
    download.start()
    qtbot.waitUntil(lambda: bool(progress))
    assert download.close()
    assert not outcomes

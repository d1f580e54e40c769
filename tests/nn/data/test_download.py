"""MNIST arrives whole and checked from the first mirror that has it, or the person is told why not."""

from __future__ import annotations

import hashlib
import re
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from nn.compat import override
from nn.data.download import MIRRORS, SHA256, SIZES, DownloadProgress, download_mnist
from nn.errors import DownloadError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

FILES = {"one.gz": bytes(range(256)) * 700, "two.gz": b"two" * 1000}
HASHES = {name: hashlib.sha256(data).hexdigest() for name, data in FILES.items()}
FILE_SIZES = {name: len(data) for name, data in FILES.items()}
HALF = 100_000


@dataclass
class Mirror:
    """A real server, and how it misbehaves."""

    files: dict[str, bytes] = field(default_factory=lambda: dict(FILES))
    status: int = 0
    cut_after: int = 0
    cuts: int = 10**9
    ignores_range: bool = False
    wrong_range: bool = False
    hides_length: bool = False
    stalls: bool = False
    ranges: list[str] = field(default_factory=list)
    address: str = ""


class Handler(BaseHTTPRequestHandler):
    mirror: Mirror

    def do_GET(self) -> None:
        mirror, name = self.mirror, self.path.rsplit("/", 1)[-1]
        wanted = self.headers.get("Range", "")
        mirror.ranges.append(wanted)
        if mirror.status or name not in mirror.files:
            self.send_error(mirror.status or 404)
            return
        data, start = mirror.files[name], 0
        if (match := re.fullmatch(r"bytes=(\d+)-", wanted)) and not mirror.ignores_range:
            start = int(match[1])
            self.send_response(206)
            first = start + 5 if mirror.wrong_range else start
            self.send_header("Content-Range", f"bytes {first}-{len(data) - 1}/{len(data)}")
        else:
            self.send_response(200)
        if not mirror.hides_length:
            self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        self._send(data[start:])

    def _send(self, data: bytes) -> None:
        mirror = self.mirror
        if mirror.cut_after and mirror.cuts:
            mirror.cuts -= 1
            data = data[: mirror.cut_after]
        self.wfile.write(data)
        self.wfile.flush()
        if mirror.stalls:
            time.sleep(1)

    @override
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def served(*mirrors: Mirror) -> Iterator[list[str]]:
    servers = []
    for mirror in mirrors:
        handler = type("Own", (Handler,), {"mirror": mirror})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        server.daemon_threads = False
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        mirror.address = f"http://127.0.0.1:{server.server_port}/mnist/"
        servers.append((server, thread))
    try:
        yield [mirror.address for mirror in mirrors]
    finally:
        for server, thread in servers:
            server.shutdown()
            thread.join()
            server.server_close()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def download(folder: Path, mirrors: Sequence[str], seconds: float = 5.0) -> Iterator[DownloadProgress]:
    return download_mnist(folder, mirrors, hashes=HASHES, sizes=FILE_SIZES, timeout=(seconds, seconds))


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def assert_whole(folder: Path) -> None:
    assert names(folder) == ["one.gz", "two.gz"]
    for name, data in FILES.items():
        assert (folder / name).read_bytes() == data


def test_the_files_arrive_and_progress_only_grows(tmp_path: Path) -> None:
    with served(Mirror()) as mirrors:
        events = list(download(tmp_path / "new" / "mnist", mirrors))
    assert_whole(tmp_path / "new" / "mnist")
    assert [event.done for event in events] == sorted(event.done for event in events)
    assert events[-1].done == events[-1].total == sum(FILE_SIZES.values())
    assert len(events) > 10
    assert {event.file for event in events} == set(FILES)


def test_what_is_there_is_not_fetched_again(tmp_path: Path) -> None:
    mirror = Mirror()
    with served(mirror) as mirrors:
        list(download(tmp_path, mirrors))
        mirror.ranges.clear()
        list(download(tmp_path, mirrors))
    assert mirror.ranges == []


def test_what_is_there_and_damaged_is_fetched_again(tmp_path: Path) -> None:
    (tmp_path / "one.gz").write_bytes(bytes(len(FILES["one.gz"])))
    with served(Mirror()) as mirrors:
        list(download(tmp_path, mirrors))
    assert_whole(tmp_path)


def test_closing_the_iterator_stops_and_the_next_download_goes_on_from_there(tmp_path: Path) -> None:
    mirror = Mirror()
    with served(mirror) as mirrors:
        events = download_mnist(tmp_path, mirrors, hashes=HASHES, sizes=FILE_SIZES)
        for event in events:
            if event.done >= HALF:
                break
        events.close()
        assert names(tmp_path) == ["one.gz.part"]
        arrived = (tmp_path / "one.gz.part").stat().st_size
        assert arrived >= HALF
        list(download(tmp_path, mirrors))
    assert mirror.ranges == ["", f"bytes={arrived}-", ""]
    assert_whole(tmp_path)


@pytest.mark.parametrize("fault", ["ignores_range", "hides_length"])
def test_a_server_that_does_not_resume_sends_all_of_it(tmp_path: Path, fault: str) -> None:
    (tmp_path / "one.gz.part").write_bytes(FILES["one.gz"][:HALF])
    mirror = Mirror(ignores_range=True)
    setattr(mirror, fault, True)
    with served(mirror) as mirrors:
        list(download(tmp_path, mirrors))
    assert_whole(tmp_path)


def test_a_connection_that_breaks_is_taken_up_by_the_next_mirror(tmp_path: Path) -> None:
    first, second = Mirror(cut_after=HALF), Mirror()
    with served(first, second) as mirrors:
        events = list(download(tmp_path, mirrors))
    assert second.ranges[0].startswith("bytes=")
    assert_whole(tmp_path)
    assert any("failed" in event.message and first.address in event.message for event in events)


def test_a_connection_that_breaks_without_another_mirror_keeps_what_arrived(tmp_path: Path) -> None:
    with served(Mirror(cut_after=HALF)) as mirrors:
        with pytest.raises(DownloadError, match="what has arrived is kept"):
            list(download(tmp_path, mirrors))
        assert names(tmp_path) == ["one.gz.part"]
        kept = (tmp_path / "one.gz.part").read_bytes()
        assert FILES["one.gz"].startswith(kept)
        assert len(kept) > HALF // 2
    with served(Mirror()) as mirrors:
        list(download(tmp_path, mirrors))
    assert_whole(tmp_path)


@pytest.mark.parametrize(
    "fault",
    [
        Mirror(status=404),
        Mirror(status=403),
        Mirror(status=503),
        Mirror(files={name: data[:-1] + b"x" for name, data in FILES.items()}),
        Mirror(files={name: data[:-1] for name, data in FILES.items()}),
        Mirror(files={name: data[:-1] for name, data in FILES.items()}, hides_length=True),
        Mirror(files={name: data * 2 for name, data in FILES.items()}),
        Mirror(files={name: data * 2 for name, data in FILES.items()}, hides_length=True),
        Mirror(files=dict.fromkeys(FILES, b"<html>Please log in</html>")),
        Mirror(files=dict.fromkeys(FILES, b"")),
    ],
)
def test_a_mirror_that_fails_is_followed_by_the_next_and_told_where_it_is_alone(
    tmp_path: Path, fault: Mirror
) -> None:
    with served(fault, Mirror()) as mirrors:
        list(download(tmp_path / "both", mirrors))
        assert_whole(tmp_path / "both")
        with pytest.raises(DownloadError, match=r"one\.gz could not be downloaded .* Check the network"):
            list(download(tmp_path / "alone", mirrors[:1]))
        assert "one.gz" not in names(tmp_path / "alone")


def test_bytes_with_a_wrong_checksum_are_not_kept(tmp_path: Path) -> None:
    with (
        served(Mirror(files=dict.fromkeys(FILES, bytes(len(FILES["one.gz"]))))) as mirrors,
        pytest.raises(DownloadError, match="wrong checksum"),
    ):
        list(download(tmp_path, mirrors))
    assert names(tmp_path) == []


@pytest.mark.parametrize("length", [1, HALF, len(FILES["one.gz"]), len(FILES["one.gz"]) + 1])
def test_a_half_of_something_else_is_no_fault_of_the_mirror(tmp_path: Path, length: int) -> None:
    (tmp_path / "one.gz.part").write_bytes(b"x" * length)
    with served(Mirror()) as mirrors:
        list(download(tmp_path, mirrors))
    assert_whole(tmp_path)


def test_a_page_that_answers_for_everybody_does_not_spoil_what_arrived(tmp_path: Path) -> None:
    (tmp_path / "one.gz.part").write_bytes(FILES["one.gz"][:HALF])
    portal = Mirror(files=dict.fromkeys(FILES, b"<html>Please log in</html>"), ignores_range=True)
    with served(portal) as mirrors, pytest.raises(DownloadError, match="another size"):
        list(download(tmp_path, mirrors))
    assert (tmp_path / "one.gz.part").read_bytes() == FILES["one.gz"][:HALF]


def test_a_server_that_sends_another_part_is_not_believed(tmp_path: Path) -> None:
    (tmp_path / "one.gz.part").write_bytes(FILES["one.gz"][:HALF])
    with served(Mirror(wrong_range=True), Mirror()) as mirrors:
        list(download(tmp_path, mirrors))
    assert_whole(tmp_path)


def test_a_server_that_falls_silent_is_given_up(tmp_path: Path) -> None:
    with served(Mirror(cut_after=HALF, stalls=True)) as mirrors, pytest.raises(DownloadError):
        list(download(tmp_path, mirrors, seconds=0.3))


def test_without_a_network_the_remedy_is_told(tmp_path: Path) -> None:
    with served(Mirror()) as mirrors:
        pass
    with pytest.raises(DownloadError, match=r"cannot be reached.*synthetic digits can be trained on"):
        list(download(tmp_path, mirrors))


@pytest.mark.parametrize("address", ["nonsense", "http://", "ftp://127.0.0.1/"])
def test_an_address_that_is_none_is_told(tmp_path: Path, address: str) -> None:
    with pytest.raises(DownloadError, match="could not be downloaded"):
        list(download(tmp_path, [address]))


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(DownloadError, match="cannot be stored"):
        list(download(tmp_path / "file" / "mnist", []))


def test_both_mirrors_are_known_and_every_file_has_its_sum_and_size() -> None:
    assert len(MIRRORS) == 2
    assert SHA256.keys() == SIZES.keys()


def test_the_sums_are_those_of_the_real_files(data_folder: Path) -> None:
    for name, expected in SHA256.items():
        data = (data_folder / "mnist" / name).read_bytes()
        assert hashlib.sha256(data).hexdigest() == expected
        assert len(data) == SIZES[name]

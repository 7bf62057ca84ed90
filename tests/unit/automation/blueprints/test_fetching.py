"""Fetching over real sockets: sizes, times, redirections, refusals."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from arvisd.automation.blueprints import fetching
from arvisd.automation.blueprints.fetching import FetchError, fetch

RELEASE = threading.Event()


class Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        match self.path:
            case "/text":
                self._answer(200, b"hello")
            case "/moved":
                self.send_response(302)
                self.send_header("Location", "/text")
                self.end_headers()
            case "/to-a-file":
                self.send_response(302)
                self.send_header("Location", "file:///etc/hostname")
                self.end_headers()
            case "/round":
                self.send_response(302)
                self.send_header("Location", "/round")
                self.end_headers()
            case "/large":
                self._answer(200, b"x" * (fetching.MAX_BYTES + 1))
            case "/slow":
                self.send_response(200)
                self.end_headers()
                RELEASE.wait(20)
            case _:
                self._answer(404, b"")

    def _answer(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def pages() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    RELEASE.set()
    server.shutdown()
    server.server_close()


def test_text(pages: str) -> None:
    assert fetch(f"{pages}/text") == b"hello"
    assert fetch(f"{pages}/moved") == b"hello"


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("/none", "404 Not Found"),
        ("/large", "it has more than 1 MB, no blueprint is so large"),
        ("/to-a-file", "302 Found - Redirection to url 'file:///etc/hostname' is not allowed"),
    ],
)
def test_refused(pages: str, page: str, said: str) -> None:
    with pytest.raises(FetchError) as failure:
        fetch(pages + page)
    assert str(failure.value) == f"{pages}{page}: {said}"


def test_a_circle_of_redirections_ends(pages: str) -> None:
    with pytest.raises(FetchError, match="infinite loop"):
        fetch(f"{pages}/round")


def test_a_slow_answer_is_not_waited_for(pages: str) -> None:
    with pytest.raises(FetchError, match="no answer within 0 s"):
        fetch(f"{pages}/slow", seconds=0.2)


def test_only_http() -> None:
    with pytest.raises(FetchError) as failure:
        fetch("file:///etc/hostname")
    assert (
        str(failure.value) == "file:///etc/hostname: only addresses that begin with https:// or http:// can be fetched"
    )


def test_nobody_listens() -> None:
    with pytest.raises(FetchError, match="Connection refused"):
        fetch("http://127.0.0.1:9/")

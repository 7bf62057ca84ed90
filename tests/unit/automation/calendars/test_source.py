"""Files and addresses: what changed, what is too large, who may be read, what is kept."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from arvisd.automation.calendars import source
from arvisd.automation.calendars.events import CalendarError
from arvisd.automation.calendars.source import FileSource, UrlSource


class Server(http.server.ThreadingHTTPServer):
    """Answers what it is told to."""

    content = b"BEGIN:VCALENDAR"
    status = 200
    headers: dict[str, str] = {"ETag": '"1"'}  # noqa: RUF012
    asked: list[tuple[str, str | None]]


class Handler(http.server.BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        server = self.server
        tag = self.headers.get("If-None-Match")
        server.asked.append((self.path, tag))
        unchanged = tag is not None and tag == server.headers.get("ETag")
        self.send_response(304 if unchanged else server.status)
        for name, value in server.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if not unchanged:
            self.wfile.write(server.content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Handler) as made:
        made.asked = []
        threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield made
        made.shutdown()


def address(server: Server) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}/family.ics?key=secret"


class TestFile:
    def test_only_what_changed(self, tmp_path: Path) -> None:
        path = tmp_path / "a.ics"
        path.write_bytes(b"one")
        found = FileSource(path)
        assert found.read() == b"one"
        assert found.read() is None
        path.write_bytes(b"three")
        assert found.read() == b"three"

    def test_one_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(CalendarError, match=r"^/.*/a\.ics cannot be read: No such file or directory$"):
            FileSource(tmp_path / "a.ics").read()

    def test_one_that_is_too_large(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(source, "MOST_BYTES", 1024 * 1024)
        (tmp_path / "a.ics").write_bytes(b"x" * (1024 * 1024 + 1))
        with pytest.raises(CalendarError, match=r"a\.ics holds more than 1 MiB: that is more than a calendar$"):
            FileSource(tmp_path / "a.ics").read()


class TestUrl:
    def test_only_what_changed(self, server: Server) -> None:
        found = UrlSource(address(server), None, outside=False)
        assert found.read() == b"BEGIN:VCALENDAR"
        assert found.read() is None
        server.headers = {"ETag": '"2"'}
        assert found.read() == b"BEGIN:VCALENDAR"
        assert server.asked == [("/family.ics?key=secret", tag) for tag in (None, '"1"', '"1"')]

    def test_an_answer_that_is_none(self, server: Server) -> None:
        server.status = 404
        with pytest.raises(CalendarError) as caught:
            UrlSource(address(server), None, outside=False).read()
        assert str(caught.value) == "127.0.0.1 answered 404 instead of a calendar"

    def test_nobody_there(self, server: Server) -> None:
        gone = address(server)
        server.shutdown()
        server.server_close()
        with pytest.raises(CalendarError) as caught:
            UrlSource(gone, None, outside=False).read()
        assert str(caught.value) == "127.0.0.1 cannot be read: Connection refused"

    def test_too_large(self, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(source, "MOST_BYTES", 2048)
        server.content = b"x" * 4096
        with pytest.raises(CalendarError) as caught:
            UrlSource(address(server), None, outside=False).read()
        assert str(caught.value) == "127.0.0.1 cannot be read: the answer is larger than 2 kB"

    @pytest.mark.parametrize(
        "elsewhere", ["http://192.0.2.1.nip.invalid/", "http://8.8.8.8/a.ics", "ftp://127.0.0.1/a"]
    )
    def test_it_is_led_elsewhere(self, server: Server, elsewhere: str) -> None:
        server.status, server.headers = 302, {"Location": elsewhere}
        with pytest.raises(CalendarError, match="^127.0.0.1 (cannot be read|answered 302)"):
            UrlSource(address(server), None, outside=False).read()

    def test_nothing_leaves_the_house(self) -> None:
        with pytest.raises(CalendarError) as caught:
            UrlSource("webcal://8.8.8.8/key/secret.ics", None, outside=False).read()
        assert str(caught.value) == (
            "8.8.8.8 cannot be read: 8.8.8.8 is not in the house: in the mode 'standalone' nothing leaves the house "
            "('operation: hybrid' under 'arvisd:' would allow it)"
        )

    def test_the_last_good_copy(self, tmp_path: Path) -> None:
        path = tmp_path / "calendars" / "family.ics"
        found = UrlSource("https://one.example/a.ics", path, outside=False)
        assert found.last_good() is None
        found.keep(b"good")
        assert UrlSource("https://one.example/a.ics", path, outside=False).last_good() == b"good"
        assert UrlSource("https://other.example/a.ics", path, outside=False).last_good() is None
        assert len(list(path.parent.iterdir())) == 1

"""The port: when it is open, what it answers, and what it does not put up with."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from arvisd.automation.attachment import WebhookCall
from arvisd.core.owner import Owner
from arvisd.web.listener import BODY_BYTES, CONNECTIONS_MOST, REQUEST_SECONDS
from arvisd.web.server import CLOSE_SECONDS, RETRY_SECONDS, WebServer
from arvisd.web.settings import WebSettings
from arvisd.web.webhook_requests import BODY_SECONDS
from tests.simulators.broker import free_port
from tests.simulators.clock import FakeClock


async def until(condition: Callable[[], object]) -> None:
    """Wait for something that another task does; the fake clock does not tick meanwhile."""
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.005)


def timers(clock: FakeClock, seconds: float) -> list[float]:
    """Return the timers that are set for so long from now."""
    return [when for when, _, timer in clock._timers if timer.callback and when == clock.monotonic() + seconds]


class Web:
    """A server on a free port, with a client that writes bytes."""

    def __init__(self, clock: FakeClock, owner: Owner, *, configured: bool) -> None:
        self.port = free_port()
        self.said: list[str] = []
        self.owner = owner
        self.server = WebServer(clock, WebSettings(port=self.port), configured=configured, say=self.said.append)
        self.calls: list[WebhookCall] = []
        self.reasons: list[str] = []
        self.server.start(owner)

    def wait_for(self, id_: str = "hook", *, owner: Owner | None = None, local_only: bool = True, **more: Any) -> None:
        self.server.webhooks.register(
            id_,
            self.calls.append,
            lambda call, reason: self.reasons.append(reason),
            owner or self.owner,
            methods=more.get("methods", ["POST", "PUT"]),
            local_only=local_only,
        )

    async def open(self) -> None:
        await until(lambda: self.server.address)

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        """Return status and body of an answer."""
        reader, writer = await self.connect()
        lines = [f"{method} {path} HTTP/1.1", "Host: arvis", "Connection: close", f"Content-Length: {len(body)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        async with asyncio.timeout(10):
            answer = await reader.read()
        writer.close()
        head, _, rest = answer.partition(b"\r\n\r\n")
        return int(head.split(b" ")[1]), rest


@pytest.fixture
def serve(clock: FakeClock) -> Callable[..., Any]:
    @asynccontextmanager
    async def started(*, configured: bool = True) -> AsyncIterator[Web]:
        async with Owner("web") as owner:
            web = Web(clock, owner, configured=configured)
            if configured:
                await web.open()
            yield web

    return started


FORM = "application/x-www-form-urlencoded"
MULTIPART = (
    b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    b'--x\r\nContent-Disposition: form-data; name="f"; filename="n.txt"\r\nContent-Type: text/plain\r\n\r\nhi\r\n--x--\r\n'
)


@pytest.mark.parametrize(
    ("body", "type_", "content"),
    [
        (b'{"a": [1, 2]}', "application/json", {"json": {"a": [1, 2]}}),
        (b"null", "application/vnd.x+json; charset=utf-8", {"json": None}),
        (b"a=1&b=%D0%B6&a=2", FORM, {"data": {"a": "1", "b": "ж"}}),
        (MULTIPART, "multipart/form-data; boundary=x", {"data": {"a": "1", "f": {"filename": "n.txt", "content_type": "text/plain"}}}),
        ("привет".encode(), "text/plain", {"data": {}, "body": "привет"}),
        (b"\xff", "text/plain", {"data": {}, "body": "\ufffd"}),
        (b"", "", {"data": {}}),
        (b"", "application/json", {"data": {}}),
    ],
)  # fmt: skip
async def test_what_a_call_brings(serve: Any, body: bytes, type_: str, content: dict[str, Any]) -> None:
    async with serve() as web:
        web.wait_for()
        headers = {"Content_Type": type_} if type_ else {}
        assert await web.ask("POST", "/api/webhook/hook?x=1&y=%20z", body, **headers) == (200, b"")
        await until(lambda: web.calls)
        assert web.calls == [WebhookCall("hook", "POST", {"x": "1", "y": " z"}, content)]


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status", "text"),
    [
        ("POST", "/api/webhook/other", b"", {}, 200, b""),
        ("DELETE", "/api/webhook/other", b"", {}, 200, b""),
        ("POST", "/api/webhook/hook", b"", {"X_Forwarded_For": "8.8.8.8"}, 200, b""),
        ("DELETE", "/api/webhook/hook", b"", {"X_Forwarded_For": "8.8.8.8"}, 200, b""),
        ("HEAD", "/api/webhook/hook", b"", {}, 200, b""),
        ("GET", "/api/webhook/hook", b"", {}, 405, b""),
        ("POST", "/api/webhook/hook", b"{", {"Content_Type": "application/json"}, 400, (
            b"the body is not JSON, as its content type says: Input data was truncated\n"
        )),
        ("POST", "/api/webhook/hook", b"[" * 900_000, {"Content_Type": "application/json"}, 400, (
            b"the body is not JSON, as its content type says: maximum recursion depth exceeded while deserializing an object\n"
        )),
        ("POST", "/api/webhook/hook", b"x" * (BODY_BYTES + 1), {"Content_Type": "text/plain"}, 413, (
            b"Maximum request body size 1048576 exceeded."
        )),
        ("GET", "/api/elsewhere", b"", {}, 404, b"404: Not Found"),
    ],
)  # fmt: skip
async def test_what_is_not_let_in(
    serve: Any, method: str, path: str, body: bytes, headers: dict[str, str], status: int, text: bytes
) -> None:
    async with serve() as web:
        web.wait_for()
        assert await web.ask(method, path, body, **headers) == (status, text)
        assert web.calls == []


async def test_a_stranger_cannot_tell_what_is_there(serve: Any, caplog: pytest.LogCaptureFixture) -> None:
    async with serve() as web:
        web.wait_for()
        known = await web.ask(
            "POST", "/api/webhook/hook", b"{", X_Forwarded_For="8.8.8.8", Content_Type="application/json"
        )
        unknown = await web.ask("POST", "/api/webhook/nope", b"{", X_Forwarded_For="8.8.8.8")
        assert known == unknown == (200, b"")
        await until(lambda: web.reasons)
        assert web.reasons == ["it came from 8.8.8.8: 'local_only: false' lets everybody call it"]
        assert "a webhook for the house alone was called from 8.8.8.8" in caplog.text
        web.wait_for("open", local_only=False)
        await web.ask("PUT", "/api/webhook/open", X_Forwarded_For="8.8.8.8")
        await until(lambda: web.calls)


async def test_methods_that_are_asked_for(serve: Any) -> None:
    async with serve() as web:
        web.wait_for(methods=["GET", "HEAD"])
        assert await web.ask("GET", "/api/webhook/hook?a=b") == (200, b"")
        assert await web.ask("HEAD", "/api/webhook/hook") == (200, b"")
        assert (await web.ask("POST", "/api/webhook/hook"))[0] == 405
        await until(lambda: len(web.calls) == 2)
        assert [(call.method, call.query) for call in web.calls] == [("GET", {"a": "b"}), ("HEAD", {})]


async def test_health(serve: Any) -> None:
    async with serve() as web:
        status, body = await web.ask("GET", "/api/health")
        assert status == 200
        assert body.startswith(b'{"status": "running", "version": ')


async def test_a_connection_that_asks_nothing_is_closed(serve: Any, clock: FakeClock) -> None:
    async with serve() as web:
        silent, writer = await web.connect()
        slow, slow_writer = await web.connect()
        slow_writer.write(b"GET /api/health HTTP/1.1\r\nHost: a\r\nX-")
        await slow_writer.drain()
        await until(lambda: len(timers(clock, REQUEST_SECONDS)) >= 2)
        await clock.advance(REQUEST_SECONDS + 1)
        async with asyncio.timeout(10):
            assert await silent.read() == b""
            assert await slow.read() == b""
        writer.close()
        slow_writer.close()


async def test_a_connection_that_goes_on_may_stay_for_a_while(serve: Any, clock: FakeClock) -> None:
    async with serve() as web:
        reader, writer = await web.connect()
        for _ in range(3):
            writer.write(b"GET /api/health HTTP/1.1\r\nHost: a\r\n\r\n")
            async with asyncio.timeout(10):
                assert (await reader.readuntil(b"}")).startswith(b"HTTP/1.1 200")
            await clock.advance(REQUEST_SECONDS - 1)
        await clock.advance(2)
        async with asyncio.timeout(10):
            assert await reader.read() == b""
        writer.close()


async def test_a_body_that_does_not_come_is_not_waited_for(serve: Any, clock: FakeClock) -> None:
    async with serve() as web:
        web.wait_for()
        reader, writer = await web.connect()
        writer.write(b"POST /api/webhook/hook HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab")
        await until(lambda: timers(clock, BODY_SECONDS))
        await clock.advance(BODY_SECONDS)
        async with asyncio.timeout(10):
            assert (await reader.readline()) == b"HTTP/1.1 408 Request Timeout\r\n"
        assert web.calls == []
        writer.close()


async def test_too_many_connections_are_closed_at_once(serve: Any) -> None:
    async with serve() as web:
        held = [await web.connect() for _ in range(CONNECTIONS_MOST)]
        reader, writer = await web.connect()
        async with asyncio.timeout(10):
            assert await reader.read() == b""
        for _, each in [*held, (reader, writer)]:
            each.close()
        async with asyncio.timeout(10):
            while True:  # until the server has seen that they are gone
                reader, writer = await web.connect()
                writer.write(b"GET /api/health HTTP/1.1\r\nHost: a\r\n\r\n")
                line = await reader.readline()
                writer.close()
                if line:
                    break
        assert line == b"HTTP/1.1 200 OK\r\n"


class TestThePort:
    async def test_is_closed_until_somebody_waits_for_a_webhook(self, serve: Any, clock: FakeClock) -> None:
        async with serve(configured=False) as web:
            await clock.settle()
            with pytest.raises(ConnectionRefusedError):
                await web.connect()
            waiting = Owner("automation")
            web.wait_for(owner=waiting)
            await web.open()
            assert (await web.ask("POST", "/api/webhook/hook"))[0] == 200
            waiting.release()
            await clock.settle()
            web.wait_for(owner=waiting)  # a reload
            await clock.advance(CLOSE_SECONDS + 1)
            assert (await web.ask("POST", "/api/webhook/hook"))[0] == 200
            waiting.release()
            await clock.settle()
            await clock.advance(CLOSE_SECONDS + 1)
            await until(lambda: not web.server.address)

    async def test_moves_when_the_settings_change(self, serve: Any) -> None:
        async with serve() as web:
            web.port = free_port()
            web.server.configure(WebSettings(port=web.port), configured=True)
            await until(lambda: web.server.address.endswith(f":{web.port}"))
            assert (await web.ask("GET", "/api/health"))[0] == 200

    async def test_that_is_taken_is_said_once_and_tried_again(self, clock: FakeClock) -> None:
        said: list[str] = []
        async with Owner("web") as owner:
            with socket.socket() as taken:
                taken.bind(("127.0.0.1", 0))
                taken.listen()
                port = taken.getsockname()[1]
                server = WebServer(clock, WebSettings(port=port), configured=True, say=said.append)
                server.start(owner)
                await until(lambda: server.problem)
                for _ in range(3):
                    await clock.advance(RETRY_SECONDS)
                expected = (
                    f"the HTTP port 127.0.0.1:{port} is taken by another program: stop that one, or choose another port, "
                    "as in 'web: {port: 8178}'; arvisd goes on and tries again"
                )
                assert server.problem == expected
                assert said == [expected]
            await clock.advance(RETRY_SECONDS)
            await until(lambda: server.address)
            assert said == [expected, ""]

    async def test_at_an_address_of_somebody_else(self, clock: FakeClock) -> None:
        said: list[str] = []
        async with Owner("web") as owner:
            server = WebServer(clock, WebSettings(host="192.0.2.1", port=8177), configured=True, say=said.append)
            server.start(owner)
            await until(lambda: said)
            assert said == [
                "this machine has no address 192.0.2.1: write one that it has, or 0.0.0.0 for all, as 'web: host'"
            ]

    @pytest.mark.parametrize("host", ["no such host", "x" * 70 + ".invalid"])
    async def test_at_an_address_that_is_none(self, clock: FakeClock, host: str) -> None:
        said: list[str] = []
        async with Owner("web") as owner:
            WebServer(clock, WebSettings(host=host), configured=True, say=said.append).start(owner)
            await until(lambda: said)
            assert said[0].startswith(f"the HTTP port {host}:8177 cannot be opened: ")
            assert said[0].endswith(": see 'web:' in the configuration")

    async def test_that_is_not_needed_any_more_is_no_problem(self, clock: FakeClock) -> None:
        said: list[str] = []
        async with Owner("web") as owner:
            server = WebServer(clock, WebSettings(host="192.0.2.1"), configured=True, say=said.append)
            server.start(owner)
            await until(lambda: said)
            server.configure(WebSettings(), configured=False)
            await until(lambda: said[1:] == [""])

    async def test_without_the_library_that_it_needs(self, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "arvisd.web.listener", None)
        said: list[str] = []
        async with Owner("web") as owner:
            WebServer(clock, WebSettings(), configured=True, say=said.append).start(owner)
            await until(lambda: said)
            assert said[0].startswith("the HTTP port needs aiohttp, which cannot be imported (")
            assert said[0].endswith("): pip install aiohttp")

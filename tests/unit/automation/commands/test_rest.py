"""Web requests: what is sent, what comes back, whom they reach, what is said when they fail."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from arvisd.core.errors import ActionFailedError
from tests.simulators.command_rig import CommandRig


class Server(ThreadingHTTPServer):
    """A web server that remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.seen: list[tuple[str, str, dict[str, str], bytes]] = []
        self.hold = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Answers(BaseHTTPRequestHandler):
    server: Server

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        headers = {key.lower(): value for key, value in self.headers.items()}
        self.server.seen.append((self.command, self.path, headers, self.rfile.read(length)))
        path = self.path.partition("?")[0]
        if path == "/slow":
            self.server.hold.wait(5)
        if path == "/away":
            self.send_response(302)
            self.send_header("Location", "http://example.org/")
            self.end_headers()
            return
        if path.startswith("/round"):
            self.send_response(302)
            self.send_header("Location", "/round" + str(len(self.path)) + "x" * (len(self.path) % 50))
            self.end_headers()
            return
        if path == "/elsewhere":
            self.send_response(302)
            self.send_header("Location", f"http://localhost:{self.server.server_address[1]}/json")
            self.end_headers()
            return
        bodies = {"/json": b'{"a": [1]}', "/large": b"a" * 2_000_000, "/cyrillic": "да".encode("cp1251")}
        kinds = {"/json": "application/json", "/cyrillic": "text/plain; charset=windows-1251"}
        body = bodies.get(path, b"fine")
        self.send_response(404 if path == "/none" else 200)
        self.send_header("Content-Type", kinds.get(path, "text/plain"))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = _answer  # noqa: N815

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as made:
        thread = threading.Thread(target=made.serve_forever)
        thread.start()
        yield made
        made.hold.set()
        made.shutdown()
        thread.join()


async def test_sent_as_it_is_written(rig: CommandRig, server: Server) -> None:
    problems = rig.load(
        f"""
        rest_command:
          ring:
            url: "{server.url}/{{{{ room }}}}?a b"
            method: post
            content_type: application/json
            headers: {{X-House: "{{{{ room }}}}"}}
            payload: '{{"text": "{{{{ text }}}}"}}'
            username: me
            password: hush
        """
    )
    assert problems == []
    answer = await rig.do("rest_command.ring", room="hall", text="Привет")
    method, path, headers, body = server.seen[0]
    assert (method, path, body.decode()) == ("POST", "/hall?a%20b", '{"text": "Привет"}')
    assert (headers["x-house"], headers["content-type"]) == ("hall", "application/json")
    assert headers["authorization"] == "Basic bWU6aHVzaA=="
    assert (answer["status"], answer["content"]) == (200, "fine")
    assert answer["headers"]["content-type"] == "text/plain"


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "head"])
async def test_methods(rig: CommandRig, server: Server, method: str) -> None:
    rig.load(f"rest_command: {{x: {{url: '{server.url}/', method: {method}}}}}")
    await rig.do("rest_command.x")
    assert server.seen[0][0] == method.upper()


ANSWERS = [("/json", 200, {"a": [1]}), ("/none", 404, "fine"), ("/cyrillic", 200, "да")]


@pytest.mark.parametrize(("path", "status", "content"), ANSWERS)
async def test_answers(rig: CommandRig, server: Server, path: str, status: int, content: Any) -> None:
    rig.load(f"rest_command: {{x: {{url: '{server.url}{path}'}}}}")
    answer = await rig.do("rest_command.x")
    assert (answer["status"], answer["content"]) == (status, content)


async def test_a_password_is_not_told_to_another_machine(rig: CommandRig, server: Server) -> None:
    rig.load(f"rest_command: {{x: {{url: '{server.url}/elsewhere', username: a, password: b}}}}")
    assert (await rig.do("rest_command.x"))["content"] == {"a": [1]}
    assert ["authorization" in headers for _, _, headers, _ in server.seen] == [True, False]


FAULTS = [
    ("{url}/large", "rest_command.x: the answer is larger than 1024 kB"),
    ("http://127.0.0.1:1/", "rest_command.x: Connection refused"),
    ("ftp://nas/x", "rest_command.x: 'ftp://nas/x' is not the URL of a web server, such as http://nas/status"),
    ("file:///etc/passwd", "rest_command.x: 'file:///etc/passwd' is not the URL of a web server, such as http://nas/status"),
    ("http://192.0.2.1.nip.invalid/", "rest_command.x: "),
    ("http://8.8.8.8/", "rest_command.x: 8.8.8.8 is not in the house: in the mode 'standalone' nothing leaves the house ('operation: hybrid' under 'arvisd:' would allow it)"),
    ("{{{{ 1 / 0 }}}}", "rest_command.x: configuration.yaml:1:25: template: ZeroDivisionError: division by zero"),
]  # fmt: skip


@pytest.mark.parametrize(("url", "said"), FAULTS)
async def test_faults(rig: CommandRig, server: Server, url: str, said: str) -> None:
    rig.load(f"rest_command: {{x: {{url: '{url.format(url=server.url)}', timeout: 2}}}}")
    with pytest.raises(ActionFailedError) as caught:
        await rig.do("rest_command.x")
    assert str(caught.value).startswith(said)


async def test_a_redirect_does_not_lead_out_of_the_house(rig: CommandRig, server: Server, monkeypatch: Any) -> None:
    import socket

    real = socket.getaddrinfo

    def resolved(host: str, port: int, *args: Any, **more: Any) -> Any:
        if host == "example.org":
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("203.0.113.5", port))]
        return real(host, port, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    rig.load(f"rest_command: {{x: {{url: '{server.url}/away', timeout: 2}}}}")
    with pytest.raises(ActionFailedError, match=r"rest_command\.x: example\.org is not in the house"):
        await rig.do("rest_command.x")


async def test_redirects_end(rig: CommandRig, server: Server) -> None:
    rig.load(f"rest_command: {{x: {{url: '{server.url}/round'}}}}")
    answer = await rig.do("rest_command.x")
    assert answer["status"] == 302
    assert len(server.seen) <= 7


async def test_a_server_that_does_not_answer(rig: CommandRig, server: Server) -> None:
    rig.load(f"rest_command: {{x: {{url: '{server.url}/slow', timeout: 0.2}}}}")
    with pytest.raises(ActionFailedError, match=r"rest_command\.x: (no answer within 0\.2 s|timed out)"):
        await rig.do("rest_command.x")


INVALID = [
    ("{x: {}}", "1:19: the key 'url' is missing in rest_command.x"),
    ("{x: {url: a, metod: get}}", "1:28: unknown key 'metod' in rest_command.x (did you mean 'method'?)"),
    ("{x: http://a}", "1:16: rest_command.x: expected a mapping with 'url', got text"),
    ("[a]", "1:15: rest_command: expected names and requests, as in 'ring: {url: …}', got a list"),
]


@pytest.mark.parametrize(("written", "said"), INVALID)
async def test_said_with_its_place(rig: CommandRig, written: str, said: str) -> None:
    assert rig.load(f"rest_command: {written}") == [f"configuration.yaml:{said}"]

"""A web server that misbehaves on request, for downloads."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Resource:
    """One file and how the server treats who asks for it."""

    body: bytes
    etag: str | None = '"1"'
    cut_after: list[int] = field(default_factory=list)
    """For each of the first requests: bytes after which the connection ends."""
    statuses: list[int] = field(default_factory=list)
    """For each of the first requests: an error to answer with."""
    ranges: bool = True
    """False: the whole file whatever is asked for."""
    announce: int | None = None
    """Content-Length where it is a lie."""
    location: str = ""
    """Where it redirects to."""
    retry_after: str = ""
    then: Resource | None = None
    """What stands at the address after the first request."""


class ModelServer:
    """Files by path, and the requests that came."""

    def __init__(self) -> None:
        self.files: dict[str, Resource] = {}
        self.requests: list[tuple[str, str | None]] = []
        """Path and Range header of each."""
        self.url = ""

    def handle(self, handler: http.server.BaseHTTPRequestHandler) -> None:
        resource = self.files.get(handler.path)
        self.requests.append((handler.path, handler.headers.get("Range")))
        if resource is None:
            handler.send_error(404)
            return
        if resource.then is not None:
            self.files[handler.path] = resource.then
        if resource.location:
            handler.send_response(302)
            handler.send_header("Location", resource.location)
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return
        if resource.statuses:
            handler.send_response(resource.statuses.pop(0))
            if resource.retry_after:
                handler.send_header("Retry-After", resource.retry_after)
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return
        start = self._start(handler, resource)
        if start is not None and start >= len(resource.body):
            handler.send_error(416)
            return
        body = resource.body[start or 0 :]
        handler.send_response(206 if start is not None else 200)
        if start is not None:
            handler.send_header("Content-Range", f"bytes {start}-{len(resource.body) - 1}/{len(resource.body)}")
        if resource.etag:
            handler.send_header("ETag", resource.etag)
        handler.send_header("Content-Length", str(resource.announce if resource.announce is not None else len(body)))
        handler.end_headers()
        if resource.cut_after:
            body = body[: resource.cut_after.pop(0)]
        handler.wfile.write(body)
        handler.wfile.flush()
        handler.close_connection = True

    @staticmethod
    def _start(handler: http.server.BaseHTTPRequestHandler, resource: Resource) -> int | None:
        asked = handler.headers.get("Range")
        if not asked or not resource.ranges:
            return None
        if_range = handler.headers.get("If-Range")
        if if_range is not None and if_range != resource.etag:
            return None
        return int(asked.removeprefix("bytes=").partition("-")[0])


@contextmanager
def model_server() -> Iterator[ModelServer]:
    """Run a server on a free port of this machine."""
    state = ModelServer()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.handle(self)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, name="model server")
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

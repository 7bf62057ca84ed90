"""One HTTP request in a thread: bounded in time, in size, in redirects, and in whom it reaches."""

from __future__ import annotations

import functools
import http.client
import socket
import ssl
import urllib.error
import urllib.request
from typing import Any

import msgspec

from arvisd.automation.commands.reach import connect

MOST_BYTES = 1024 * 1024
"""Of an answer."""
MOST_REDIRECTS = 5


class Request(msgspec.Struct, frozen=True):
    """What is asked for."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes | None
    seconds: float
    verify: bool
    outside: bool
    """Whether machines outside of the house may be reached."""
    digest: tuple[str, str] | None = None
    """User and password, where the server wants them digested."""
    most_bytes: int = MOST_BYTES
    """Of the answer."""


class Response(msgspec.Struct, frozen=True):
    """What came of it."""

    status: int
    headers: dict[str, str]
    """Names in small letters."""
    body: bytes


class TooLargeError(OSError):
    """The answer is larger than anybody here would use."""


def send(request: Request) -> Response:
    """Send a request and wait for the answer; raise OSError or http.client.HTTPException. Blocks."""
    opener = urllib.request.OpenerDirector()
    context = ssl.create_default_context()
    if not request.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    reach = functools.partial(_connected, outside=request.outside)
    for handler in (_Plain(reach), _Secure(reach, context), _Redirects(), urllib.request.HTTPErrorProcessor()):
        opener.add_handler(handler)
    if request.digest is not None:
        known = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        known.add_password(None, request.url, *request.digest)
        opener.add_handler(urllib.request.HTTPDigestAuthHandler(known))
    opener.add_handler(urllib.request.HTTPDefaultErrorHandler())
    asked = urllib.request.Request(request.url, request.body, request.headers, method=request.method)  # noqa: S310  # _Plain and _Secure are the only handlers
    try:
        answer = opener.open(asked, timeout=request.seconds)
    except urllib.error.HTTPError as error:
        answer = error  # an answer too, with its status
    except urllib.error.URLError as error:
        raise error.reason if isinstance(error.reason, OSError) else error from None
    with answer:
        body = answer.read(request.most_bytes + 1)
        if len(body) > request.most_bytes:
            raise TooLargeError(f"the answer is larger than {request.most_bytes // 1024} kB")
        return Response(answer.status, {key.lower(): value for key, value in answer.headers.items()}, body)


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows a few; what is for one machine only is not told to another."""

    max_redirections = MOST_REDIRECTS

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        following = super().redirect_request(req, fp, code, msg, headers, newurl)
        if following is not None and following.host != req.host:
            for name in ("Authorization", "Cookie"):
                following.headers.pop(name, None)
        return following


class _Plain(urllib.request.HTTPHandler):
    def __init__(self, reach: Any) -> None:
        super().__init__()
        self._reach = reach

    def http_open(self, req: urllib.request.Request) -> Any:
        return self.do_open(self._made, req)

    def _made(self, host: str, **options: Any) -> http.client.HTTPConnection:
        made = http.client.HTTPConnection(host, **options)
        made._create_connection = self._reach  # type: ignore[attr-defined]  # noqa: SLF001  # its one way to choose addresses
        return made


class _Secure(urllib.request.HTTPSHandler):
    def __init__(self, reach: Any, context: ssl.SSLContext) -> None:
        super().__init__(context=context)
        self._reach = reach
        self._settings = context

    def https_open(self, req: urllib.request.Request) -> Any:
        return self.do_open(self._made, req)

    def _made(self, host: str, **options: Any) -> http.client.HTTPSConnection:
        made = http.client.HTTPSConnection(host, context=self._settings, **options)
        made._create_connection = self._reach  # type: ignore[attr-defined]  # noqa: SLF001  # as above
        return made


def _connected(address: tuple[str, int], timeout: Any, _: Any = None, *, outside: bool) -> socket.socket:
    return connect(address, timeout, outside=outside)

"""Section `rest_command`: web requests that automations send."""

from __future__ import annotations

import asyncio
import base64
import logging
import urllib.parse
from collections.abc import Iterable
from typing import Annotated, Any, Literal

import msgspec

from arvisd.automation.commands.kind import AnyData, CommandItem, CommandKind, CommandPlace, variables_of
from arvisd.automation.errors import TemplateError
from arvisd.automation.reading import read as read_node
from arvisd.automation.templates.value import Value
from arvisd.config.document import Broken
from arvisd.config.nodes import key_mark_of, kind_of, mark_of
from arvisd.config.problems import Problem, error
from arvisd.core.actions import Action, ActionCall
from arvisd.core.errors import ActionFailedError

_LOGGER = logging.getLogger("arvisd.automation")

SECTION = "rest_command"
MARGIN = 1.0
"""Seconds that the whole of a request may take beyond its time-out, which is one of each wait on the socket."""


class RestSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One item of `rest_command:`."""

    url: str
    """Where; may be a template, as may `headers`, `payload`, `username` and `password`."""
    method: Literal[
        "get", "post", "put", "patch", "delete", "head", "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"
    ] = "get"
    headers: dict[str, Any] = msgspec.field(default_factory=dict)
    payload: Any = None
    """The body."""
    content_type: str | None = None
    username: str | None = None
    password: str | None = None
    authentication: Literal["basic", "digest"] = "basic"
    timeout: Annotated[float, msgspec.Meta(gt=0, le=300)] = 10.0
    """Seconds."""
    verify_ssl: bool = True
    """Whether the server must prove who it is."""
    insecure_cipher: bool = False
    """Of Home Assistant; not read."""
    skip_url_encoding: bool = False
    """The URL is sent as it is; else what must not stand in one is written as %20 and the like."""


class RestCommand:
    """One request."""

    def __init__(self, place: CommandPlace, settings: RestSettings) -> None:
        part = place.part()
        self._place = place
        self._settings = settings
        self._texts: dict[str, Value] = {
            key: part.text(key)
            for key in ("url", "payload", "username", "password", "content_type")
            if key in part.node
        }
        self._headers = part.value("headers")

    async def __call__(self, call: ActionCall) -> dict[str, Any]:
        """Send it; return `{status, content, headers}`."""
        from http.client import HTTPException  # not before somebody sends something: it takes its time to import

        from arvisd.automation.commands.http import send

        name = self._place.action
        try:
            request = self._request(variables_of(call))
        except (TemplateError, ValueError) as failure:
            raise ActionFailedError(f"{name}: {failure}") from failure
        seconds = self._settings.timeout
        try:
            # the thread ends by the time-out of its socket, a little later at the most
            response = await self._place.hub.clock.wait_for(asyncio.to_thread(send, request), seconds + MARGIN)
        except TimeoutError:
            raise ActionFailedError(f"{name}: no answer within {seconds:g} s") from None
        except OSError as failure:
            raise ActionFailedError(f"{name}: {failure.strerror or failure}") from failure
        except HTTPException as failure:
            raise ActionFailedError(f"{name}: the answer cannot be read: {failure!r}") from failure
        if response.status >= 400:
            _LOGGER.warning("%s: the server answered %d", name, response.status)
        return {"status": response.status, "content": _content(response), "headers": response.headers}

    def _request(self, variables: dict[str, Any]) -> Any:
        from arvisd.automation.commands.http import Request

        texts = {key: _plain(value.render(variables)) for key, value in self._texts.items()}
        headers = {str(key): _plain(value) for key, value in (self._headers.render(variables) or {}).items()}
        headers = {"User-Agent": "arvisd", **headers}
        if texts.get("content_type"):
            headers["Content-Type"] = texts["content_type"]
        digest = None
        if texts.get("username"):
            pair = (texts["username"], texts.get("password", ""))
            if self._settings.authentication == "digest":
                digest = pair
            else:
                headers["Authorization"] = "Basic " + base64.b64encode(":".join(pair).encode()).decode()
        url = texts["url"].strip()
        if not self._settings.skip_url_encoding:
            url = urllib.parse.quote(url, safe=":/?#[]@!$&'()*+,;=%~-._")
        if urllib.parse.urlsplit(url).scheme not in ("http", "https"):
            raise ValueError(f"{url!r} is not the URL of a web server, such as http://nas/status")
        body = texts["payload"].encode() if "payload" in texts else None
        house = self._place.house
        settings = self._settings
        return Request(
            settings.method.upper(), url, headers, body, settings.timeout, settings.verify_ssl, house.outside, digest
        )


def _plain(value: Any) -> str:
    """Return a rendered value as text; data as JSON, as a payload wants it."""
    if isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode() if isinstance(value, dict | list) else str(value)


def _content(response: Any) -> Any:
    """Return the body: JSON read, else as text."""
    kind = response.headers.get("content-type", "")
    if "json" in kind:
        try:
            return msgspec.json.decode(response.body)
        except msgspec.DecodeError:
            pass
    charset = kind.partition("charset=")[2].partition(";")[0].strip().strip('"') or "utf-8"
    try:
        return response.body.decode(charset, "replace")
    except LookupError:
        return response.body.decode("utf-8", "replace")


def read(node: Any, container: Any, problems: list[Problem]) -> Iterable[CommandItem]:
    """Give the items of the section."""
    if node is None or isinstance(node, Broken):
        return
    if not isinstance(node, dict):
        text = f"{SECTION}: expected names and requests, as in 'ring: {{url: …}}', got {kind_of(node)}"
        problems.append(error(mark_of(container, SECTION), text))
        return
    for name, inner in node.items():
        if isinstance(inner, dict):
            yield CommandItem(str(name), inner, node, name)
        elif not isinstance(inner, Broken):
            text = f"{SECTION}.{name}: expected a mapping with 'url', got {kind_of(inner)}"
            problems.append(error(key_mark_of(node, name), text))


def make(place: CommandPlace) -> Action:
    """Make the action of one request."""
    settings = read_node(place.item.node, RestSettings, place.action)
    text = f"Sends a {settings.method.upper()} request."
    return Action(place.action, AnyData, text, RestCommand(place, settings), takes_more=True)


KIND = CommandKind(SECTION, read, make)

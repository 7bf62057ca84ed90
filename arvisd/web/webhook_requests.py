"""Answers requests to webhooks: at once, and the same to all who ask for what is none of their business."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import msgspec
from aiohttp import web
from aiohttp.web_exceptions import HTTPBadRequest, HTTPRequestTimeout

from arvisd.automation.attachment import WebhookCall
from arvisd.core.clock import Clock
from arvisd.web.origin import outsider
from arvisd.web.webhooks import Webhooks

_LOGGER = logging.getLogger(__name__)

BODY_SECONDS = 10.0
"""How long a caller may take to send what it has to say."""
NAMED_MOST = 100
"""So many ids that nobody waits for are said in the log; beyond that somebody is guessing."""
_JSON = msgspec.json.Decoder()


class WebhookRequests:
    """The handler of `/api/webhook/<id>`."""

    def __init__(self, webhooks: Webhooks, clock: Clock) -> None:
        self._webhooks = webhooks
        self._clock = clock
        self._unknown: set[str] = set()

    async def handle(self, request: web.Request) -> web.Response:
        """Answer 200 and let what follows from it happen afterwards.

        An id that nobody waits for is answered alike, as is one that may not be called from where the caller is.
        """
        webhook_id = request.match_info["webhook_id"]
        stranger = outsider(request.remote or "", request.headers)
        methods = self._webhooks.methods(webhook_id, stranger)
        if not methods:
            self._say(webhook_id, stranger)
            self._soon(WebhookCall(webhook_id, request.method, {}, {}), stranger)
            return web.Response()
        if request.method not in methods:
            self._soon(WebhookCall(webhook_id, request.method, {}, {}), stranger)
            if request.method == "HEAD":
                return web.Response()  # some callers look first whether the address is there
            return web.Response(status=405, headers={"Allow": ", ".join(sorted(methods))})
        try:
            content = await self._clock.wait_for(_content(request), BODY_SECONDS)
        except TimeoutError:
            raise HTTPRequestTimeout(text=f"the body did not come within {BODY_SECONDS:.0f} s\n") from None
        query = {name: request.query[name] for name in request.query}
        self._soon(WebhookCall(webhook_id, request.method, query, content), stranger)
        return web.Response()

    def _soon(self, call: WebhookCall, stranger: str) -> None:
        asyncio.get_running_loop().call_soon(self._webhooks.deliver, call, stranger)

    def _say(self, webhook_id: str, stranger: str) -> None:
        if stranger:
            if self._webhooks.known(webhook_id):
                _LOGGER.warning("a webhook for the house alone was called from %s: it is not let in", stranger)
        elif webhook_id not in self._unknown and len(self._unknown) < NAMED_MOST:
            self._unknown.add(webhook_id)
            _LOGGER.info("a webhook was called that no automation waits for: %.60r", webhook_id)


async def _content(request: web.Request) -> dict[str, Any]:
    """Return what the request holds, read as its content type says; raise HTTPBadRequest where it is something else."""
    kind = request.content_type if request.can_read_body else ""
    if "json" in kind:
        body = await request.read()
        try:
            return {"json": _JSON.decode(body)}
        except (msgspec.DecodeError, RecursionError) as error:
            raise HTTPBadRequest(text=f"the body is not JSON, as its content type says: {error}\n") from None
    if kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        try:
            form = await request.post()
        except ValueError as error:
            raise HTTPBadRequest(text=f"the body is not a form, as its content type says: {error}\n") from None
        return {"data": {name: _field(form[name]) for name in form}}
    body = await request.read()
    if not body:
        return {"data": {}}
    return {"data": {}, "body": body.decode(request.charset or "utf-8", errors="replace")}


def _field(value: str | bytes | bytearray | web.FileField) -> Any:
    if isinstance(value, web.FileField):
        return {"filename": value.filename, "content_type": value.content_type}
    return value if isinstance(value, str) else bytes(value).decode(errors="replace")

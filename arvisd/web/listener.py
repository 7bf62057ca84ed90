"""The open port: an aiohttp server that lets nobody keep a connection for nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.web_protocol import RequestHandler
from aiohttp.web_server import Server

from arvisd import __version__
from arvisd.core.clock import Clock, TimerHandle
from arvisd.web.settings import WebSettings
from arvisd.web.webhook_requests import WebhookRequests
from arvisd.web.webhooks import Webhooks

BODY_BYTES = 1024 * 1024
"""The most that a request may hold."""
REQUEST_SECONDS = 15.0
"""A connection that has not sent a whole head of a request within this, the first or the next one, is closed."""
CONNECTIONS_MOST = 200
"""Further ones are closed at once: file descriptors are for the house."""
SHUTDOWN_SECONDS = 1.0
"""How long requests may go on when the port is closed."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Connection(RequestHandler):
    """One connection; aiohttp by itself waits for its first request for ever."""

    __slots__ = ("_clock", "_patience", "_server")

    def __init__(self, server: Server, clock: Clock, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(server, loop=loop, access_log=None, lingering_time=2.0)  # type: ignore[arg-type]
        self._server = server
        self._clock = clock
        self._patience: TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for a request, or close at once where there are too many."""
        super().connection_made(transport)
        if len(self._server.connections) > CONNECTIONS_MOST:
            self.force_close()
            transport.close()
            return
        self.await_request()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Wait no more."""
        self.has_request()
        super().connection_lost(exc)

    def await_request(self) -> None:
        """Close the connection unless a request comes in time."""
        self.has_request()
        self._patience = self._clock.call_later(REQUEST_SECONDS, self._give_up)

    def has_request(self) -> None:
        """Let the connection be: a request is here."""
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _give_up(self) -> None:
        self._patience = None
        self.force_close()


class Listener:
    """A port that is open from `open` until `close`."""

    def __init__(self, settings: WebSettings, webhooks: Webhooks, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._application = web.Application(middlewares=[_patient], client_max_size=BODY_BYTES)
        self._application.router.add_get("/api/health", _health)
        self._application.router.add_route("*", "/api/webhook/{webhook_id}", WebhookRequests(webhooks, clock).handle)
        self._runner = web.AppRunner(self._application, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Listen; raise OSError where the address cannot be had."""
        await self._runner.setup()
        loop = asyncio.get_running_loop()
        server = self._runner.server
        assert server is not None
        self._server = await loop.create_server(
            lambda: Connection(server, self._clock, loop), self._settings.host, self._settings.port
        )

    async def close(self) -> None:
        """Take no more connections and end those that are there."""
        if self._server is not None:
            self._server.close()
            self._server = None
        await self._runner.cleanup()


@web.middleware
async def _patient(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Tell the connection when it has a request, and when it waits for the next."""
    connection = request.protocol
    if isinstance(connection, Connection):
        connection.has_request()
        try:
            return await handler(request)
        finally:
            connection.await_request()
    return await handler(request)


async def _health(_: web.Request) -> web.Response:
    return web.json_response({"status": "running", "version": __version__})

"""Opens the port when somebody needs it, tries again where it is taken, closes it when nobody does."""

from __future__ import annotations

import asyncio
import errno
import importlib
import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from arvisd.core.clock import Clock
from arvisd.core.owner import Owner
from arvisd.web.settings import WebSettings
from arvisd.web.webhooks import Webhooks

if TYPE_CHECKING:
    from arvisd.web.listener import Listener

_LOGGER = logging.getLogger(__name__)

RETRY_SECONDS = 5.0
"""How soon a port that is taken is tried again: long enough not to fill the log, short enough to be of use."""
CLOSE_SECONDS = 10.0
"""So long after the last webhook went the port is closed: a reload takes one away and brings it back."""


class WebServer:
    """The one HTTP port.

    Args:
        clock: whose time.
        settings: where to listen.
        configured: the section `web:` is there: the port is open though no automation waits for a webhook.
        say: told why the port is not open though it should be, and of an empty text when it is.
    """

    def __init__(self, clock: Clock, settings: WebSettings, *, configured: bool, say: Callable[[str], object]) -> None:
        self.webhooks = Webhooks()
        """Where triggers register; nothing is imported or opened before one does."""
        self.webhooks.on_change = self._wake
        self.problem = ""
        """Why the port is not open though it should be; empty: nothing is wrong."""
        self.address = ""
        """`127.0.0.1:8177` while the port is open."""
        self._clock = clock
        self._say = say
        self._settings = settings
        self._configured = configured
        self._news = asyncio.Event()

    def configure(self, settings: WebSettings, *, configured: bool) -> None:
        """Take other settings; the port is opened anew where they changed."""
        self._settings = settings
        self._configured = configured
        self._wake()

    async def run(self) -> None:
        """Keep the port as it should be, until cancelled."""
        while True:
            while not self._wanted:
                self._trouble("")
                self._news.clear()
                await self._news.wait()
            settings = self._settings
            listener = await self._opened(settings)
            if listener is None:
                await self._pause(RETRY_SECONDS)
                continue
            try:
                await self._until_not_needed(settings)
            finally:
                self.address = ""
                await listener.close()

    def start(self, owner: Owner) -> None:
        """Run in the background until the owner stops."""
        owner.spawn(self.run(), "web")

    @property
    def _wanted(self) -> bool:
        return self._configured or bool(self.webhooks)

    def _wake(self) -> None:
        self._news.set()

    async def _until_not_needed(self, settings: WebSettings) -> None:
        """Wait until the settings changed, or nobody has needed the port for a while."""
        while self._settings == settings:
            self._news.clear()
            if self._wanted:
                await self._news.wait()
                continue
            await self._pause(CLOSE_SECONDS)
            if not self._wanted:
                return

    async def _pause(self, seconds: float) -> None:
        """Wait, or until something changed."""
        self._news.clear()
        try:
            await self._clock.wait_for(self._news.wait(), seconds)
        except TimeoutError:
            return

    async def _opened(self, settings: WebSettings) -> Listener | None:
        """Return the open port, None where it cannot be had: `problem` says why."""
        began = time.monotonic()
        try:
            # aiohttp takes 0.12 s and 10 MB: only for those who need it, and not while a voice waits for the event loop
            module = await asyncio.to_thread(importlib.import_module, "arvisd.web.listener")
        except ImportError as error:
            self._trouble(f"the HTTP port needs aiohttp, which cannot be imported ({error}): pip install aiohttp")
            return None
        listener: Listener = module.Listener(settings, self.webhooks, self._clock)
        try:
            await listener.open()
        except (OSError, UnicodeError) as error:
            await listener.close()
            self._trouble(_why(settings, error))
            return None
        self._trouble("")
        self.address = f"{settings.host}:{settings.port}"
        _LOGGER.info("HTTP at %s: %.0f ms", self.address, (time.monotonic() - began) * 1000)
        return listener

    def _trouble(self, text: str) -> None:
        if text != self.problem:
            self.problem = text
            self._say(text)


def _why(settings: WebSettings, error: OSError | UnicodeError) -> str:
    """Return what is wrong with an address and what to do."""
    place = f"{settings.host}:{settings.port}"
    number = error.errno if isinstance(error, OSError) else None
    if number is None and "could not bind on any address" in str(error):
        number = errno.EADDRNOTAVAIL  # asyncio from Python 3.13 on says only this of it
    match number:
        case errno.EADDRINUSE:
            return (
                f"the HTTP port {place} is taken by another program: stop that one, or choose another port, "
                "as in 'web: {port: 8178}'; arvisd goes on and tries again"
            )
        case errno.EACCES:
            return f"the HTTP port {place} is not for this user: choose one above 1023, as in 'web: {{port: 8177}}'"
        case errno.EADDRNOTAVAIL:
            return f"this machine has no address {settings.host}: write one that it has, or 0.0.0.0 for all, as 'web: host'"
        case _:
            return f"the HTTP port {place} cannot be opened: {getattr(error, 'strerror', None) or error}: see 'web:' in the configuration"

"""All that runs for one site: its turns and, where it hears, its listener."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from arvisd.assist.answers import Answers
from arvisd.assist.arbiter import WakeArbiter
from arvisd.assist.ears import Ears
from arvisd.assist.listener import Listener, Woken
from arvisd.assist.phrases import Phrases
from arvisd.assist.settings import AssistSettings
from arvisd.assist.site import Site
from arvisd.assist.site_turns import SiteTurns
from arvisd.assist.worker import WorkerFactory
from arvisd.core.context import Context
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.providers.chains import Chains

_LOGGER = logging.getLogger(__name__)

RESTART_SECONDS = 5.0
"""A listener that broke is started again after so long."""


class SiteRunner:
    """Runs one site; `stop` ends it and what is under way there."""

    def __init__(
        self,
        hub: Hub,
        site: Site,
        chains: Chains,
        phrases: Phrases,
        answers: Answers,
        arbiter: WakeArbiter,
        workers: WorkerFactory,
        muted: Callable[[str], bool] = lambda site: False,
    ) -> None:
        self.site = site
        self.turns = SiteTurns(hub, site, chains.stt, phrases, answers)
        self.used = hub.clock.monotonic()
        """When something was last asked of it, in monotonic seconds."""
        self._hub = hub
        self._chains = chains
        self._arbiter = arbiter
        self._workers = workers
        self._muted = muted
        self._settings = AssistSettings()
        self._listener: Listener | None = None
        self._stop = asyncio.Event()

    def use(self, settings: AssistSettings) -> None:
        """Take other settings, from the next turn on."""
        self._settings = self.turns.settings = settings
        if self._listener is not None:
            self._listener.settings = settings

    def listen(self, context: Context | None = None, *, seconds: float | None = None) -> None:
        """Listen without a wake word; what is being said is cut off. `seconds`: how long to wait for speech."""
        if self._listener is None:
            _LOGGER.warning("%s cannot listen: it has no microphone", self.site.id)
            return
        if self._muted(self.site.id):
            _LOGGER.info("%s does not listen: its microphone is muted", self.site.id)
            return
        self.turns.end_current("listen")
        now = self._hub.clock.monotonic()
        woken = Woken(context or Context(), heard=now, detected=now, quiet=seconds is not None)
        self._listener.listen(woken, seconds)

    def stop(self) -> None:
        """End it; `run` then returns."""
        self._stop.set()

    async def run(self) -> None:
        """Run until `stop` or cancelled."""
        async with Owner(f"site {self.site.id}") as owner:
            turns = owner.spawn(self.turns.run(), "turns")
            if self.site.audio_in is not None:
                owner.spawn(self._listen(owner), "listener")
            await self._stop.wait()
            turns.cancel()
            await asyncio.wait({turns})

    async def _listen(self, owner: Owner) -> None:
        worker = self._workers(f"ears-{self.site.id}")
        owner.on_stop(worker.close)
        while True:
            ears = Ears(self._hub, self.site, self._chains, worker, owner)
            self._listener = Listener(self._hub, self.site, ears, self.turns, self._arbiter, worker)
            self._listener.settings = self._settings
            self._listener.muted = lambda: self._muted(self.site.id)
            self.turns.on_follow_up = lambda seconds: self.listen(seconds=seconds)
            try:
                await self._listener.run()
            except Exception as error:  # supervises foreign detectors and devices: the site must hear again
                _LOGGER.exception("listening at %s failed", self.site.id)
                self._hub.report("error", f"site {self.site.id}", f"listening failed: {type(error).__name__}: {error}")
            else:
                self._listener = None
                return
            await self._hub.clock.sleep(RESTART_SECONDS)

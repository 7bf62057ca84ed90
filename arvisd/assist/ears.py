"""The detectors of one site: made from the providers that the settings choose, made anew when these change."""

from __future__ import annotations

import asyncio
import logging

import msgspec

from arvisd.assist.settings import AssistSettings
from arvisd.assist.site import Site
from arvisd.assist.worker import Worker
from arvisd.core.errors import ProviderError
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.providers.chains import Chains
from arvisd.providers.vad import VadDetector, VadProvider
from arvisd.providers.wake import WakeDetector, WakeProvider
from arvisd.providers.wake_any import any_of

_LOGGER = logging.getLogger(__name__)

RETRY_SECONDS = 30.0
"""So long after no provider could be had the next try is made, unless one is offered before."""


class _Wish(msgspec.Struct, frozen=True):
    """What detectors are made from; another wish makes others."""

    version: int
    order: tuple[tuple[str, ...], ...]
    words: tuple[str, ...]
    engines: tuple[str, ...]
    threshold: float | None


class Ears:
    """Holds a voice activity detector and, where the site has wake words, a wake word detector."""

    def __init__(self, hub: Hub, site: Site, chains: Chains, worker: Worker, owner: Owner) -> None:
        self.vad: VadDetector | None = None
        self.wake: WakeDetector | None = None
        self._hub = hub
        self._site = site
        self._chains = chains
        self._worker = worker
        self._owner = owner
        self._wish: _Wish | None = None
        self._made_by: tuple[object, ...] = ()
        self._task: asyncio.Task[None] | None = None
        self._next_try = 0.0
        self._said = ""

    def refresh(self, settings: AssistSettings) -> None:
        """See to it, in the background, that the detectors are those that are wished for now."""
        if self._task is not None:
            return
        words = settings.wake.words if self._site.wake_words is None else self._site.wake_words
        order = (settings.order.vad, settings.order.wake)
        wish = _Wish(self._chains.registry.version, order, words, settings.wake.engines, settings.wake.threshold)
        missing = self.vad is None or (self.wake is None and bool(words))
        if wish == self._wish and not (missing and self._hub.clock.monotonic() >= self._next_try):
            return
        self._wish = wish
        self._task = self._owner.spawn(self._make(wish), "detectors")

    async def _make(self, wish: _Wish) -> None:
        try:
            vad = await self._chains.vad.ready()
            wake = await self._chains.wake.all_ready(wish.engines) if wish.words else []
            made_by = (vad, *wake, wish.words, wish.threshold)
            if made_by != self._made_by:
                await self._take(vad, wake, wish)
                self._made_by = made_by
        except (ProviderError, ValueError) as error:
            self._say(str(error))
            self._next_try = self._hub.clock.monotonic() + RETRY_SECONDS
        finally:
            self._task = None

    async def _take(self, vad: VadProvider, wake: list[WakeProvider], wish: _Wish) -> None:
        self.vad = await self._worker.run(vad.detector)
        self.wake = None
        if not wake:
            return
        self.wake = await self._worker.run(lambda: any_of(wake, wish.words, wish.threshold))
        engines = " and ".join(provider.info.name for provider in wake)
        _LOGGER.info("%s listens for %s by %s", self._site.id, ", ".join(wish.words), engines)

    def _say(self, problem: str) -> None:
        if problem == self._said:
            return
        self._said = problem
        _LOGGER.warning("%s does not hear: %s", self._site.id, problem)
        self._hub.report("warning", f"site {self._site.id}", f"it does not hear: {problem}")

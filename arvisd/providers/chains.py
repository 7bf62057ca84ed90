"""All chains of the daemon, with one book of how each provider is doing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from typing import Any

from arvisd.core.clock import Clock
from arvisd.core.errors import ProviderError
from arvisd.core.events import ProviderHealth
from arvisd.core.owner import Owner
from arvisd.providers.base import Capability, Provider
from arvisd.providers.chain import Chain, ChainSettings
from arvisd.providers.registry import ProviderRegistry
from arvisd.providers.standing import Standings
from arvisd.providers.stt import SttProvider, Vocabulary
from arvisd.providers.stt_chain import SttChain
from arvisd.providers.tts_chain import TtsChain
from arvisd.providers.vad import VadProvider
from arvisd.providers.wake import WakeProvider

_LOGGER = logging.getLogger(__name__)


class Chains:
    """The chains by capability; `owner` runs the loading and is entered by whoever made it."""

    def __init__(
        self,
        registry: ProviderRegistry,
        clock: Clock,
        owner: Owner,
        settings: ChainSettings | None = None,
        vocabulary: Vocabulary | None = None,
    ) -> None:
        settings = settings or ChainSettings()
        self.registry = registry
        self.standings = Standings(clock, owner)
        self.stt = SttChain(registry, self.standings, clock, settings)
        self.vocabulary = vocabulary
        """Given to every recogniser before it is loaded."""
        self.standings.before_load = self._introduce
        self.tts = TtsChain(registry, self.standings, clock, settings)
        self.vad: Chain[VadProvider] = Chain(Capability.VAD, VadProvider, registry, self.standings, clock, settings)  # type: ignore[type-abstract]
        self.wake: Chain[WakeProvider] = Chain(Capability.WAKE, WakeProvider, registry, self.standings, clock, settings)  # type: ignore[type-abstract]

    def on_change(self, listener: Callable[[], object]) -> None:
        """Call `listener` whenever the health of a provider became another."""
        self.standings.on_change = listener

    def use(self, settings: ChainSettings) -> None:
        """Take other settings; requests that are under way go on as they began."""
        for chain in (self.stt, self.tts, self.vad, self.wake):
            chain.settings = settings

    def health(self) -> list[ProviderHealth]:
        """Return how every offered provider is doing."""
        return [self.standings.of(provider).health() for provider in self.registry]

    async def preload(self, languages: Iterable[str]) -> None:
        """Load, at the same time, who would be asked first; who cannot be loaded is noted in the health."""
        languages = list(languages)
        await asyncio.gather(
            self._first(self.wake, ""),
            self._first(self.vad, ""),
            *(self._first(chain, language) for chain in (self.stt, self.tts) for language in languages),
        )

    def _introduce(self, provider: Provider) -> None:
        if self.vocabulary is not None and isinstance(provider, SttProvider):
            provider.use(self.vocabulary)

    @staticmethod
    async def _first(chain: Chain[Any], language: str) -> None:
        try:
            await chain.ready(language)
        except ProviderError as error:
            _LOGGER.warning("%s", error)

    async def forget_gone(self) -> None:
        """Close the providers that are offered no more."""
        await self._close(self.standings.forget_all_but(list(self.registry)))

    async def close(self) -> None:
        """Close every provider that was loaded."""
        await self._close(self.standings.forget_all_but([]))

    @staticmethod
    async def _close(providers: list[Provider]) -> None:
        for provider in providers:
            try:
                await provider.close()
            except Exception:  # supervises foreign code: one that cannot close must not keep the others open
                _LOGGER.exception("closing %s %s failed", provider.info.capability, provider.info.name)

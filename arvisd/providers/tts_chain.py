"""Speech by the first voice that can, sentence by sentence."""

from __future__ import annotations

from collections.abc import AsyncIterator

import msgspec

from arvisd.core.clock import Clock
from arvisd.core.errors import ProviderError
from arvisd.providers.base import Capability
from arvisd.providers.chain import Chain, ChainSettings, closing, next_of, provider_error
from arvisd.providers.errors import BrokenOffError
from arvisd.providers.registry import ProviderRegistry
from arvisd.providers.standing import Standings
from arvisd.providers.tts import SpeechChunk, SpeechRequest, TtsProvider


class Voiced(msgspec.Struct, frozen=True):
    """Some sound of a sentence and who made it."""

    chunk: SpeechChunk
    provider: str


class TtsChain(Chain[TtsProvider]):
    """Turns sentences into sound."""

    def __init__(
        self, registry: ProviderRegistry, standings: Standings, clock: Clock, settings: ChainSettings | None = None
    ) -> None:
        super().__init__(Capability.TTS, TtsProvider, registry, standings, clock, settings or ChainSettings())  # type: ignore[type-abstract]

    async def synthesize(self, request: SpeechRequest) -> AsyncIterator[Voiced]:
        """Yield the sound of one sentence.

        The chain moves on as long as nothing was given. A voice that fails later is held down and the
        sentence broken off: the caller knows whether any of it was heard, and asks again for the sentence or
        for the one after it, which the next voice then speaks.

        Raises:
            BrokenOffError: it failed in the middle of the sentence.
            ProviderError: nobody could; the text says why for each.
        """
        walk = self.walk(request.language)
        deadline = self._clock.monotonic() + self.settings.budget
        for provider in walk.candidates:
            limit = self.limit(deadline, last=provider is walk.candidates[-1])
            begun = False
            try:
                await self._clock.wait_for(self.standings.load(provider), limit)
                limit = self.limit(deadline, last=provider is walk.candidates[-1])
                async with closing(provider.synthesize(_fitting(request, provider))) as chunks:
                    while (chunk := await self._clock.wait_for(next_of(chunks), limit)) is not None:
                        begun = begun or bool(chunk.pcm)
                        yield Voiced(chunk, provider.info.name)
                        limit = self.settings.first_result
                if not begun:
                    raise ProviderError(f"{provider.info.name} gave no sound for {request.text!r}")
            except Exception as error:
                mapped = provider_error(provider, error)
                walk.failed(provider, mapped)
                if begun:
                    raise BrokenOffError(f"{provider.info.name} broke off: {mapped}") from error
            else:
                self.standings.succeeded(provider)
                return
        raise walk.exhausted()


def _fitting(request: SpeechRequest, provider: TtsProvider) -> SpeechRequest:
    """Return the request without its voice where the provider has no voice of that name."""
    if request.voice and request.voice not in provider.voices(request.language):
        return msgspec.structs.replace(request, voice="")
    return request

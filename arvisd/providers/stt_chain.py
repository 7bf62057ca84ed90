"""Recognition by the first recogniser that can: the next one hears the utterance from its start."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import msgspec

from arvisd.core.clock import Clock
from arvisd.core.errors import ProviderError, ProviderTimeoutError
from arvisd.providers.base import Capability
from arvisd.providers.chain import Chain, ChainSettings, cancel_and_wait, closing, provider_error
from arvisd.providers.registry import ProviderRegistry
from arvisd.providers.standing import Standings
from arvisd.providers.stt import Hypothesis, SttProvider
from arvisd.providers.utterance import UtteranceAudio


class Recognised(msgspec.Struct, frozen=True):
    """The final hypothesis and whose it is."""

    hypothesis: Hypothesis
    provider: str


Partial = Callable[[Hypothesis], object]
"""Told of every hypothesis that is not the final one."""


class SttChain(Chain[SttProvider]):
    """Turns the sound of one utterance into text, while it is still being said."""

    def __init__(
        self, registry: ProviderRegistry, standings: Standings, clock: Clock, settings: ChainSettings | None = None
    ) -> None:
        super().__init__(Capability.STT, SttProvider, registry, standings, clock, settings or ChainSettings())  # type: ignore[type-abstract]

    async def transcribe(
        self, audio: UtteranceAudio, language: str, on_partial: Partial = lambda hypothesis: None
    ) -> Recognised:
        """Return the final hypothesis.

        Time counts from the end of the utterance: the first result within `first_result`, the whole chain
        within `budget`. Whoever fails while somebody still speaks is replaced at once.

        Raises:
            ProviderError: nobody could; the text says why for each.
        """
        walk = self.walk(language)
        deadline = _Deadline(audio, self._clock, self.settings.budget)
        for provider in walk.candidates:
            last = provider is walk.candidates[-1]
            try:
                final = await self._within(
                    deadline, provider, self._attempt(provider, audio, language, on_partial), last
                )
            except ProviderError as error:
                walk.failed(provider, error)
            else:
                self.standings.succeeded(provider)
                return Recognised(final, provider.info.name)
        raise walk.exhausted()

    async def _attempt(
        self, provider: SttProvider, audio: UtteranceAudio, language: str, on_partial: Partial
    ) -> Hypothesis:
        try:
            await self.standings.load(provider)
            async with closing(provider.transcribe(audio.stream(), language)) as hypotheses:
                async for hypothesis in hypotheses:
                    if hypothesis.final:
                        return hypothesis
                    on_partial(hypothesis)
        except Exception as error:
            raise provider_error(provider, error) from error
        raise ProviderError(f"{provider.info.name} ended without a result")

    async def _within(
        self, deadline: _Deadline, provider: SttProvider, work: Coroutine[Any, Any, Hypothesis], last: bool
    ) -> Hypothesis:
        attempt = asyncio.create_task(work, name=f"stt by {provider.info.name}")
        expiry = asyncio.create_task(self._expire(deadline, last), name=f"stt limit of {provider.info.name}")
        try:
            await asyncio.wait({attempt, expiry}, return_when=asyncio.FIRST_COMPLETED)
            if attempt.done():
                return attempt.result()
        finally:
            await cancel_and_wait(attempt, expiry)
        raise ProviderTimeoutError(f"{provider.info.name} gave no result in time after the end of speech")

    async def _expire(self, deadline: _Deadline, last: bool) -> None:
        await self._clock.sleep(self.limit(await deadline.time(), last=last))


class _Deadline:
    """When a whole chain must be done: its budget counts from the end of the utterance."""

    def __init__(self, audio: UtteranceAudio, clock: Clock, budget: float) -> None:
        self._audio = audio
        self._clock = clock
        self._budget = budget
        self._time: float | None = None

    async def time(self) -> float:
        """Return it on the monotonic clock, once the utterance is finished."""
        await self._audio.finished.wait()
        if self._time is None:
            self._time = self._clock.monotonic() + self._budget
        return self._time

"""The providers of a capability in the order in which they are tried, and what is common to every walk along them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, aclosing, nullcontext
from typing import Any, Generic, TypeVar

import msgspec

from arvisd.core.clock import Clock
from arvisd.core.errors import ProviderError, ProviderTimeoutError
from arvisd.providers.base import Capability, Provider
from arvisd.providers.errors import ChainFailedError, NoProviderError
from arvisd.providers.registry import ProviderRegistry
from arvisd.providers.selection import ordered
from arvisd.providers.standing import Standings

_LOGGER = logging.getLogger(__name__)

P = TypeVar("P", bound=Provider)
T = TypeVar("T")


class ChainSettings(msgspec.Struct, frozen=True):
    """How chains choose and how long they wait."""

    order: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    """By capability: names of providers, the first is tried first; the others follow, local ones first."""
    first_result: float = 2.0
    """Seconds a provider has for its first result while there is another one to try; the last one has all that is left."""
    budget: float = 4.0
    """Seconds that the whole chain has for the first result."""
    local_only: bool = True
    """Leave out providers that send what they are given to another machine."""


class Walk(Generic[P]):
    """One walk along a chain: who is next, how long it may take, why the others could not."""

    def __init__(self, capability: Capability, language: str, candidates: Sequence[P], standings: Standings) -> None:
        self.capability = capability
        self.language = language
        self.candidates = candidates
        self._standings = standings
        self._reasons: list[str] = []

    def failed(self, provider: P, error: ProviderError) -> None:
        """Note why a provider could not; it is held down unless another try could not go otherwise anyway."""
        _LOGGER.debug("%s by %s: %s", self.capability, provider.info.name, error)
        self._reasons.append(f"{provider.info.name}: {error}")
        if error is not self._standings.of(provider).error:
            self._standings.failed(provider, error)

    def exhausted(self) -> ProviderError:
        """Return the error that says why nobody could."""
        what = f"{self.capability} for {self.language!r}" if self.language else f"{self.capability}"
        if not self.candidates:
            return NoProviderError(f"there is no provider of {what}: 'arvisd doctor' says what to install")
        return ChainFailedError(f"no provider of {what} could do it ({'; '.join(self._reasons)})")


class Chain(Generic[P]):
    """All providers of one interface; read anew from the registry for every request."""

    def __init__(
        self,
        capability: Capability,
        type_: type[P],
        registry: ProviderRegistry,
        standings: Standings,
        clock: Clock,
        settings: ChainSettings,
    ) -> None:
        self.capability = capability
        self.settings = settings
        """May be replaced at any time; requests that are under way go on as they began."""
        self.standings = standings
        self._type = type_
        self._registry = registry
        self._clock = clock

    def candidates(self, language: str = "") -> list[P]:
        """Return who will be tried, in order: those held down come last, those that cannot work at all not."""
        settings = self.settings
        order = settings.order.get(self.capability.value, ())
        able = ordered(self._registry.all(self._type), order, language, local_only=settings.local_only)
        standings = {id(provider): self.standings.of(provider) for provider in able}
        up = [provider for provider in able if not standings[id(provider)].held]
        held = [p for p in able if standings[id(p)].held and not standings[id(p)].unusable]
        return up + sorted(held, key=lambda provider: standings[id(provider)].held_until)

    async def ready(self, language: str = "") -> P:
        """Return the first provider that can be loaded.

        Raises:
            ProviderError: none can; the text says why for each.
        """
        walk = self.walk(language)
        for provider in walk.candidates:
            try:
                await self.standings.load(provider)
            except ProviderError as error:
                walk.failed(provider, error)
            else:
                return provider
        raise walk.exhausted()

    async def all_ready(self, names: Sequence[str] = ()) -> list[P]:
        """Return every provider that can be loaded, in order; `names`, where given, are the only ones wanted.

        Raises:
            ProviderError: none can; the text says why for each.
        """
        walk = self.walk("")
        wanted = [provider for provider in walk.candidates if not names or provider.info.name in names]
        if names and not wanted:
            there = ", ".join(provider.info.name for provider in walk.candidates) or "none"
            raise NoProviderError(
                f"there is no provider of {self.capability} named {' or '.join(names)}; there are {there}"
            )
        able: list[P] = []
        for provider in wanted:
            try:
                await self.standings.load(provider)
            except ProviderError as error:
                walk.failed(provider, error)
            else:
                able.append(provider)
        if not able:
            raise walk.exhausted()
        return able

    def walk(self, language: str) -> Walk[P]:
        """Begin one walk along the chain."""
        return Walk(self.capability, language, self.candidates(language), self.standings)

    def limit(self, deadline: float, *, last: bool) -> float:
        """Return how many seconds the next provider has until its first result; `deadline` is the whole chain's."""
        left = max(0.0, deadline - self._clock.monotonic())
        return left if last else min(left, self.settings.first_result)


def provider_error(provider: Provider, error: Exception) -> ProviderError:
    """Return any error of a provider's code as one of ours: the one boundary where foreign errors are mapped."""
    if isinstance(error, ProviderError):
        return error
    if isinstance(error, TimeoutError):
        return ProviderTimeoutError(f"{provider.info.name} gave no result in time")
    _LOGGER.warning("%s by %s failed", provider.info.capability, provider.info.name, exc_info=error)
    return ProviderError(f"{type(error).__name__}: {error}")


def closing(stream: AsyncIterator[T]) -> AbstractAsyncContextManager[AsyncIterator[T]]:
    """Close a provider's stream at the end of the block; those that are not generators need no closing."""
    return aclosing(stream) if isinstance(stream, AsyncGenerator) else nullcontext(stream)


async def next_of(stream: AsyncIterator[T]) -> T | None:
    """Return the next item of a stream, None at its end."""
    return await anext(stream, None)


async def cancel_and_wait(*tasks: asyncio.Task[Any]) -> None:
    """Cancel tasks and wait until they have ended; how they ended is looked at elsewhere."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

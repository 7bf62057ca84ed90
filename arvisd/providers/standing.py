"""How each provider is doing: loaded once, held down after a failure, shown as its health."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from arvisd.core.clock import Clock
from arvisd.core.errors import ProviderError, ProviderUnavailableError
from arvisd.core.events import ProviderHealth
from arvisd.core.owner import Owner
from arvisd.providers.base import Provider

_LOGGER = logging.getLogger(__name__)

HOLD_DOWN_FIRST = 30.0
"""Seconds a provider is held down after its first failure; doubled with each further one."""

HOLD_DOWN_MOST = 300.0
"""A provider is never held down for longer than this many seconds."""


class Standing:
    """What is known of one provider since it was offered."""

    def __init__(self, provider: Provider, clock: Clock) -> None:
        self.provider = provider
        self.failures = 0
        """How often it failed since it last did its work."""
        self.error: ProviderError | None = None
        """Why it failed last; None while it does its work."""
        self.loaded = False
        self.held_until = 0.0
        """When the hold-down ends, on the monotonic clock."""
        self.loading: asyncio.Task[None] | None = None
        """Runs while it is being loaded."""
        self._clock = clock

    @property
    def held(self) -> bool:
        """Whether it is held down: it failed lately, others are to be tried first."""
        return self.error is not None and self._clock.monotonic() < self.held_until

    @property
    def unusable(self) -> bool:
        """Whether it could not be loaded just now: trying it again at once is of no use."""
        return self.held and not self.loaded

    def health(self) -> ProviderHealth:
        """Return what the world may know."""
        info = self.provider.info
        detail = str(self.error) if self.error else ""
        return ProviderHealth(
            info.capability.value, info.name, info.local, list(info.languages), self.error is None, detail
        )


class Standings:
    """The standing of every provider, and the tasks that load them."""

    def __init__(self, clock: Clock, owner: Owner) -> None:
        """`owner` runs the loading; it is entered by whoever made it."""
        self._clock = clock
        self._owner = owner
        self._by_provider: dict[int, Standing] = {}
        self.on_change: Callable[[], object] | None = None
        """Told when the health of any provider became another."""
        self.before_load: Callable[[Provider], object] | None = None
        """Called with every provider that is about to be loaded."""

    def of(self, provider: Provider) -> Standing:
        """Return the standing of a provider, a fresh one for a provider that is new."""
        standing = self._by_provider.get(id(provider))
        if standing is None:
            standing = self._by_provider[id(provider)] = Standing(provider, self._clock)
        return standing

    async def load(self, provider: Provider) -> None:
        """Wait until a provider is loaded, loading it at most once; a caller that gives up does not stop it.

        Raises:
            ProviderError: it cannot work here; its standing says so.
        """
        standing = self.of(provider)
        if standing.loaded:
            return
        if standing.unusable:
            assert standing.error is not None
            raise standing.error
        if standing.loading is None:
            standing.loading = self._owner.spawn(self._load(standing), f"load {provider.info.name}")
        await asyncio.shield(standing.loading)
        if standing.error is not None and not standing.loaded:
            raise standing.error

    async def _load(self, standing: Standing) -> None:
        info = standing.provider.info
        before = self._clock.monotonic()
        try:
            if self.before_load is not None:
                self.before_load(standing.provider)
            await standing.provider.load()
        except ProviderError as error:
            self.failed(standing.provider, error)
        except Exception as error:
            _LOGGER.debug("loading %s %s", info.capability, info.name, exc_info=True)
            self.failed(standing.provider, ProviderUnavailableError(f"{type(error).__name__}: {error}"))
        else:
            standing.loaded = True
            self.succeeded(standing.provider)
            took = (self._clock.monotonic() - before) * 1000
            _LOGGER.info("%s by %s loaded in %.0f ms", info.capability, info.name, took)
        finally:
            standing.loading = None

    def failed(self, provider: Provider, error: ProviderError) -> None:
        """Hold a provider down, each time for twice as long, and remember why."""
        standing = self.of(provider)
        standing.failures += 1
        hold = min(HOLD_DOWN_MOST, HOLD_DOWN_FIRST * 2 ** (standing.failures - 1))
        standing.held_until = self._clock.monotonic() + hold
        news = standing.error is None or str(standing.error) != str(error)
        standing.error = error
        info = provider.info
        if isinstance(error, ProviderUnavailableError):
            # no fault while others serve, and the usual case for a voice nobody has fetched
            _LOGGER.log(logging.INFO if news else logging.DEBUG, "no %s by %s: %s", info.capability, info.name, error)
        else:
            _LOGGER.log(
                logging.WARNING if news else logging.DEBUG,
                "%s by %s failed, held down for %.0f s: %s",
                info.capability,
                info.name,
                hold,
                error,
            )
        if news:
            self._changed()

    def succeeded(self, provider: Provider) -> None:
        """Note that a provider did its work: it is held down no more."""
        standing = self.of(provider)
        if standing.error is not None or standing.failures:
            standing.error, standing.failures = None, 0
            self._changed()

    def forget_all_but(self, providers: list[Provider]) -> list[Provider]:
        """Drop the standing of providers that are offered no more; return those of them that were loaded."""
        kept = {id(provider) for provider in providers}
        gone = [standing for key, standing in self._by_provider.items() if key not in kept]
        for standing in gone:
            del self._by_provider[id(standing.provider)]
        return [standing.provider for standing in gone if standing.loaded]

    def _changed(self) -> None:
        if self.on_change is not None:
            self.on_change()

"""Who can do what: every provider that an integration has offered, by capability and name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from arvisd.core.owner import Owner
from arvisd.providers.base import Capability, Provider

P = TypeVar("P", bound=Provider)


class ProviderRegistry:
    """Holds the providers; chains read it anew for every request, so that a reload shows at once."""

    def __init__(self) -> None:
        self._providers: dict[tuple[Capability, str], Provider] = {}
        self.version = 0
        """Grows with every change."""

    def register(self, provider: Provider, owner: Owner) -> None:
        """Offer a provider until the owner stops; raise ValueError when its name is taken."""
        key = (provider.info.capability, provider.info.name)
        if key in self._providers:
            raise ValueError(f"there is already a {key[0]} provider named {key[1]!r}")
        self._providers[key] = provider
        self.version += 1
        owner.on_stop(lambda: self._forget(key))

    def _forget(self, key: tuple[Capability, str]) -> None:
        if self._providers.pop(key, None) is not None:
            self.version += 1

    def all(self, type_: type[P]) -> list[P]:
        """Return the providers of one interface, in the order in which they were offered."""
        return [provider for provider in self._providers.values() if isinstance(provider, type_)]

    def __iter__(self) -> Iterator[Provider]:
        return iter(list(self._providers.values()))

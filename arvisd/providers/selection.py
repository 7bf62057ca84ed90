"""Which providers a chain tries, and in what order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from arvisd.providers.base import Provider

P = TypeVar("P", bound=Provider)


def ordered(providers: Iterable[P], order: Sequence[str], language: str = "", *, local_only: bool = True) -> list[P]:
    """Return those that may serve, in the order to try them.

    Those that the settings name come first, as named; the others follow, local ones before cloud ones, each
    in the order in which they were offered.

    Args:
        providers: what there is.
        order: names from the settings; unknown ones are passed over.
        language: `en`, `ru`, `en-GB`; empty: any will do.
        local_only: leave out those that send what they are given to another machine.
    """
    able = [
        provider
        for provider in providers
        if (not language or provider.serves(language)) and (provider.info.local or not local_only)
    ]
    ranks = {name: rank for rank, name in reversed(list(enumerate(order)))}
    return sorted(able, key=lambda p: (ranks.get(p.info.name, len(ranks)), not p.info.local))

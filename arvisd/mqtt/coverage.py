"""Decides for which filters the broker is asked, so that no message comes twice.

Brokers differ over overlapping subscriptions (measured: mosquitto sends one copy a subscription with
MQTT 5 and one in all with 3.1.1, amqtt one a subscription). So what another filter covers is not asked
for at all. What still overlaps in part (`a/+/c` and `a/b/+`) carries a subscription identifier each, by
which the first copy is told from the others; where there are no identifiers, one filter that covers
both is asked for instead, and the bus drops what nobody wanted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest

import msgspec

from arvisd.core.filter_tree import FilterTree
from arvisd.core.topics import topic_levels


class Plan(msgspec.Struct, frozen=True):
    """The filters to ask the broker for."""

    alone: frozenset[str]
    """No topic matches two of these, nor one of these and one of the others."""
    overlapping: frozenset[str]
    """Some topics match several of these: each needs an identifier."""


def plan(filters: Iterable[str], *, identifiers: bool, refused: frozenset[str] = frozenset()) -> Plan:
    """Return what to ask for so that all messages for these filters come, and each can be told from its copies.

    Args:
        filters: what listeners want.
        identifiers: the broker takes subscription identifiers.
        refused: what it does not let us subscribe to; narrower filters may still be granted.
    """
    given = set(filters) - refused
    wild = _without_covered(f for f in given if is_wild(f))
    if not identifiers:
        wild = _merged(wild, refused)
    overlapping = {f for pair in _overlaps(wild) for f in pair}
    tree: FilterTree[bool] = FilterTree()
    for filter_ in wild:
        tree.add(filter_, True)
    exact = {f for f in given if not is_wild(f) and not tree.match(f)}
    return Plan(frozenset((wild - overlapping) | exact), frozenset(overlapping))


def is_wild(filter_: str) -> bool:
    """Tell whether a filter has a wildcard."""
    return "+" in filter_ or "#" in filter_


def covers(wide: str, narrow: str) -> bool:
    """Tell whether every topic that matches `narrow` matches `wide`."""
    a, b = topic_levels(wide), topic_levels(narrow)
    if a[0] in ("+", "#") and b[0].startswith("$"):
        return False
    for index, level in enumerate(a):
        if level == "#":
            return True
        if index >= len(b) or b[index] == "#" or level not in ("+", b[index]):
            return False
    return len(a) == len(b)


def overlap(one: str, other: str) -> bool:
    """Tell whether some topic matches both filters."""
    a, b = topic_levels(one), topic_levels(other)
    if (a[0] in ("+", "#") and b[0].startswith("$")) or (b[0] in ("+", "#") and a[0].startswith("$")):
        return False
    for x, y in zip(a, b, strict=False):
        if x == "#" or y == "#":
            return True
        if x != y and "+" not in (x, y):
            return False
    # `a/#` matches `a` too
    return len(a) == len(b) or max(a, b, key=len)[min(len(a), len(b)) :] == ("#",)


def union(one: str, other: str) -> str:
    """Return the narrowest filter that covers two overlapping ones."""
    levels = []
    for x, y in zip_longest(topic_levels(one), topic_levels(other), fillvalue="#"):
        if x == "#" or y == "#":  # one that ended is matched by the other's '#'
            levels.append("#")
            break
        levels.append(x if x == y else "+")
    return "/".join(levels)


def _without_covered(filters: Iterable[str]) -> set[str]:
    """Drop every filter that another one covers."""
    kept: set[str] = set()
    # a covering filter is never longer, but for its '#'
    for filter_ in sorted(filters, key=lambda f: (len(topic_levels(f)) - f.endswith("#"), not f.endswith("#"), f)):
        if not any(covers(other, filter_) for other in kept):
            kept = {other for other in kept if not covers(filter_, other)}
            kept.add(filter_)
    return kept


def _merged(filters: set[str], refused: frozenset[str]) -> set[str]:
    """Replace overlapping filters by their unions until none overlap; what was refused is no way out."""
    while (pair := next((p for p in _overlaps(filters) if union(*p) not in refused), None)) is not None:
        filters = _without_covered((filters - set(pair)) | {union(*pair)})
    return filters


def _overlaps(filters: set[str]) -> Iterator[tuple[str, str]]:
    """Yield the pairs that overlap; only filters of the same first level, or with a wildcard there, can."""
    groups: dict[str, list[str]] = {}
    for filter_ in sorted(filters):
        groups.setdefault(topic_levels(filter_)[0], []).append(filter_)
    anywhere = groups.pop("+", []) + groups.pop("#", [])
    for group in [*groups.values(), anywhere]:
        for index, one in enumerate(group):
            for other in group[index + 1 :]:
                if overlap(one, other):
                    yield one, other
    for one in anywhere:
        for group in groups.values():
            for other in group:
                if overlap(one, other):
                    yield one, other

"""The one decision of a reload of helpers: which begin, which begin anew, which stop, which are left alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import msgspec

from arvisd.automation.helpers.items import Item
from arvisd.automation.reload import same_content


class HelperPlan(msgspec.Struct, frozen=True):
    """What a reload does; each wanted item stands in exactly one list."""

    kept: list[Item]
    """Unchanged: they go on untouched."""
    fresh: list[Item]
    """New, or of another content than what runs under their id."""
    gone: list[str]
    """Ids of those that are written no more."""


def plan_helpers(running: Mapping[str, Item], wanted: Mapping[str, Item], broken: Collection[str]) -> HelperPlan:
    """Decide.

    Args:
        running: what runs, by entity id, as it was last found valid.
        wanted: what is written now, by entity id.
        broken: sections of which something could not be read: nothing of them counts as gone.
    """
    kept: list[Item] = []
    fresh: list[Item] = []
    for entity_id, item in wanted.items():
        now = running.get(entity_id)
        (kept if now is not None and _same(now, item) else fresh).append(item)
    gone = [entity_id for entity_id, item in running.items() if entity_id not in wanted and item.section not in broken]
    return HelperPlan(kept, fresh, gone)


def _same(one: Item, other: Item) -> bool:
    return one.kind is other.kind and same_content(one.node, other.node) and same_content(one.shares, other.shares)

"""`homeassistant.turn_on`, `turn_off` and `toggle`: the same for entities of several domains."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import Any

from arvisd.core.actions import Action, ActionCall, Handler, NoData, Target
from arvisd.core.errors import ActionDataError
from arvisd.core.hub import Hub
from arvisd.home.registry import HomeRegistry
from arvisd.home.targets import as_list, resolve

LEFT_TO_THEIR_OWN = frozenset({"cover", "homeassistant", "lock", "valve"})
"""What is open or locked is no matter of on and off, as in Home Assistant."""


def any_domain_actions(hub: Hub, home: HomeRegistry) -> list[Action]:
    """Return the three actions; they reach every domain that has an action of that name."""

    def handler(verb: str) -> Handler:
        async def handle(call: ActionCall) -> dict[str, Any]:
            groups: defaultdict[str, list[str]] = defaultdict(list)
            domains = switchable(hub, verb)
            others = [id_ for id_ in home.ungrouped(as_list(call.target.entity_id)) if _other(id_, domains, hub, home)]
            for entity_id in others:
                groups[entity_id.partition(".")[0]].append(entity_id)
            _refuse_unfit(call, domains, home)
            target = _without(call.target, others, home)
            if target is not None:
                for entity in resolve(home, target, domains, call.name):
                    groups[entity.domain].append(entity.id)
            await asyncio.gather(
                *(
                    hub.actions.call(f"{domain}.{verb}", None, Target(entity_id=ids), call.context)
                    for domain, ids in groups.items()
                )
            )
            return {"entities": sorted(id_ for ids in groups.values() for id_ in ids)}

        return handle

    return [
        Action("homeassistant.turn_on", NoData, "Turns entities on.", handler=handler("turn_on")),
        Action("homeassistant.turn_off", NoData, "Turns entities off.", handler=handler("turn_off")),
        Action("homeassistant.toggle", NoData, "Turns on what is off and off what is on.", handler=handler("toggle")),
    ]


def switchable(hub: Hub, verb: str) -> frozenset[str]:
    """Return the domains that offer an action of that name now."""
    found = (name.partition(".") for name in hub.actions.names())
    return frozenset(domain for domain, _, action in found if action == verb) - LEFT_TO_THEIR_OWN


def _refuse_unfit(call: ActionCall, domains: frozenset[str], home: HomeRegistry) -> None:
    """Raise ActionDataError for an entity that is named and cannot be switched."""
    for entity_id in as_list(call.target.entity_id):
        domain = entity_id.partition(".")[0]
        if domain not in domains and domain != "group" and home.entity(entity_id) is not None:
            raise ActionDataError(f"{call.name} is not for {entity_id}: call an action of {domain} instead")


def _other(entity_id: str, domains: frozenset[str], hub: Hub, home: HomeRegistry) -> bool:
    """Tell whether somebody has a state and a domain to switch it without being an entity of the house: an automation."""
    known = home.entity(entity_id) is None and hub.states.get(entity_id) is not None
    return known and entity_id.partition(".")[0] in domains


def _without(target: Target, entity_ids: list[str], home: HomeRegistry) -> Target | None:
    """Return the rest of a target; None where nothing is left of it."""
    if not entity_ids:
        return target
    rest = [id_ for id_ in home.ungrouped(as_list(target.entity_id)) if id_ not in entity_ids]
    left = Target(rest, target.device_id, target.area_id, target.floor_id, target.label_id)
    return left if rest or left.device_id or left.area_id or left.floor_id or left.label_id else None

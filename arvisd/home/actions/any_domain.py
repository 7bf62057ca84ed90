"""`homeassistant.turn_on`, `turn_off` and `toggle`: the same for entities of several domains."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import Any

from arvisd.core.actions import Action, ActionCall, Handler, NoData, Target
from arvisd.core.hub import Hub
from arvisd.home.registry import HomeRegistry
from arvisd.home.targets import resolve

SWITCHABLE = ("climate", "fan", "light", "switch")
"""Domains for which on and off are plain; doors and blinds are left to their own actions, as in Home Assistant."""


def any_domain_actions(hub: Hub, home: HomeRegistry) -> list[Action]:
    """Return the three actions."""

    def handler(verb: str) -> Handler:
        async def handle(call: ActionCall) -> dict[str, Any]:
            groups: defaultdict[str, list[str]] = defaultdict(list)
            for entity in resolve(home, call.target, SWITCHABLE, call.name):
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

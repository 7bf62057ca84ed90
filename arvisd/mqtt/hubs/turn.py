"""The action `arvisd.turn`: a switch of a hub knows one topic for both its commands, and turns with it whatever has an on and an off."""

from __future__ import annotations

from typing import Literal

import msgspec

from arvisd.core.actions import Action, ActionCall, Target
from arvisd.core.errors import ActionDataError
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner


class TurnData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `arvisd.turn`."""

    to: Literal["on", "off"]


def offer_turn(hub: Hub, owner: Owner) -> None:
    """Offer the action until the owner stops."""

    async def turn(call: ActionCall) -> None:
        ids = call.target.entity_id
        entities = [ids] if isinstance(ids, str) else list(ids)
        if not entities:
            raise ActionDataError("arvisd.turn needs a target: entity_id names what to turn on or off")
        by_domain: dict[str, list[str]] = {}
        for entity_id in entities:
            by_domain.setdefault(entity_id.partition(".")[0], []).append(entity_id)
        for domain, targets in by_domain.items():
            name = f"{domain}.turn_{call.data.to}"
            await hub.actions.call(name, {}, Target(entity_id=targets), call.context)

    hub.actions.register(
        Action("arvisd.turn", TurnData, "Turns what it targets on or off: by the data instead of the name.", turn),
        owner,
    )

"""HassSetPosition: blinds, curtains and valves part of the way."""

from __future__ import annotations

from arvisd.home.actions.cover import POSITION
from arvisd.intent.handlers.base import Command, Done, Handler
from arvisd.intent.handlers.house import House, able, by_action

ACTIONS = {"cover": "cover.set_cover_position", "valve": "valve.set_valve_position"}


def handlers(house: House) -> dict[str, Handler]:
    """Return the handlers of the family."""

    async def set_position(command: Command) -> Done:
        entities = able(house.meant(command, frozenset({"cover"})), POSITION, command.language)
        position = int(command.recognition.value("position"))
        orders = by_action(entities, ACTIONS, command.language)
        done = await house.call(command, orders, lambda _: {"position": position})
        answer = house.described(command, entities) | {"position": position}
        return Done(command.recognition.response, answer, done)

    return {"HassSetPosition": set_position}

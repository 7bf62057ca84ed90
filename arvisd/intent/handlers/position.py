"""HassSetPosition: blinds and curtains part of the way."""

from __future__ import annotations

from arvisd.home.actions.cover import POSITION
from arvisd.intent.handlers.base import Command, Done, Handler
from arvisd.intent.handlers.house import House, able


def handlers(house: House) -> dict[str, Handler]:
    """Return the handlers of the family."""

    async def set_position(command: Command) -> Done:
        entities = able(house.meant(command, frozenset({"cover"})), POSITION, command.language)
        position = int(command.recognition.value("position"))
        done = await house.call(command, {"cover.set_cover_position": entities}, lambda _: {"position": position})
        answer = house.described(command, entities) | {"position": position}
        return Done(command.recognition.response, answer, done)

    return {"HassSetPosition": set_position}

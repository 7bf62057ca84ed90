"""HassFanSetSpeed: the speed of fans in percent."""

from __future__ import annotations

from arvisd.home.actions.fan import SPEED
from arvisd.intent.handlers.base import Command, Done, Handler
from arvisd.intent.handlers.house import House, able


def handlers(house: House) -> dict[str, Handler]:
    """Return the handlers of the family."""

    async def set_speed(command: Command) -> Done:
        entities = able(house.meant(command, frozenset({"fan"})), SPEED, command.language)
        percentage = int(command.recognition.value("percentage"))
        done = await house.call(command, {"fan.set_percentage": entities}, lambda _: {"percentage": percentage})
        answer = house.described(command, entities) | {"percentage": percentage}
        return Done(command.recognition.response, answer, done)

    return {"HassFanSetSpeed": set_speed}

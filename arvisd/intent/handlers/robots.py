"""The intents of vacuum cleaners and lawn mowers."""

from __future__ import annotations

from arvisd.home.entity import Entity
from arvisd.intent.handlers.base import Command, Done, Handler, Refusal
from arvisd.intent.handlers.house import House


def handlers(house: House) -> dict[str, Handler]:
    """Return the handlers of the family."""

    def sending(domain: str, action: str) -> Handler:
        async def send(command: Command) -> Done:
            entities = _meant(house, command, domain)
            done = await house.call(command, {action: entities})
            return Done(command.recognition.response, house.described(command, entities), done)

        return send

    async def clean_area(command: Command) -> Done:
        _meant(house, command, "vacuum")
        raise Refusal("no_single_rooms")

    return {
        "HassVacuumStart": sending("vacuum", "vacuum.start"),
        "HassVacuumReturnToBase": sending("vacuum", "vacuum.return_to_base"),
        "HassVacuumCleanArea": clean_area,
        "HassLawnMowerStartMowing": sending("lawn_mower", "lawn_mower.start_mowing"),
        "HassLawnMowerDock": sending("lawn_mower", "lawn_mower.dock"),
    }


def _meant(house: House, command: Command, domain: str) -> list[Entity]:
    """Return the robots that are meant: named, else the only one there is, else asked for by name."""
    if command.recognition.name is not None:
        return house.meant(command)
    found = [entity for entity in house.home.entities(frozenset({domain})) if entity.spoken_at(command.utterance.site)]
    if not found:
        raise Refusal("none", {"domain": domain, "device_class": None})
    if len(found) > 1:
        names = [entity.name_in(command.language) for entity in found]
        raise Refusal("which", {"names": names}, missing="name", options=tuple(entity.id for entity in found))
    return found

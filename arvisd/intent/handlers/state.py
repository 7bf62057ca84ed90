"""HassGetState: how one thing is, and which, whether any, whether all or how many are in a state."""

from __future__ import annotations

from arvisd.core.states import UNAVAILABLE, UNKNOWN
from arvisd.home.entity import Entity
from arvisd.intent.handlers.base import Command, Done, Handler, Refusal
from arvisd.intent.handlers.house import House

ALIKE = {"open": ("open", "opening"), "closed": ("closed", "closing")}
"""States that count as another one."""


def handlers(house: House) -> dict[str, Handler]:
    """Return the handlers of the family."""

    async def get_state(command: Command) -> Done:
        asked = command.recognition.value("state")
        if command.recognition.name is not None:
            return _one(house, command, house.named(command), asked)
        entities = house.meant(command)
        if asked is None:
            return _one(house, command, _only(entities, command), None)
        wanted = _wanted(asked)
        matched = [e for e in entities if _is(house, e).casefold() in wanted]
        others = [e for e in entities if e not in matched]
        answer = house.described(command, entities) | {
            "matched": [e.name_in(command.language) for e in matched],
            "unmatched": [e.name_in(command.language) for e in others],
            "asked": asked,
        }
        return Done(command.recognition.response, answer)

    return {"HassGetState": get_state}


def _only(entities: list[Entity], command: Command) -> Entity:
    """Return the one thing whose state is asked for by its kind; of several, the one where it was asked."""
    near = [entity for entity in entities if command.utterance.area and entity.area == command.utterance.area]
    found = near or entities
    if len(found) > 1:
        names = [entity.name_in(command.language) for entity in found]
        raise Refusal("which", {"names": names}, missing="name", options=tuple(entity.id for entity in found))
    return found[0]


def _one(house: House, command: Command, entity: Entity, asked: object) -> Done:
    value = _is(house, entity)
    name = entity.name_in(command.language)
    if value in (UNAVAILABLE, UNKNOWN, ""):
        raise Refusal("unavailable" if value == UNAVAILABLE else "unknown_state", {"name": name, "names": [name]})
    answer = house.described(command, [entity]) | {"state": house.hub.states.get(entity.id), "value": value}
    return Done(command.recognition.response, answer | {"yes": value.casefold() in _wanted(asked), "asked": asked})


def _is(house: House, entity: Entity) -> str:
    state = house.hub.states.get(entity.id)
    return state.state if state is not None else ""


def _wanted(asked: object) -> tuple[str, ...]:
    """Return the states that are asked for, in small letters: that of a person is the name of a zone, as it is written."""
    given = asked if isinstance(asked, list) else [asked] if asked is not None else []
    values = [str(value).casefold() for value in given]
    return tuple(alike for value in values for alike in ALIKE.get(value, (value,)))

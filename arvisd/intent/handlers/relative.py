"""Warmer, colder, brighter and darker: by steps, of what was spoken of last or of what is in the room."""

from __future__ import annotations

from collections import defaultdict

from arvisd.home.actions.climate import TEMPERATURE
from arvisd.home.actions.light import BRIGHTNESS
from arvisd.home.entity import Entity
from arvisd.intent.handlers.base import Command, Done, Handler, Refusal
from arvisd.intent.handlers.house import House, able

DEGREES = 1.0
"""By how many degrees it gets warmer where nothing else is said."""
BRIGHTER = 20
"""By how many percent it gets brighter where nothing else is said."""
A_LITTLE = 10
"""By how many percent where a little is said."""


def handlers(house: House) -> dict[str, Handler]:
    """Return the handlers of the family."""

    async def adjust_temperature(command: Command) -> Done:
        by = _signed(command, "degrees", DEGREES)
        entities = able(_meant(house, command, "climate"), TEMPERATURE, command.language)
        entities = [e for e in entities if _number(house, e, "temperature") is not None]
        if not entities:
            raise Refusal("no_target_temperature")
        done: list[str] = []
        reached = 0.0
        for wanted, group in _grouped(house, entities, by).items():
            done = await house.call(
                command,
                {"climate.set_temperature": group},
                lambda _, t=wanted: {"temperature": t},  # type: ignore[misc]
            )
            reached = wanted
        return Done("default", house.described(command, entities) | {"temperature": reached}, done)

    async def adjust_brightness(command: Command) -> Done:
        little = command.recognition.value("amount") is not None
        by = _signed(command, "percent", A_LITTLE if little else BRIGHTER)
        entities = able(_meant(house, command, "light"), BRIGHTNESS, command.language)
        lit = [entity for entity in entities if _state(house, entity) == "on"]
        if not lit and by < 0:
            raise Refusal("already_off", house.described(command, entities))
        entities = lit or entities
        groups: defaultdict[int, list[Entity]] = defaultdict(list)
        for entity in entities:
            now = _percent(house, entity)
            groups[min(100, max(1, round(now + by)))].append(entity)
        done: list[str] = []
        for percent, group in groups.items():
            done = await house.call(command, {"light.turn_on": group}, lambda _, p=percent: {"brightness_pct": p})  # type: ignore[misc]
        return Done("default", house.described(command, entities) | {"brightness": max(groups)}, done)

    return {"AdjustTemperature": adjust_temperature, "AdjustBrightness": adjust_brightness}


def _meant(house: House, command: Command, domain: str) -> list[Entity]:
    recognition = command.recognition
    if recognition.name is None and recognition.here and (last := house.spoken_of(command, domain)):
        return last
    return house.meant(command, frozenset({domain}))


def _signed(command: Command, slot: str, step: float) -> float:
    said = command.recognition.value(slot)
    size = float(said) if said is not None else step
    return -size if command.recognition.value("direction") == "down" else size


def _grouped(house: House, entities: list[Entity], by: float) -> dict[float, list[Entity]]:
    """Return the thermostats by the temperature that each gets, within what it takes."""
    groups: defaultdict[float, list[Entity]] = defaultdict(list)
    for entity in entities:
        now = _number(house, entity, "temperature")
        assert now is not None
        low, high = _number(house, entity, "min_temp"), _number(house, entity, "max_temp")
        wanted = min(high if high is not None else now + by, max(low if low is not None else now + by, now + by))
        if wanted == now:
            raise Refusal("at_its_end", {"name": entity.name_in("en"), "temperature": now})
        groups[wanted].append(entity)
    return dict(groups)


def _state(house: House, entity: Entity) -> str:
    state = house.hub.states.get(entity.id)
    return state.state if state is not None else ""


def _number(house: House, entity: Entity, attribute: str) -> float | None:
    state = house.hub.states.get(entity.id)
    value = state.attributes.get(attribute) if state is not None else None
    return float(value) if isinstance(value, int | float) else None


def _percent(house: House, entity: Entity) -> float:
    """Return how bright a light is: 0 where it is off, 100 where it does not say."""
    if _state(house, entity) != "on":
        return 0.0
    brightness = _number(house, entity, "brightness")
    return 100.0 if brightness is None else brightness / 255 * 100

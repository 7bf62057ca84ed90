"""HassClimateGetTemperature and HassClimateSetTemperature."""

from __future__ import annotations

from arvisd.home.actions.climate import TEMPERATURE
from arvisd.home.entity import Entity
from arvisd.intent.handlers.base import Command, Done, Handler, Refusal
from arvisd.intent.handlers.house import House, able

_CLIMATE = frozenset({"climate"})


def handlers(house: House) -> dict[str, Handler]:
    """Return the handlers of the family."""

    async def get_temperature(command: Command) -> Done:
        try:
            entities = house.meant(command, frozenset({"climate", "sensor"}))
        except Refusal as refusal:
            if refusal.phrase.startswith("none"):
                raise Refusal(refusal.phrase, refusal.variables | {"domain": "temperature"}) from None
            raise
        for entity in sorted(entities, key=lambda e: e.domain != "climate"):
            temperature = _measured(house, entity)
            if temperature is not None:
                return Done("default", house.described(command, [entity]) | {"temperature": temperature})
        area = command.recognition.value("area")
        raise Refusal(
            "none_in_area" if area else "none",
            {"domain": "temperature", "area": house.area_name(area, command.language) if area else ""},
        )

    async def set_temperature(command: Command) -> Done:
        entities = able(house.meant(command, _CLIMATE), TEMPERATURE, command.language)
        temperature = float(command.recognition.value("temperature"))
        for entity in entities:
            _check_range(house, entity, temperature, command.language)
        done = await house.call(command, {"climate.set_temperature": entities}, lambda _: {"temperature": temperature})
        return Done("default", house.described(command, entities) | {"temperature": temperature}, done)

    return {"HassClimateGetTemperature": get_temperature, "HassClimateSetTemperature": set_temperature}


def _measured(house: House, entity: Entity) -> float | None:
    """Return the temperature that an entity measures, None where it measures none."""
    state = house.hub.states.get(entity.id)
    if state is None or (entity.domain == "sensor" and entity.device_class != "temperature"):
        return None
    value = state.attributes.get("current_temperature") if entity.domain == "climate" else state.state
    try:
        return float(value)  # type: ignore[arg-type]  # None is among what is caught
    except (TypeError, ValueError):
        return None


def _check_range(house: House, entity: Entity, temperature: float, language: str) -> None:
    state = house.hub.states.get(entity.id)
    low, high = (state.attributes.get(key) if state else None for key in ("min_temp", "max_temp"))
    if (low is not None and temperature < low) or (high is not None and temperature > high):
        raise Refusal("out_of_range", {"name": entity.name_in(language), "low": low, "high": high})

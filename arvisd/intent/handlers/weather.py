"""HassGetWeather: what a weather entity says now."""

from __future__ import annotations

from arvisd.core.states import UNAVAILABLE, UNKNOWN
from arvisd.intent.handlers.base import Command, Done, Handler, Refusal
from arvisd.intent.handlers.house import House

WEATHER = frozenset({"weather"})


def handlers(house: House) -> dict[str, Handler]:
    """Return the handlers of the family."""

    async def tell_weather(command: Command) -> Done:
        if command.recognition.name is not None:
            entity = house.named(command)
        else:
            entity = next((e for e in house.home.entities(WEATHER) if e.spoken_at(command.utterance.site)), None)  # type: ignore[assignment]
        state = house.hub.states.get(entity.id if entity is not None else _stated(house))
        if state is None:
            raise Refusal("no_weather")
        name = entity.name_in(command.language) if entity is not None else ""
        if state.state in (UNAVAILABLE, UNKNOWN):
            raise Refusal("no_weather_now", {"name": name})
        temperature = state.attributes.get("temperature")
        answer = {
            "condition": state.state,
            "temperature": temperature if isinstance(temperature, int | float) else None,
            "humidity": state.attributes.get("humidity"),
            "wind_speed": state.attributes.get("wind_speed"),
        }
        return Done("default", house.described(command, [entity] if entity is not None else []) | answer)

    return {"HassGetWeather": tell_weather}


def _stated(house: House) -> str:
    """Return the id of a weather state that is no entity of the house: an automation may write one."""
    return next(iter(house.hub.states.ids("weather")), "")

"""HassLightSet: brightness, colour and colour temperature."""

from __future__ import annotations

from typing import Any

from arvisd.home.actions.light import BRIGHTNESS, COLOR, COLOR_TEMP
from arvisd.intent.handlers.base import Command, Done, Handler, Refusal
from arvisd.intent.handlers.house import House, able

LEVELS = {"max": 100, "maximum": 100, "min": 1, "minimum": 1}
"""Brightness by the words that stand for one."""


def handlers(house: House) -> dict[str, Handler]:
    """Return the handlers of the family."""

    async def light_set(command: Command) -> Done:
        value = command.recognition.value
        data: dict[str, Any] = {}
        entities = house.meant(command, frozenset({"light"}))
        if (brightness := value("brightness")) is not None:
            entities = able(entities, BRIGHTNESS, command.language)
            data["brightness_pct"] = LEVELS.get(str(brightness), brightness)
        if (color := value("color")) is not None:
            entities = able(entities, COLOR, command.language)
            data["color_name"] = color
        if (kelvin := value("temperature")) is not None:
            entities = able(entities, COLOR_TEMP, command.language)
            data["color_temp_kelvin"] = int(kelvin)
        if not data:
            raise Refusal("unrecognized")
        done = await house.call(command, {"light.turn_on": entities}, lambda _: data)
        answer = house.described(command, entities) | {"brightness": data.get("brightness_pct"), "color": color}
        return Done(command.recognition.response, answer | {"kelvin": kelvin}, done)

    return {"HassLightSet": light_set}

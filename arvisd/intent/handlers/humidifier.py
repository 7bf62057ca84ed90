"""HassHumidifierSetpoint, HassHumidifierMode and HassClimateSetFanMode: values and modes of the air."""

from __future__ import annotations

from arvisd.intent.handlers.base import Command, Done, Handler
from arvisd.intent.handlers.house import House


def handlers(house: House) -> dict[str, Handler]:
    """Return the handlers of the family."""

    async def set_humidity(command: Command) -> Done:
        entities = house.meant(command, frozenset({"humidifier"}))
        humidity = int(command.recognition.value("humidity"))
        done = await house.call(command, {"humidifier.set_humidity": entities}, lambda _: {"humidity": humidity})
        return Done("default", house.described(command, entities) | {"humidity": humidity}, done)

    async def set_mode(command: Command) -> Done:
        entities = house.meant(command, frozenset({"humidifier"}))
        mode = str(command.recognition.value("mode"))
        done = await house.call(command, {"humidifier.set_mode": entities}, lambda _: {"mode": mode})
        return Done("default", house.described(command, entities) | {"mode": mode}, done)

    async def set_fan_mode(command: Command) -> Done:
        entities = house.meant(command, frozenset({"climate"}))
        mode = str(command.recognition.value("fan_mode"))
        done = await house.call(command, {"climate.set_fan_mode": entities}, lambda _: {"fan_mode": mode})
        return Done("default", house.described(command, entities) | {"mode": mode}, done)

    return {
        "HassHumidifierSetpoint": set_humidity,
        "HassHumidifierMode": set_mode,
        "HassClimateSetFanMode": set_fan_mode,
    }

"""HassTurnOn, HassTurnOff, HassToggle and HassStopMoving: on and off, open and closed, locked and unlocked."""

from __future__ import annotations

from arvisd.intent.handlers.base import Command, Done, Handler
from arvisd.intent.handlers.house import House, by_action

ON = {
    "light": "light.turn_on",
    "switch": "switch.turn_on",
    "fan": "fan.turn_on",
    "climate": "climate.turn_on",
    "cover": "cover.open_cover",
    "lock": "lock.lock",
}
"""Home Assistant's reading: on is open for a cover and locked for a lock."""
OFF = {
    "light": "light.turn_off",
    "switch": "switch.turn_off",
    "fan": "fan.turn_off",
    "climate": "climate.turn_off",
    "cover": "cover.close_cover",
    "lock": "lock.unlock",
}
TOGGLE = {
    "light": "light.toggle",
    "switch": "switch.toggle",
    "fan": "fan.toggle",
    "climate": "climate.toggle",
    "cover": "cover.toggle",
}
STOP = {"cover": "cover.stop_cover", "valve": "valve.stop_valve"}

GENERAL = {"group": "homeassistant"}
"""Domains whose on and off are those of their members."""
NAMED = ("group", "humidifier", "input_boolean", "media_player", "script", "siren", "water_heater")
"""Domains that are turned on and off where one of them is named, and left alone where a room or the house is meant."""
NAMED_ON = {
    **{domain: f"{GENERAL.get(domain, domain)}.turn_on" for domain in NAMED},
    "button": "button.press",
    "input_button": "input_button.press",
    "scene": "scene.turn_on",
    "valve": "valve.open_valve",
}
NAMED_OFF = {
    **{domain: f"{GENERAL.get(domain, domain)}.turn_off" for domain in NAMED},
    "valve": "valve.close_valve",
}
NAMED_TOGGLE = {domain: f"{GENERAL.get(domain, domain)}.toggle" for domain in (*NAMED, "valve")}


def handlers(house: House) -> dict[str, Handler]:
    """Return the handlers of the family."""

    def turning(actions: dict[str, str], named: dict[str, str]) -> Handler:
        async def turn(command: Command) -> Done:
            entities = house.meant(command, frozenset(actions))
            orders = by_action(
                [entity for entity in entities if entity.controller is not None] or entities,
                actions | named,
                command.language,
            )
            done = await house.call(command, orders)
            several = command.recognition.referred and len(entities) > 1
            return Done(
                "several" if several else command.recognition.response, house.described(command, entities), done
            )

        return turn

    return {
        "HassTurnOn": turning(ON, NAMED_ON),
        "HassTurnOff": turning(OFF, NAMED_OFF),
        "HassToggle": turning(TOGGLE, NAMED_TOGGLE),
        "HassStopMoving": turning(STOP, {}),
    }

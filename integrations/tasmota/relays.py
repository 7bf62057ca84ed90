"""Relays, lights, shutters and fans of Tasmota (https://tasmota.github.io/docs/Commands/)."""

from __future__ import annotations

from typing import Any

from .described import Described, at
from .messages import LIGHT, RELAY, SHUTTER

DIMMER, COLD_WARM, RGB, RGB_WHITE, RGB_COLD_WARM = 1, 2, 3, 4, 5
"""Kinds of lights in `lt_st`."""

EFFECTS = ["Solid", "Wake up", "Cycle up", "Cycle down", "Random"]
"""Values 0 to 4 of the command Scheme."""

FULL_MIREDS = (153, 500)
NARROW_MIREDS = (200, 380)

MAX_RELAYS = 32
"""More than any board has."""

HSB = "{% set hsb = (value_json.HSBColor | default('')).split(',') %}{% if hsb | count == 3 %}{{ hsb[0] }},{{ hsb[1] }}{% endif %}"


def add_relays(described: Described) -> None:
    """Add what the relays of a device drive."""
    config = described.config
    relays = config.relays[:MAX_RELAYS]
    shutters = shutter_relays(relays)
    first_light = next((number for number, kind in enumerate(relays) if kind == LIGHT), 0)
    for number, kind in enumerate(relays):
        if kind == RELAY and config.fan and number > 0:
            continue  # the others set the fan's speed
        if kind == RELAY or (kind == LIGHT and config.fan and number == 0):
            _add_switched(described, number, as_light=bool(config.options.relays_are_lights or config.fan))
        elif kind == LIGHT:
            _add_light(described, number, number - first_light)
    for index, _relay in enumerate(shutters):
        _add_shutter(described, index, len(shutters))
    if config.fan:
        _add_fan(described)


def shutter_relays(relays: list[int]) -> list[int]:
    """Return the first relay of each pair that drives a shutter."""
    found: list[int] = []
    number = 0
    while number < len(relays) - 1:
        if relays[number] == relays[number + 1] == SHUTTER:
            found.append(number)
            number += 1
        number += 1
    return found


def _switched(described: Described, number: int) -> dict[str, Any]:
    config = described.config
    return {
        "command_topic": f"{described.command}POWER{number + 1}",
        "payload_on": config.on,
        "payload_off": config.off,
        "state_topic": described.result,
        "qos": 1,
        **described.states(),
    }


def _add_switched(described: Described, number: int, *, as_light: bool) -> None:
    kind = "light" if as_light else "switch"
    template = "state_value_template" if as_light else "value_template"
    described.add(
        kind,
        f"{kind}_relay_{number}",
        described.name_of(number, "relay"),
        **{template: described.power(number)},
        **_switched(described, number),
    )


def _add_light(described: Described, number: int, place: int) -> None:
    """Add a light: the one that the device is, its colour or its white, or one of several channels."""
    config = described.config
    kind, dimmer, said = config.light, "Dimmer3" if config.tuya else "Dimmer", "Dimmer"
    if config.options.channels:
        kind, dimmer, said = DIMMER, f"Channel{number + 1}", f"Channel{number + 1}"
    elif not config.linked and kind in (RGB_WHITE, RGB_COLD_WARM):
        white = DIMMER if kind == RGB_WHITE else COLD_WARM
        kind, dimmer = (RGB, "Dimmer1") if place == 0 else (white, "Dimmer2")
        said = dimmer
    keys: dict[str, Any] = {"state_value_template": described.power(number), **_switched(described, number)}
    if kind:
        keys |= _side(described, "brightness", dimmer, f"{{{{ value_json.{said} | default('') }}}}")
        keys["brightness_scale"] = 100
    if kind in (COLD_WARM, RGB_COLD_WARM):
        keys |= _side(described, "color_temp", "CT", "{{ value_json.CT | default('') }}")
        keys["min_mireds"], keys["max_mireds"] = NARROW_MIREDS if config.options.narrow_temperature else FULL_MIREDS
    if kind in (RGB, RGB_WHITE, RGB_COLD_WARM):
        keys |= _side(described, "hs", "Backlog", HSB)
        keys["hs_command_template"] = "HsbColor1 {{ hue | round | int }};HsbColor2 {{ sat | round | int }}"
        keys |= _side(described, "effect", "Scheme", f"{{{{ {EFFECTS!r}[value_json.Scheme] if value_json.Scheme is defined and 0 <= value_json.Scheme < 5 }}}}")  # fmt: skip
        keys["effect_command_template"] = f"{{{{ {EFFECTS!r}.index(value) }}}}"
        keys["effect_list"] = EFFECTS
    if kind in (RGB_WHITE, RGB_COLD_WARM):
        mode = "color_temp" if kind == RGB_COLD_WARM else "white"
        keys["color_mode_state_topic"] = described.result
        keys["color_mode_value_template"] = (
            f"{{% if value_json.White is defined %}}{{{{ '{mode}' if value_json.White > 0 else 'hs' }}}}{{% endif %}}"
        )
    if kind == RGB_WHITE:
        keys |= {"white_command_topic": f"{described.command}White", "white_scale": 100}
    described.add("light", f"light_light_{number}", described.name_of(number, "light"), **keys)


def _side(described: Described, side: str, command: str, template: str) -> dict[str, Any]:
    return {
        f"{side}_command_topic": f"{described.command}{command}",
        f"{side}_state_topic": described.result,
        f"{side}_value_template": template,
    }


def _add_shutter(described: Described, index: int, count: int) -> None:
    config = described.config
    number = index + 1
    options = config.shutter_options[index] if index < len(config.shutter_options) else 0
    inverted = bool(options & 1)
    tilt = config.shutter_tilts[index] if index < len(config.shutter_tilts) else []
    shutter = f"Shutter{number}"
    ways = {1: "closing", -1: "opening"} if inverted else {1: "opening", -1: "closing"}
    way = at([shutter, "Direction"]).replace(
        f'{{{{ sns["{shutter}"]["Direction"] }}}}',
        f'{{{{ {ways!r}[sns["{shutter}"]["Direction"]] | default(\'stopped\') }}}}',
    )
    topic = f"{described.tele}SENSOR"
    keys: dict[str, Any] = {
        "command_topic": f"{described.command}Backlog",
        "payload_open": f"ShutterOpen{number}",
        "payload_close": f"ShutterClose{number}",
        "payload_stop": f"ShutterStop{number}",
        "set_position_topic": f"{described.command}ShutterPosition{number}",
        "position_topic": topic,
        "position_template": at([shutter, "Position"]),
        "position_open": 0 if inverted else 100,
        "position_closed": 100 if inverted else 0,
        "state_topic": topic,
        "value_template": way,
        "device_class": "shutter",
        **described.sensors(),
    }
    if len(tilt) == 3 and tilt[2] and tilt[0] != tilt[1]:
        keys |= {
            "tilt_command_topic": f"{described.command}ShutterTilt{number}",
            "tilt_status_topic": topic,
            "tilt_status_template": at([shutter, "Tilt"]),
            "tilt_min": tilt[0],
            "tilt_max": tilt[1],
            "tilt_closed_value": tilt[0],
            "tilt_opened_value": tilt[1],
        }
    described.add("cover", f"cover_shutter_{index}", None if count == 1 else f"Shutter {number}", **keys)


def _add_fan(described: Described) -> None:
    speed = "value_json.FanSpeed"
    described.add(
        "fan", "fan_fan_ifan", None,
        command_topic=f"{described.command}FanSpeed", payload_on="2", payload_off="0",
        state_topic=described.result,
        state_value_template=f"{{% if {speed} is defined %}}{{{{ '2' if {speed} > 0 else '0' }}}}{{% endif %}}",
        percentage_command_topic=f"{described.command}FanSpeed",
        percentage_state_topic=described.result,
        percentage_value_template=f"{{{{ {speed} | default('') }}}}",
        speed_range_min=1, speed_range_max=3,
        **described.states(),
    )  # fmt: skip

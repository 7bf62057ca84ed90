"""Thermostats of zigbee2mqtt."""

from __future__ import annotations

from typing import Any

from .described import Described, named, ordered, said, suffixed
from .messages import Expose
from .properties import HVAC_ACTIONS, HVAC_MODES

USED = frozenset(
    {"occupied_heating_setpoint", "current_heating_setpoint", "occupied_cooling_setpoint", "local_temperature",
     "system_mode", "running_state", "fan_mode", "swing_mode", "preset"}
)  # fmt: skip
"""Features that a thermostat itself shows; the others become numbers, sensors and selects of their own."""

NAMED_MODES = (("fan_mode", "fan", "fan_mode_state_template"), ("swing_mode", "swing", "swing_mode_state_template"),
               ("preset", "preset", "preset_mode_value_template"))  # fmt: skip
"""Features with modes of their own: what they are in announcements, and the key of their template."""


def add_climate(climate: Expose, described: Described) -> None:
    """Add a thermostat."""
    heating = climate.feature("occupied_heating_setpoint", "current_heating_setpoint")
    cooling = climate.feature("occupied_cooling_setpoint")
    target = heating or cooling
    if target is None:
        described.left_out.append("climate")
        return
    told = described.state_topic
    config: dict[str, Any] = {
        "temperature_unit": "C",
        "min_temp": target.value_min,
        "max_temp": target.value_max,
        "temp_step": target.value_step,
    }
    config |= _modes(climate, described, "heat" if heating is not None else "cool")
    if heating is not None and cooling is not None:
        config |= _target("temperature_low", heating, described) | _target("temperature_high", cooling, described)
    else:
        config |= _target("temperature", target, described)
    if (local := climate.feature("local_temperature")) is not None:
        config |= {"current_temperature_topic": told, "current_temperature_template": said(local.key)}
    if (running := climate.feature("running_state")) is not None:
        config["action_topic"] = told
        config["action_template"] = f'{{{{ {HVAC_ACTIONS!r}[value_json["{running.key}"] | default("")] | default("") }}}}'  # fmt: skip
    for name, word, template in NAMED_MODES:
        mode = climate.feature(name)
        if mode is not None and mode.values:
            config |= {
                f"{word}_modes": [str(value) for value in mode.values],
                f"{word}_mode_state_topic": told,
                template: said(mode.key),
                f"{word}_mode_command_topic": described.set_topic,
                f"{word}_mode_command_template": ordered(mode.key, "{{ value | tojson }}"),
            }
            if word == "preset":
                config["preset_modes"] = [value for value in config["preset_modes"] if value != "none"]
    described.add("climate", suffixed("climate", climate), named(climate, alone=True), **config)


def _modes(climate: Expose, described: Described, only: str) -> dict[str, Any]:
    """Return the keys of its mode; one without modes always does the one thing that it can."""
    mode = climate.feature("system_mode")
    modes = [str(value) for value in mode.values if str(value) in HVAC_MODES] if mode is not None else []
    if mode is None or not modes:
        return {
            "modes": [only],
            "mode_state_topic": described.state_topic,
            "mode_state_template": only,
        }
    return {
        "modes": modes,
        "mode_state_topic": described.state_topic,
        "mode_state_template": said(mode.key),
        "mode_command_topic": described.set_topic,
        "mode_command_template": ordered(mode.key, "{{ value | tojson }}"),
    }


def _target(word: str, setpoint: Expose, described: Described) -> dict[str, Any]:
    return {
        f"{word}_state_topic": described.state_topic,
        f"{word}_state_template": said(setpoint.key),
        f"{word}_command_topic": described.set_topic,
        f"{word}_command_template": ordered(setpoint.key, "{{ value }}"),
    }

"""Switches, locks, fans and covers of zigbee2mqtt."""

from __future__ import annotations

from typing import Any

from .described import Described, named, order, ordered, said, suffixed
from .messages import Expose
from .properties import CLOSING, OPENING, STANDING

SPEEDS = ("low", "medium", "high", "1", "2", "3", "4", "5", "6", "7", "8", "9")
"""Modes of a fan that are speeds, slowest first; the others are presets."""


def add_switch(switch: Expose, described: Described) -> None:
    """Add a switch."""
    state = switch.feature("state") or next((f for f in switch.features if f.key), None)
    if state is None:
        described.left_out.append("switch")
        return
    ordinary = state.key == suffixed("state", state)
    described.add(
        "switch",
        suffixed("switch", switch) if ordinary else state.key,
        named(switch, alone=True) if ordinary else named(state),
        entity_category=None if ordinary else "config",
        **settable_state(state, described),
    )


def settable_state(state: Expose, described: Described) -> dict[str, Any]:
    """Return the keys of something that is switched between two values, which may be text or true and false."""
    return {
        "state_topic": described.state_topic if state.told else None,
        "value_template": said(state.key) if state.told else None,
        "command_topic": described.set_topic,
        "payload_on": order(state.key, state.value_on),
        "payload_off": order(state.key, state.value_off),
        "state_on": str(state.value_on),
        "state_off": str(state.value_off),
    }


def add_lock(lock: Expose, described: Described) -> None:
    """Add a lock; what its bolt says counts more than what it was told."""
    state, bolt = lock.feature("state"), lock.feature("lock_state")
    if state is None:
        described.left_out.append("lock")
        return
    value = said(state.key)
    if bolt is not None:
        words = {"locked": str(state.value_on), "unlocked": str(state.value_off), "not_fully_locked": "JAMMED"}
        value = f'{{{{ {words!r}[value_json["{bolt.key}"] | default("")] | default(value_json["{state.key}"] | default("")) }}}}'
    described.add(
        "lock", suffixed("lock", lock), named(lock, alone=True),
        state_topic=described.state_topic,
        value_template=value,
        command_topic=described.set_topic,
        payload_lock=order(state.key, state.value_on),
        payload_unlock=order(state.key, state.value_off),
        state_locked=str(state.value_on),
        state_unlocked=str(state.value_off),
    )  # fmt: skip


def add_fan(fan: Expose, described: Described) -> None:
    """Add a fan that has a state, and modes or a speed."""
    state, mode, speed = fan.feature("state"), fan.feature("mode"), fan.feature("speed")
    topic, told = described.set_topic, described.state_topic
    config: dict[str, Any] = {"command_topic": topic, "state_topic": told}
    if state is not None:
        on, off = order(state.key, state.value_on), order(state.key, state.value_off)
        here = f'value_json["{state.key}"]'
        config["state_value_template"] = f"{{% if {here} == {state.value_on!r} %}}{on}{{% elif {here} == {state.value_off!r} %}}{off}{{% endif %}}"  # fmt: skip
    elif mode is not None:
        on, off = order(mode.key, "on"), order(mode.key, "off")
        here = f'value_json["{mode.key}"]'
        config["state_value_template"] = f"{{% if {here} == 'off' %}}{off}{{% elif {here} is defined %}}{on}{{% endif %}}"  # fmt: skip
    else:
        described.left_out.append("fan")
        return
    config |= {"payload_on": on, "payload_off": off}
    if mode is not None:
        values = [str(value) for value in mode.values]
        speeds = [value for value in SPEEDS if value in values]
        presets = [value for value in values if value not in speeds and value != "off"]
        here = f'value_json["{mode.key}"]'
        if speeds:
            numbers = {value: number for number, value in enumerate(speeds, 1)}
            names = {str(number): value for value, number in numbers.items()}
            config |= {
                "percentage_state_topic": told,
                "percentage_value_template": f"{{{{ {numbers!r}[{here} | default('') | string] | default('None') }}}}",
                "percentage_command_topic": topic,
                "percentage_command_template": ordered(mode.key, f"{{{{ {names!r}[value | string] | tojson }}}}"),
                "speed_range_min": 1,
                "speed_range_max": len(speeds),
            }
        if presets:
            config |= {
                "preset_modes": presets,
                "preset_mode_state_topic": told,
                "preset_mode_value_template": f"{{{{ {here} if {here} in {presets!r} else 'None' }}}}",
                "preset_mode_command_topic": topic,
                "preset_mode_command_template": ordered(mode.key, "{{ value | tojson }}"),
            }
    elif speed is not None:
        config |= {
            "percentage_state_topic": told,
            "percentage_value_template": said(speed.key),
            "percentage_command_topic": topic,
            "percentage_command_template": ordered(speed.key, "{{ value }}"),
            "speed_range_min": int(speed.value_min or 1),
            "speed_range_max": int(speed.value_max or 254),
        }
    described.add("fan", suffixed("fan", fan), named(fan, alone=True), **config)


def add_cover(cover: Expose, described: Described, others: list[Expose]) -> str | None:
    """Add a cover; return the property of its motor where another expose tells whether it moves."""
    state, position, tilt = cover.feature("state"), cover.feature("position"), cover.feature("tilt")
    if state is None:
        described.left_out.append("cover")
        return None
    config: dict[str, Any] = {
        "command_topic": described.set_topic,
        "payload_open": order(state.key, "OPEN"),
        "payload_close": order(state.key, "CLOSE"),
        "payload_stop": order(state.key, "STOP") if "STOP" in state.values or not state.values else None,
    }
    motor, words = _motor(others)
    if motor is not None:
        config |= {
            "state_topic": described.state_topic,
            "value_template": f"{{{{ {words!r}[value_json[\"{motor.key}\"] | default('')] | default('') }}}}",
        }
    elif position is None:
        config |= {
            "state_topic": described.state_topic,
            "value_template": f"{{{{ {{'OPEN': 'open', 'CLOSE': 'closed', 'STOP': 'stopped'}}[value_json[\"{state.key}\"] | default('')] | default('') }}}}",
        }
    if position is not None:
        config |= {
            "position_topic": described.state_topic,
            "position_template": said(position.key),
            "set_position_topic": described.set_topic,
            "set_position_template": ordered(position.key, "{{ position }}"),
        }
    if tilt is not None:
        config |= {
            "tilt_status_topic": described.state_topic,
            "tilt_status_template": said(tilt.key),
            "tilt_command_topic": described.set_topic,
            "tilt_command_template": ordered(tilt.key, "{{ tilt_position }}"),
        }
    described.add("cover", suffixed("cover", cover), named(cover, alone=True), **config)
    return motor.key if motor is not None else None


def _motor(others: list[Expose]) -> tuple[Expose | None, dict[str, str]]:
    """Return the property that says which way a cover moves, with what its values mean."""
    for expose in others:
        if expose.type != "enum" or expose.name not in ("motor_state", "moving") or not expose.told:
            continue
        words = {}
        for value in map(str, expose.values):
            for meaning, known in (("opening", OPENING), ("closing", CLOSING), ("stopped", STANDING)):
                if value.lower() in known:
                    words[value] = meaning
        if len(set(words.values())) == 3:
            return expose, words
    return None, {}

"""By which actions an entity of a domain is brought to a state: a table."""

from __future__ import annotations

import msgspec

STATE = "$state"
"""Stands for the wanted state among the sources of an action's data."""


class Way(msgspec.Struct, frozen=True):
    """One action, and when it is called."""

    action: str
    """Its name within the domain."""
    states: tuple[str, ...] = ()
    """Wanted states for which it is called; empty: all but those of `excluded`, as far as they fit `pattern`."""
    excluded: tuple[str, ...] = ()
    data: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Its data: a key, and the attributes of which the first that is wanted gives it. The action is called only
    where each has one."""
    refined: bool = True
    """Further keys of its schema are taken from attributes of the same name."""
    pattern: str = ""
    """What the wanted state looks like, as a regular expression."""
    instead: bool = False
    """Where it is called those after it are not."""


def _on(*others: Way) -> tuple[Way, ...]:
    return (Way("turn_off", ("off",), instead=True), Way("turn_on", ("on",)), *others)


def _set(action: str, key: str, *attributes: str, excluded: tuple[str, ...] = ()) -> Way:
    return Way(action, (), excluded, ((key, attributes or (key,)),))


_POSITION = (
    Way("set_cover_position", data=(("position", ("current_position", "position")),), instead=True),
    Way("open_cover", ("open", "opening")),
    Way("close_cover", ("closed", "closing")),
)
_TILT = Way("set_cover_tilt_position", data=(("tilt_position", ("current_tilt_position", "tilt_position")),))

WAYS: dict[str, tuple[Way, ...]] = {
    "alarm_control_panel": (
        Way("alarm_disarm", ("disarmed",)),
        Way("alarm_arm_home", ("armed_home",)),
        Way("alarm_arm_away", ("armed_away",)),
        Way("alarm_arm_night", ("armed_night",)),
        Way("alarm_arm_vacation", ("armed_vacation",)),
        Way("alarm_arm_custom_bypass", ("armed_custom_bypass",)),
        Way("alarm_trigger", ("triggered",)),
    ),
    "automation": _on(),
    "climate": (
        _set("set_hvac_mode", "hvac_mode", STATE),
        _set("set_temperature", "temperature", excluded=("off",)),
        Way(
            "set_temperature",
            (),
            ("off",),
            (("target_temp_low", ("target_temp_low",)), ("target_temp_high", ("target_temp_high",))),
        ),
        _set("set_preset_mode", "preset_mode", excluded=("off",)),
        _set("set_fan_mode", "fan_mode", excluded=("off",)),
        _set("set_swing_mode", "swing_mode", excluded=("off",)),
        _set("set_humidity", "humidity", excluded=("off",)),
    ),
    "counter": (_set("set_value", "value", STATE),),
    "cover": (_TILT, *_POSITION),
    "date": (_set("set_value", "date", STATE),),
    "datetime": (_set("set_value", "datetime", STATE),),
    "fan": _on(
        _set("set_direction", "direction", excluded=("off",)), _set("oscillate", "oscillating", excluded=("off",))
    ),
    "humidifier": _on(_set("set_humidity", "humidity", excluded=("off",)), _set("set_mode", "mode", excluded=("off",))),
    "input_boolean": _on(),
    "input_datetime": (
        Way("set_datetime", data=(("date", (STATE,)),), pattern=r"\d+-\d+-\d+$", refined=False),
        Way("set_datetime", data=(("time", (STATE,)),), pattern=r"\d+:\d+(:\d+)?$", refined=False),
        Way("set_datetime", data=(("datetime", (STATE,)),), pattern=r"\d+-\d+-\d+[ T]", refined=False),
    ),
    "input_number": (_set("set_value", "value", STATE),),
    "input_select": (_set("select_option", "option", STATE),),
    "input_text": (_set("set_value", "value", STATE),),
    "lawn_mower": (
        Way("start_mowing", ("mowing",)),
        Way("pause", ("paused",)),
        Way("dock", ("docked", "returning")),
    ),
    "light": _on(),
    "lock": (
        Way("lock", ("locked", "locking")),
        Way("unlock", ("unlocked", "unlocking")),
        Way("open", ("open", "opening")),
    ),
    "media_player": (
        Way("turn_off", ("off",), instead=True),
        Way("turn_on", ("on", "idle", "playing", "paused", "buffering")),
        _set("volume_set", "volume_level"),
        _set("volume_mute", "is_volume_muted"),
        _set("select_source", "source"),
        _set("select_sound_mode", "sound_mode"),
        Way("media_play", ("playing",)),
        Way("media_pause", ("paused",)),
        Way("media_stop", ("idle",)),
    ),
    "number": (_set("set_value", "value", STATE),),
    "remote": _on(),
    "script": _on(),
    "select": (_set("select_option", "option", STATE),),
    "siren": _on(),
    "switch": _on(),
    "text": (_set("set_value", "value", STATE),),
    "time": (_set("set_value", "time", STATE),),
    "timer": (Way("start", ("active",)), Way("pause", ("paused",)), Way("cancel", ("idle",))),
    "vacuum": (
        Way("start", ("cleaning",)),
        Way("pause", ("paused",)),
        Way("return_to_base", ("docked", "returning")),
        Way("stop", ("idle",)),
        _set("set_fan_speed", "fan_speed"),
    ),
    "valve": (
        Way("set_valve_position", data=(("position", ("current_position", "position")),), instead=True),
        Way("open_valve", ("open", "opening")),
        Way("close_valve", ("closed", "closing")),
    ),
    "water_heater": (
        _set("set_operation_mode", "operation_mode", STATE),
        _set("set_temperature", "temperature", excluded=("off",)),
    ),
}
"""By domain, in the order in which the actions are called."""

ALTERNATIVES: dict[str, tuple[tuple[str, ...], ...]] = {
    "light": (
        (
            "color_name",
            "color_temp_kelvin",
            "kelvin",
            "color_temp",
            "hs_color",
            "rgb_color",
            "rgbw_color",
            "rgbww_color",
            "xy_color",
            "white",
        ),
        ("brightness", "brightness_pct"),
    ),
    "fan": (("preset_mode", "percentage"),),
}
"""By domain attributes that say the same in several ways: the action takes one of each group, the first that is there."""

COLOR_OF_MODE = {
    "color_temp": "color_temp_kelvin",
    "hs": "hs_color",
    "rgb": "rgb_color",
    "rgbw": "rgbw_color",
    "rgbww": "rgbww_color",
    "xy": "xy_color",
    "white": "white",
    "brightness": None,
    "onoff": None,
}
"""Of a light that tells its `color_mode`: the attribute that it shines by; the others only follow from it."""

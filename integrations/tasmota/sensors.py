"""Sensors, switches and buttons of Tasmota."""

from __future__ import annotations

import json
import re
from typing import Any

from .described import Described, at

IGNORED = frozenset({"Time", "PN532", "RDM6300"})
"""Keys of the tree that measure nothing."""

MAX_SENSORS = 200
"""Values of one device; the largest in the field, a three-phase meter, has some sixty."""

KINDS: dict[str, tuple[str | None, str | None]] = {
    "Ambient": ("illuminance", "lx"),
    "ApparentPower": ("apparent_power", "VA"),
    "Battery": ("battery", "%"),
    "CarbonDioxide": ("carbon_dioxide", "ppm"),
    "Current": ("current", "A"),
    "CurrentNeutral": ("current", "A"),
    "Distance": ("distance", "cm"),
    "Energy": ("energy", "kWh"),
    "ExportActive": ("energy", "kWh"),
    "ExportReactive": (None, "kVArh"),
    "Factor": ("power_factor", None),
    "Frequency": ("frequency", "Hz"),
    "Humidity": ("humidity", "%"),
    "Illuminance": ("illuminance", "lx"),
    "ImportActive": ("energy", "kWh"),
    "Moisture": ("moisture", "%"),
    "PM1": ("pm1", "µg/m³"),
    "PM10": ("pm10", "µg/m³"),
    "PM2.5": ("pm25", "µg/m³"),
    "Power": ("power", "W"),
    "ReactivePower": ("reactive_power", "var"),
    "TVOC": ("volatile_organic_compounds_parts", "ppb"),
    "Today": ("energy", "kWh"),
    "Total": ("energy", "kWh"),
    "TotalTariff": ("energy", "kWh"),
    "Voltage": ("voltage", "V"),
    "Weight": ("weight", "kg"),
    "Yesterday": ("energy", "kWh"),
    "eCO2": ("carbon_dioxide", "ppm"),
}
"""By the last key of a value: device class and unit."""

UNITS = {
    "DewPoint": ("temperature", "TempUnit"),
    "Temperature": ("temperature", "TempUnit"),
    "Pressure": ("atmospheric_pressure", "PressureUnit"),
    "SeaPressure": ("atmospheric_pressure", "PressureUnit"),
    "Speed": ("wind_speed", "SpeedUnit"),
}
"""Values whose unit the device says: device class, and the key of the unit."""

NAMES = {"Total": "Energy total", "Today": "Energy today", "Yesterday": "Energy yesterday"}
"""What people call it in place of the key."""

DEGREES = {"C": "°C", "F": "°F"}

_CAMEL = re.compile(r"([a-z])([A-Z])")

FOLLOWS = frozenset({1, 2, 3, 4, 5, 6, 9, 10, 13, 14, 15, 16})
"""SwitchModes in which a switch has a state (https://tasmota.github.io/docs/Buttons-and-Switches/#switchmode)."""
SHORT = frozenset({0, 3, 4, 5, 6, 7, 8, 11, 12})
"""SwitchModes in which TOGGLE says that it was pressed."""
HELD = {5: "button_long_press", 6: "button_long_press", 8: "button_double_press", 9: "button_double_press", 10: "button_double_press"}  # fmt: skip
"""SwitchModes in which HOLD says something, and what."""
MOTION = frozenset({13, 14})
"""SwitchModes of motion sensors, which never say that nothing moves."""

PRESSES = {
    "SINGLE": "button_short_press",
    "DOUBLE": "button_double_press",
    "TRIPLE": "button_triple_press",
    "QUAD": "button_quadruple_press",
    "PENTA": "button_quintuple_press",
    "HOLD": "button_long_press",
}
"""What a button says, and what automations call it."""


def add_sensors(described: Described, tree: dict[str, Any]) -> None:
    """Add a sensor for each value of the tree."""
    paths = [path for path in _paths(tree) if path[-1] != "TotalStartTime"][:MAX_SENSORS]
    for path in paths:
        keys = [key for key in path if isinstance(key, str)]
        class_, unit = _kind(keys, tree)
        counting = class_ == "energy" and "Yesterday" not in keys
        value = _value(tree, path)
        numeric = isinstance(value, int | float) and not isinstance(value, bool)
        described.add(
            "sensor", "sensor_sensor_" + "_".join(map(str, path)), _name(path),
            state_topic=f"{described.tele}SENSOR", value_template=at(path),
            device_class=class_ if numeric else None,
            unit_of_measurement=unit if numeric else None,
            state_class=("total_increasing" if counting else "measurement") if numeric else None,
            **described.sensors(),
        )  # fmt: skip


def add_switches(described: Described) -> None:
    """Add the switches that have a state, and those that are pressed."""
    config = described.config
    for number, mode in enumerate(config.switches[:28]):
        given = config.switch_names[number] if number < len(config.switch_names) else None
        key = given or f"Switch{number + 1}"
        if mode in FOLLOWS:
            read = (
                "{% set sns = value_json.StatusSNS | default(value_json) %}"
                f"{{% set said = sns[{json.dumps(key)}] | default('') %}}"
                "{{ said.Action | default('') if said is mapping else said }}"
            )
            described.add(
                "binary_sensor", f"binary_sensor_switch_{number}", given or f"Switch {number + 1}",
                state_topic=described.result, value_template=read,
                payload_on=config.on, payload_off=config.off,
                off_delay=1 if mode in MOTION else None,
                device_class="motion" if mode in MOTION else None,
                also_on={described.result: [] if mode in MOTION else [f"{described.tele}SENSOR", f"{described.answer}STATUS10"]},
            )  # fmt: skip
        presses = {}
        if mode in SHORT and len(config.words) > 2:
            presses[config.words[2]] = "button_short_press"
        if mode in HELD and len(config.words) > 3:
            presses[config.words[3]] = HELD[mode]
        _add_presses(described, key, f"switch_{number + 1}", presses)


def add_buttons(described: Described) -> None:
    """Add the buttons that say how they were pressed."""
    options = described.config.options
    if not options.buttons_apart:
        return
    for number, there in enumerate(described.config.buttons[:32]):
        if not there:
            continue
        presses = dict(PRESSES)
        if options.single_buttons:
            presses = {"SINGLE": presses["SINGLE"]}
        elif options.swapped_buttons:
            presses |= {"SINGLE": presses["DOUBLE"], "DOUBLE": presses["SINGLE"]}
        _add_presses(described, f"Button{number + 1}", f"button_{number + 1}", presses)


def _add_presses(described: Described, key: str, subtype: str, presses: dict[str, str]) -> None:
    if not presses:
        return
    said = f"{{% set said = value_json[{json.dumps(key)}] | default({{}}) %}}"
    action = "said.Action | default('') if said is mapping else ''"
    described.add(
        "event", subtype, subtype.replace("_", " ").capitalize(),
        state_topic=described.result,
        value_template=f"{said}{{% set done = {presses!r}[{action}] | default('') %}}{{% if done %}}{{\"event_type\": \"{{{{ done }}}}\"}}{{% endif %}}",
        event_types=sorted(set(presses.values())), device_class="button",
    )  # fmt: skip
    for word, kind in presses.items():
        described.add(
            "device_automation", f"{subtype}_{word}", None,
            automation_type="trigger", type=kind, subtype=subtype,
            topic=described.result, value_template=f"{said}{{{{ {action} }}}}", payload=word,
        )  # fmt: skip


def _paths(tree: dict[str, Any]) -> list[list[str | int]]:
    """Return where values stand in the tree: at most a sensor, its value, and the parts of that."""
    found: list[list[str | int]] = []
    for sensor, values in tree.items():
        if sensor in IGNORED or not isinstance(values, dict):
            continue
        for key, value in values.items():
            if isinstance(value, dict):
                found += [[sensor, key, part] for part in value]
            elif isinstance(value, list):
                found += [[sensor, key, number] for number in range(len(value))]
            else:
                found.append([sensor, key])
    return [path for path in found if path[-1] != "Id"]


def _kind(keys: list[str], tree: dict[str, Any]) -> tuple[str | None, str | None]:
    """Return device class and unit of a value."""
    if keys[0] in ("AS3935", "LD2410") and keys[1] == "Energy":
        return None, None  # no kilowatt hours: how strong a lightning or an echo was
    for key in reversed(keys[1:]):
        name = key.rstrip("0123456789") if keys[0] == "ANALOG" else key
        if name in KINDS:
            return KINDS[name]
        if name in UNITS:
            class_, where = UNITS[name]
            unit = tree.get(where)
            return class_, DEGREES.get(str(unit), str(unit)) if unit else None
    return None, None


def _name(path: list[str | int]) -> str:
    """Return a name: `ENERGY ApparentPower` is the apparent power, `SI7021 Temperature` says which sensor."""
    words = [_said(part) if isinstance(part, str) else str(part + 1) for part in path[1:]]
    return " ".join(words if path[0] == "ENERGY" else [str(path[0]), *words])


def _said(key: str) -> str:
    """Return a key as people say it: `ApparentPower` as apparent power."""
    return NAMES.get(key) or _CAMEL.sub(r"\1 \2", key).capitalize()


def _value(tree: Any, path: list[str | int]) -> Any:
    for part in path:
        tree = tree[part]
    return tree

"""What zigbee2mqtt publishes of its devices: shapes of its documentation, made by a few words for each device."""

from __future__ import annotations

from typing import Any

STATE, SET, GET = 1, 2, 4
ALL = STATE | SET | GET


def binary(name: str, on: Any = "ON", off: Any = "OFF", access: int = STATE, **more: Any) -> dict[str, Any]:
    return _expose("binary", name, access, value_on=on, value_off=off, **more)


def numeric(name: str, unit: str | None = None, access: int = STATE, **more: Any) -> dict[str, Any]:
    return _expose("numeric", name, access, **({"unit": unit} if unit else {}), **more)


def enum(name: str, *values: Any, access: int = STATE, **more: Any) -> dict[str, Any]:
    return _expose("enum", name, access, values=list(values), **more)


def text(name: str, access: int = STATE) -> dict[str, Any]:
    return _expose("text", name, access)


def composite(name: str, property_: str, *features: dict[str, Any], access: int = ALL) -> dict[str, Any]:
    return {
        "type": "composite",
        "name": name,
        "label": _label(name),
        "property": property_,
        "access": access,
        "features": list(features),
    }


def light(*parts: str, endpoint: str | None = None) -> dict[str, Any]:
    """A light; parts: `brightness`, `color_temp`, `color_xy`, `color_hs`."""
    made = [binary("state", access=ALL, value_toggle="TOGGLE")]
    for part in parts:
        if part == "brightness":
            made.append(numeric("brightness", access=ALL, value_min=0, value_max=254))
        elif part == "color_temp":
            made.append(numeric("color_temp", "mired", ALL, value_min=153, value_max=500))
        elif part == "color_xy":
            made.append(composite("color_xy", "color", numeric("x", access=ALL), numeric("y", access=ALL)))
        elif part == "color_hs":
            made.append(composite("color_hs", "color", numeric("hue", access=ALL), numeric("saturation", access=ALL)))
    return of_endpoint({"type": "light", "features": made}, endpoint)


def switch(endpoint: str | None = None) -> dict[str, Any]:
    return of_endpoint({"type": "switch", "features": [binary("state", access=ALL, value_toggle="TOGGLE")]}, endpoint)


def lock() -> dict[str, Any]:
    state = binary("state", "LOCK", "UNLOCK", ALL)
    return {"type": "lock", "features": [state, enum("lock_state", "not_fully_locked", "locked", "unlocked")]}


def cover(*parts: str) -> dict[str, Any]:
    made = [enum("state", "OPEN", "CLOSE", "STOP", access=STATE | SET)]
    made += [numeric(part, "%", ALL, value_min=0, value_max=100) for part in parts]
    return {"type": "cover", "features": made}


def fan(*modes: str) -> dict[str, Any]:
    state = binary("state", access=ALL) | {"property": "fan_state"}
    return {"type": "fan", "features": [state, enum("mode", *modes, access=ALL) | {"property": "fan_mode"}]}


def climate(setpoint: str = "occupied_heating_setpoint", *features: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "climate",
        "features": [
            numeric(setpoint, "°C", ALL, value_min=5, value_max=30, value_step=0.5),
            numeric("local_temperature", "°C", STATE | GET),
            enum("system_mode", "off", "auto", "heat", access=ALL),
            enum("running_state", "idle", "heat", access=STATE | GET),
            *features,
        ],
    }


def device(
    address: str,
    name: str,
    *exposes: dict[str, Any],
    type_: str = "Router",
    model: str = "TS0001",
    vendor: str = "TuYa",
    **more: Any,
) -> dict[str, Any]:
    """One entry of `bridge/devices`."""
    return {
        "ieee_address": address,
        "type": type_,
        "network_address": int(address[-4:], 16),
        "supported": True,
        "friendly_name": name,
        "disabled": False,
        "definition": {
            "source": "native",
            "model": model,
            "vendor": vendor,
            "description": f"{vendor} {model}",
            "exposes": [*exposes, numeric("linkquality", "lqi", value_min=0, value_max=255)],
            "supports_ota": False,
            "options": [],
        },
        "power_source": "Mains (single phase)" if type_ == "Router" else "Battery",
        "interviewing": False,
        "interview_completed": True,
        "interview_state": "SUCCESSFUL",
        "manufacturer": vendor,
        "endpoints": {"1": {"bindings": [], "configured_reportings": [], "clusters": {"input": [], "output": []}}},
        **more,
    }


COORDINATOR = {
    "ieee_address": "0x00124b0024c27f11",
    "type": "Coordinator",
    "network_address": 0,
    "supported": True,
    "friendly_name": "Coordinator",
    "disabled": False,
    "definition": None,
    "interviewing": False,
    "interview_completed": True,
    "endpoints": {},
}


def info(
    *, homeassistant: bool = False, availability: bool = True, base: str = "zigbee2mqtt", **devices: Any
) -> dict[str, Any]:
    """What stands in `bridge/info`."""
    return {
        "version": "2.6.0",
        "commit": "abcdef",
        "coordinator": {
            "ieee_address": COORDINATOR["ieee_address"],
            "type": "EmberZNet",
            "meta": {"revision": "7.4.4"},
        },
        "network": {"channel": 15, "pan_id": 6754, "extended_pan_id": "0x00"},
        "log_level": "info",
        "permit_join": False,
        "restart_required": False,
        "config": {
            "mqtt": {"base_topic": base, "server": "mqtt://localhost"},
            "homeassistant": {"enabled": homeassistant, "discovery_topic": "homeassistant"},
            "availability": {"enabled": availability},
            "devices": devices,
        },
    }


def of_endpoint(expose: dict[str, Any], endpoint: str | None) -> dict[str, Any]:
    """Return it as one of several of a device: its properties carry the endpoint."""
    if endpoint is None:
        return expose
    features = [
        feature | {"endpoint": endpoint, "property": f"{feature['property']}_{endpoint}"}
        for feature in expose["features"]
    ]
    return expose | {"endpoint": endpoint, "features": features}


def _expose(type_: str, name: str, access: int, **more: Any) -> dict[str, Any]:
    return {"type": type_, "name": name, "label": _label(name), "property": name, "access": access, **more}


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()


LAMP = "0x00158d0000000001"


def learn(rig, *devices):
    rig.hear("zigbee2mqtt/bridge/devices", [COORDINATOR, *devices], retain=True)
    for one in devices:
        rig.hear(f"zigbee2mqtt/{one['friendly_name']}/availability", {"state": "online"}, retain=True)

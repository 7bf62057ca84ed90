"""From one device or group of zigbee2mqtt to its components."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from .climates import USED as CLIMATE_FEATURES
from .climates import add_climate
from .described import Described, Place
from .lights import add_light
from .messages import Device, Expose, read_exposes
from .switches import add_cover, add_fan, add_lock, add_switch
from .values import add_value

GROUPED = ("light", "switch", "cover", "lock")
"""Kinds that a group can be: the first that all of its members are."""

EFFECT = "effect"

OWN_FEATURES: dict[str, frozenset[str]] = {
    "light": frozenset({"state", "brightness", "color_temp", "color_xy", "color_hs"}),
    "switch": frozenset({"state"}),
    "lock": frozenset({"state", "lock_state"}),
    "fan": frozenset({"state", "mode", "speed"}),
    "cover": frozenset({"state", "position", "tilt"}),
    "climate": CLIMATE_FEATURES,
}
"""By kind, the features that its own component shows; the others become values of their own."""


def describe(device: Device, place: Place) -> Described:
    """Return the components of a device."""
    described = Described(place)
    assert device.definition is not None
    exposes, strange = read_exposes(device.definition.exposes)
    described.left_out += strange
    shown: set[str] = set()
    """Properties that a kind already shows."""
    for expose in exposes:
        if expose.type in OWN_FEATURES:
            _add_kind(expose, exposes, described, shown)
    for expose in exposes:
        if expose.type not in OWN_FEATURES and expose.key not in shown:
            add_value(expose, described)
    return described


def describe_group(members: Iterable[Device], place: Place) -> Described:
    """Return the light, switch, cover or lock that a group is; nothing where its members have nothing in common."""
    described = Described(place)
    kinds = [_kinds(device) for device in members]
    for kind in GROUPED:
        if kinds and all(kind in found for found in kinds):
            alike = [found[kind] for found in kinds]
            features = {feature.name: feature for expose in alike for feature in expose.features}
            _add_kind(Expose(type=kind, features=list(features.values())), [], described, set())
            break
    return described


def asked_for(device: Device) -> str | None:
    """Return the property that a device can be asked for, so that its whole state comes."""
    if device.definition is None:
        return None
    exposes, _ = read_exposes(device.definition.exposes)
    properties = [e for expose in exposes for e in (expose.features if expose.type in OWN_FEATURES else [expose])]
    first = next((e for e in properties if e.access & 4 and e.key and e.type != "composite"), None)
    return first.key if first is not None else None


def _add_kind(expose: Expose, exposes: list[Expose], described: Described, shown: set[str]) -> None:
    alike = [other for other in exposes if other.endpoint == expose.endpoint]
    if expose.type == "light":
        effects = next((e for e in alike if e.type == "enum" and e.name == EFFECT and e.settable), None)
        if effects is not None:
            shown.add(effects.key)
        add_light(expose, described, [str(value) for value in effects.values] if effects is not None else [])
    elif expose.type == "cover":
        shown.add(add_cover(expose, described, alike) or "")
    else:
        {"switch": add_switch, "lock": add_lock, "fan": add_fan, "climate": add_climate}[expose.type](expose, described)
    own = OWN_FEATURES[expose.type]
    for feature in expose.features:
        if feature.name not in own:
            add_value(feature, described)
        shown.add(feature.key)


def _kinds(device: Device) -> dict[str, Expose]:
    """Return a device's kinds, without the endpoints of their features: a group is told as one thing."""
    if device.definition is None:
        return {}
    exposes, _ = read_exposes(device.definition.exposes)
    return {expose.type: _without_endpoint(expose) for expose in reversed(exposes) if expose.type in GROUPED}


def _without_endpoint(expose: Expose) -> Expose:
    if expose.endpoint is None:
        return expose
    ending = f"_{expose.endpoint}"
    features = [msgspec.structs.replace(f, endpoint=None, key=f.key.removesuffix(ending)) for f in expose.features]
    return msgspec.structs.replace(expose, endpoint=None, features=features)

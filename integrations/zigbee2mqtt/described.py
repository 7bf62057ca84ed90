"""Collects the components of one zigbee2mqtt device or group, in the form of announcements."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from arvisd.api import AnnouncedComponent

from .messages import Expose


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a device or group is reached, and how it is known."""

    base: str
    """`zigbee2mqtt`."""
    topic: str
    """Its own: `zigbee2mqtt/Kitchen lamp`."""
    id: str
    """What stays when it is renamed: its IEEE address, or the number of a group."""
    device: dict[str, Any]
    origin: dict[str, Any]
    availability: list[dict[str, Any]]


class Described:
    """The components of one device; `left_out` names what it exposes and nothing is made of."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.components: list[AnnouncedComponent] = []
        self.left_out: list[str] = []
        self.state_topic = place.topic
        self.set_topic = f"{place.topic}/set"

    def add(self, platform: str, object_id: str, name: str | None, **config: Any) -> None:
        """Add a component.

        Args:
            platform: `light`, …
            object_id: tells it from the device's others; with the device and the base topic it makes the unique id that
                zigbee2mqtt's own discovery gives, so that entities stay what they are when that is switched on or off.
            name: beside the device's; None: as the device.
            config: keys of an announcement; None: not given.
        """
        place = self.place
        given = {key: value for key, value in config.items() if value is not None}
        if platform != "device_automation":
            given |= {"name": name, "unique_id": f"{place.id}_{object_id}_{place.base}"}
            given |= {"availability": place.availability, "availability_mode": "all"}
        key = f"{place.base}/{place.id}/{platform}/{object_id}"
        self.components.append(AnnouncedComponent(key, platform, given, place.device, place.origin))


def said(property_: str) -> str:
    """Return the template of a property; one that a message leaves out says nothing."""
    return "{{ value_json[" + json.dumps(property_) + "] | default('') }}"


def order(property_: str, value: Any) -> str:
    """Return the payload that sets a property."""
    return json.dumps({property_: value}, ensure_ascii=False)


def ordered(property_: str, value: str) -> str:
    """Return the template of a payload that sets a property to what a template's expression gives."""
    return "{" + json.dumps(property_) + ": " + value + "}"


def named(expose: Expose, *, alone: bool = False) -> str | None:
    """Return the name of a component beside its device: `alone`, it is the device itself, or one of its endpoints."""
    endpoint = (expose.endpoint or "").replace("_", " ")
    if alone:
        return endpoint.capitalize() or None
    label = expose.label or expose.name.replace("_", " ").capitalize()
    return f"{label} {endpoint}".strip() if endpoint and endpoint.lower() not in label.lower() else label


def suffixed(word: str, expose: Expose) -> str:
    """Return an object id: `light`, or `light_left` for one of several."""
    return f"{word}_{expose.endpoint}" if expose.endpoint else word

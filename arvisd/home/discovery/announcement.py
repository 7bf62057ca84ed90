"""Reads one discovery message: whose it is, and which components it announces or takes away.

Topics and payloads are those of https://www.home-assistant.io/integrations/mqtt/#mqtt-discovery: a component on
`<prefix>/<component>/[<node>/]<object>/config`, or a whole device on `<prefix>/device/[<node>/]<object>/config`.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from arvisd.home.discovery.abbreviations import expand, table
from arvisd.home.discovery.errors import DiscoveryError

DEVICE = "device"
"""In place of the component: the message announces a whole device."""

MAX_BYTES = 512 * 1024
"""A larger announcement is refused; a bridge with a hundred components needs some 60 kB."""

MAX_COMPONENTS = 2000
"""Of one device; they are put to work in one go, 150 µs each, and nobody's voice waits longer."""

SHARED = frozenset(
    [
        "availability", "availability_mode", "availability_template", "availability_topic", "payload_available",
        "payload_not_available", "command_topic", "state_topic", "encoding", "qos", "message_expiry_interval",
    ]
)  # fmt: skip
"""Keys that a device announcement gives for all of its components."""

_TOPIC = re.compile(r"(?P<component>\w+)/(?:(?P<node>[A-Za-z0-9_-]+)/)?(?P<object>[A-Za-z0-9_-]+)/config")


class Component(msgspec.Struct, frozen=True):
    """One announced component, with full keys and topics."""

    key: str
    """Stays the same from one message to the next: `switch/node/object`, `device/node/object/id`."""
    platform: str
    """`light`, `sensor`, `device_automation`, …"""
    config: dict[str, Any]
    """Its keys, those of its device laid under them; without `device` and `origin`."""
    device: dict[str, Any]
    """What is said of its device; empty: nothing."""
    origin: dict[str, Any]
    """Who announces it; empty: not said."""


class Announcement(msgspec.Struct, frozen=True):
    """One message."""

    topic: str
    components: list[Component]
    """What there is from now on; all that this topic announced before and is not among them is gone."""
    migrating: bool = False
    """Nothing is taken away yet: another topic will announce the same components (`migrate_discovery`)."""


def read_announcement(prefix: str, topic: str, payload: bytes) -> Announcement:
    """Return what a message says; raise DiscoveryError with the topic where it says nothing that can be used."""
    try:
        return _read(prefix, topic, payload)
    except DiscoveryError as error:
        raise DiscoveryError(f"{topic}: {error}") from None


def written_component(platform: str, node: dict[str, Any]) -> Component:
    """Return a component that stands in the configuration; raise DiscoveryError."""
    name = node.get("unique_id") or node.get("name") or node.get("state_topic") or node.get("command_topic") or ""
    return _component(f"configuration/{platform}/{name}", platform, node, {}, {}, {})


def _read(prefix: str, topic: str, payload: bytes) -> Announcement:
    match = _TOPIC.fullmatch(topic.removeprefix(f"{prefix}/"))
    if match is None:
        raise DiscoveryError("the topic must be PREFIX/COMPONENT/[NODE/]OBJECT/config, of letters, digits, '_' and '-'")
    if len(payload) > MAX_BYTES:
        raise DiscoveryError(f"an announcement of {len(payload):,} bytes is refused: {MAX_BYTES:,} are the most")
    if not payload.strip():
        return Announcement(topic, [])
    try:
        node = msgspec.json.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DiscoveryError(f"the payload is no JSON: {error}") from None
    except RecursionError:
        raise DiscoveryError("the payload is nested too deeply") from None
    if not isinstance(node, dict):
        raise DiscoveryError("the payload must be a JSON object")
    if node.get("migrate_discovery", node.get("migr_discvry")):
        return Announcement(topic, [], migrating=True)
    place = "/".join(part for part in (match["component"], match["node"], match["object"]) if part)
    if match["component"] == DEVICE:
        return Announcement(topic, _components(place, node))
    return Announcement(topic, [_component(place, match["component"], node, {}, {}, {})])


def _components(place: str, node: dict[str, Any]) -> list[Component]:
    """Return the components of a device announcement, those of its child devices too."""
    node = expand(node, table().entity)
    device = _object(node, "device", required=True)
    origin = _object(node, "origin", required=True)
    shared = {key: value for key, value in node.items() if key in SHARED or key == "~"}
    found: dict[str, Component] = {}
    children = node.get("child_devices") or []
    if not isinstance(children, list):
        raise DiscoveryError("'child_devices' must be a list")
    for number, child in enumerate([None, *children]):
        if child is None:
            owner, components = device, node.get("components")
            if components is None and children:
                continue
        else:
            if not isinstance(child, dict):
                raise DiscoveryError(f"'child_devices' {number - 1} must be an object")
            child = expand(expand(child, table().device), table().entity)
            components = child.get("components")
            owner = {key: value for key, value in child.items() if key in ("identifiers", "name")}
            owner = {**_checked_device(owner), "via_device": _first_identifier(device)}
        if not isinstance(components, dict):
            raise DiscoveryError("'components' must be an object: an id for each, with what it is")
        for id_, inner in components.items():
            if not isinstance(inner, dict):
                raise DiscoveryError(f"the component {id_!r} must be an object")
            if id_ in found:
                raise DiscoveryError(f"the component {id_!r} is there twice")
            inner = expand(inner, table().entity)
            platform = inner.get("platform")
            if not isinstance(platform, str):
                raise DiscoveryError(f"the component {id_!r} needs 'platform': what it is, such as 'sensor'")
            if len(inner) == 1:
                continue  # only the platform: the component is taken away
            if len(found) >= MAX_COMPONENTS:
                raise DiscoveryError(
                    f"a device of more than {MAX_COMPONENTS:,} components is refused: announce several"
                )
            found[id_] = _component(f"{place}/{id_}", platform, inner, shared, owner, origin)
    return list(found.values())


def _component(
    key: str,
    platform: str,
    node: dict[str, Any],
    shared: dict[str, Any],
    device: dict[str, Any],
    origin: dict[str, Any],
) -> Component:
    config = {**shared, **expand(node, table().entity)}
    if "availability" in node and "availability_topic" not in node:
        # one's own form of availability takes the place of the device's, whichever that is
        for name in ("availability_topic", "availability_template"):
            config.pop(name, None)
    device = device or _object(config, "device")
    origin = origin or _object(config, "origin")
    config.pop("device", None)
    config.pop("origin", None)
    config.pop("platform", None)
    given = config.get("availability")
    if isinstance(given, dict):
        given = [given]
    if isinstance(given, list):
        config["availability"] = [expand(entry, table().entity) for entry in given]
    base = config.pop("~", None)
    if isinstance(base, str):
        _put_base(config, base)
    return Component(key, platform, config, device, origin)


def _put_base(config: dict[str, Any], base: str) -> None:
    """Put the base topic where a topic begins or ends with `~`."""
    for node in (config, *(entry for entry in config.get("availability") or () if isinstance(entry, dict))):
        for key, value in node.items():
            if key.endswith("topic") and isinstance(value, str) and value:
                if value[0] == "~":
                    value = base + value[1:]
                if value[-1] == "~":
                    value = value[:-1] + base
                node[key] = value


def _object(node: dict[str, Any], key: str, *, required: bool = False) -> dict[str, Any]:
    value = node.get(key)
    if value is None and not required:
        return {}
    if not isinstance(value, dict):
        raise DiscoveryError(f"{key!r} must be an object" if value is not None else f"{key!r} is missing")
    value = expand(value, table().device if key == "device" else table().origin)
    if key == "device":
        return _checked_device(value)
    assert isinstance(value, dict)
    return value


def _checked_device(device: dict[str, Any]) -> dict[str, Any]:
    """Return a device whose identifiers and connections are lists; one of them is needed."""
    for name in ("identifiers", "connections"):
        given = device.get(name)
        if isinstance(given, str | int | float):
            device[name] = [str(given)]
        elif given is not None and not isinstance(given, list):
            raise DiscoveryError(f"'device': {name!r} must be a list")
    if not (device.get("identifiers") or device.get("connections")):
        raise DiscoveryError("'device' needs 'identifiers' or 'connections'")
    return device


def _first_identifier(device: dict[str, Any]) -> str:
    identifiers = device.get("identifiers") or [""]
    return str(identifiers[0])

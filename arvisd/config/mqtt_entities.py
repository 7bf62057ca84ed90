"""What Home Assistant's users write under `mqtt:` beside the broker: entities, which arvisd learns by discovery."""

from __future__ import annotations

from typing import Any

from arvisd.config.nodes import NodeDict, NodeList, key_mark_of
from arvisd.config.problems import Problem, warning

ENTITIES = frozenset(
    {
        "alarm_control_panel",
        "binary_sensor",
        "button",
        "camera",
        "climate",
        "cover",
        "device_automation",
        "device_tracker",
        "event",
        "fan",
        "humidifier",
        "image",
        "lawn_mower",
        "light",
        "lock",
        "notify",
        "number",
        "scene",
        "select",
        "sensor",
        "siren",
        "switch",
        "tag",
        "text",
        "update",
        "vacuum",
        "valve",
        "water_heater",
    }
)
"""Keys that hold entities."""
OLD_OPTIONS = frozenset(
    {"birth_message", "certificate", "client_cert", "client_key", "tls_insecure", "tls_version", "will_message"}
)
"""Keys of its broker as it was written before 2022."""


def own_mqtt(tree: NodeDict, problems: list[Problem]) -> Any:
    """Return the section `mqtt` without what is Home Assistant's alone; a warning names each kind of it."""
    node = tree.get("mqtt")
    if isinstance(node, NodeList) and node and all(isinstance(item, NodeDict) for item in node):
        seen: set[Any] = set()
        for item in node:
            _name([key for key in item if key not in seen], item, problems)
            seen |= set(item)
        return NodeDict()
    if not isinstance(node, NodeDict):
        return node
    foreign = [key for key in node if key in ENTITIES or key in OLD_OPTIONS]
    if not foreign:
        return node
    _name(foreign, node, problems)
    own = NodeDict({key: value for key, value in node.items() if key not in foreign})
    own.place = node.place
    own.places = {key: place for key, place in node.places.items() if key in own}
    return own


def _name(keys: list[Any], node: NodeDict, problems: list[Problem]) -> None:
    for key in keys:
        why = (
            "arvisd learns devices that announce themselves, and reads Home Assistant's entities over MQTT"
            if key in ENTITIES
            else "write 'tls' with its keys instead"
            if key in OLD_OPTIONS
            else "there is no such entity"
        )
        problems.append(warning(key_mark_of(node, key), f"mqtt: {key!r} of Home Assistant is ignored: {why}"))

"""What Home Assistant's users write under `mqtt:` beside the broker: devices that do not announce themselves."""

from __future__ import annotations

from collections.abc import Iterator
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
        "date",
        "datetime",
        "image",
        "lawn_mower",
        "light",
        "lock",
        "media_player",
        "notify",
        "number",
        "scene",
        "select",
        "sensor",
        "siren",
        "switch",
        "tag",
        "text",
        "time",
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
    """Return the section `mqtt` without its devices; a warning names what is Home Assistant's alone."""
    node = tree.get("mqtt")
    if isinstance(node, NodeList) and node and all(isinstance(item, NodeDict) for item in node):
        problems += [
            warning(key_mark_of(item, key), f"mqtt: {key!r} is no kind of device")
            for item in node
            for key in item
            if key not in ENTITIES
        ]
        return NodeDict()
    if not isinstance(node, NodeDict):
        return node
    for key in node:
        if key in OLD_OPTIONS:
            text = f"mqtt: {key!r} of Home Assistant is ignored: write 'tls' with its keys instead"
            problems.append(warning(key_mark_of(node, key), text))
    foreign = [key for key in node if key in ENTITIES or key in OLD_OPTIONS]
    if not foreign:
        return node
    own = NodeDict({key: value for key, value in node.items() if key not in foreign})
    own.place = node.place
    own.places = {key: place for key, place in node.places.items() if key in own}
    return own


def written_devices(node: Any) -> Iterator[tuple[str, Any, Any, Any]]:
    """Yield the devices of a section `mqtt`: platform, keys, and container and key of where they are written."""
    sections = node if isinstance(node, NodeList) else [node]
    for section in sections:
        if not isinstance(section, NodeDict):
            continue
        for platform, given in section.items():
            if platform not in ENTITIES:
                continue
            if isinstance(given, NodeList):
                for index, item in enumerate(given):
                    yield platform, item, given, index
            else:
                yield platform, given, section, platform

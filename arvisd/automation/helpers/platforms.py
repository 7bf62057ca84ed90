"""Reads `platform: template` and `platform: group` under `sensor:`, `switch:` and others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from arvisd.automation.builder_lists import listed
from arvisd.automation.helpers import device_group, sensor_group
from arvisd.automation.helpers.items import OBJECT_ID, Found, Reader
from arvisd.automation.helpers.kind import HelperKind
from arvisd.automation.helpers.template.platforms import PLATFORMS
from arvisd.automation.helpers.template.section import object_id, part_of
from arvisd.config.document import Broken
from arvisd.config.nodes import NodeDict, key_mark_of, kind_of, mark_of
from arvisd.config.problems import Problem, error, warning

PLURALS = {
    "sensor": "sensors",
    "binary_sensor": "sensors",
    "switch": "switches",
    "light": "lights",
    "cover": "covers",
    "fan": "fans",
    "lock": "",
}
"""By section: the key under which the entities stand; a lock is the item itself."""

RENAMED = {
    "value_template": "state",
    "friendly_name": "name",
    "friendly_name_template": "name",
    "icon_template": "icon",
    "entity_picture_template": "picture",
    "availability_template": "availability",
    "attribute_templates": "attributes",
    "position_template": "position",
    "tilt_template": "tilt",
    "level_template": "level",
    "temperature_template": "temperature",
    "hs_template": "hs",
    "rgb_template": "rgb",
    "effect_template": "effect",
    "effect_list_template": "effect_list",
    "min_mireds_template": "min_mireds",
    "max_mireds_template": "max_mireds",
    "percentage_template": "percentage",
    "preset_mode_template": "preset_mode",
    "oscillating_template": "oscillating",
}
"""What keys are called now."""
DROPPED = frozenset({"platform", "entity_id", "tilt_optimistic", "code_format_template"})
"""Without a meaning here."""


def reader(domain: str) -> Reader:
    """Return what reads one of the sections."""

    def read(node: Any, container: Any, key: Any, problems: list[Problem]) -> Iterable[Found]:
        for item, holder, index in listed(node, container, key):
            if item is None or isinstance(item, Broken):
                continue
            if not isinstance(item, dict):
                problems.append(error(mark_of(holder, index), f"{domain}: expected a mapping, got {kind_of(item)}"))
            elif item.get("platform") == "template":
                yield from _entities(domain, item, holder, index, problems)
            elif (kind := _group_kind(domain, item.get("platform"))) is not None:
                group = part_of(item, [name for name in item if name != "platform"])
                yield kind, object_id(group, domain).replace("template_", "group_", 1), group, holder, index
            else:
                problems.append(_elsewhere(domain, item))

    return read


def _entities(domain: str, item: dict[Any, Any], holder: Any, index: Any, problems: list[Problem]) -> Iterator[Found]:
    kind, plural = PLATFORMS[domain], PLURALS[domain]
    if not plural:
        yield kind, object_id(item, domain), translated(item), holder, index
        return
    entities = item.get(plural)
    if not isinstance(entities, dict):
        problems.append(error(mark_of(item), f"{domain}: the platform 'template' needs {plural!r}: its entities by id"))
        return
    for name, inner in entities.items():
        if isinstance(inner, Broken):
            continue
        if not isinstance(inner, dict) or OBJECT_ID.fullmatch(str(name)) is None:
            problems.append(error(key_mark_of(entities, name), f"{domain}: expected an id and settings, got {name!r}"))
            continue
        yield kind, str(name), translated(inner), entities, name


def translated(node: dict[Any, Any]) -> NodeDict:
    """Return an entity with its keys as they are called now; its places stay."""
    kept = part_of(node, [key for key in node if key not in DROPPED and key not in RENAMED])
    for old, new in RENAMED.items():
        if old in node and new not in kept:
            kept[new] = node[old]
            if isinstance(node, NodeDict) and old in node.places:
                kept.places[new] = node.places[old]
    return kept


def _group_kind(domain: str, platform: Any) -> HelperKind[Any] | None:
    if domain == "sensor" and platform in ("group", "min_max"):
        return sensor_group.KIND
    return device_group.KINDS.get(domain) if platform == "group" else None


def _elsewhere(domain: str, item: dict[Any, Any]) -> Problem:
    platform = item.get("platform")
    if platform is None:
        return error(mark_of(item), f"{domain}: an item needs 'platform', as in 'platform: template'")
    text = f"{domain}: the platform {platform!r} stays with Home Assistant, whose entities arvisd reads over MQTT"
    if platform == "mqtt":
        text = f"{domain}: the platform 'mqtt' is of former times: write it under 'mqtt:', as '{domain}:'"
    return warning(mark_of(item, "platform"), text)

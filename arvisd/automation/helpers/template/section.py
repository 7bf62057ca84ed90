"""Reads the section `template:`: blocks of entities, with triggers or without."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from arvisd.automation.builder_lists import listed
from arvisd.automation.helpers.items import Found, SharingNode
from arvisd.automation.helpers.template.platforms import NOT_YET, PLATFORMS
from arvisd.automation.templates.template import is_template
from arvisd.automation.templates.texts import slugify
from arvisd.config.document import Broken
from arvisd.config.nodes import NodeDict, key_mark_of, kind_of, mark_of
from arvisd.config.problems import Problem, did_you_mean, error

TRIGGERS = ("triggers", "trigger")
SHARED = (*TRIGGERS, "conditions", "condition", "actions", "action", "variables")
"""Keys of a block that are about all of its entities."""
KNOWN = (*SHARED, "unique_id", *PLATFORMS)


def read_template(node: Any, container: Any, key: Any, problems: list[Problem]) -> Iterable[Found]:
    """Give the entities of the section."""
    for block, holder, index in listed(node, container, key):
        if block is None or isinstance(block, Broken):
            continue
        if isinstance(block, dict):
            yield from _entities(block, problems)
        else:
            problems.append(error(mark_of(holder, index), f"template: expected a mapping, got {kind_of(block)}"))


def _entities(block: dict[Any, Any], problems: list[Problem]) -> Iterator[Found]:
    if "use_blueprint" in block:
        said = "template: blueprints of template entities are not supported yet"
        problems.append(error(key_mark_of(block, "use_blueprint"), said))
        return
    for key in block:
        if key in NOT_YET:
            problems.append(error(key_mark_of(block, key), f"template: {key!r} is not supported yet"))
        elif key not in KNOWN:
            near = did_you_mean(key, KNOWN) or f" (valid: {', '.join(KNOWN)})"
            problems.append(error(key_mark_of(block, key), f"template: unknown key {key!r}{near}"))
    triggered = any(key in block for key in TRIGGERS)
    shared = part_of(block, [key for key in SHARED if key in block]) if triggered else None
    for domain, kind in PLATFORMS.items():
        for item, holder, index in listed(block.get(domain), block, domain):
            if item is None or isinstance(item, Broken):
                continue
            if not isinstance(item, dict):
                problems.append(
                    error(mark_of(holder, index), f"template: {domain}: expected a mapping, got {kind_of(item)}")
                )
                continue
            whole = part_of(item, item)
            if shared is not None:
                whole.shares = shared
            elif isinstance(block.get("variables"), dict):
                whole["variables"] = _joined(block["variables"], item.get("variables"))
            yield kind, object_id(item, domain), whole, holder, index


def part_of(node: dict[Any, Any], keys: Iterable[Any]) -> SharingNode:
    """Return a copy of a mapping with some of its keys, which may be changed."""
    part = SharingNode({key: node[key] for key in keys})
    if isinstance(node, NodeDict):
        part.place = node.place
        part.places = {key: node.places[key] for key in part if key in node.places}
    return part


def object_id(item: dict[Any, Any], domain: str) -> str:
    """Return the second half of an entity's id: what it asks for, else made from its name, else from its unique id."""
    asked = item.get("default_entity_id")
    if isinstance(asked, str) and (made := slugify(asked.partition(".")[2] or asked)):
        return made
    for key in ("name", "unique_id"):
        value = item.get(key)
        if isinstance(value, str | int) and not is_template(value) and (made := slugify(str(value))):
            return made
    return f"template_{domain}"


def _joined(first: dict[Any, Any], then: Any) -> NodeDict:
    joined = part_of(first, first)
    if isinstance(then, dict):
        joined.update(then)
        joined.places.update(getattr(then, "places", {}))
    return joined

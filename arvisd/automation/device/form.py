"""What a device automation stands for, and the node that it becomes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from arvisd.automation.entities import ENTITY_ID
from arvisd.config.nodes import NodeDict
from arvisd.config.problems import did_you_mean

if TYPE_CHECKING:
    from arvisd.automation.part import Part

REGISTRY_ID = re.compile(r"[0-9a-f]{32}")
"""An id of Home Assistant's registry: made up by one installation, and known to no other."""

OWN_KEYS = frozenset(
    {
        "alias", "condition", "continue_on_error", "device_id", "discovery_id", "domain", "enabled", "entity_id", "id",
        "metadata", "note", "platform", "subtype", "trigger", "type", "variables",
    }
)  # fmt: skip
"""Keys that say which device automation it is, or that every part takes: the others say what it is about."""


class Form(msgspec.Struct, frozen=True):
    """One device automation, written as what it stands for."""

    kind: str
    """`state`, `numeric_state` or `zone`; of an action: its name."""
    options: Mapping[str, Any] = {}
    """Keys with the values that it has."""
    renamed: Mapping[str, str] = {}
    """Keys of a device automation that are called differently there."""
    negated: bool = False
    """Of a condition: met where what it stands for is not."""


Table = Mapping[str, Mapping[str, Form]]
"""By domain and type; the type `*` is any."""

ELSEWHERE = {
    "mqtt": "with the topic of the device",
    "zha": "with the topic of the device, which zigbee2mqtt knows",
    "deconz": "with the topic of the device, which zigbee2mqtt knows",
    "zwave_js": "with the topic of the device, which Z-Wave JS UI knows",
    "hue": "with the topic of the device, which zigbee2mqtt knows",
    "shelly": "with the topic of the device, which it has where MQTT is on",
    "tasmota": "with the topic of the device",
}
"""Integrations of Home Assistant that make devices' triggers, and where to find the same here."""


def form_of(table: Table, part: Part) -> tuple[Form, str]:
    """Return what a device automation stands for and the entity that it is about; raise InvalidError.

    Args:
        table: the triggers, conditions or actions that there are.
        part: the node with `domain`, `type` and `entity_id`.
    """
    domain, type_ = str(part.node.get("domain", "")), str(part.node.get("type", ""))
    types = table.get(domain)
    if types is None:
        raise part.invalid("domain" if "domain" in part.node else None, _elsewhere(domain, part))
    form = types.get(type_, types.get("*"))
    if form is None:
        near = did_you_mean(type_, types) or f": there are {', '.join(sorted(types))}"
        raise part.invalid("type", f"{domain} has no type {type_!r}{near}")
    entity = part.node.get("entity_id")
    if entity is None or (isinstance(entity, str) and REGISTRY_ID.fullmatch(entity)):
        key = "entity_id" if entity is not None else "device_id" if "device_id" in part.node else None
        shown = "no entity is named" if entity is None else f"{entity!r} is an id that only one Home Assistant knows"
        raise part.invalid(key, f"{shown}: write the entity that it stands for, as in 'entity_id: {domain}.NAME'")
    if not isinstance(entity, str) or ENTITY_ID.match(entity) is None:
        raise part.invalid("entity_id", f"{entity!r} is not the id of an entity, such as {domain}.kitchen")
    return form, entity


def _elsewhere(domain: str, part: Part) -> str:
    if not domain:
        return "'domain' is missing: without Home Assistant's registry nothing tells what the device does"
    if domain in ELSEWHERE and not part.what.startswith("the condition"):
        instead = "trigger: mqtt" if part.what.startswith("the trigger") else "action: mqtt.publish"
        return f"devices of {domain!r} are known only to one Home Assistant: write {instead!r} {ELSEWHERE[domain]}"
    return (
        f"devices of {domain!r} are known only to one Home Assistant: write what it is about with the entity itself, "
        f"as 'state' or an action; there are those of {', '.join(sorted(KNOWN))}"
    )


KNOWN: set[str] = set()
"""Domains of all tables, for messages."""


def node_of(form: Form, part: Part, first: Mapping[str, Any]) -> NodeDict:
    """Return the node that a device automation stands for; its keys have their places in the file.

    Args:
        form: what it stands for.
        part: the device automation.
        first: further keys, such as `entity_id`.
    """
    node = part.node
    made = NodeDict({**first, **form.options})
    made.update({form.renamed.get(key, key): value for key, value in node.items() if key not in OWN_KEYS})
    if isinstance(node, NodeDict):
        made.place = node.place
        said = node.places.get("type")
        made.places = {key: said for key in made if said is not None}
        made.places |= {form.renamed.get(key, key): place for key, place in node.places.items()}
    return made

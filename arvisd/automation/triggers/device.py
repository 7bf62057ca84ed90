"""Trigger `device`: Home Assistant's device triggers that name an entity, translated; buttons of MQTT devices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from arvisd.automation.device.form import form_of, node_of
from arvisd.automation.device.remote import build_remote, is_remote
from arvisd.automation.device.trigger_table import TRIGGERS
from arvisd.automation.part import Part
from arvisd.automation.reading import read
from arvisd.automation.registry import Reference, Trigger, TriggerOptions, TriggerType

if TYPE_CHECKING:
    from collections.abc import Iterable


class DeviceTriggerOptions(TriggerOptions, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """Something happened to an entity; further keys belong to the type."""

    domain: Any = None
    """Domain of the entity: `binary_sensor`."""
    type: Any = None
    """What happened: `motion`, `turned_on`, `temperature`."""
    entity_id: Any = None
    """The entity; an id of Home Assistant's registry means nothing here."""
    device_id: Any = None
    """Of the domain `mqtt`: the device's name, identifier or id; else of Home Assistant, and not read."""


def build(options: DeviceTriggerOptions, part: Part) -> Trigger:
    """Return the trigger that it stands for."""
    if is_remote(part):
        return build_remote(part)
    form, entity_id = form_of(TRIGGERS, part)
    node = node_of(form, part, {"entity_id": entity_id})
    type_ = part.builder.library.triggers.get(form.kind)
    assert type_ is not None
    made: Trigger = type_.build(read(node, type_.options, part.what), Part(part.builder, node, part.path, part.what))
    return made


def refers(options: Any) -> Iterable[Reference]:
    """Name the entity."""
    entity_id = options.entity_id
    return (Reference("entity", entity_id, "entity_id"),) if isinstance(entity_id, str) and "." in entity_id else ()


TYPE = TriggerType("device", DeviceTriggerOptions, build, refers)

"""Step `device_id`: Home Assistant's device actions that name an entity, translated to the action they stand for."""

from __future__ import annotations

from typing import Any

from arvisd.automation.device.action_table import ACTIONS
from arvisd.automation.device.form import form_of, node_of
from arvisd.automation.part import Part
from arvisd.automation.reading import read
from arvisd.automation.registry import Reference, Step, StepOptions, StepType
from arvisd.automation.steps import action
from arvisd.config.nodes import NodeDict


class DeviceActionOptions(StepOptions, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """Something is done to an entity; further keys are the action's data."""

    domain: Any = None
    """Domain of the entity: `light`."""
    type: Any = None
    """What is done: `turn_on`, `set_position`."""
    entity_id: Any = None
    """The entity; an id of Home Assistant's registry means nothing here."""
    device_id: Any = None
    """Of Home Assistant; not read."""


def build(options: DeviceActionOptions, part: Part) -> Step:
    """Return the step that it stands for."""
    form, entity_id = form_of(ACTIONS, part)
    node = NodeDict(action=form.kind, target={"entity_id": entity_id})
    if isinstance(part.node, NodeDict):
        node.place = part.node.place
    data = node_of(form, part, {})
    if data:
        node["data"] = data
    made: Step = action.build(
        read(node, action.TYPE.options, part.what), Part(part.builder, node, part.path, part.what)
    )
    return made


def refers(options: DeviceActionOptions) -> list[Reference]:
    """Name the action and the entity."""
    found: list[Reference] = []
    form = ACTIONS.get(str(options.domain), {}).get(str(options.type))
    if form is not None:
        found.append(Reference("action", form.kind, "type"))
    if isinstance(options.entity_id, str) and "." in options.entity_id:
        found.append(Reference("entity", options.entity_id, "entity_id"))
    return found


TYPE = StepType(("device_id", "domain"), DeviceActionOptions, build, refers)

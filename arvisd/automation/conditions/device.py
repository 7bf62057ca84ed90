"""Condition `device`: Home Assistant's device conditions that name an entity, translated to what they stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from arvisd.automation.device.condition_table import CONDITIONS
from arvisd.automation.device.form import form_of, node_of
from arvisd.automation.part import Part
from arvisd.automation.reading import read
from arvisd.automation.registry import Condition, ConditionOptions, ConditionType
from arvisd.automation.triggers.device import refers

if TYPE_CHECKING:
    from arvisd.automation.run import Run
    from arvisd.automation.scope import Scope


class DeviceConditionOptions(ConditionOptions, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """An entity is in a state; further keys belong to the type."""

    domain: Any = None
    """Domain of the entity: `light`."""
    type: Any = None
    """What must be so: `is_on`, `is_open`, `is_temperature`."""
    entity_id: Any = None
    """The entity; an id of Home Assistant's registry means nothing here."""
    device_id: Any = None
    """Of Home Assistant; not read."""


class Negated:
    """Met where another is not."""

    __slots__ = ("_condition",)

    def __init__(self, condition: Condition) -> None:
        self._condition = condition

    def check(self, run: Run, scope: Scope) -> bool:
        """Tell whether it is met."""
        return not self._condition.check(run, scope)


def build(options: DeviceConditionOptions, part: Part) -> Condition:
    """Return the condition that it stands for."""
    form, entity_id = form_of(CONDITIONS, part)
    node = node_of(form, part, {"entity_id": entity_id})
    type_ = part.builder.library.conditions.get(form.kind)
    assert type_ is not None
    inner = Part(part.builder, node, part.path, part.what)
    made: Condition = type_.build(read(node, type_.options, part.what), inner)
    return Negated(made) if form.negated else made


TYPE = ConditionType("device", DeviceConditionOptions, build, refers)

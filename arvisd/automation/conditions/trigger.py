"""Condition `trigger`: which trigger set the run off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from arvisd.automation.registry import ConditionOptions, ConditionType

if TYPE_CHECKING:
    from arvisd.automation.part import Part
    from arvisd.automation.run import Run
    from arvisd.automation.scope import Scope


class TriggerIdOptions(ConditionOptions, frozen=True, kw_only=True):
    """Which trigger set the run off."""

    id: str | int | list[str | int]
    """Id of the trigger, or of several; its number in the list where it has none."""


class TriggerIdCondition:
    """Compares the trigger's id."""

    __slots__ = ("_ids",)

    def __init__(self, ids: frozenset[str]) -> None:
        self._ids = ids

    def check(self, run: Run, scope: Scope) -> bool:
        """Tell whether it was one of them."""
        trigger = scope.get("trigger")
        found = trigger.get("id") if isinstance(trigger, dict) else None
        run.trace.compared(self.explain, found)
        return found in self._ids

    def explain(self, found: str | None) -> dict[str, Any]:
        """Say what was compared."""
        return {"id": found, "wanted_id": sorted(self._ids)}


def build(options: TriggerIdOptions, part: Part) -> TriggerIdCondition:
    """Take the ids as text."""
    ids = options.id if isinstance(options.id, list) else [options.id]
    return TriggerIdCondition(frozenset(map(str, ids)))


TYPE = ConditionType("trigger", TriggerIdOptions, build)

"""Conditions `and`, `or`, `not`: several conditions in one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from arvisd.automation.errors import AutomationError, ConditionError
from arvisd.automation.registry import Condition, ConditionOptions, ConditionType

if TYPE_CHECKING:
    from arvisd.automation.part import Part
    from arvisd.automation.run import Run
    from arvisd.automation.scope import Scope


class LogicOptions(ConditionOptions, frozen=True, kw_only=True):
    """Several conditions: `conditions: […]`, or bare as `or: […]`."""

    conditions: Any = None
    and_: Any = msgspec.field(default=None, name="and")
    or_: Any = msgspec.field(default=None, name="or")
    not_: Any = msgspec.field(default=None, name="not")


class Logic:
    """Asks conditions until the answer is decided."""

    __slots__ = ("_conditions", "_decisive", "_inverted", "_name")

    def __init__(self, name: str, conditions: tuple[Condition, ...]) -> None:
        self._name = name
        self._conditions = conditions
        self._decisive = name != "and"
        """Which answer of one condition settles it: a `no` for `and`, a `yes` for `or` and `not`."""
        self._inverted = name == "not"

    def check(self, run: Run, scope: Scope) -> bool:
        """Tell whether it is met; a child's error counts only where the others leave it open."""
        errors: list[str] = []
        for index, condition in enumerate(self._conditions):
            try:
                met = condition.check(run, scope)
            except AutomationError as error:
                errors.append(f"item {index + 1}: {error}")
                continue
            if met is self._decisive:
                return self._decisive is not self._inverted
        if errors:
            raise ConditionError(f"{self._name}: {'; '.join(errors)}")
        return self._decisive is self._inverted


def _build(name: str) -> Callable[[LogicOptions, Part], Logic]:
    def build(options: LogicOptions, part: Part) -> Logic:
        key = (
            "condition" if isinstance(part.node.get("condition"), list) else name if name in part.node else "conditions"
        )
        if part.node.get(key) is None:
            raise part.invalid(None, "'conditions' is needed")
        return Logic(name, part.conditions(key, "conditions"))

    return build


TYPES = tuple(ConditionType(name, LogicOptions, _build(name)) for name in ("and", "or", "not"))

"""When an input is asked for: one that others hide has its default, whatever is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec

from arvisd.config.document import Broken
from arvisd.config.nodes import kind_of, mark_of
from arvisd.config.problems import Problem, error
from arvisd.config.validate import Validated, validate

Operator = Literal["eq", "not_eq", "in", "not_in", "exists", "not_exists"]
TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda actual, value: bool(actual == value),
    "not_eq": lambda actual, value: bool(actual != value),
    "in": lambda actual, value: actual in value,
    "not_in": lambda actual, value: actual not in value,
    "exists": lambda actual, value: actual not in (None, ""),
    "not_exists": lambda actual, value: actual in (None, ""),
}
LISTS = ("in", "not_in")
ALONE = ("exists", "not_exists")


class FieldCondition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A condition on the value of another input."""

    field: str
    operator: Operator = "eq"
    value: Any = msgspec.UNSET


class Visibility(msgspec.Struct, frozen=True):
    """Conditions that must all be met."""

    conditions: tuple[FieldCondition, ...] = ()
    never: bool = False

    def and_(self, other: Visibility) -> Visibility:
        """Return what asks for both."""
        return Visibility((*self.conditions, *other.conditions), self.never or other.never)

    def met(self, values: Mapping[str, Any]) -> bool:
        """Tell whether an input is asked for, given the values of the others."""
        return not self.never and all(
            TESTS[condition.operator](values.get(condition.field), condition.value) for condition in self.conditions
        )


def read_visibility(node: dict[str, Any], problems: list[Problem]) -> Visibility:
    """Return the `visible` of an input or a section."""
    raw = node.get("visible")
    if raw is None or raw is True or isinstance(raw, Broken):
        return Visibility()
    if raw is False:
        return Visibility(never=True)
    conditions = []
    for index, item in enumerate(raw if isinstance(raw, list) else [raw]):
        container, key = (raw, index) if isinstance(raw, list) else (node, "visible")
        read: Validated[FieldCondition] = validate(item, FieldCondition, "visible", container, key)
        problems += read.problems
        if read.value is not None:
            said = _fault(read.value)
            if said:
                problems.append(error(mark_of(container, key), f"visible: {said}"))
            else:
                conditions.append(read.value)
    return Visibility(tuple(conditions))


def hidden(visible: Mapping[str, Visibility], values: Mapping[str, Any]) -> set[str]:
    """Return the inputs that are not asked for; one that is hidden counts as absent for the others."""
    left = dict(values)
    found: set[str] = set()
    changed = True
    while changed:
        changed = False
        for name, conditions in visible.items():
            if name not in found and not conditions.met(left):
                found.add(name)
                left.pop(name, None)
                changed = True
    return found


def _fault(condition: FieldCondition) -> str:
    value = condition.value
    if condition.operator in ALONE:
        return f"'{condition.operator}' takes no value" if value is not msgspec.UNSET else ""
    if value is msgspec.UNSET:
        return "the key 'value' is missing"
    if condition.operator in LISTS and not isinstance(value, list):
        return f"'{condition.operator}' takes a list of values, got {kind_of(value)}"
    return ""

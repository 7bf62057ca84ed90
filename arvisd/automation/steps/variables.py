"""Step `variables`: names are given to values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from arvisd.automation.registry import StepOptions, StepType
from arvisd.automation.templates.value import Value, compile_value

if TYPE_CHECKING:
    from arvisd.automation.part import Part
    from arvisd.automation.run import Run
    from arvisd.automation.scope import Scope


class VariablesOptions(StepOptions, frozen=True, kw_only=True):
    """Names are given to values, in order: a later one sees the earlier."""

    variables: dict[str, Any]


class VariablesStep:
    """Renders and assigns."""

    __slots__ = ("_values",)

    acts = False

    def __init__(self, values: list[tuple[str, Value]]) -> None:
        self._values = values

    def run(self, run: Run, scope: Scope) -> None:
        """Assign each."""
        changed: dict[str, Any] = {}
        for name, value in self._values:
            changed[name] = value.render(scope)
            scope.assign(name, changed[name])
        run.trace.variables(changed)


def build(options: VariablesOptions, part: Part) -> VariablesStep:
    """Check every template."""
    node = part.node["variables"]
    return VariablesStep([(str(name), compile_value(node[name], part.builder.template, node, name)) for name in node])


TYPE = StepType("variables", VariablesOptions, build)

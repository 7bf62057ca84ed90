"""Condition `template`: a template gives true."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from arvisd.automation.registry import ConditionOptions, ConditionType
from arvisd.automation.templates.native import truth
from arvisd.automation.templates.template import Template

if TYPE_CHECKING:
    from arvisd.automation.part import Part
    from arvisd.automation.run import Run
    from arvisd.automation.scope import Scope


class TemplateOptions(ConditionOptions, frozen=True, kw_only=True):
    """A template gives true; a bare text with a template in it is short for this."""

    value_template: str | bool | int | float
    """A template; a bare `true` is one that is always true."""


class TemplateCondition:
    """Renders a template."""

    __slots__ = ("_template",)

    def __init__(self, template: Template) -> None:
        self._template = template

    def check(self, run: Run, scope: Scope) -> bool:
        """Tell whether it gives true."""
        value = self._template.native(scope)
        met = truth(value)
        if value is not met:
            run.trace.compared(self.explain, value)
        return met

    @staticmethod
    def explain(value: Any) -> dict[str, Any]:
        """Say what it gave, where that is neither true nor false."""
        return {"rendered": value}


def build(options: TemplateOptions, part: Part) -> TemplateCondition:
    """Check the template."""
    return TemplateCondition(part.template("value_template"))


TYPE = ConditionType("template", TemplateOptions, build)

"""The templates that devices announce (`value_template`, `command_template`), rendered by the same engine as automations'."""

from __future__ import annotations

from typing import Any

from arvisd.automation.errors import TemplateError
from arvisd.automation.templates.environment import TemplateEnvironment
from arvisd.automation.templates.template import Template


class DeviceTemplate:
    """One compiled template with the name of its place: it stands in no file."""

    __slots__ = ("_place", "_template")

    def __init__(self, template: Template, place: str) -> None:
        self._template = template
        self._place = place

    def render(self, variables: dict[str, Any]) -> str:
        """Return the text; raise TemplateError with the place."""
        try:
            return self._template.render(variables)
        except TemplateError as error:
            raise TemplateError(f"{self._place}: {error}") from error


class DeviceTemplates:
    """Compiles what devices bring; a thousand devices of one bridge share their templates."""

    def __init__(self, environment: TemplateEnvironment) -> None:
        self._environment = environment

    def compile(self, text: str, place: str) -> DeviceTemplate:
        """Return a checked template; raise TemplateError with the place."""
        template = Template(self._environment, text)
        try:
            template.check()
        except TemplateError as error:
            raise TemplateError(f"{place}: {error}") from None
        return DeviceTemplate(template, place)

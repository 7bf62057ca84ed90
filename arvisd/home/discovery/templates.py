"""The templates that announcements bring, as this part needs them; the engine is handed in.

A value template sees `value` (the payload as text), `value_json` (where it is JSON), `entity_id`, `name` and `this`;
a command template sees `value` and what its key adds. Both give text
(https://www.home-assistant.io/docs/configuration/templating/#using-value-templates-with-mqtt).
"""

from __future__ import annotations

from typing import Any, Protocol


class ValueTemplate(Protocol):
    """One compiled template."""

    def render(self, variables: dict[str, Any]) -> str:
        """Return the text; raise ArvisError, with the template's place, where it cannot be made."""


class Templates(Protocol):
    """The engine, which cuts off what loops or grows."""

    def compile(self, text: str, place: str) -> ValueTemplate:
        """Return a checked template; raise ArvisError, with the place, when its syntax is wrong."""

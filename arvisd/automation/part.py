"""One node of an automation while it is made ready: gives templates, durations, conditions and steps with their places."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from arvisd.automation.durations import seconds_of
from arvisd.automation.errors import InvalidError, LaterError, TemplateError
from arvisd.automation.reading import invalid
from arvisd.automation.templates.template import Template, Variables, is_template
from arvisd.automation.templates.value import Constant, PlainText, Value, compile_value
from arvisd.config.nodes import Mark, key_mark_of, mark_of

if TYPE_CHECKING:
    from arvisd.automation.builder import Builder
    from arvisd.automation.registry import Condition
    from arvisd.automation.steps.block import Block


class Duration:
    """A length of time, known at load or rendered when it is needed."""

    __slots__ = ("_mark", "_value", "seconds")

    def __init__(self, value: Value, mark: Callable[[], Mark]) -> None:
        self._value = value
        self._mark = mark
        self.seconds = seconds_of(value.render({})) if value.constant else None

    def of(self, variables: Variables) -> float:
        """Return the seconds; raise TemplateError when the template gives something else."""
        if self.seconds is not None:
            return self.seconds
        try:
            return seconds_of(self._value.render(variables))
        except ValueError as error:
            raise TemplateError(f"{self._mark()}: {error}") from None


class Part:
    """A node being made ready, and the builder that does it."""

    __slots__ = ("builder", "node", "path", "what")

    def __init__(self, builder: Builder, node: dict[str, Any], path: str, what: str) -> None:
        self.builder = builder
        self.node = node
        self.path = path
        """`trigger/0`, `action/1/choose/0/conditions/0`: names it in traces."""
        self.what = what
        """`the trigger 'mqtt'`, for messages."""

    def mark(self, key: Any = None) -> Mark:
        """Return where a key's value is written, or the node."""
        return mark_of(self.node, key)

    def invalid(self, key: Any, message: str) -> InvalidError:
        """Return the error that says what is wrong with a key."""
        return invalid(mark_of(self.node, key), f"{self.what}: {message}")

    def unsupported(self, key: str) -> InvalidError:
        """Return the error for an option of Home Assistant's that is not done here."""
        return invalid(key_mark_of(self.node, key), f"{self.what}: the option {key!r} is not supported yet")

    def template(self, key: str) -> Template:
        """Return the template of a key that always holds one."""
        return self.builder.template(str(self.node[key]), self.node, key)

    def value(self, key: str) -> Value:
        """Return the data of a key, templates in it or not; a key that is absent gives None."""
        return compile_value(self.node.get(key), self.builder.template, self.node, key)

    def text(self, key: str) -> Value:
        """Return a text that may be a template, and stays text."""
        raw = self.node.get(key)
        if isinstance(raw, str) and is_template(raw):
            return PlainText(self.builder.template(raw, self.node, key))
        return Constant(raw)

    def limited(self, key: str, variables: Variables | None = None) -> Any:
        """Return the data of a key with its templates rendered now, once."""
        value = compile_value(self.node.get(key), self.builder.limited_template, self.node, key)
        if self.builder.later and not value.constant:
            raise LaterError
        try:
            return value.render(variables if variables is not None else self.builder.trigger_variables)
        except TemplateError as error:
            mark = mark_of(self.node, key)
            raise invalid(mark, f"{self.what}: {str(error).removeprefix(f'{mark}: ')}") from None

    def duration(self, key: str) -> Duration | None:
        """Return a length of time, None where the key is absent."""
        if self.node.get(key) is None:
            return None
        return self.duration_of(compile_value(self.node[key], self.builder.template, self.node, key), key)

    def duration_of(self, value: Value, key: str) -> Duration:
        """Return a length of time from data."""
        node = self.node
        try:
            return Duration(value, lambda: mark_of(node, key))
        except ValueError as error:
            raise self.invalid(key, f"{key}: {error}") from None

    def conditions(self, key: str, name: str | None = None) -> tuple[Condition, ...]:
        """Return the conditions under a key: one, or a list of them."""
        return self.builder.conditions(self.node.get(key), self.node, key, f"{self.path}/{name or key}")

    def block(self, key: str, name: str | None = None) -> Block:
        """Return the steps under a key: one, or a list of them."""
        return self.builder.block(self.node.get(key), self.node, key, f"{self.path}/{name or key}")

"""Data with templates in it: split once into what never changes and what is rendered each time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, Protocol

from arvisd.automation.reading import refuse_unread
from arvisd.automation.templates.template import Template, Variables, is_template
from arvisd.config.nodes import plain


class Value(Protocol):
    """Data that may hold templates."""

    constant: bool
    """Nothing in it needs rendering: `render` gives the same object each time."""

    def render(self, variables: Variables) -> Any:
        """Return the data with every template rendered."""


class Constant:
    """Data without a template."""

    __slots__ = ("data",)
    constant = True

    def __init__(self, data: Any) -> None:
        self.data = data

    def render(self, variables: Variables) -> Any:
        """Return the data; it is shared by all runs, so nobody may change it."""
        return self.data


class NativeText:
    """A template that gives a number, a list, …, whatever its text writes out."""

    __slots__ = ("render", "template")
    constant = False

    def __init__(self, template: Template) -> None:
        self.template = template
        self.render = template.native


class PlainText:
    """A template that gives text."""

    __slots__ = ("render", "template")
    constant = False

    def __init__(self, template: Template) -> None:
        self.template = template
        self.render = template.render


class Fields:
    """A mapping with templates among its values or keys."""

    __slots__ = ("_fixed", "_keys", "_values")
    constant = False

    def __init__(self, fixed: dict[Any, Any], values: dict[Any, Value], keys: dict[Any, Template]) -> None:
        self._fixed = fixed
        self._values = tuple(values.items())
        self._keys = keys

    def render(self, variables: Variables) -> dict[Any, Any]:
        """Return a new mapping in the order in which it is written."""
        data = self._fixed.copy()
        for key, value in self._values:
            data[key] = value.render(variables)
        if self._keys:
            data = {self._keys[k].render(variables) if k in self._keys else k: v for k, v in data.items()}
        return data


class Items:
    """A list with templates among its items."""

    __slots__ = ("_values",)
    constant = False

    def __init__(self, values: list[Value]) -> None:
        self._values = values

    def render(self, variables: Variables) -> list[Any]:
        """Return a new list."""
        return [value.render(variables) for value in self._values]


class Merged:
    """Several mappings as one; later ones win."""

    __slots__ = ("_values",)
    constant = False

    def __init__(self, values: list[Value]) -> None:
        self._values = values

    def render(self, variables: Variables) -> dict[Any, Any]:
        """Return a new mapping."""
        data: dict[Any, Any] = {}
        for value in self._values:
            rendered = value.render(variables)
            if not isinstance(rendered, dict):
                raise TypeError(f"a mapping is needed, not {rendered!r}")
            data.update(rendered)
        return data


def merged(values: list[Value]) -> Value:
    """Return several mappings as one, a single one as it is."""
    if len(values) == 1:
        return values[0]
    together = Merged(values)
    return Constant(together.render({})) if all(value.constant for value in values) else together


MakeTemplate = Callable[[str, Any, Any], Template]
"""Makes a checked template from its text, container and key."""


TextKind = Literal["may", "must"]
"""Of a field: text among other things, or nothing but text."""
TextKinds = Callable[[Any], "TextKind | None"]


def compile_value(
    node: Any, make: MakeTemplate, container: Any = None, key: Any = None, *, text: TextKinds | None = None
) -> Value:
    """Split data into constants and templates.

    Args:
        node: plain data or nodes of YAML.
        make: makes a template of a text; raises InvalidError where its syntax is wrong.
        container: what holds the node, for the places in messages.
        key: where in it.
        text: tells for a top-level key whether its value is text: then a template gives text as it stands.
    """
    if isinstance(node, str):
        return NativeText(make(node, container, key)) if is_template(node) else Constant(node)
    if isinstance(node, dict):
        return _fields(node, make, text)
    if isinstance(node, list):
        values = [compile_value(item, make, node, index) for index, item in enumerate(node)]
        return Constant(plain(node)) if all(value.constant for value in values) else Items(values)
    refuse_unread(node, container, key)
    return Constant(node)


def _fields(node: dict[Any, Any], make: MakeTemplate, text: TextKinds | None) -> Value:
    fixed: dict[Any, Any] = {}
    values: dict[Any, Value] = {}
    keys: dict[Any, Template] = {}
    for key, item in node.items():
        if is_template(key):
            keys[key] = make(key, node, key)
        kind = text(key) if text is not None else None
        value: Value
        if kind is not None and is_template(item):
            value = PlainText(make(item, node, key))
        elif kind == "must" and isinstance(item, int | float):
            value = Constant(str(item))
        else:
            value = compile_value(item, make, node, key)
        fixed[key] = value.render({}) if value.constant else None
        if not value.constant:
            values[key] = value
    return Fields(fixed, values, keys) if values or keys else Constant(fixed)

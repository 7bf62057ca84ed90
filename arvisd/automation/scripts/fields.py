"""What a script is told when it is called: its fields, as the schema of its action and as variables of its runs."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import msgspec

from arvisd.automation.reading import invalid, read
from arvisd.automation.scripts.document import ScriptField
from arvisd.config.nodes import key_mark_of, kind_of, mark_of, plain

SELECTED: dict[str, dict[str, Any]] = {
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "text": {"type": "string"},
    "template": {"type": "string"},
    "time": {"type": "string", "format": "time"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string"},
    "entity": {"type": ["string", "array"]},
    "device": {"type": ["string", "array"]},
    "area": {"type": ["string", "array"]},
    "floor": {"type": ["string", "array"]},
    "label": {"type": ["string", "array"]},
    "target": {"type": "object"},
    "object": {},
    "duration": {"type": "object"},
    "color_rgb": {"type": "array", "items": {"type": "integer"}},
    "icon": {"type": "string"},
}
"""What a value that a selector gives looks like, for language models and editors; nothing is converted to it."""


class Fields:
    """The fields of one script."""

    __slots__ = ("defaults", "known", "required", "schema")

    def __init__(self, object_id: str, known: Mapping[str, ScriptField]) -> None:
        self.known = known
        """By variable, in the order in which they are written."""
        self.required = tuple(name for name, field in known.items() if field.required and field.default is None)
        self.defaults = {name: plain(field.default) for name, field in known.items() if field.default is not None}
        """Of those that have one."""
        self.schema = _schema(object_id, known)
        """A struct with a field for each, for those who look at the action; a call may hold more."""

    def missing(self, given: Mapping[str, Any]) -> list[str]:
        """Return the required fields that a call does not give."""
        return [name for name in self.required if given.get(name) is None]


def read_fields(node: Any, container: Any, object_id: str) -> Fields:
    """Return the fields of a script; raise InvalidError with every problem's place."""
    if node is None:
        return Fields(object_id, {})
    if not isinstance(node, dict):
        raise invalid(mark_of(container, "fields"), f"fields: expected names and fields, got {kind_of(node)}")
    known: dict[str, ScriptField] = {}
    for name, inner, holder in _opened(node):
        what = f"the field {name!r}"
        if name in known:
            raise invalid(key_mark_of(holder, name), f"{what} is there twice")
        if inner is not None and not isinstance(inner, dict):
            raise invalid(mark_of(holder, name), f"{what}: expected a mapping, got {kind_of(inner)}")
        known[name] = read(inner or {}, ScriptField, what)
    return Fields(object_id, known)


def _opened(node: dict[Any, Any]) -> Iterator[tuple[str, Any, dict[Any, Any]]]:
    """Give every field; a group of fields is opened in place."""
    for name, inner in node.items():
        if isinstance(inner, dict) and isinstance(inner.get("fields"), dict):
            yield from _opened(inner["fields"])
        else:
            yield str(name), inner, node


def _schema(object_id: str, known: Mapping[str, ScriptField]) -> type[msgspec.Struct]:
    fields = []
    for number, (name, field) in enumerate(known.items()):
        meta = msgspec.Meta(
            title=field.name or None,
            description=field.description or None,
            examples=None if field.example is None else [plain(field.example)],
            extra_json_schema=_json_schema(field.selector) or None,
        )
        default: Any = plain(field.default)
        if default is None and field.required:
            value = msgspec.field(name=name)
        elif isinstance(default, list | dict | set):
            value = msgspec.field(default_factory=functools.partial(plain, default), name=name)
        else:
            value = msgspec.field(default=default, name=name)
        fields.append((f"field_{number}", Annotated[Any, meta], value))
    return msgspec.defstruct(f"Script_{object_id}", fields, frozen=True, kw_only=True)


def _json_schema(selector: Any) -> dict[str, Any]:
    """Return what the value of a selector looks like; empty where that is not known."""
    if not isinstance(selector, dict) or len(selector) != 1:
        return {}
    kind, options = next(iter(selector.items()))
    options = options if isinstance(options, dict) else {}
    if kind == "select" and isinstance(options.get("options"), list):
        values = [item.get("value") if isinstance(item, dict) else item for item in options["options"]]
        return {} if options.get("custom_value") or options.get("multiple") else {"enum": plain(values)}
    found = dict(SELECTED.get(str(kind), {}))
    if kind == "number":
        bounds = (("minimum", options.get("min")), ("maximum", options.get("max")))
        found |= {key: bound for key, bound in bounds if isinstance(bound, int | float)}
    return found

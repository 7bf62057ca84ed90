"""Reads what Home Assistant adds to from version to version: a key that nobody knows is a warning and no error."""

from __future__ import annotations

import functools
from typing import Any, TypeVar

import msgspec

from arvisd.automation.blueprints.nodes import without
from arvisd.config.nodes import key_mark_of
from arvisd.config.problems import Problem, did_you_mean, warning
from arvisd.config.validate import Validated, validate

T = TypeVar("T", bound=msgspec.Struct)


def read_leniently(
    node: Any, schema: type[T], what: str, container: Any, key: Any, problems: list[Problem]
) -> T | None:
    """Return a node as that struct, None where it does not fit; what is wrong joins the problems."""
    read: Validated[T] = validate(known_keys(node, schema, what, problems), schema, what, container, key)
    problems += read.problems
    return read.value


def known_keys(node: Any, schema: type[msgspec.Struct], what: str, problems: list[Problem]) -> Any:
    """Return a mapping with the keys of a struct alone; each other one is a warning."""
    if not isinstance(node, dict):
        return node
    names = _names(schema)
    strange = [key for key in node if key not in names]
    if not strange:
        return node
    for key in strange:
        near = did_you_mean(key, names) or f" (known: {', '.join(names)})"
        problems.append(warning(key_mark_of(node, key), f"{what}: the key {key!r} is not known here{near}"))
    return without(node, *strange)


@functools.cache
def _names(schema: type[msgspec.Struct]) -> tuple[str, ...]:
    return tuple(field.encode_name for field in msgspec.structs.fields(schema))

"""Reads a node of YAML into a struct: fast where it fits, with every problem and its place where it does not."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from arvisd.automation.errors import InvalidError
from arvisd.config.document import Broken
from arvisd.config.nodes import Input, Mark, mark_of
from arvisd.config.problems import error
from arvisd.config.validate import Validated, validate

T = TypeVar("T", bound=msgspec.Struct)


def read(node: Any, schema: type[T], what: str) -> T:
    """Return the node as that struct.

    Args:
        node: a mapping of YAML.
        schema: the struct; its encoded field names are the keys.
        what: what it is, for messages: `the trigger 'mqtt'`.

    Raises:
        InvalidError: it does not fit; every problem, each with its place.
    """
    try:
        return msgspec.convert(node, schema)
    except msgspec.ValidationError as failure:
        found: Validated[T] = validate(node, schema, what)
        if found.value is not None:  # the slower reader is the more lenient one
            return found.value
        problems = [
            msgspec.structs.replace(problem, message=_said(problem.message, what)) for problem in found.problems
        ]
        if not problems and not _holds_broken(node):
            problems = [error(mark_of(node), f"{what}: {failure}")]
        raise InvalidError(problems) from None


def invalid(mark: Mark, message: str) -> InvalidError:
    """Return an error with one problem."""
    return InvalidError([error(mark, message)])


def refuse_unread(node: Any, container: Any, key: Any) -> None:
    """Raise InvalidError for what could not be read (its problem is known already) and for a stray `!input`."""
    if isinstance(node, Broken):
        raise InvalidError([])
    if isinstance(node, Input):
        raise invalid(mark_of(container, key), f"!input {node.name}: only a blueprint may hold this")


def _said(message: str, what: str) -> str:
    """Write `the trigger 'mqtt'.payload: …` as `the trigger 'mqtt': payload: …`."""
    return f"{what}: {message[len(what) + 1 :]}" if message.startswith(f"{what}.") else message


def _holds_broken(node: Any) -> bool:
    if isinstance(node, Broken):
        return True
    if isinstance(node, dict):
        return any(map(_holds_broken, node.values()))
    return isinstance(node, list) and any(map(_holds_broken, node))

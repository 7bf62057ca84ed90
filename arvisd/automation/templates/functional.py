"""Template functions of functions: `apply`, `as_function`; and `merge_response`, `is_defined`."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import jinja2
from jinja2.runtime import Context

from arvisd.automation.templates.limits import LimitError

MAX_DEPTH = 60
"""How deep functions made of macros may call each other: Python's stack ends at some 150 of them."""
_depth = 0


@jinja2.pass_context
def apply(context: Context, value: Any, function: Any, *args: Any, **kwargs: Any) -> Any:
    """Call a function with a value: in `map('apply', f)` and `select('apply', f)`."""
    return context.environment.call(context, function, value, *args, **kwargs)  # type: ignore[attr-defined]  # the sandbox's


def as_function(macro: Any) -> Callable[..., Any]:
    """Return a macro with a parameter `returns` as a function that gives what it was called with."""
    if not isinstance(macro, jinja2.runtime.Macro):
        raise TypeError(f"as_function takes a macro, not {type(macro).__name__}")

    def function(*args: Any, **kwargs: Any) -> Any:
        global _depth  # templates never wait, so that there is one at most
        given: Any = None

        def returns(value: Any) -> Any:
            nonlocal given
            given = value
            return value

        if _depth >= MAX_DEPTH:
            raise LimitError(f"functions call each other more than {MAX_DEPTH} deep")
        _depth += 1
        try:
            macro(*args, **kwargs, returns=returns)
        finally:
            _depth -= 1
        return given

    function.__name__ = function.__qualname__ = macro.name.removeprefix("macro_")
    return function


def merge_response(value: Any) -> list[Any]:
    """Put what an action gave for several entities into one list, each item with its `entity_id`."""
    if not isinstance(value, dict):
        raise TypeError("merge_response takes what an action gave back: a mapping by entity")
    merged: list[Any] = []
    for entity_id, response in copy.deepcopy(value).items():
        if not isinstance(response, dict):
            raise TypeError(f"merge_response: what {entity_id} gave is no mapping")
        values = list(response.items())
        if len(values) == 1 and isinstance(values[0][1], list):
            key, items = values[0]
            for item in items:
                if isinstance(item, dict):
                    _own(item, entity_id)
                    item |= {"entity_id": entity_id, "value_key": key}
            merged += items
        else:
            _own(response, entity_id)
            merged.append({**response, "entity_id": entity_id})
    return merged


def _own(item: dict[Any, Any], entity_id: Any) -> None:
    if "entity_id" in item:
        raise ValueError(f"merge_response: what {entity_id} gave already has an 'entity_id'")


def is_defined(value: Any) -> Any:
    """Return a value; one that is not defined is an error, not a warning."""
    if isinstance(value, jinja2.Undefined):
        raise jinja2.UndefinedError(value._undefined_message)  # noqa: SLF001  # Jinja's own way to say it
    return value


FUNCTIONS: dict[str, Any] = {"apply": apply, "as_function": as_function, "merge_response": merge_response}
FILTERS: dict[str, Any] = {"apply": apply, "as_function": as_function, "is_defined": is_defined}
TESTS: dict[str, Any] = {"apply": apply}

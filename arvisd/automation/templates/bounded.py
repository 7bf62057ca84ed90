"""Jinja's own filters that could take all of the memory, each with a bound."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any

from jinja2 import filters

from arvisd.automation.templates.limits import MAX_ITEMS, LimitError, check_call, check_widths, joined

MAX_WIDTH = 10_000
"""Of a column, a batch, a line."""


def bounded_format(value: str, *args: Any, **kwargs: Any) -> str:
    """Do what `format` does."""
    check_widths(str(value))
    return filters.do_format(value, *args, **kwargs)


def bounded_replace(value: Any, old: str, new: str, count: int | None = None) -> str:
    """Do what `replace` does."""
    text, old, new = str(value), str(old), str(new)
    check_call(text.replace, (old, new))
    return text.replace(old, new, -1 if count is None else count)


def bounded_join(value: Iterable[Any], d: str = "", attribute: str | int | None = None) -> str:
    """Do what `join` does."""
    items = list(value)
    if attribute is not None:
        items = [item.get(attribute) if isinstance(item, dict) else getattr(item, str(attribute), "") for item in items]
    return joined(*(part for index, item in enumerate(items) for part in ((d, item) if index else (item,))))


def bounded_indent(s: str, width: int | str = 4, first: bool = False, blank: bool = False) -> str:
    """Do what `indent` does."""
    size = width if isinstance(width, int) else len(width)
    if size * (s.count("\n") + 1) > MAX_ITEMS:
        raise LimitError(f"indent() would make more than {MAX_ITEMS:,} characters")
    return filters.do_indent(s, width, first, blank)


def _width_bounded(name: str, parameter: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a filter whose one parameter is bounded."""
    signature = inspect.signature(function)

    @functools.wraps(function)
    def bounded(*args: Any, **kwargs: Any) -> Any:
        width = signature.bind(*args, **kwargs).arguments.get(parameter)
        if isinstance(width, int) and abs(width) > MAX_WIDTH:
            raise LimitError(f"{name}() takes at most {MAX_WIDTH:,} as {parameter}")
        return function(*args, **kwargs)

    return bounded


FILTERS: dict[str, Callable[..., Any]] = {
    "format": bounded_format,
    "replace": bounded_replace,
    "join": bounded_join,
    "indent": bounded_indent,
    **{
        name: _width_bounded(name, parameter, filters.FILTERS[name])
        for name, parameter in (("center", "width"), ("batch", "linecount"), ("slice", "slices"))
    },
    "tojson": _width_bounded("tojson", "indent", filters.FILTERS["tojson"]),
}

"""Jinja's own filters that could take all of the memory, each with a bound."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any

from jinja2 import filters, utils

from arvisd.automation.templates.limits import (
    MAX_ITEMS,
    METER,
    LimitError,
    Metered,
    check_call,
    check_widths,
    joined,
)

FEW = 1_000
"""Items of a list that are counted at once."""
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


def bounded_lipsum(n: int = 5, html: bool = True, min: int = 20, max: int = 100) -> str:  # noqa: A002  # Jinja's names
    """Do what `lipsum` does."""
    if n * max > MAX_WIDTH:
        raise LimitError(f"lipsum() makes at most {MAX_WIDTH:,} words")
    return str(utils.generate_lorem_ipsum(n, html, min, max))


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


def _counted(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a filter of a list each of whose items is counted, as the passes through a loop are."""
    place = 1 if hasattr(function, "jinja_pass_arg") else 0

    @functools.wraps(function)
    def counted(*args: Any, **kwargs: Any) -> Any:
        items = args[place] if len(args) > place else None
        if isinstance(items, str | bytes | dict) or not isinstance(items, Iterable):
            return function(*args, **kwargs)
        if isinstance(items, list | tuple | set) and len(items) < FEW:
            METER.left -= len(items)
            return function(*args, **kwargs)
        return function(*args[:place], Metered(items), *args[place + 1 :], **kwargs)

    return counted


def _slow(name: str) -> Callable[..., Any]:
    return _counted(filters.FILTERS[name])


FILTERS: dict[str, Callable[..., Any]] = {
    "format": bounded_format,
    "replace": bounded_replace,
    "join": bounded_join,
    "indent": bounded_indent,
    **{
        name: _width_bounded(name, parameter, filters.FILTERS[name])
        for name, parameter in (("center", "width"), ("batch", "linecount"), ("slice", "slices"))
    },
    **{
        name: _slow(name)
        for name in (
            "map",
            "select",
            "reject",
            "selectattr",
            "rejectattr",
            "list",
            "sort",
            "unique",
            "groupby",
            "sum",
            "min",
            "max",
        )
    },
    "tojson": _width_bounded("tojson", "indent", filters.FILTERS["tojson"]),
}

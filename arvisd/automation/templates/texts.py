"""Template functions of texts: searching, replacing, slugs, URLs."""

from __future__ import annotations

import urllib.parse
from typing import Any

from arvisd.automation.templates.limits import MAX_ITEMS, LimitError
from arvisd.automation.templates.patterns import pattern
from arvisd.core.slug import slug


def slugify(value: Any, separator: str = "_") -> str:
    """Return a text as ids are written: small Latin letters, digits and `_`."""
    return slug(str(value), separator)


def regex_match(value: Any, find: str = "", ignorecase: bool = False) -> bool:
    """Tell whether a text begins with what a pattern means."""
    text = str(value)
    return pattern(find, ignorecase).run(lambda p: p.match(text), text) is not None


def regex_search(value: Any, find: str = "", ignorecase: bool = False) -> bool:
    """Tell whether a pattern is found in a text."""
    text = str(value)
    return pattern(find, ignorecase).run(lambda p: p.search(text), text) is not None


def regex_replace(value: Any = "", find: str = "", replace: str = "", ignorecase: bool = False) -> str:
    """Put another text in the place of all that a pattern means."""
    text = str(value)
    if len(replace) > 1 and (len(text) + 1) * len(replace) > MAX_ITEMS:
        raise LimitError(f"regex_replace() could make more than {MAX_ITEMS:,} characters")
    return pattern(find, ignorecase).run(lambda p: p.sub(replace, text), text)


def regex_findall(value: Any, find: str = "", ignorecase: bool = False) -> list[Any]:
    """Return all that a pattern means."""
    text = str(value)
    return pattern(find, ignorecase).run(lambda p: p.findall(text), text)


def regex_findall_index(value: Any, find: str = "", index: int = 0, ignorecase: bool = False) -> Any:
    """Return one of all that a pattern means."""
    return regex_findall(value, find, ignorecase)[index]


def ordinal(value: Any) -> str:
    """Write 1 as 1st, 2 as 2nd, and so on."""
    number = int(value)
    ending = "th" if 10 <= abs(number) % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(abs(number) % 10, "th")
    return f"{number}{ending}"


def urlencode(value: Any) -> str:
    """Write a mapping or a text as part of a URL."""
    return urllib.parse.quote(value) if isinstance(value, str) else urllib.parse.urlencode(value)


FUNCTIONS: dict[str, Any] = {"slugify": slugify, "urlencode": urlencode}
FILTERS: dict[str, Any] = {
    "slugify": slugify,
    "ordinal": ordinal,
    "urlencode": urlencode,
    "regex_match": regex_match,
    "regex_search": regex_search,
    "regex_replace": regex_replace,
    "regex_findall": regex_findall,
    "regex_findall_index": regex_findall_index,
}
TESTS: dict[str, Any] = {"match": regex_match, "search": regex_search}

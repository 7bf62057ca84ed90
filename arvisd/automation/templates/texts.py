"""Template functions of texts: searching, replacing, slugs, URLs."""

from __future__ import annotations

import re
import urllib.parse
from functools import lru_cache
from typing import Any

from arvisd.core.slug import slug


def slugify(value: Any, separator: str = "_") -> str:
    """Return a text as ids are written: small Latin letters, digits and `_`."""
    return slug(str(value), separator)


@lru_cache(maxsize=128)
def _pattern(find: str, ignorecase: bool) -> re.Pattern[str]:
    return re.compile(find, re.IGNORECASE if ignorecase else 0)


def regex_match(value: str, find: str = "", ignorecase: bool = False) -> bool:
    """Tell whether a text begins with what the pattern means."""
    return _pattern(find, ignorecase).match(str(value)) is not None


def regex_search(value: str, find: str = "", ignorecase: bool = False) -> bool:
    """Tell whether a text holds what the pattern means."""
    return _pattern(find, ignorecase).search(str(value)) is not None


def regex_replace(value: str = "", find: str = "", replace: str = "", ignorecase: bool = False) -> str:
    """Replace what the pattern means."""
    return _pattern(find, ignorecase).sub(replace, str(value))


def regex_findall(value: str, find: str = "", ignorecase: bool = False) -> list[Any]:
    """Return all that the pattern means."""
    return _pattern(find, ignorecase).findall(str(value))


def regex_findall_index(value: str, find: str = "", index: int = 0, ignorecase: bool = False) -> Any:
    """Return one of all that the pattern means."""
    return _pattern(find, ignorecase).findall(str(value))[index]


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

"""Turns the text that a template gave into a number, a boolean, a list, …, by Home Assistant's rules."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from typing import Any

_NUMBER = re.compile(r"^[+-]?(?!0\d)\d*(?:\.\d*)?$")
"""What counts as a number: `007` and `1e5` stay text."""
_NUMBER_START = frozenset("+-.0123456789")
_OPENING = frozenset("([{")
_WORDS = {"True": True, "False": False, "None": None}
_REMEMBERED = 512
_REMEMBERED_LENGTH = 1024
"""Longer texts are parsed each time: remembering them would hold their memory."""


def native(text: str) -> Any:
    """Return the value that the text writes out as a Python literal, else the text itself.

    Numbers, `True`, `False`, `None`, lists, tuples, sets and mappings are taken; a text in quotes, complex
    numbers, numbers with leading zeros or exponents stay the text they are.
    """
    if not text:
        return text
    first = text[0]
    if first in _NUMBER_START:
        return _number(text)
    if first in _OPENING:
        return _literal(text)
    return _WORDS.get(text, text)


def _number(text: str) -> Any:
    if _NUMBER.match(text) is None:
        # `1, 2` is a tuple in Python and so for Home Assistant
        return _literal(text) if "," in text else text
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text


def _literal(text: str) -> Any:
    if len(text) <= _REMEMBERED_LENGTH and "," in text and not _OPENING & set(text):
        return _tuple_of(text)
    # a list or a mapping must not be shared between runs: parsed anew each time
    return _parse(text)


@lru_cache(maxsize=_REMEMBERED)
def _tuple_of(text: str) -> Any:
    return _parse(text)


def _parse(text: str) -> Any:
    try:
        value = ast.literal_eval(text)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return text
    return text if isinstance(value, str | complex | bytes) else value


_TRUE = frozenset({"1", "true", "yes", "on", "enable"})


def truth(value: Any) -> bool:
    """Tell whether a template's result means yes, as a condition asks: `on`, `yes`, `true`, `enable`, any number but 0."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value != 0
    if isinstance(value, str):
        return value.strip().lower() in _TRUE
    return False

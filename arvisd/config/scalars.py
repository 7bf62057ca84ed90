"""What an unquoted word of YAML means: Home Assistant's reading (YAML 1.1), without the traps that hurt.

As Home Assistant: `on/off/yes/no/true/false` are booleans, `~`, `null` and nothing are null, `0x1f`, `0b1`, `1_000`
and `1.5` are numbers, `1e3` is text. Unlike it, these stay text: times and addresses (`07:30:00`, there 27000),
dates, leading zeros (`0123`, there octal 83) and telephone numbers (`+49301234567`, there without its plus).
"""

from __future__ import annotations

import functools
import re

BOOLEANS = {
    word: value
    for words, value in (("yes true on", True), ("no false off", False))
    for lower in words.split()
    for word in (lower, lower.capitalize(), lower.upper())
}
NULLS = frozenset({"", "~", "null", "Null", "NULL"})
TELEPHONE = re.compile(r"\+[0-9]{7,}")
INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9_]*)")
BASED = re.compile(r"[-+]?0(?:b[01_]*[01]_*|x[0-9a-fA-F_]*[0-9a-fA-F]_*)")
FLOAT = re.compile(r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+][0-9]+)?")
INFINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
NUMBER_STARTS = frozenset("+-.0123456789")
LONGEST_NUMBER = 100
"""Characters; whatever is longer is text (Python itself refuses to read 4,300 digits)."""

Scalar = str | int | float | bool | None


@functools.lru_cache(maxsize=8192)
def read_plain(text: str) -> Scalar:
    """Return the value of an unquoted scalar."""
    if text in NULLS:
        return None
    if text in BOOLEANS:
        return BOOLEANS[text]
    return _number(text)


def read_key(text: str) -> str | int:
    """Return an unquoted key: whole numbers are numbers, all else is text (also `on` and `no`)."""
    if text[:1] in NUMBER_STARTS:
        number = _number(text)
        if isinstance(number, int):
            return number
    return text


def _number(text: str) -> str | int | float:
    if text[0] not in NUMBER_STARTS or len(text) > LONGEST_NUMBER or TELEPHONE.fullmatch(text):
        return text
    if INTEGER.fullmatch(text):
        return int(text.replace("_", ""))
    if BASED.fullmatch(text):
        return int(text.replace("_", ""), 0)
    if FLOAT.fullmatch(text):
        return float(text.replace("_", ""))
    if INFINITE.fullmatch(text):
        return float(text.replace(".", ""))
    return text

"""Tells the language of a text from its letters."""

from __future__ import annotations

import re

_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
_LATIN = re.compile("[a-z]", re.IGNORECASE)


def language_of(text: str, default: str) -> str:
    """Return `ru` where Cyrillic letters prevail, `en` where Latin ones do; the default where neither can be told.

    A default that is written in the same letters stays (German is not taken for English); names of devices
    are often Latin in a Russian sentence, so half as many Cyrillic letters are enough.
    """
    cyrillic, latin = len(_CYRILLIC.findall(text)), len(_LATIN.findall(text))
    if cyrillic * 2 > latin:
        return default if default in ("uk", "be", "bg", "sr", "mk") else "ru"
    if latin:
        return "en" if default in ("ru", "uk", "be", "bg", "sr", "mk") else default
    return default

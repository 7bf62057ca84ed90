"""Splits a text where its alphabet changes to one that the voice would only spell.

espeak's Russian voice switches to English for Latin words by itself; a Latin-alphabet voice does not switch for
Cyrillic ones but reads their letters' names, so those are given to the Russian voice.
"""

from __future__ import annotations

import re

import msgspec

_CYRILLIC = "\u0400-\u052f"
_FOREIGN_RUN = re.compile(rf"[{_CYRILLIC}]+(?:[\s\u0301,-]+[{_CYRILLIC}]+)*")
_CYRILLIC_LANGUAGES = frozenset({"ab", "ba", "be", "bg", "cv", "kk", "ky", "mk", "mn", "ru", "sr", "tt", "uk", "uz"})
"""Those whose espeak voice reads Cyrillic by itself; Bulgarian text is none of the Russian voice's business."""


class Run(msgspec.Struct, frozen=True):
    """A piece of a text for one voice."""

    text: str
    offset: int
    """Of its first character in the text."""
    language: str
    """Empty: the language of the text."""


def script_runs(text: str, language: str) -> list[Run]:
    """Cut a text into runs; most texts are one run."""
    if language.lower().partition("-")[0] in _CYRILLIC_LANGUAGES:
        return [Run(text, 0, "")]
    runs: list[Run] = []
    end = 0
    for match in _FOREIGN_RUN.finditer(text):
        runs += (Run(text[end : match.start()], end, ""), Run(match.group(), match.start(), "ru"))
        end = match.end()
    runs.append(Run(text[end:], end, ""))
    return [run for run in runs if any(character.isalnum() for character in run.text)]

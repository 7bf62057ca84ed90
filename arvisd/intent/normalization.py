"""Brings what was said, and the names it is compared with, into one form."""

from __future__ import annotations

import re
import unicodedata

from arvisd.intent.number_words import digits

_SPACE = re.compile(r"\s+")
_MARKS = re.compile(r"(?<!\d)[.,:]|[.,:](?!\d)|[!?;…«»\"“”„()¿¡]|\s[-–—]+(?=\s)|[–—―]")
"""Marks of writing; a point, comma or colon between digits is a part of the number or the time."""


def normalize(text: str, language: str) -> str:
    """Return the text in small letters, without marks, ё as е, numbers as digits, single spaces.

    Both what people say and the house's names go through this, so that "Лампа один" and "лампа 1" meet.
    """
    plain = unicodedata.normalize("NFC", text).lower().replace("’", "'")
    plain = _SPACE.sub(" ", _MARKS.sub(" ", plain)).strip()
    if language == "ru":
        plain = fold(plain)
    return " ".join(digits(plain.split(" "), language)) if plain else ""


def fold(text: str) -> str:
    """Return the text with ё as е, as most people type it."""
    return text.replace("ё", "е").replace("Ё", "Е")


def fold_template(text: str, language: str) -> str:
    """Return the literal text of a template in the form of normalised texts; spaces at its ends mean something."""
    if language == "ru":
        text = fold(text)
    words = text.lower().split()
    plain = digits(words, language)
    if plain == words:
        return text
    lead = " " if text[:1].isspace() else ""
    return lead + " ".join(plain) + (" " if text[-1:].isspace() else "")

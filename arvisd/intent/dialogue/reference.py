"""Words that stand for what was spoken of last, as names of it for one sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from hassil.expression import TextChunk
from hassil.intents import TextSlotValue

from arvisd.home.entity import Entity
from arvisd.intent.slot_lists import context_of

THINGS: Mapping[str, tuple[str, ...]] = {
    "en": ("it", "them", "that", "this", "these", "those", "that one", "this one"),
    "ru": ("его", "ее", "их", "это", "эти", "него", "нее", "них", "нем", "ней", "ним", "ними"),
}
PLACES: Mapping[str, tuple[str, ...]] = {"en": ("there", "in there", "over there"), "ru": ("там", "туда")}

_THERE = re.compile(r"(?<!in )(?<!over )\bthere\b", re.IGNORECASE)


def has_reference(text: str, language: str) -> bool:
    """Tell whether a normalised text holds a word that may stand for something."""
    words = text.split()
    return any(word in words for word in (*THINGS.get(language, ()), *PLACES.get(language, ())) if " " not in word)


def variants(text: str) -> list[str]:
    """Return the ways in which a text is compared: sentences have a word before a place, "there" has none."""
    placed = _THERE.sub("in there", text)
    return [text] if placed == text else [placed, text]


def references(entities: Iterable[Entity], area: str | None, language: str) -> dict[str, list[TextSlotValue]]:
    """Return further values of the lists `name` and `area`: each such word is a name of what was spoken of."""
    made: dict[str, list[TextSlotValue]] = {
        "name": [
            TextSlotValue(TextChunk(word, word), entity.id, context=context_of(entity))
            for entity in entities
            for word in THINGS.get(language, ())
        ]
    }
    if area is not None:
        places = ("there", "там", "туда") if language in PLACES else ()
        made["area"] = [TextSlotValue(TextChunk(word, word), area) for word in places]
    return made


def is_reference(text: str, language: str) -> bool:
    """Tell whether the text of a slot is such a word."""
    return text in THINGS.get(language, ())

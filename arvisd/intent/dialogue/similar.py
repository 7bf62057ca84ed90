"""Which names sound like one that nobody has: what was misheard is asked back, never guessed."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

from hassil.expression import TextChunk
from hassil.intents import TextSlotList

NEAR = 0.57
"""How alike two names must be: "chicken" and "kitchen" are."""
NEAR_SHORT, SHORT = 0.7, 6
"""How alike they must be where what was said has so few letters at most: of five, two different ones are many."""
BEHIND = 0.18
"""How much less alike than the best one another may be to be asked for too."""
MOST = 3
"""More are no question any more."""

_HEARD_ALIKE = str.maketrans({"о": "а", "е": "и", "э": "и", "ы": "и", "я": "а", "ю": "у", "ё": "и", "й": "и"})
"""Unstressed vowels of Russian that sound the same."""


def similar(words: str, names: TextSlotList, allowed: Iterable[str] | None = None) -> list[str]:
    """Return the ids whose names sound like some words, the most alike first.

    Args:
        words: normalised.
        names: values are ids.
        allowed: only these; None: any.
    """
    wanted = frozenset(allowed) if allowed is not None else None
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(_sound(words))
    found: dict[str, float] = {}
    near_enough = NEAR_SHORT if len(words) <= SHORT else NEAR
    for value in names.values:
        id_ = str(value.value_out)
        if (wanted is not None and id_ not in wanted) or not isinstance(value.text_in, TextChunk):
            continue
        matcher.set_seq1(_sound(value.text_in.text))
        floor = max(near_enough, found.get(id_, 0.0))
        if matcher.real_quick_ratio() < floor or matcher.quick_ratio() < floor:
            continue
        ratio = matcher.ratio()
        if ratio >= floor:
            found[id_] = ratio
    best = max(found.values(), default=0.0)
    near = [id_ for id_ in sorted(found, key=lambda id_: (-found[id_], id_)) if found[id_] >= best - BEHIND]
    return near[:MOST]


def _sound(text: str) -> str:
    return text.translate(_HEARD_ALIKE)

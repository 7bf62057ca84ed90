"""What a text was found to mean, and which of several readings is the better one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from hassil.recognize import RecognizeResult

from arvisd.core.intents import Slot
from arvisd.intent.sentences import USER

NOWHERE = "?"
"""Stands for the area of a site that has none."""


class Recognition(msgspec.Struct, frozen=True):
    """One reading of a text."""

    intent: str
    slots: dict[str, Slot]
    """Values: entity, area and floor ids, numbers, words. Where several entities have the name that was said, the
    value of `name` is the first of `entities`."""
    response: str
    """Key of the answer among the intent's responses."""
    entities: tuple[str, ...] = ()
    """Every entity that has the name that was said."""
    user: bool = False
    """By a sentence of the user's own."""
    referred: bool = False
    """The name is "it" or "them": all of `entities` are meant."""
    here: bool = False
    """The area was not said but is where it was said."""
    wildcards: tuple[str, ...] = ()
    """The slots that take any words."""
    score: tuple[int, ...] = ()
    """Greater is better."""

    @property
    def name(self) -> Slot | None:
        """The slot of an entity's name."""
        return self.slots.get("name")

    def value(self, slot: str) -> Any:
        """Return the value of a slot, None where there is none."""
        found = self.slots.get(slot)
        return found.value if found is not None else None


def reading(result: RecognizeResult) -> Recognition:
    """Return hassil's result as a reading."""
    slots = {
        entity.name: Slot(_whole(entity.value), entity.text_clean or str(entity.value))
        for entity in result.entities_list
    }
    area = result.entities.get("area")
    name = result.entities.get("name")
    user = bool((result.intent_data.metadata or {}).get(USER))
    wildcards = [entity for entity in result.entities_list if entity.is_wildcard]
    return Recognition(
        intent=result.intent.name,
        slots=slots,
        response=result.response or "default",
        entities=(str(name.value),) if name is not None and not name.is_wildcard else (),
        user=user,
        here=area is not None and area.text_span is None and not area.text,
        wildcards=tuple(entity.name for entity in wildcards),
        score=(
            int(user),
            -len(wildcards),
            len(name.text_clean) if name is not None and not name.is_wildcard else 0,
            result.text_chunks_matched,
            -sum(len(entity.text) for entity in wildcards),
            -sum(1 for entity in result.entities_list if entity.text),
        ),
    )


def _whole(value: Any) -> Any:
    """Return a number without decimals as an integer: hassil gives 50.0 for "50"."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def ranked(readings: Iterable[Recognition]) -> list[Recognition]:
    """Return the readings, the best first; those that differ only in the entity of one name become one.

    Best is: the user's own sentence; no slot that takes any words; the longest name of an entity; the most
    words of the sentence itself; the fewest slots ("garage door" is one thing, not the door of an area). Of equals
    the one whose sentence was written first.
    """
    merged: dict[tuple[Any, ...], Recognition] = {}
    for found in sorted(readings, key=lambda r: r.score, reverse=True):
        others = tuple(sorted((key, str(slot.value)) for key, slot in found.slots.items() if key != "name"))
        key = (found.intent, found.name.text if found.name else None, others)
        known = merged.get(key)
        if known is None:
            merged[key] = found
        elif not set(found.entities) <= set(known.entities):
            merged[key] = msgspec.structs.replace(known, entities=tuple(sorted({*known.entities, *found.entities})))
    return list(merged.values())

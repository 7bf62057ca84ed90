"""The names of the house as lists that sentences refer to: `name`, `area` and `floor`, for one language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from hassil.expression import TextChunk
from hassil.intents import TextSlotList, TextSlotValue

from arvisd.home.entity import Entity
from arvisd.home.registry import HomeRegistry
from arvisd.home.settings import Area, Floor
from arvisd.intent.normalization import normalize
from arvisd.intent.russian import case_forms

APART = ("en", "ru")
"""Languages in which a name begins at the beginning of a word: in Hebrew "in the" is a letter before it."""


class HouseNames(msgspec.Struct, frozen=True, eq=False):
    """Every name of the house in one language."""

    language: str
    version: int
    """Of the registry from which they were read."""
    lists: dict[str, TextSlotList]
    """`name` (values are entity ids), `area`, `floor` (ids)."""

    def said_in(self, text: str) -> dict[str, TextSlotList]:
        """Return the same lists with only the names that begin somewhere in a normalised text."""
        apart = self.language in APART
        starts = [i for i in range(len(text)) if not apart or i == 0 or text[i - 1] in " -'"]
        return {
            name: TextSlotList(
                name, list({id(v): v for at in starts for v in values.get_candidates(text[at:])}.values())
            )
            for name, values in self.lists.items()
        }

    def ids(self, list_name: str, text: str) -> list[str]:
        """Return the ids of what is called exactly by a normalised text, in any case."""
        found = self.lists[list_name].get_candidates(text)
        return sorted({str(v.value_out) for v in found if isinstance(v.text_in, TextChunk) and v.text_in.text == text})


class HouseSnapshot(msgspec.Struct, frozen=True):
    """The house at one moment, so that a thread may read it."""

    version: int
    entities: list[Entity]
    areas: list[Area]
    floors: list[Floor]

    @property
    def sensed(self) -> frozenset[str]:
        """Device classes of the sensors."""
        sensors = (entity for entity in self.entities if entity.domain in ("sensor", "binary_sensor"))
        return frozenset(entity.device_class for entity in sensors if entity.device_class)

    @classmethod
    def of(cls, home: HomeRegistry) -> HouseSnapshot:
        """Return the house as it is now."""
        exposed = [entity for entity in home.entities() if entity.expose]
        return cls(home.version, exposed, list(home.areas()), list(home.floors()))


def house_names(house: HouseSnapshot, language: str) -> HouseNames:
    """Return the names of the house in a language; takes 0.1 ms a Russian name, so call it in a thread."""
    return HouseNames(
        language,
        house.version,
        {
            "name": _list("name", language, house.entities, context_of),
            "area": _list("area", language, house.areas, None),
            "floor": _list("floor", language, house.floors, None),
        },
    )


def context_of(entity: Entity) -> dict[str, Any]:
    """Return what sentences may require of a name, as in Home Assistant: its domain and device class."""
    context = {"domain": entity.domain}
    return context | {"device_class": entity.device_class} if entity.device_class else context


def _list(
    name: str,
    language: str,
    items: Iterable[Entity | Area | Floor],
    context: Callable[[Any], dict[str, Any]] | None,
) -> TextSlotList:
    values: dict[tuple[str, str], TextSlotValue] = {}
    for item in items:
        for spoken in item.spoken_names(language):
            for form, written in forms(spoken, language):
                values.setdefault(
                    (form, item.id),
                    TextSlotValue(TextChunk(form, written), item.id, context=context(item) if context else None),
                )
    made = TextSlotList(name, list(values.values()))
    made.get_candidates("")  # builds the index now, not at the first sentence
    return made


def forms(name: str, language: str) -> list[tuple[str, str]]:
    """Return the ways to say a name, each normalised and as it is written."""
    variants = [name.lower(), *case_forms(name)] if language == "ru" else [name.lower()]
    made = {normalize(variant, language): variant for variant in reversed(variants)}
    return [(form, made[form]) for form in dict.fromkeys(normalize(v, language) for v in variants) if form]

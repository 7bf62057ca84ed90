"""Finds out why a sentence was not understood: a name that nobody has, or something that nobody does yet."""

from __future__ import annotations

import dataclasses
from typing import Any

import hassil
from hassil.intents import Intent, IntentData, Intents, SlotList, WildcardSlotList

from arvisd.intent.normalization import normalize
from arvisd.intent.recognition import Recognition, ranked, reading
from arvisd.intent.sentences import Sentences
from arvisd.intent.slot_lists import HouseNames

COMMANDS = (
    "HassTurnOn",
    "HassTurnOff",
    "HassToggle",
    "HassLightSet",
    "HassSetPosition",
    "HassFanSetSpeed",
    "HassClimateSetTemperature",
)
"""Intents in which an unknown word is taken for a name. Questions are left out: "what is the meaning of life" asks for
no device."""
PLACED = (*COMMANDS, "HassClimateGetTemperature")
"""Intents in which an unknown word is taken for a room."""

NO_NAMES = frozenset(
    "it this that them everything all and or to from on off turn set make все всё это его ее их и или то".split()  # noqa: SIM905
)
"""Words that are in no name: what holds one was misunderstood as a whole."""

_KINDS = {
    "Timer": "not_served_timer",
    "Media": "not_served_media",
    "Volume": "not_served_media",
    "List": "not_served_list",
    "Weather": "not_served_weather",
    "Vacuum": "not_served_vacuum",
    "LawnMower": "not_served_vacuum",
    "Broadcast": "not_served_broadcast",
}


def not_served_phrase(intent: str) -> str:
    """Return the key of what is said when nobody does an intent."""
    return next((phrase for part, phrase in _KINDS.items() if part in intent), "not_served")


class Misheard:
    """Compares sentences in which one name may be anything."""

    def __init__(self, sentences: Sentences) -> None:
        self._sentences = sentences
        self._blocks = {name: self._freed(name) for name in PLACED if name in sentences.intents.intents}

    def unknown_name(self, text: str, names: HouseNames) -> Recognition | None:
        """Return what would have been meant if what was said were the name of a thing or a room.

        Its one wildcard, `name`, `area` or `floor`, holds the words that nobody has as a name. Takes up to 50 ms, so
        call it in a thread.
        """
        plain = normalize(text, self._sentences.language)
        said: dict[str, SlotList] = dict(names.said_in(plain))
        found: list[Recognition] = []
        for slot, intents in (("area", PLACED), ("floor", PLACED), ("name", COMMANDS)):
            lists = said | {slot: WildcardSlotList(slot)}
            results = hassil.recognize_all(
                plain, self._only(slot, intents), slot_lists=lists, language=self._sentences.language
            )
            found += [
                reading(result)
                for result in results
                if (entity := result.entities.get(slot)) is not None and entity.is_wildcard
            ]
        best = next((one for one in ranked(found) if len(one.wildcards) == 1), None)
        if best is None:
            return None
        words = best.slots[best.wildcards[0]].text
        names_in_it = any(known.values for known in names.said_in(words).values())
        if not NO_NAMES.isdisjoint(words.split()) or (names_in_it and not names.ids("name", words)):
            return None  # "the lamp and the kettle": there is more in it than a name
        things = [one for one in found if one.wildcards == ("name",) and one.slots["name"].text == words]
        return next((one for one in things if one.intent == best.intent), best)

    def _only(self, slot: str, names: tuple[str, ...]) -> Intents:
        """Return the sentences that have a slot and words of their own beside it."""
        source = self._sentences.intents
        intents = {
            name: Intent(name, [data for data in self._blocks[name] if _has(data, slot, source)])
            for name in names
            if name in self._blocks
        }
        return Intents(
            source.language, intents, source.slot_lists, source.expansion_rules, source.skip_words, source.settings
        )

    def _freed(self, name: str) -> list[IntentData]:
        """Return the blocks of an intent without asking of what domain a name is: nobody knows."""
        freed = []
        for data in self._sentences.intents.intents[name].data:
            rules = {**self._sentences.intents.expansion_rules, **data.expansion_rules}
            kept: dict[str, Any] = {key: v for key, v in data.requires_context.items() if key == "area"}
            block = dataclasses.replace(data, requires_context=kept)
            # what has been parsed already stands in for the cached property, or it would be parsed again
            block.__dict__["sentences"] = [s for s in data.sentences if s.get_required_clauses(rules)]
            freed.append(block)
        return freed


def _has(data: IntentData, slot: str, source: Intents) -> bool:
    rules = {**source.expansion_rules, **data.expansion_rules}
    return any(slot in sentence.list_names(rules) for sentence in data.sentences)

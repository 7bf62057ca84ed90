"""Decides which of the sentences that are understood are worth listening for.

Home Assistant's sentences are written for text, where a further wording costs nothing. In a recogniser's grammar each
costs accuracy: with all of them (10^9 sentences for a small house) «включи свет» was heard as «отключи свет». So
of Home Assistant's sentences only those wordings are taken that its own project keeps for recognisers with a grammar
(speech-to-phrase), with the few of `spoken.yaml` beside this file; of these only what the house has entities for.
What the user wrote is taken whole. The others are understood when they are typed.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import home_assistant_intents
import msgspec
from hassil.expression import Sentence, TextChunk
from hassil.intents import IntentData, Intents, SlotList, TextSlotList, TextSlotValue
from hassil.sample import sample_expression
from hassil.util import check_excluded_context, check_required_context
from ruamel.yaml import YAML

from arvisd.intent.grammar_lattice import House
from arvisd.intent.normalization import fold
from arvisd.intent.sentences import BARE, READ_ONLY, USER

NAMES = "name"
"""The list of the names of entities; its values' context says each one's domain."""

_ANY_DOMAIN = "homeassistant"
"""The domain of intents that need no entity of a domain of their own."""

_ASKED_ANYWAY = frozenset({"HassGetWeather"})
"""What people ask in a house that cannot tell, too: heard as what it is, it is not taken for a question for the date."""

_REFERENCES = re.compile(r"<[^>]*>|\{[^}]*\}")
_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
_LATIN = re.compile("[a-z]", re.IGNORECASE)
_CYRILLIC_LANGUAGES = frozenset({"ru", "uk", "be", "bg", "sr", "mk", "mn", "kk"})
_SPOKEN = Path(__file__).with_name("spoken.yaml")


class Block(msgspec.Struct, frozen=True):
    """Sentences that share an intent, its conditions and the rules and lists they are written with."""

    intent: str
    data: IntentData
    sentences: tuple[Sentence, ...]
    rules: Mapping[str, Sentence]
    lists: Mapping[str, SlotList]
    users: bool
    """Whether the user wrote it, in the sentences or in an automation."""


def blocks(
    language: str, intents: Intents, slot_lists: Mapping[str, SlotList], more: Iterable[Intents] = ()
) -> Iterator[Block]:
    """Yield what is worth listening for in one house.

    Args:
        language: of all these sentences.
        intents: what is understood: Home Assistant's sentences, arvisd's, the user's.
        slot_lists: the house's names.
        more: sentences of automations.
    """
    house = Choice(slot_lists)
    shipped = _shipped_sentences(language)
    curated = _curated(language)
    for source, own in (*((source, True) for source in (intents, *more)), *((source, False) for source in curated)):
        for name, intent in source.intents.items():
            if not own and name not in intents.intents:
                continue
            for data in intent.data:
                if source is intents and curated and shipped.issuperset(map(fold, data.sentence_texts)):
                    continue
                metadata = data.metadata or {}
                if metadata.get(BARE) or metadata.get(READ_ONLY) or not house.wants(name, data):
                    continue
                users = own and (source is not intents or bool((data.metadata or {}).get(USER)))
                sentences = [
                    sentence
                    for sentence in data.sentences
                    if (_is_in(language, sentence.text or "") if users else not _left_out(sentence.text or ""))
                ]
                rules = {**intents.expansion_rules, **source.expansion_rules, **data.expansion_rules}
                lists = {**intents.slot_lists, **source.slot_lists, **slot_lists, **data.slot_lists}
                yield Block(name, data, tuple(sentences), rules, lists, users=users)


def _is_in(language: str, template: str) -> bool:
    """Tell whether a user's sentence can be of a language: sentences of automations are listened for in all of them."""
    literal = _REFERENCES.sub(" ", template)
    cyrillic = _CYRILLIC.search(literal) is not None
    if language in _CYRILLIC_LANGUAGES:
        return cyrillic or _LATIN.search(literal) is None
    return not cyrillic


@functools.cache
def _shipped_sentences(language: str) -> frozenset[str]:
    """Return every sentence of Home Assistant in a language, ё as е."""
    intents: dict[str, Any] = (home_assistant_intents.get_intents(language) or {}).get("intents", {})
    return frozenset(fold(text) for intent in intents.values() for data in intent["data"] for text in data["sentences"])


@functools.cache
def _curated(language: str) -> tuple[Intents, ...]:
    """Return the sentences kept for recognisers; none for a language that has no such set."""
    lean: dict[str, Any] | None = home_assistant_intents.get_speech_to_phrase_intents(language)
    if lean is None:
        return ()
    own = {"language": language, "intents": _spoken().get(language, {})}
    return Intents.from_dict(lean), Intents.from_dict(own)


@functools.cache
def _spoken() -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe", pure=True).load(_SPOKEN.read_text(encoding="utf-8"))
    return found


def _left_out(template: str) -> bool:
    """Tell whether a sentence that is not the user's is not worth listening for."""
    return any(left in template if left.startswith("<") else left == template for left in _spoken()["left_out"])


@functools.cache
def _intent_domains() -> dict[str, str]:
    """Return the domain that each of Home Assistant's intents needs."""
    known = home_assistant_intents.get_intent_info() or {}
    return {
        name: info["domain"]
        for name, info in known.items()
        if info.get("domain", _ANY_DOMAIN) != _ANY_DOMAIN and name not in _ASKED_ANYWAY
    }


class Choice:
    """What one house can do, from the lists of its names."""

    def __init__(self, slot_lists: Mapping[str, SlotList]) -> None:
        self._lists = {name: values for name, values in slot_lists.items() if isinstance(values, TextSlotList)}
        names = self._lists.get(NAMES)
        domains = {(value.context or {}).get("domain") for value in names.values} if names else set()
        self._domains = {domain for domain in domains if isinstance(domain, str)}
        self._domains_known = None not in domains
        """False: some name does not say its domain, so any domain may be there."""

    def wants(self, intent: str, data: IntentData) -> bool:
        """Tell whether the house can do what these sentences ask for."""
        if not self._domains_known:
            return True
        needed = _intent_domains().get(intent)
        if needed is not None and needed not in self._domains:
            return False
        return not data.domains or not self._domains.isdisjoint(data.domains)

    def label(self, block: Block, name: str, values: TextSlotList) -> House | None:
        """Return the names of a list of the house that fit a block's sentences; None: it is no list of the house."""
        if self._lists.get(name) is not values:
            return None
        things: dict[str, dict[str, None]] = {}
        for value in values.values:
            if _fits(value, block.data):
                things.setdefault(str(value.value_out), {}).update(dict.fromkeys(_texts(value)))
        return House(tuple(map(tuple, things.values())), place=name != NAMES, any_form=block.users)


def _fits(value: TextSlotValue, data: IntentData) -> bool:
    context = value.context or {}
    required = {key: wanted for key, wanted in data.requires_context.items() if key in context}
    return check_required_context(required, context) and check_excluded_context(data.excludes_context, context)


def _texts(value: TextSlotValue) -> Iterable[str]:
    """Return the ways to say a value; names are short, so a template among them is written out."""
    if isinstance(value.text_in, TextChunk):
        return [value.text_in.text.strip().lower()]
    return [" ".join(text.split()).lower() for text in sample_expression(value.text_in)]

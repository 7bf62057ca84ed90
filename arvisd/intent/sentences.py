"""The sentences of one language: Home Assistant's, arvisd's own and the user's, parsed to the end when loaded.

hassil parses a template when it is first compared with; the first sentence after a start would wait 90 ms
for that. Loading takes 150 ms of a thread instead, and 6 MB a language (docs/sentences.md).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hassil
import home_assistant_intents
import msgspec
from hassil.expression import Expression, Group, Sentence, TextChunk
from hassil.intents import IntentData, Intents, RangeFractionType, RangeSlotList, RangeType, TextSlotList
from hassil.sample import sample_expression

from arvisd.config.nodes import NOWHERE, Mark
from arvisd.config.problems import Problem, error
from arvisd.intent.normalization import fold_template
from arvisd.intent.sensor_questions import questions
from arvisd.intent.sentence_files import SentenceFile, read, user_files

OWN = Path(__file__).parent / "data"
"""What arvisd adds to Home Assistant's sentences and answers: `sentences_ru.yaml` and further `sentences_ru_….yaml`."""

HOUSE_LISTS = ("name", "area", "floor")
"""Lists that the house fills."""

USER = "user"
"""Key in the metadata of a block of sentences that is the user's own."""

READ_ONLY = "read_only"
"""Key in the metadata of a block of sentences that is too wide for a grammar of speech: spoken.yaml has a few of it."""

BARE = "bare"
"""Key in the metadata of a block of sentences in which a name alone turns a thing on."""


class Sentences(msgspec.Struct, frozen=True, eq=False):
    """All that is understood in one language, apart from the names of the house."""

    language: str
    intents: Intents
    """Parsed to the end; ё stands as е in what is compared (`text`), as it was in `original_text`."""
    responses: dict[str, dict[str, str]]
    """Jinja templates of answers by intent and key."""
    errors: dict[str, str]
    """Jinja templates of what is said when something is not there, by key."""
    phrases: dict[str, str]
    """Other templates: states, what is not served, …"""
    problems: tuple[Problem, ...] = ()
    """What is wrong in the user's files."""
    sensed: frozenset[str] | None = None
    """Device classes of the sensors that can be asked for; None: all."""

    def covers(self, sensed: frozenset[str]) -> bool:
        """Tell whether all sensors of these device classes can be asked for."""
        return self.sensed is None or sensed <= self.sensed


def load(
    language: str,
    config_folder: Path | None = None,
    source: dict[str, Any] | None = None,
    sensed: frozenset[str] | None = None,
) -> Sentences:
    """Read and parse a language; takes a while, so call it in a thread. A language nobody has is empty.

    Args:
        language: `en`, `ru`, …
        config_folder: where the user's `sentences/` are.
        source: sentences of Home Assistant, by default those that are installed; is changed.
        sensed: device classes of the sensors that are asked for; None: all. Each costs some 100 kB.
    """
    merged: dict[str, Any] = source or home_assistant_intents.get_intents(language) or {"intents": {}}
    merged = {"language": language, "lists": {}, "expansion_rules": {}, "skip_words": [], "responses": {}} | merged
    problems: list[Problem] = []
    _bare_names_are_no_commands(merged)
    for own in _own_files("sentences", language):
        file = read(own, own.name, language)
        if own.stem != f"sentences_{language}":
            for intent in file.content.get("intents", {}).values():
                for block in intent["data"]:
                    block["metadata"][READ_ONLY] = True
        _merge(merged, file)
    sensors = OWN / f"sensors_{language}.yaml"
    if sensors.exists() and sensed != frozenset():
        asked = questions(sensors, READ_ONLY, sensed)
        merged["intents"].setdefault("HassGetState", {"data": []})["data"].extend(asked.blocks)
        merged["lists"].update(asked.lists)
        merged["expansion_rules"].update(asked.rules)
    users = user_files(config_folder, language) if config_folder is not None else []
    for file in users:
        problems += file.problems
        for intent in file.content.get("intents", {}).values():
            for block in intent["data"]:
                block["metadata"][USER] = file.file
        _merge(merged, file)
    intents, more = _parse(merged, {text: place for file in users for text, place in file.places.items()})
    answers = _own_answers(language)
    responses: dict[str, dict[str, str]] = {}
    for given in (merged["responses"].get("intents", {}), answers.get("intents", {}), *map(_user_answers, users)):
        for intent_name, by_key in given.items():
            responses.setdefault(intent_name, {}).update(by_key)
    return Sentences(
        language,
        intents,
        responses,
        {**merged["responses"].get("errors", {}), **answers.get("errors", {})},
        answers.get("phrases", {}),
        (*problems, *more),
        sensed,
    )


def _bare_names_are_no_commands(merged: dict[str, Any]) -> None:
    """Mark the sentences by which a name alone turns a thing on: a word caught by mistake would act."""
    for name in ("HassTurnOn", "HassTurnOff"):
        blocks = merged["intents"].get(name, {}).get("data", [])
        for block in list(blocks):
            bare = [text for text in block["sentences"] if text.replace("[<the>]", "").strip() == "{name}"]
            if bare:
                block["sentences"] = [text for text in block["sentences"] if text not in bare]
                metadata = {**(block.get("metadata") or {}), BARE: True}
                blocks.append({**block, "sentences": bare, "metadata": metadata})


def _merge(merged: dict[str, Any], file: SentenceFile) -> None:
    for intent, body in file.content.get("intents", {}).items():
        merged["intents"].setdefault(intent, {"data": []})["data"].extend(body["data"])
    for key in ("lists", "expansion_rules"):
        merged[key].update(file.content.get(key, {}))
    merged["skip_words"] = [*merged["skip_words"], *file.content.get("skip_words", [])]


def _own_answers(language: str) -> dict[str, Any]:
    from ruamel.yaml import YAML

    merged: dict[str, Any] = {}
    for path in _own_files("responses", language):
        found: dict[str, Any] = YAML(typ="safe", pure=False).load(path.read_text("utf-8"))
        for section, entries in found.items():
            kept = merged.setdefault(section, {})
            for key, value in entries.items():
                kept[key] = {**kept[key], **value} if isinstance(value, dict) and key in kept else value
    return merged


def _own_files(kind: str, language: str) -> list[Path]:
    return sorted([*OWN.glob(f"{kind}_{language}.yaml"), *OWN.glob(f"{kind}_{language}_*.yaml")])


def _user_answers(file: SentenceFile) -> dict[str, dict[str, str]]:
    intents = file.content.get("responses", {}).get("intents", {})
    return {
        name: {str(key): str(text) for key, text in by_key.items()}
        for name, by_key in intents.items()
        if isinstance(by_key, dict)
    }


def _parse(merged: dict[str, Any], places: dict[str, Mark]) -> tuple[Intents, list[Problem]]:
    """Parse everything now; return the intents and what is wrong with the user's."""
    merged["skip_words"] = _skip_words(merged["skip_words"], merged["language"])
    intents = Intents.from_dict(merged)
    language = intents.language
    for name, values in intents.slot_lists.items():
        if isinstance(values, RangeSlotList):
            # numbers come as digits (arvisd.intent.number_words), so no list of their words need be made
            halves = RangeFractionType.HALVES if values.type is RangeType.TEMPERATURE else None
            intents.slot_lists[name] = dataclasses.replace(
                values, words=False, fraction_type=values.fraction_type or halves
            )
        elif isinstance(values, TextSlotList):
            _fold_list(values, language)
    for rule in intents.expansion_rules.values():
        fold_expression(rule.expression, language)
    problems: list[Problem] = []
    for intent in intents.intents.values():
        for data in list(intent.data):
            rules = {**intents.expansion_rules, **data.expansion_rules}
            _asks_nothing_of_no_name(data, rules)
            lists = {**intents.slot_lists, **data.slot_lists}
            for rule in data.expansion_rules.values():
                fold_expression(rule.expression, language)
            for values in data.slot_lists.values():
                if isinstance(values, TextSlotList):
                    _fold_list(values, language)
            for sentence in list(data.sentences):
                wrong = _missing(sentence, rules, lists)
                if wrong:
                    data.sentences.remove(sentence)
                    place = places.get(sentence.text or "", NOWHERE)
                    problems.append(error(place, f"the sentence {sentence.text!r} names {wrong}"))
                    continue
                fold_expression(sentence.expression, language)
                sentence.get_required_clauses(rules)
    return intents, problems


def _asks_nothing_of_no_name(data: IntentData, rules: dict[str, Sentence]) -> None:
    """Drop what a block requires of the name, where none of its sentences has one and the slots say the same.

    Home Assistant has such blocks ("is anything vibrating"); it never understands them.
    """
    said = [key for key in ("domain", "device_class") if key in data.requires_context and key in data.slots]
    if said and not any("name" in sentence.list_names(rules) for sentence in data.sentences):
        for key in said:
            del data.requires_context[key]


def _skip_words(words: list[str], language: str) -> list[str]:
    """Return the words that may be left out, templates among them (`ска(жи|зать)`) written out: hassil takes plain ones."""
    found: list[str] = []
    for word in words:
        found += sample_expression(hassil.parse_sentence(word).expression) if hassil.is_template(word) else [word]
    return [fold_template(word, language) for word in found]


def _missing(sentence: Sentence, rules: dict[str, Sentence], lists: dict[str, Any]) -> str:
    """Return what a sentence refers to and is not there; empty: nothing."""
    for part in walk(sentence.expression, {}):
        if isinstance(part, hassil.RuleReference) and part.rule_name not in rules:
            return f"a rule <{part.rule_name}> that there is none of"
        if (
            isinstance(part, hassil.ListReference)
            and not part.is_inline_range
            and part.list_name not in lists
            and part.list_name not in HOUSE_LISTS
        ):
            return f"a list {{{part.list_name}}} that there is none of"
    return ""


def walk(expression: Expression, rules: dict[str, Sentence], depth: int = 0) -> Iterator[Expression]:
    """Yield an expression and all within it, into the given rules too."""
    yield expression
    if isinstance(expression, Group):
        for item in expression.items:
            yield from walk(item, rules, depth)
    elif isinstance(expression, hassil.RuleReference) and depth < 24 and expression.rule_name in rules:
        yield from walk(rules[expression.rule_name].expression, rules, depth + 1)


def fold_expression(expression: Expression, language: str) -> None:
    """Bring what is compared into the form of normalised texts; `original_text` keeps it for those who say it."""
    for part in walk(expression, {}):
        if isinstance(part, TextChunk):
            folded = fold_template(part.text, language)
            if folded != part.text:
                part.original_text, part.text = part.text, folded


def _fold_list(values: TextSlotList, language: str) -> None:
    for value in values.values:
        fold_expression(value.text_in, language)
    values.get_candidates("")  # builds its index now

"""Leaves of all sentences those that can fit a text at all: by the words and the names that they need.

Comparing costs hassil some 4 ms with 900 templates and 500 names, most of it for templates that could
never fit. What is left out here provably cannot fit, so nothing is lost.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any, NamedTuple

from hassil.expression import Alternative, Expression, Group, ListReference, RuleReference, Sentence
from hassil.intents import Intent, IntentData, Intents, TextSlotList

from arvisd.intent.sentences import BARE, HOUSE_LISTS


class _Template(NamedTuple):
    """What one template needs."""

    clauses: frozenset[int]
    """Numbers of the clauses of which each must hold."""
    lists: frozenset[str]
    """Lists of the house of which each must have a name in the text."""


class _Block(NamedTuple):
    """A block of templates of one intent."""

    intent: str
    data: IntentData
    templates: tuple[_Template, ...]
    domains: frozenset[str] | None
    """Domains of which the text must name an entity; None: any."""
    classes: frozenset[str] | None
    """Device classes of which the text must name an entity; None: any."""
    bare: bool
    """A name alone is the whole command."""


class Prefilter:
    """Made once for the sentences of a language."""

    def __init__(self, intents: Intents) -> None:
        self._intents = intents
        self._clauses: dict[frozenset[str], int] = {}
        self._blocks = [
            self._block(name, data)
            for name, intent in intents.intents.items()
            for data in intent.data
            if data.sentences
        ]
        self._fragments = {fragment for clause in self._clauses for fragment in clause}

    def fitting(
        self, text: str, names: Mapping[str, TextSlotList], only: Container[str] | None = None, *, bare: bool = False
    ) -> Intents:
        """Return the intents that a normalised text can mean.

        Args:
            text: normalised.
            names: the lists of the house, with only the names that are in the text.
            only: names of the intents to look at; None: all.
            bare: take a name alone for a command, too.
        """
        folded = text.casefold()  # as the fragments are: "ß" is "ss" in them
        present = {fragment for fragment in self._fragments if fragment in folded}
        holding = {number for clause, number in self._clauses.items() if not clause.isdisjoint(present)}
        absent = {name for name, values in names.items() if not values.values}
        contexts = [value.context or {} for value in names["name"].values] if "name" in names else []
        domains = {context.get("domain") for context in contexts}
        classes = {context.get("device_class") for context in contexts}
        kept: dict[str, Intent] = {}
        for block in self._blocks:
            if (block.bare and not bare) or (only is not None and block.intent not in only):
                continue
            if block.domains is not None and block.domains.isdisjoint(domains):
                continue
            if block.classes is not None and block.classes.isdisjoint(classes):
                continue
            if any(t.clauses <= holding and t.lists.isdisjoint(absent) for t in block.templates):
                kept.setdefault(block.intent, Intent(block.intent)).data.append(block.data)
        return Intents(
            self._intents.language,
            kept,
            self._intents.slot_lists,
            self._intents.expansion_rules,
            self._intents.skip_words,
            self._intents.settings,
        )

    def _block(self, intent: str, data: IntentData) -> _Block:
        rules = {**self._intents.expansion_rules, **data.expansion_rules}
        templates = []
        for sentence in data.sentences:
            clauses = frozenset(
                self._clauses.setdefault(clause, len(self._clauses)) for clause in sentence.get_required_clauses(rules)
            )
            lists = needed_lists(sentence.expression, rules) & frozenset(HOUSE_LISTS)
            templates.append(_Template(clauses, lists - frozenset(data.slot_lists)))
        bare = bool((data.metadata or {}).get(BARE))
        named = all("name" in template.lists for template in templates)
        domains = _required(data, "domain") if named else None
        classes = _required(data, "device_class") if named else None
        return _Block(intent, data, tuple(dict.fromkeys(templates)), domains, classes, bare)


def needed_lists(expression: Expression, rules: dict[str, Sentence], depth: int = 0) -> frozenset[str]:
    """Return the names of the lists without a value of which an expression cannot fit."""
    if depth > 24:
        return frozenset()
    if isinstance(expression, ListReference):
        return frozenset((expression.list_name,))
    if isinstance(expression, RuleReference):
        rule = rules.get(expression.rule_name)
        return needed_lists(rule.expression, rules, depth + 1) if rule else frozenset()
    if isinstance(expression, Alternative):
        if expression.is_optional or not expression.items:
            return frozenset()
        return frozenset.intersection(*(needed_lists(item, rules, depth + 1) for item in expression.items))
    if isinstance(expression, Group):
        return frozenset().union(*(needed_lists(item, rules, depth + 1) for item in expression.items))
    return frozenset()


def _required(data: IntentData, key: str) -> frozenset[str] | None:
    """Return what a name's domain or device class must be among, None where it may be any."""
    wanted: Any = data.requires_context.get(key)
    if isinstance(wanted, Mapping):
        wanted = wanted.get("value")
    if isinstance(wanted, str):
        return frozenset((wanted,))
    return frozenset(wanted) if isinstance(wanted, list) and wanted else None

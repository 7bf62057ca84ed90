"""Turns one sentence template into an automaton of words.

A template's pieces may join inside a word (`включи[ть]`, `hour[s]`), so it is first laid out as arcs of word pieces and
gaps, and the words are then read off between the gaps.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from hassil.expression import (
    Alternative,
    Expression,
    Group,
    ListReference,
    Permutation,
    RuleReference,
    Sentence,
    TextChunk,
)
from hassil.intents import RangeSlotList, SlotList, TextSlotList
from hassil.util import PUNCTUATION_STR

from arvisd.intent.grammar_graph import Automaton
from arvisd.intent.grammar_numbers import number_words
from arvisd.intent.normalization import fold

_GAP = " "
_SPLIT = re.compile(r"\s+|[^\s]+")
_SAYABLE = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*'?")
_DEEPEST = 24
"""Rules within rules; more is a rule that holds itself."""


class House(NamedTuple):
    """A slot of the house's own names, kept as one label until the sentences have been made small."""

    things: tuple[tuple[str, ...], ...]
    """For each thing all its names, in all forms, each said as it is written."""
    place: bool
    """Whether they are places: areas and floors."""
    any_form: bool
    """Whether any form of a name may stand there; else those that the word before asks for."""


Label = str | House
Keep = Callable[[str, TextSlotList], House | None]
"""Given a list's name and the list: its label when it is a list of the house's names, None to write it out."""


class Lattice:
    """Lays out one template and reads its words off."""

    def __init__(
        self, language: str, slot_lists: Mapping[str, SlotList], rules: Mapping[str, Sentence], keep: Keep
    ) -> None:
        self._language = language
        self._slot_lists = slot_lists
        self._rules = rules
        self._keep = keep
        self._pieces: Automaton[Label | None] = Automaton()

    def words(self, expression: Expression, into: Automaton[Label]) -> None:
        """Add every sentence of a template to an automaton; what cannot be said is left out."""
        end = self._lay(expression, 0, 0)
        if end is None:
            return
        self._pieces.ends.add(end)
        numbers = {0: 0}
        todo = [0]
        while todo:
            state = todo.pop()
            for label, reached, is_end in self._next_words(state):
                if label == "":
                    into.ends.add(numbers[state])
                for spoken in _spoken(label, self._language):
                    if is_end:
                        stop = into.state()
                        into.ends.add(stop)
                        into.path(numbers[state], spoken, stop)
                    if reached is not None:
                        if reached not in numbers:
                            numbers[reached] = into.state()
                            todo.append(reached)
                        into.path(numbers[state], spoken, numbers[reached])

    def _next_words(self, start: int) -> set[tuple[Label, int | None, bool]]:
        """Return the words that may come next: word, state after its gap, whether the sentence may end with it.

        The empty word: the sentence may end here.
        """
        found: set[tuple[Label, int | None, bool]] = set()
        seen: set[tuple[int, Label]] = {(start, "")}
        todo: list[tuple[int, Label]] = [(start, "")]
        while todo:
            state, word = todo.pop()
            if state in self._pieces.ends:
                found.add((word, None, True))
            for label, end in self._pieces.arcs[state]:
                joined = word
                if label == _GAP:
                    if word:
                        found.add((word, end, False))
                        continue
                elif isinstance(label, House) or isinstance(word, House):
                    if label is not None:
                        if word:
                            continue  # a name that a text is glued to: not a word that anybody says
                        joined = label
                elif label is not None:
                    joined = word + label
                if (end, joined) not in seen:
                    seen.add((end, joined))
                    todo.append((end, joined))
        return found

    def _lay(self, expression: Expression, start: int, depth: int) -> int | None:
        """Lay an expression out from a state; return the state after it, None when it cannot be said at all."""
        if depth > _DEEPEST:
            return None
        if isinstance(expression, TextChunk):
            return self._lay_text(written(expression.text, self._language), start)
        if isinstance(expression, Alternative):
            return self._lay_one_of(expression.items, start, depth)
        if isinstance(expression, Permutation):
            return self._lay_permutation(expression, start, depth)
        if isinstance(expression, Group):
            state: int | None = start
            for item in expression.items:
                state = self._lay(item, state, depth) if state is not None else None
            return state
        if isinstance(expression, RuleReference):
            rule = self._rules.get(expression.rule_name)
            return self._lay(rule.expression, start, depth + 1) if rule else None
        if isinstance(expression, ListReference):
            return self._lay_list(expression, start, depth)
        return None

    def _lay_text(self, text: str, start: int) -> int:
        for piece in _SPLIT.findall(text):
            end = self._pieces.state()
            self._pieces.arc(start, _GAP if piece.isspace() else piece, end)
            start = end
        return start

    def _lay_one_of(self, items: list[Expression], start: int, depth: int) -> int | None:
        end: int | None = None
        for item in items:
            after = self._lay(item, start, depth)
            if after is not None:
                if end is None:
                    end = self._pieces.state()
                self._pieces.arc(after, None, end)
        return end

    def _lay_permutation(self, group: Permutation, start: int, depth: int) -> int | None:
        if len(group.items) == 1:
            return self._lay(group.items[0], start, depth)
        end: int | None = None
        for item, rest in group.iterate_permutations():
            after = self._lay(item, start, depth)
            after = self._lay(rest, after, depth) if after is not None else None
            if after is not None:
                if end is None:
                    end = self._pieces.state()
                self._pieces.arc(after, None, end)
        return end

    def _lay_list(self, reference: ListReference, start: int, depth: int) -> int | None:
        inline = reference.get_inline_range()
        if inline is not None:
            return self._lay_range(range(inline[0], inline[1] + 1, inline[2]), start)
        slot_list = self._slot_lists.get(reference.list_name)
        if isinstance(slot_list, TextSlotList):
            label = self._keep(reference.list_name, slot_list)
            if label is None:
                return self._lay_one_of([value.text_in for value in slot_list.values], start, depth + 1)
            if not label.things:
                return None
            end = self._pieces.state()
            self._pieces.arc(start, label, end)
            return end
        if isinstance(slot_list, RangeSlotList):
            return self._lay_range(range(slot_list.start, slot_list.stop + 1, slot_list.step), start)
        return None  # a wildcard: anything at all is not in a grammar

    def _lay_range(self, numbers: range, start: int) -> int | None:
        if numbers.stop > 1001:
            return None  # kelvins and the like: nobody says them, and they would be a third of the grammar
        end = self._pieces.state()
        for number in numbers:
            self._pieces.arc(start, str(number), end)
        return end


def written(text: str, language: str) -> str:
    """Return a text in the form in which sentences are compared: small letters, ё as е."""
    return fold(text.lower()) if language == "ru" else text.lower()


def _spoken(label: Label, language: str) -> list[list[Label]]:
    """Return how a word of a template is said, as words; nothing when it cannot be."""
    if isinstance(label, House):
        return [[label]]
    return [list(words) for words in spoken_words(label, language)]


def spoken_words(text: str, language: str) -> list[list[str]]:
    """Return the ways to say one written word or number: `21` → `[["twenty", "one"]]`, `%` → `[]`."""
    word = text.strip(PUNCTUATION_STR)
    if word.isdecimal():
        return [said.split() for said in number_words(int(word), language)] if len(word) <= 4 else []
    return [[word]] if _SAYABLE.fullmatch(word) else []

"""Makes the grammar that recognisers listen with, from the sentences and names that the house knows."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec
from hassil.intents import Intents, SlotList

from arvisd.intent.grammar_cases import fitting_forms
from arvisd.intent.grammar_choice import Choice, blocks
from arvisd.intent.grammar_graph import Automaton, minimal
from arvisd.intent.grammar_lattice import House, Label, Lattice, spoken_words, written
from arvisd.providers.stt import WordGraph

LEAD_INS: Mapping[str, tuple[str, ...]] = {"en": ("hey jarvis",), "ru": ("хей джарвис", "эй джарвис", "джарвис")}
"""How the default wake word is said, by language: the sound given to a recogniser begins before its end."""


class _Known(msgspec.Struct, frozen=True, eq=False):
    """What the house understands in one language."""

    intents: Intents
    slot_lists: Mapping[str, SlotList]


class SentenceVocabulary:
    """The sentences of every language; graphs are made when first asked for and kept until something changes.

    May be asked from several threads; told of changes from one.
    """

    def __init__(self, lead_ins: Mapping[str, Sequence[str]] = LEAD_INS) -> None:
        self.version = 0
        """Grows with every change."""
        self._lead_ins = lead_ins
        self._known: dict[str, _Known] = {}
        self._more: dict[int, tuple[str, Intents]] = {}
        self._graphs: dict[str, tuple[int, WordGraph]] = {}
        self._lock = threading.Lock()

    def update(self, language: str, intents: Intents, slot_lists: Mapping[str, SlotList]) -> None:
        """Take what a language understands now.

        Args:
            language: `en`, `ru`, …
            intents: all sentences, the user's among them.
            slot_lists: the house's own lists: `name`, `area`, `floor`. A name's context says its `domain`, so that
                nothing is listened for that no entity can do.
        """
        self._known[language] = _Known(intents, slot_lists)
        self.version += 1

    def add(self, language: str, intents: Intents) -> Callable[[], None]:
        """Listen for further sentences, those of an automation, until the function that is returned is called."""
        self.version += 1
        key = self.version
        self._more[key] = (language, intents)

        def remove() -> None:
            if self._more.pop(key, None) is not None:
                self.version += 1

        return remove

    def graph(self, language: str) -> WordGraph:
        """Return every sentence of a language; empty for one that is not known."""
        with self._lock:
            known, version = self._known.get(language), self.version
            if known is None:
                return WordGraph()
            made = self._graphs.get(language)
            if made is None or made[0] != version:
                more = [intents for spoken, intents in list(self._more.values()) if spoken == language]
                graph = build(language, known.intents, known.slot_lists, self._lead_ins.get(language, ()), more)
                made = self._graphs[language] = (version, graph)
            return made[1]

    def words(self, language: str) -> frozenset[str]:
        """Return every word of a language's graph and lead-ins."""
        graph = self.graph(language)
        return frozenset(arc[2] for arc in graph.arcs) | {word for said in graph.lead_ins for word in said.split()}


def build(
    language: str,
    intents: Intents,
    slot_lists: Mapping[str, SlotList],
    lead_ins: Sequence[str] = (),
    more: Iterable[Intents] = (),
) -> WordGraph:
    """Return the smallest graph of the sentences worth listening for."""
    house = Choice(slot_lists)
    templates: Automaton[Label] = Automaton()
    for block in blocks(language, intents, slot_lists, more):
        keep = functools.partial(house.label, block)
        for sentence in block.sentences:
            part: Automaton[Label] = Automaton()
            Lattice(language, block.lists, block.rules, keep).words(sentence.expression, part)
            _join(templates, part)
    small = minimal(templates)
    whole = minimal(_written_out(small, language))
    arcs = tuple((state, end, word) for state, out in enumerate(whole.arcs) for word, end in out)
    return WordGraph(arcs, frozenset(whole.ends), _tails(lead_ins))


def _join(into: Automaton[Label], part: Automaton[Label]) -> None:
    """Let an automaton accept what another one accepts as well."""
    offset = len(into.arcs) - 1
    into.arcs.extend([] for _ in part.arcs[1:])
    for state, arcs in enumerate(part.arcs):
        here = state + offset if state else 0
        into.arcs[here].extend((label, end + offset) for label, end in arcs)
    into.ends.update(state + offset for state in part.ends)


def _written_out(automaton: Automaton[Label], language: str) -> Automaton[str]:
    """Replace each list of names by its names, in the forms that the word before asks for."""
    naming = [any(isinstance(label, House) for label, _ in arcs) for arcs in automaton.arcs]
    result: Automaton[str] = Automaton()
    numbers = {(0, ""): 0}
    todo = [(0, "")]

    def reached(state: int, word: str) -> int:
        """Return the new number of a state; one that names follow is another one after each word."""
        key = (state, word if naming[state] else "")
        if key not in numbers:
            numbers[key] = result.state()
            todo.append(key)
        return numbers[key]

    while todo:
        state, before = todo.pop()
        here = numbers[state, before]
        if state in automaton.ends:
            result.ends.add(here)
        for label, end in automaton.arcs[state]:
            if isinstance(label, House):
                for name in _names(label, before, language):
                    for words in _said(name, language):
                        result.path(here, words, reached(end, ""))
            else:
                result.arc(here, label, reached(end, label))
    return result


def _names(house: House, before: str, language: str) -> Iterator[str]:
    """Yield the names that may follow a word."""
    for forms in house.things:
        if language == "ru" and not house.any_form:
            yield from fitting_forms(forms, before, place=house.place)
        else:
            yield from forms


def _said(name: str, language: str) -> list[list[str]]:
    """Return the ways to say a name; none when it holds something that is no word."""
    ways: list[list[str]] = [[]]
    for part in written(name, language).split():
        ways = [[*way, *words] for way in ways for words in spoken_words(part, language)]
    return [way for way in ways if way]


def _tails(lead_ins: Sequence[str]) -> tuple[str, ...]:
    """Return the phrases and what is left of each when its beginning was cut off."""
    words = [phrase.split() for phrase in lead_ins]
    return tuple(dict.fromkeys(" ".join(phrase[start:]) for phrase in words for start in range(len(phrase))))

"""The speech recognition interface."""

from __future__ import annotations

import abc
from collections.abc import AsyncIterator
from typing import Protocol

import msgspec

from arvisd.providers.base import Provider


class Word(msgspec.Struct, frozen=True):
    """One recognised word."""

    text: str
    start: float
    """Seconds from the first sample given."""
    end: float
    confidence: float = 1.0


class Hypothesis(msgspec.Struct, frozen=True):
    """What was understood so far, or in the end."""

    text: str
    """Empty and final: nothing that is speech, or nothing of the grammar."""
    final: bool
    confidence: float = 1.0
    """0 to 1."""
    language: str = ""
    words: tuple[Word, ...] = ()


class WordGraph(msgspec.Struct, frozen=True):
    """Every sentence that can be said, as an automaton of words; state 0 is the start, and there are no dead ends.

    A graph and not JSGF text: a grammar's rules are copied at every use when a recogniser unfolds them, a minimal
    automaton is ten to a hundred times smaller.
    """

    arcs: tuple[tuple[int, int, str], ...] = ()
    """From, to, word (lower case, as it is written; numbers as words)."""
    ends: frozenset[int] = frozenset()
    """States in which a sentence may end."""
    lead_ins: tuple[str, ...] = ()
    """What may be said before a sentence and is no part of it: the wake word, whole or its last words."""

    @property
    def states(self) -> int:
        """How many states there are."""
        return 1 + max((max(arc[0], arc[1]) for arc in self.arcs), default=0)

    def after_lead_in(self, words: list[str]) -> list[str]:
        """Return what was said after the wake word, or all of it."""
        leads = sorted((phrase.split() for phrase in self.lead_ins), key=len, reverse=True)
        while lead := next((lead for lead in leads if words[: len(lead)] == lead), None):
            words = words[len(lead) :]
        return words


class Vocabulary(Protocol):
    """The sentences that the house can understand now; recognisers with a grammar are built from it."""

    version: int
    """Grows with every change; a recogniser rebuilds its grammar when it sees another one."""

    def graph(self, language: str) -> WordGraph:
        """Return every sentence of that language; may take a second, so call it in a thread."""

    def words(self, language: str) -> frozenset[str]:
        """Return every word of the graph and its lead-ins, lower case."""


class SttProvider(Provider):
    """Turns speech into text."""

    @abc.abstractmethod
    def transcribe(self, audio: AsyncIterator[bytes], language: str) -> AsyncIterator[Hypothesis]:
        """Yield partial hypotheses as the audio comes, then exactly one final one.

        Args:
            audio: 16 kHz mono s16le in pieces of any length; its end is the end of the utterance.
            language: `en`, `ru`, …

        Raises:
            ProviderError: it failed; the chain goes on with the next.
        """

    def use(self, vocabulary: Vocabulary) -> None:
        """Take the vocabulary; those who recognise free speech have no need of it."""

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


class Vocabulary(Protocol):
    """The sentences that the house can understand now; recognisers with a grammar are built from it."""

    version: int
    """Grows with every change; a recogniser rebuilds its grammar when it sees another one."""

    def jsgf(self, language: str) -> str:
        """Return a JSGF grammar of every sentence in that language; its public rule is `<command>`."""

    def words(self, language: str) -> frozenset[str]:
        """Return every word that the grammar holds, lower case."""


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

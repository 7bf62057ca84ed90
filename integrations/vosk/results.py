"""Reads vosk's results, which come as JSON, a part of an utterance at a time."""

from __future__ import annotations

import msgspec

from arvisd.api import Hypothesis, Word, WordGraph

_UNKNOWN = "[unk]"


class _Word(msgspec.Struct):
    word: str
    start: float
    end: float
    conf: float = 1.0


class _Result(msgspec.Struct):
    text: str = ""
    partial: str = ""
    result: list[_Word] = msgspec.field(default_factory=list)


class Utterance:
    """One utterance; a pause within it makes vosk settle what came before, and it goes on."""

    def __init__(self, graph: WordGraph, language: str) -> None:
        self._graph = graph
        self._language = language
        self._words: list[_Word] = []

    def heard(self, settled: bool, result: str) -> Hypothesis:
        """Take a result and return what was understood so far."""
        found = msgspec.json.decode(result, type=_Result)
        coming: list[str] = []
        if settled:
            self._words += found.result
        else:
            coming = found.partial.split()
        said = [word for word in (*(word.word for word in self._words), *coming) if word != _UNKNOWN]
        return Hypothesis(
            " ".join(self._graph.after_lead_in(said)), final=False, confidence=0.5, language=self._language
        )

    def final(self, result: str) -> Hypothesis:
        """Take the last result and return the whole.

        An utterance of which a half or more is no word of the grammar is nothing that was meant for it.
        """
        self._words += msgspec.json.decode(result, type=_Result).result
        known = [word for word in self._words if word.word != _UNKNOWN]
        if len(known) * 2 <= len(self._words):
            known = []
        kept = self._graph.after_lead_in([word.word for word in known])
        words = known[len(known) - len(kept) :]
        return Hypothesis(
            " ".join(kept),
            final=True,
            confidence=sum(word.conf for word in words) / len(words) if words else 1.0,
            language=self._language,
            words=tuple(Word(word.word, word.start, word.end, word.conf) for word in words),
        )

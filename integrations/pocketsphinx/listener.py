"""Hears one utterance at a time: a decoder with the grammar, and beside it a free phone loop to tell what is not in it.

A grammar always finds something. The phone loop, which may put any sounds after each other, explains the same sound
as well as the model can; the further the grammar's path falls behind it, the less it was said:

- gap: (log likelihood of the grammar's path - that of the loop) / frames of speech in the path;
- coverage: frames of speech in the path / those in the loop's.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import msgspec

from arvisd.api import Word, WordGraph

from .acoustic import AcousticModel

Pronounce = Callable[[str], list[str]]
"""Given a word: its pronunciations, phones with spaces; none when it cannot be said."""

_QUIET = frozenset(
    {"<sil>", "<s>", "</s>", "(NULL)", "SIL", "[NOISE]", "[SPEECH]", "[COUGH]", "[SMACK]", "[UH]", "[UM]"}
)
_VARIANT = re.compile(r"\(\d+\)$")
_FRAMES = 100
"""Feature frames a second, of every model."""
_COVERAGE = 0.6
"""Below it the grammar explained only a part of what was said."""
_LONGEST_WORD = 130
"""Frames; a longer "word" is noise that the grammar had to explain (the longest said in the tests has 90)."""
_LEAST_SPEECH = 20
"""Frames; what is shorter (a click, a breath) is no command: the shortest ("lights off") has 45."""
_STEEPNESS = 1.5
"""Of the confidence over the gap: 0.5 at the threshold, 0.9 where most right commands are."""
_LOG_SCALE = 1024.0
"""PocketSphinx keeps log likelihoods shifted right by 10 bits; `hyp.score` is the exponential of that."""


class Heard(msgspec.Struct, frozen=True):
    """What one utterance was."""

    text: str
    """Best sentence of the grammar without its lead-in; empty: none, or the lead-in alone."""
    words: tuple[Word, ...]
    gap: float
    coverage: float
    accepted: bool
    confidence: float
    """0 to 1; 0.5 at the threshold."""


class Listener:
    """Owns two decoders of one language. Called from one worker thread at a time; making one takes 0.2 to 0.5 s."""

    def __init__(self, model: AcousticModel, threshold: float | None = None) -> None:
        from pocketsphinx import Config, Decoder

        self.model = model
        self.threshold = model.threshold if threshold is None else threshold
        self._decoder: Any = Decoder(Config(**model.options()))
        self._loop: Any = Decoder(Config(**{**model.options(), "dict": None}))
        self._loop.add_allphone_file("phones", None)
        self._loop.activate_search("phones")
        self._mean: str = self._decoder.get_cmn()
        self._search = ""
        self._graph = WordGraph()

    def learn(self, graph: WordGraph, pronounce: Pronounce) -> list[str]:
        """Take a grammar; not while an utterance is under way. Return the words that it cannot say.

        Sentences with such a word cannot be heard; the others can.
        """
        unsayable = self._learn_words(
            {arc[2] for arc in graph.arcs} | {w for p in graph.lead_ins for w in p.split()}, pronounce
        )
        name = "a" if self._search != "a" else "b"
        self._decoder.add_fsg(name, self._decoder.create_fsg(name, 0, graph.states, _transitions(graph, unsayable)))
        self._decoder.activate_search(name)
        if self._search:
            self._decoder.remove_search(self._search)
        self._search = name
        self._graph = graph
        return sorted(unsayable)

    def _learn_words(self, words: set[str], pronounce: Pronounce) -> set[str]:
        unsayable: set[str] = set()
        for word in sorted(words):
            if self._decoder.lookup_word(word) is not None:
                continue
            ways = pronounce(word)
            for number, phones in enumerate(ways, start=1):
                name = word if number == 1 else f"{word}({number})"
                self._decoder.add_word(name, phones, False)
            if not ways:
                unsayable.add(word)
        return unsayable

    def start(self) -> None:
        """Begin an utterance."""
        for decoder in (self._decoder, self._loop):
            decoder.set_cmn(self._mean)  # not the last speaker's
            decoder.start_utt()

    def feed(self, pcm: bytes) -> str:
        """Take the next samples (16 kHz mono s16le) and return the best sentence so far."""
        self._decoder.process_raw(pcm)
        self._loop.process_raw(pcm)
        hypothesis = self._decoder.hyp()
        return " ".join(self._graph.after_lead_in(hypothesis.hypstr.split())) if hypothesis is not None else ""

    def abandon(self) -> None:
        """Forget the utterance under way."""
        self._decoder.end_utt()
        self._loop.end_utt()

    def finish(self) -> Heard:
        """End the utterance and say what it was; takes some milliseconds."""
        self.abandon()
        hypothesis, free = self._decoder.hyp(), self._loop.hyp()
        if hypothesis is None or free is None:
            return Heard("", (), -math.inf, 0.0, accepted=False, confidence=0.0)
        said = [part for part in self._decoder.seg() if part.word not in _QUIET]
        lengths = [part.end_frame - part.start_frame + 1 for part in said]
        speech = sum(lengths)
        heard = sum(part.end_frame - part.start_frame + 1 for part in self._loop.seg() if part.word not in _QUIET)
        gap = (_likelihood(hypothesis) - _likelihood(free)) / max(10, speech)
        coverage = speech / max(1, heard)
        words = self._graph.after_lead_in([_VARIANT.sub("", part.word) for part in said])
        times = tuple(
            Word(word, part.start_frame / _FRAMES, (part.end_frame + 1) / _FRAMES)
            for word, part in zip(words, said[len(said) - len(words) :], strict=True)
        )
        sane = coverage >= _COVERAGE and speech >= _LEAST_SPEECH and max(lengths, default=0) <= _LONGEST_WORD
        confidence = 1 / (1 + math.exp(-_STEEPNESS * (gap - self.threshold))) if sane else 0.0
        accepted = bool(words) and confidence >= 0.5
        return Heard(" ".join(words), times, gap, coverage, accepted, confidence)


def _likelihood(hypothesis: Any) -> float:
    return math.log(max(hypothesis.score, 1e-300)) * _LOG_SCALE


def _transitions(graph: WordGraph, unsayable: set[str]) -> list[tuple[Any, ...]]:
    """Return the graph as PocketSphinx wants it: one final state, and the lead-ins as loops at the start.

    Every choice has probability 1: with choices weighed by their number, sentences through crowded states lose. The
    start may end too, so that a wake word alone, or silence, need not be forced into a sentence.
    """
    final = graph.states
    spare = final + 1
    transitions: list[tuple[Any, ...]] = [(a, b, 1.0, word) for a, b, word in graph.arcs if word not in unsayable]
    transitions.extend((end, final, 1.0) for end in sorted(graph.ends | {0}))
    for phrase in graph.lead_ins:
        *before, last = phrase.split()
        if unsayable.intersection([*before, last]):
            continue
        state = 0
        for word in before:
            transitions.append((state, spare, 1.0, word))
            state, spare = spare, spare + 1
        transitions.append((state, 0, 1.0, last))
    return transitions

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
from .onset import Onset

Lookup = Callable[[str], str | None]
"""Given a word: the phones that the model's dictionary has for it."""
Pronounce = Callable[[str], list[str]]
"""Given a word: its pronunciations, phones with spaces; none when it cannot be said."""
Lexicon = Callable[[Lookup], Pronounce]
"""Given a dictionary: what pronounces the words that it lacks."""

_QUIET = frozenset(
    {"<sil>", "<s>", "</s>", "(NULL)", "SIL", "[NOISE]", "[SPEECH]", "[COUGH]", "[SMACK]", "[UH]", "[UM]"}
)
_VARIANT = re.compile(r"\(\d+\)$")
_FRAMES = 100
"""Feature frames a second, of every model."""
_MOST_COVERAGE = 1.3
"""Above it the grammar took silence for speech."""
_LONGEST_WORD = 130
"""Frames; a longer "word" is noise that the grammar had to explain (the longest said in the tests has 90)."""
_LEAST_SPEECH = 20
"""Frames; what is shorter (a click, a breath) is no command: the shortest ("lights off") has 45."""
_STEEPNESS = 1.5
"""Of the confidence over the gap: 0.5 at the threshold, 0.9 where most right commands are."""
_MEASURED = 48000
"""Bytes (1.5 s) from the first sound on by which is measured how loud it is here."""
_BYTES_A_FRAME = 320
_KEPT_MEAN = 500
"""Frames that PocketSphinx lets a mean count for that it was given (CMN_WIN in its cmn.h)."""
_PRIOR = 50
"""Frames that the model's own mean counts for here, against a second of what is heard. Without this step the model's
mean holds for the first 8 s, and a room ten times as loud is not understood: 7 of 18 sentences instead of 17."""
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
        self._mean = _numbers(self._decoder.get_cmn())
        self._onset: Onset | None = None
        """Waits for the first sound; None: decoding has begun."""
        self._left_out = 0
        """Frames before it that were not decoded."""
        self._search = ""
        self._graph = WordGraph()
        self.learn(self._graph, lambda lookup: lambda word: [])

    def learn(self, graph: WordGraph, lexicon: Lexicon) -> list[str]:
        """Take a grammar; not while an utterance is under way. Return the words that it cannot say.

        Sentences with such a word cannot be heard; the others can.
        """
        words = {arc[2] for arc in graph.arcs} | {word for phrase in graph.lead_ins for word in phrase.split()}
        unsayable = self._learn_words(words, lexicon(self._decoder.lookup_word))
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
        self._onset = Onset()

    def feed(self, pcm: bytes) -> str:
        """Take the next samples (16 kHz mono s16le) and return the best sentence so far."""
        if self._onset is None:
            self._decode(pcm)
        elif self._onset.add(pcm):
            self._begin(self._onset)
        else:
            return ""
        hypothesis = self._decoder.hyp()
        return " ".join(self._graph.after_lead_in(hypothesis.hypstr.split())) if hypothesis is not None else ""

    def _begin(self, onset: Onset) -> None:
        """Decode what came so far, with the mean of its own features and not of the last speaker's."""
        pcm, self._left_out = onset.take()
        self._onset = None
        mean = _text(self._mean_of(pcm[:_MEASURED]))
        for decoder in (self._decoder, self._loop):
            decoder.set_cmn(mean)
            decoder.start_utt()
        self._decode(pcm)

    def _decode(self, pcm: bytes) -> None:
        if pcm:
            self._decoder.process_raw(pcm)
            self._loop.process_raw(pcm)

    def _mean_of(self, pcm: bytes) -> list[float]:
        """Return the mean of the features of some sound, drawn a little to the model's own."""
        frames = len(pcm) // _BYTES_A_FRAME - 3
        if frames < 10:
            return self._mean
        self._loop.set_cmn(_text(self._mean))
        self._loop.start_utt()
        self._loop.process_raw(pcm, no_search=True)
        mixed = _numbers(self._loop.get_cmn(True))
        self._loop.end_utt()
        heard = [
            own + (both - own) * (_KEPT_MEAN + frames) / frames for own, both in zip(self._mean, mixed, strict=True)
        ]
        return [(h * frames + own * _PRIOR) / (frames + _PRIOR) for h, own in zip(heard, self._mean, strict=True)]

    def abandon(self) -> None:
        """Forget the utterance under way."""
        if self._onset is None:
            self._decoder.end_utt()
            self._loop.end_utt()
        self._onset = None

    def finish(self) -> Heard:
        """End the utterance and say what it was; takes some milliseconds."""
        if self._onset is not None:
            self._begin(self._onset)
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
            Word(word, self._seconds(part.start_frame), self._seconds(part.end_frame + 1))
            for word, part in zip(words, said[len(said) - len(words) :], strict=True)
        )
        covered = self.model.coverage <= coverage <= _MOST_COVERAGE
        sane = covered and speech >= _LEAST_SPEECH and max(lengths, default=0) <= _LONGEST_WORD
        confidence = 1 / (1 + math.exp(-_STEEPNESS * (gap - self.threshold))) if sane else 0.0
        accepted = bool(words) and confidence >= 0.5
        return Heard(" ".join(words), times, gap, coverage, accepted, confidence)

    def _seconds(self, frame: int) -> float:
        return (frame + self._left_out) / _FRAMES


def _numbers(mean: str) -> list[float]:
    return [float(value) for value in mean.split(",")]


def _text(mean: list[float]) -> str:
    return ",".join(f"{value:.3f}" for value in mean)


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
